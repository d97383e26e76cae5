// SPDX-License-Identifier: Apache-2.0
// Changes to a form as it came: every byte that is not meant stays as it is.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/message.h"

namespace twindow::wire {

// Asked for each pair with its decoded name and value: nothing keeps it; a text is the new value,
// and an empty optional inside drops the pair.
using EditParam = std::function<std::optional<std::optional<std::string>>(std::string_view name,
                                                                          std::string_view value)>;

// A pair that cannot be decoded stays.
std::string edit_form(std::string_view form, const EditParam& edit);

// With more pairs at the end.
std::string append_form(std::string form, const std::vector<Param>& params);

}  // namespace twindow::wire
