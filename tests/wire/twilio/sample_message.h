// SPDX-License-Identifier: Apache-2.0
// Messages for the tests of what is written of them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "twindow/model/message.h"

namespace twindow::wire::test_data {

inline const AccountSid kAccount{"AC0123456789abcdef0123456789abcdef"};
inline const ServiceSid kService{"MG0123456789abcdef0123456789abcdef"};

inline Time at(int hour, int minute, int second) {
  return std::chrono::sys_days(std::chrono::year(2023) / 8 / 24) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second);
}

// "SM" and 32 digits that end in `n`.
inline MessageSid sid_of(int n, std::string_view prefix = "SM") {
  const std::string digits = std::to_string(n);
  return {std::string(prefix) + std::string(32 - digits.size(), '0') + digits};
}

inline Message sms() {
  return {.sid = sid_of(1),
          .account = kAccount,
          .from = *parse_from("+15005550006"),
          .to = *parse_to("+15558675310"),
          .body = "Hi Ana",
          .created = at(5, 1, 45),
          .updated = at(5, 1, 45)};
}

inline Message whatsapp() {
  Message message = sms();
  message.from = *parse_from("whatsapp:+14155238886");
  message.to = *parse_to("whatsapp:+5215512345678");
  message.kind = MessageKind::Freeform;
  return message;
}

}  // namespace twindow::wire::test_data
