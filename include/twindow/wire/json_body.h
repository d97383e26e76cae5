// SPDX-License-Identifier: Apache-2.0
// JSON bodies that could as well have been forms: one flat object.
#pragma once

#include <cstddef>
#include <string_view>

#include "twindow/model/error.h"
#include "twindow/wire/form.h"

namespace twindow::wire {

// {"To": "+1…", "count": 3, "open": true, "Body": null}: strings as they are, numbers and booleans
// as their text, null as absent; order and repeated keys are kept. Errc::BadInput for what is not
// JSON (with the position), is no object, nests (naming the key) or holds a NUL. Reading stops at
// the first nested value, so its depth costs nothing; `depth_max` below 1 refuses the object too.
Result<Form> parse_json_object_as_form(std::string_view json, std::size_t depth_max);

}  // namespace twindow::wire
