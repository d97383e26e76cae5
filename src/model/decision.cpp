// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/decision.h"

#include <array>

namespace twindow {

std::string_view to_text(Action action) {
  constexpr std::array<std::string_view, std::variant_size_v<Verdict>> kNames{
      "pass", "reject", "reroute", "hold", "observe"};
  return kNames[static_cast<std::size_t>(action)];
}

}  // namespace twindow
