// SPDX-License-Identifier: Apache-2.0
// 63013: a value that WhatsApp does not take in a template.
#include <algorithm>

#include "twindow/policy/legal_value.h"

#include "src/policy/checks.h"

namespace twindow::policy {

std::optional<Finding> check_variable_values(const CheckInput& input) {
  if (!input.is_whatsapp() || !input.content_sid || !input.variables) return std::nullopt;
  // What goes into an open window without an approval is no template.
  if (input.content != nullptr && input.content->status != TemplateStatus::Approved) {
    return std::nullopt;
  }
  std::vector<std::string_view> used;
  if (input.content != nullptr) used = placeholders(*input.content);
  for (const Param& value : *input.variables) {
    // Twilio ignores what the template does not name.
    if (input.content != nullptr && std::ranges::find(used, value.name) == used.end()) continue;
    const std::string_view fault = value_fault(value.value);
    if (fault.empty()) continue;
    return Finding{63013, "the value of variable \"" + value.name + "\" " + std::string(fault)};
  }
  return std::nullopt;
}

}  // namespace twindow::policy
