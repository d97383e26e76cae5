// SPDX-License-Identifier: Apache-2.0
// An entry of the debugger: what went wrong between Twilio and the app, which no API answer says.
// Source: Twilio's OpenAPI document of Monitor, Alerts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/account.h"
#include "twindow/model/message.h"

namespace twindow {

enum class AlertLevel : std::uint8_t { Error, Warning };
constexpr std::string_view to_text(AlertLevel level) {
  return level == AlertLevel::Error ? "error" : "warning";
}

struct Alert {
  std::string sid;  // "NO" and 32 hex digits
  Time at;
  AccountSid account;
  AlertLevel level = AlertLevel::Error;
  int code = 0;
  std::string text = {};  // a sentence for people
  MessageSid message = {};
  std::string webhook = {};  // its id in the callback journal
  // The exchange with the app.
  HttpMethod method = HttpMethod::Post;
  std::string url = {};
  std::string request_body = {};  // the form, also that of a GET
  int http_status = 0;            // 0: no answer
  std::string content_type = {};
  std::vector<Param> response_headers = {};
  std::string response_body = {};
};

}  // namespace twindow
