// SPDX-License-Identifier: Apache-2.0
// Whether PUT /__admin/faults would take these rules: asked by who reads them long before they are
// put. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace twindow::api {

// Where ("/faults/0/match/path"), and what is wrong with it.
struct FaultMistake {
  std::string pointer;
  std::string detail;
};

// Of the body of PUT /__admin/faults: {"faults": […]}.
std::optional<FaultMistake> mistake_in_faults(std::string_view json);

}  // namespace twindow::api
