// SPDX-License-Identifier: Apache-2.0
// Paths of a route table: "/a/{name}/b".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twindow::api {

// The decoded segments that stand at the pattern's {…}, in order; empty if `path` (still encoded)
// does not fit. A segment whose encoding is broken fits nothing.
std::optional<std::vector<std::string>> match_path(std::string_view pattern, std::string_view path);

}  // namespace twindow::api
