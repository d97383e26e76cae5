// SPDX-License-Identifier: Apache-2.0
// 21654: variables of nothing. 21656: not a flat JSON object.
#include "src/policy/checks.h"

namespace twindow::policy {

std::optional<Finding> check_content_variables(const CheckInput& input) {
  if (!input.view.call.param("ContentVariables")) return std::nullopt;
  if (!input.content_sid) return Finding{21654, "ContentVariables need a ContentSid"};
  if (input.variables) return std::nullopt;
  return Finding{21656, "ContentVariables are a JSON object of texts, as {\"1\": \"Ana\"}: " +
                            input.variables.error().detail};
}

}  // namespace twindow::policy
