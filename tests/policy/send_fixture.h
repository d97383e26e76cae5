// SPDX-License-Identifier: Apache-2.0
// Sends as an app makes them, and facts about them.
#pragma once

#include <string>
#include <vector>

#include "twindow/policy/send_call.h"

namespace twindow::test {

using namespace std::chrono_literals;

inline const Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 1 / 6) + 10h;
inline const std::string kShop = "whatsapp:+14155550100";
inline const std::string kUser = "whatsapp:+5215512345678";
inline const std::string kContent = "HX000000000000000000000000000000a1";

// A call with these parameters, read as `wire` reads it.
inline policy::SendCall call_with(std::vector<Param> params) {
  policy::SendCall call;
  call.request.account = AccountSid{"AC00000000000000000000000000000001"};
  call.request.to = *parse_to(kUser);
  call.params = std::move(params);
  if (const auto to = call.param("To")) call.request.to = *parse_to(*to);
  if (const auto from = call.param("From")) {
    if (is_sid(*from, "MG")) {
      call.request.service = parse_service_sid(*from);
    } else {
      call.request.from = *parse_from(*from);
    }
  }
  if (const auto sid = call.param("ContentSid")) call.request.content = parse_content_sid(*sid);
  call.request.body = std::string(call.param("Body").value_or(""));
  return call;
}

inline policy::SendCall freeform(const std::string& body = "Hello") {
  return call_with({{"To", kUser}, {"From", kShop}, {"Body", body}});
}

inline policy::SendCall with_content(std::vector<Param> variables,
                                     const std::string& sid = kContent) {
  policy::SendCall call =
      call_with({{"To", kUser}, {"From", kShop}, {"ContentSid", sid}, {"ContentVariables", "{}"}});
  call.variables = std::move(variables);
  return call;
}

// The user wrote so long ago, and every message of theirs is known.
inline WindowFact wrote(Duration ago) {
  return {Window{.key = {kShop, "+525512345678"}, .last_inbound = kNow - ago, .user_spelling = {}},
          true};
}
inline WindowFact never_wrote() { return {std::nullopt, true}; }
inline WindowFact not_known() { return {std::nullopt, false}; }

inline policy::Facts facts_with(WindowFact window) {
  policy::Facts facts;
  facts.now = kNow;
  facts.windows = {std::move(window)};
  return facts;
}
inline policy::Facts open_window() { return facts_with(wrote(1h)); }
inline policy::Facts closed_window() { return facts_with(wrote(25h)); }

inline ContentTemplate a_template(const std::string& body, const std::string& name = "order_update",
                                  const std::string& sid = kContent) {
  return {.sid = ContentSid{sid},
          .name = name,
          .language = "en",
          .category = "UTILITY",
          .status = TemplateStatus::Approved,
          .type = "twilio/text",
          .body = body};
}

}  // namespace twindow::test
