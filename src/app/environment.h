// SPDX-License-Identifier: Apache-2.0
// The environment variables, handed in: only main reads the process' own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace twindow::app {

using Environment = std::map<std::string, std::string, std::less<>>;

// Empty if the variable is not set, or set to nothing: for a shell or a compose file both mean
// "not given".
inline std::optional<std::string> find_variable(const Environment& environment,
                                                std::string_view name) {
  const auto found = environment.find(name);
  if (found == environment.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

}  // namespace twindow::app
