// SPDX-License-Identifier: Apache-2.0
#include "src/policy/checks.h"

#include <array>

namespace twindow::policy {

namespace {

using Check = std::optional<Finding> (*)(const CheckInput&);

// In the order of kCheckNames, which is Twilio's.
constexpr std::array<Check, kCheckNames.size()> kChecks{
    check_sender,          check_content_sid,     check_content_variables, check_opted_out,
    check_template_status, check_variable_values, check_missing_variables, check_body_length,
};

}  // namespace

CheckInput input_of(const SendView& view) {
  return {.view = view,
          .content_sid = view.content_sid,
          .content = view.content,
          .variables = view.call.variables,
          .window_open = view.window_open()};
}

std::optional<Refusal> first_refusal(const Checks& on, const CheckInput& input) {
  for (std::size_t i = 0; i < kChecks.size(); ++i) {
    if (!(on.*kCheckNames[i].on)) continue;
    if (auto finding = kChecks[i](input)) {
      return Refusal{.check = kCheckNames[i].name, .finding = *std::move(finding)};
    }
  }
  return std::nullopt;
}

}  // namespace twindow::policy
