// SPDX-License-Identifier: Apache-2.0
// 63028: a placeholder without a value. Twilio would put the template's sample text there, in front
// of a customer.
#include "src/policy/checks.h"

namespace twindow::policy {

std::optional<Finding> check_missing_variables(const CheckInput& input) {
  if (!input.is_whatsapp() || input.content == nullptr || !input.variables) return std::nullopt;
  std::string missing;
  for (const std::string_view name : placeholders(*input.content)) {
    if (find_value(*input.variables, name) != nullptr) continue;
    missing += (missing.empty() ? "{{" : ", {{") + std::string(name) + "}}";
  }
  if (missing.empty()) return std::nullopt;
  return Finding{63028, "no value for " + missing + " of the template \"" + input.content->name +
                            "\": its sample text would be sent"};
}

}  // namespace twindow::policy
