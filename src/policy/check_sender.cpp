// SPDX-License-Identifier: Apache-2.0
// 63007: the account has no such channel sender. (Twilio has other codes for SMS, and knows better
// which numbers are the account's.)
#include "src/policy/checks.h"

namespace twindow::policy {

std::optional<Finding> check_sender(const CheckInput& input) {
  const SendView& view = input.view;
  if (view.call.request.to.channel == Channel::Sms) return std::nullopt;
  if (view.facts.sender_known.value_or(true)) return std::nullopt;
  return Finding{63007, "the account has no such sender; use one of its own as From"};
}

}  // namespace twindow::policy
