// SPDX-License-Identifier: Apache-2.0
// Whether what a scenario expects is so at this moment.
#include <algorithm>

#include "twindow/base/duration_text.h"
#include "twindow/wire/form.h"
#include "twindow/wire/twilio/signature.h"

#include "src/app/runner/json_check.h"
#include "src/app/runner/player.h"
#include "src/app/runner/timeline.h"

namespace twindow::app {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text = "[";
  for (const std::string& word : words) text += (text.size() == 1 ? "" : ", ") + word;
  return text + "]";
}

bool answered_as(int status, const std::string& wanted) {
  if (wanted == "none") return status == 0;
  if (wanted.size() == 3 && wanted.ends_with("xx")) {
    return status / 100 == wanted.front() - '0';
  }
  return std::to_string(status) == wanted;
}

// What a decision is matched by, in the names of a send.
const Json* decision_field(const Json& decision, const std::string& field) {
  static const std::map<std::string, std::vector<std::string>> kPlaces{
      {"From", {"from"}},
      {"To", {"to"}},
      {"MessageSid", {"message_sid"}},
      {"ContentSid", {"content_sid"}},
      {"window", {"window", "state"}},
      {"action", {"decision"}},
      {"AccountSid", {"account_sid"}}};
  const auto known = kPlaces.find(field);
  const std::vector<std::string> path =
      known == kPlaces.end() ? std::vector<std::string>{field} : known->second;
  const Json* value = &decision;
  for (const std::string& name : path) {
    const Json& member = member_at(*value, name);
    if (member.is_null()) return nullptr;
    value = &member;
  }
  return value;
}

std::string decision_line(const Json& decision) {
  return text_at(decision, "decision") + " by \"" + text_at(decision, "rule") +
         "\": " + text_at(decision, "reason");
}

}  // namespace

Player::Done Player::check_fields(const Json& record,
                                  const std::vector<scenario::JsonExpectation>& fields) {
  for (const auto& [field, expectation] : fields) {
    const Json wanted = TWINDOW_TRY(resolved_json(expectation));
    const Json& actual = member_at(record, field);
    const auto expected = unmet(actual.is_null() ? nullptr : &actual, wanted);
    if (!expected) continue;
    return missed(field + " " + *expected, shown_json(actual.is_null() ? nullptr : &actual), {},
                  text_at(record, "why"));
  }
  return {};
}

Player::Done Player::holds(const scenario::ExpectMessage& expected) {
  if (!expected.sid.empty()) {
    const std::string sid = TWINDOW_TRY(resolved(expected.sid));
    const Json message = TWINDOW_TRY(ask("GET", admin("/messages/" + sid)));
    return check_fields(message, expected.fields);
  }
  const Json match = TWINDOW_TRY(resolved_json(expected.match.json));
  const Json matching = TWINDOW_TRY(messages_like(match));
  if (expected.count && matching.size() != *expected.count) {
    std::string nearest = TWINDOW_TRY(nearest_to(match, matching.size()));
    return missed(std::to_string(*expected.count) + " messages that match " + match.dump(),
                  std::to_string(matching.size()), std::move(nearest));
  }
  if (!expected.count && matching.empty()) {
    std::string nearest = TWINDOW_TRY(nearest_to(match, 0));
    return missed("a message that matches " + match.dump(), "none", std::move(nearest));
  }
  for (const Json& message : matching) {
    TWINDOW_TRY(check_fields(message, expected.fields));
  }
  return {};
}

Player::Done Player::holds(const scenario::ExpectCallbacks& expected) {
  const std::string sid = TWINDOW_TRY(resolved(expected.of));
  const Json answer = TWINDOW_TRY(ask("GET", admin("/callbacks", "limit=1000&message=" + sid)));
  Json callbacks = Json::array();  // the oldest first
  for (const Json& callback : member_at(answer, "callbacks")) {
    if (text_at(callback, "type") == "status") callbacks.insert(callbacks.begin(), callback);
  }
  std::vector<std::string> told;
  for (const Json& callback : callbacks) told.push_back(text_at(callback, "message_status"));
  if (told != expected.sequence) {
    return missed("callbacks " + joined(expected.sequence), joined(told));
  }
  for (const Json& callback : callbacks) {
    const int status = member_at(callback, "status").is_number_integer()
                           ? member_at(callback, "status").get<int>()
                           : 0;
    const std::string name = "the callback \"" + text_at(callback, "message_status") + "\"";
    if (expected.answered && !answered_as(status, *expected.answered)) {
      return missed(name + " to be answered " + *expected.answered,
                    status == 0 ? "no answer" : std::to_string(status), {},
                    text_at(callback, "error"));
    }
    const Json& latency = member_at(callback, "latency_ms");
    if (expected.latency_max && latency.is_number() &&
        Duration(latency.get<std::int64_t>()) > *expected.latency_max) {
      return missed(name + " to be answered within " + to_text(*expected.latency_max),
                    latency.dump() + "ms");
    }
  }
  if (!expected.signature) return {};
  return check_signatures(callbacks, *expected.signature);
}

