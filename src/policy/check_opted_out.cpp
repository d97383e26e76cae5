// SPDX-License-Identifier: Apache-2.0
// 21610: the user said STOP to this sender.
#include "src/policy/checks.h"

namespace twindow::policy {

std::optional<Finding> check_opted_out(const CheckInput& input) {
  if (!input.view.facts.opted_out) return std::nullopt;
  return Finding{21610, "the user has opted out of messages from this sender"};
}

}  // namespace twindow::policy
