// SPDX-License-Identifier: Apache-2.0
// 63021: a template whose filled text is longer than WhatsApp takes.
#include "twindow/policy/legal_value.h"

#include "src/policy/checks.h"

namespace twindow::policy {

std::optional<Finding> check_body_length(const CheckInput& input) {
  if (!input.is_whatsapp() || input.content == nullptr || !input.variables) return std::nullopt;
  if (input.content->status != TemplateStatus::Approved) return std::nullopt;
  const std::size_t length =
      character_count(fill_template(input.content->body, *input.variables, input.content->samples));
  if (length <= kFilledBodyMax) return std::nullopt;
  return Finding{63021, "the text of the template \"" + input.content->name + "\" would have " +
                            std::to_string(length) + " characters; at most " +
                            std::to_string(kFilledBodyMax) + " are taken"};
}

}  // namespace twindow::policy
