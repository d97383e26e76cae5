// SPDX-License-Identifier: Apache-2.0
#include "twindow/policy/template_failure.h"

#include "src/policy/checks.h"

namespace twindow::policy {

std::optional<int> template_failure(const ContentTemplate& content,
                                    const std::vector<Param>& variables, bool window_open) {
  constexpr Checks kLater{.sender = false,
                          .content_sid = false,
                          .content_variables = false,
                          .opted_out = false,
                          .template_status = true,
                          .variable_values = true,
                          .missing_variables = false,
                          .body_length = true};
  SendCall call;
  call.request.to.channel = Channel::WhatsApp;
  call.variables = variables;
  const Facts facts{.content = &content};
  const SendView view{.call = call, .facts = facts, .content = &content};
  const CheckInput input{.view = view,
                         .content_sid = content.sid.text,
                         .content = &content,
                         .variables = call.variables,
                         .window_open = window_open};
  const auto refusal = first_refusal(kLater, input);
  return refusal ? std::optional(refusal->finding.code) : std::nullopt;
}

}  // namespace twindow::policy
