// SPDX-License-Identifier: Apache-2.0
// The checks of every send: what Twilio or WhatsApp would refuse, found before it is sent.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "twindow/policy/send_view.h"

namespace twindow::policy {

// The send as it would leave: its own content, or that of a reroute.
struct CheckInput {
  const SendView& view;
  std::optional<std::string_view> content_sid;
  const ContentTemplate* content;  // null: not known
  const Result<std::vector<Param>>& variables;
  bool window_open;  // when it leaves

  bool is_whatsapp() const { return view.call.request.to.channel == Channel::WhatsApp; }
};

CheckInput input_of(const SendView& view);

struct Finding {
  int code;          // Twilio's
  std::string text;  // what is wrong, and what to do
};

// Each in a file of its own.
std::optional<Finding> check_sender(const CheckInput& input);
std::optional<Finding> check_content_sid(const CheckInput& input);
std::optional<Finding> check_content_variables(const CheckInput& input);
std::optional<Finding> check_opted_out(const CheckInput& input);
std::optional<Finding> check_template_status(const CheckInput& input);
std::optional<Finding> check_variable_values(const CheckInput& input);
std::optional<Finding> check_missing_variables(const CheckInput& input);
std::optional<Finding> check_body_length(const CheckInput& input);

struct Refusal {
  std::string_view check;  // its name in the policy file
  Finding finding;
};

// The first of the checks that are on, in Twilio's order, that finds something.
std::optional<Refusal> first_refusal(const Checks& on, const CheckInput& input);

}  // namespace twindow::policy