Player::Done Player::check_signatures(const Json& callbacks, const std::string& wanted) {
  for (const Json& each : callbacks) {
    const Json callback = TWINDOW_TRY(ask("GET", admin("/callbacks/" + text_at(each, "id"))));
    const std::string signature = text_at(callback, "signature");
    const auto form = wire::parse_form(text_at(member_at(callback, "request"), "body"));
    const bool valid = form && wire::sign(parts_.auth_token, text_at(callback, "signed_url"),
                                          form->params()) == signature;
    const std::string is = signature.empty() ? "missing" : valid ? "valid" : "invalid";
    if (is == wanted) continue;
    return missed("the signature of the callback \"" + text_at(callback, "message_status") +
                      "\" to be " + wanted,
                  is);
  }
  return {};
}

Player::Done Player::holds(const scenario::ExpectWindow& expected) {
  const std::string sender = TWINDOW_TRY(resolved(expected.sender));
  const std::string user = TWINDOW_TRY(resolved(expected.user));
  const Json windows =
      TWINDOW_TRY(ask("GET", admin("/windows", "sender=" + wire::percent_encode(sender) +
                                                   "&user=" + wire::percent_encode(user))));
  const Json& found = member_at(windows, "windows");
  const std::string state = found.empty() ? "none" : text_at(found.front(), "state");
  if (state == expected.state) return {};
  std::string why;
  if (!found.empty()) {
    why = "the last message of the user was at " + text_at(found.front(), "last_inbound") +
          ", the window's end is " + text_at(found.front(), "expires");
  }
  return missed("the window of " + user + " with " + sender + " to be " + expected.state, state, {},
                std::move(why));
}

Player::Done Player::holds(const scenario::ExpectDecision& expected) {
  const std::string sid = TWINDOW_TRY(resolved(expected.of));
  const Json match = TWINDOW_TRY(resolved_json(expected.match.json));
  const Json answer = TWINDOW_TRY(
      ask("GET", admin("/decisions", "limit=1000" + (sid.empty() ? "" : "&message=" + sid))));
  const Json* found = nullptr;
  for (const Json& decision : member_at(answer, "decisions")) {
    const bool matches = std::ranges::all_of(match.items(), [&](const auto& condition) {
      return !unmet(decision_field(decision, condition.key()), condition.value());
    });
    if (!matches) continue;
    found = &decision;
    break;
  }
  if (found == nullptr) {
    const Json& all = member_at(answer, "decisions");
    return missed("a decision" + (sid.empty() ? " that matches " + match.dump() : " on " + sid),
                  "none", all.empty() ? "" : decision_line(all.front()),
                  all.empty() ? "no send was judged: is there a policy (--policy)?" : "");
  }
  for (const auto& [field, expectation] : expected.fields) {
    const Json wanted = TWINDOW_TRY(resolved_json(expectation));
    const Json* const actual = decision_field(*found, field);
    if (const auto unlike = unmet(actual, wanted)) {
      return missed("the decision's " + field + " " + *unlike, shown_json(actual), {},
                    decision_line(*found));
    }
  }
  return {};
}

Player::Done Player::holds(const scenario::ExpectNever& expected) {
  const Json match = TWINDOW_TRY(resolved_json(expected.message.json));
  const Json matching = TWINDOW_TRY(messages_like(match));
  if (matching.empty()) return {};
  return missed("no message that matches " + match.dump(), message_line(matching.front()));
}

Player::Done Player::holds(const scenario::ExpectNoEgress&) { return check_egress(); }

}  // namespace twindow::app
