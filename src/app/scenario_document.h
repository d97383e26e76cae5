// SPDX-License-Identifier: Apache-2.0
// The text of a scenario file, made ready to be read: commas too many left out, the file that it
// extends put beneath it, and what stands in "${…}" put in its place.
#pragma once

#include <string>
#include <string_view>

#include "src/app/config_node.h"

namespace twindow::app {

// `text` with a blank for each comma behind which only a closing bracket follows: every other
// character keeps its place.
std::string without_trailing_commas(std::string_view text);

// Parses `text` into the file's document, merged with what it extends; mistakes are noted in the
// file they are in. `file.folder` empty: nothing can be extended. False if there is no document.
bool read_scenario_document(ConfigFile& file, std::string_view text);

// Replaces ${name} by the member of `vars`, ${env:NAME} and ${env:NAME|default} by the variable,
// and
// $${ by ${, in every text of the document but for the names of members. ${name.field} stays in the
// steps behind the one that names something so ("as"); elsewhere it is a mistake.
void replace_variables(ConfigFile& file);

// What a message that a step has named can be asked for: "sid", "status", …
const std::vector<std::string>& message_fields();

// The document without what is done with by then (vars, extends, steps), in a form that can be read
// as a scenario again.
std::string resolved_text(const JsonDocument& document);

}  // namespace twindow::app
