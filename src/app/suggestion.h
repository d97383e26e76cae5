// SPDX-License-Identifier: Apache-2.0
// "Did you mean …?"
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twindow::app {

// The candidate that `word` is most likely a misspelling of: at most a third of its letters (and at
// least one) inserted, left out, changed or swapped with their neighbour; letter case, '-' and '_'
// make no difference. Empty if none is near; of equals the first.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

// "; did you mean "listen"?", or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace twindow::app
