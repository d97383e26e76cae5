// SPDX-License-Identifier: Apache-2.0
// 21655: no ContentSid, or none of the account's.
#include "src/policy/checks.h"

namespace twindow::policy {

std::optional<Finding> check_content_sid(const CheckInput& input) {
  if (!input.content_sid) return std::nullopt;
  if (!is_sid(*input.content_sid, "HX")) {
    return Finding{21655, "ContentSid is \"HX\" and 32 hexadecimal digits"};
  }
  if (input.content != nullptr || !input.view.facts.content_absent) return std::nullopt;
  return Finding{21655, "the account has no content " + std::string(*input.content_sid)};
}

}  // namespace twindow::policy
