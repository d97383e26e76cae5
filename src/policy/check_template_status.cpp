// SPDX-License-Identifier: Apache-2.0
// 63040, 63041, 63042: WhatsApp refused the template, or paused or disabled it. 63016: it was never
// approved, and only an open window lets it through, if its type may go without an approval.
#include "src/policy/checks.h"

namespace twindow::policy {

std::optional<Finding> check_template_status(const CheckInput& input) {
  if (!input.is_whatsapp() || input.content == nullptr) return std::nullopt;
  const std::string which = "the template \"" + input.content->name + "\" is " +
                            std::string(to_text(input.content->status));
  switch (input.content->status) {
    case TemplateStatus::Approved:
      return std::nullopt;
    case TemplateStatus::Rejected:
      return Finding{63040, which + ": WhatsApp did not approve it; change it and submit it again"};
    case TemplateStatus::Paused:
      return Finding{63041, which + " for its ratings; use another, or wait until it comes back"};
    case TemplateStatus::Disabled:
      return Finding{63042, which + " for good; use another"};
    case TemplateStatus::Unsubmitted:
    case TemplateStatus::Received:
    case TemplateStatus::Pending:
      break;
  }
  if (!is_session_type(input.content->type)) {
    return Finding{kOutsideWindow,
                   which + ", and " + input.content->type + " goes with an approval only"};
  }
  if (input.window_open) return std::nullopt;
  return Finding{kOutsideWindow,
                 which + ", and goes into an open window only until it is approved"};
}

}  // namespace twindow::policy
