// SPDX-License-Identifier: Apache-2.0
// Smart encoding: characters that GSM-7 lacks and that look like some it has.
#pragma once

#include <string>
#include <string_view>

namespace twindow {

// `text` (UTF-8) with each such character replaced; characters that no table helps stay, so that
// the result may be UCS-2 all the same. Source of the table: Twilio's help page on Smart Encoding,
// as its own segment calculator has it.
std::string smart_encoded(std::string_view text);

}  // namespace twindow
