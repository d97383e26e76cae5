// SPDX-License-Identifier: Apache-2.0
// What each step does. Whether what is expected is so: player_expect.cpp.
#include <algorithm>

#include "twindow/base/duration_text.h"
#include "twindow/wire/basic_auth.h"
#include "twindow/wire/form.h"

#include "src/app/runner/json_check.h"
#include "src/app/runner/player.h"
#include "src/app/runner/timeline.h"

namespace twindow::app {

namespace {

using namespace std::chrono_literals;

// An app may take its 15 s, and send more before it answers.
constexpr auto kInboundLongest = 60s;
constexpr auto kAdvanceLongest = 600s;
constexpr std::size_t kBodyShown = 300;

std::string form_of(const Json& parameters) {
  std::string form;
  const auto add = [&](const std::string& name, const Json& value) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    form +=
        (form.empty() ? "" : "&") + wire::percent_encode(name) + "=" + wire::percent_encode(text);
  };
  for (const auto& [name, value] : parameters.items()) {
    if (value.is_array()) {
      for (const Json& each : value) add(name, each);
    } else {
      add(name, value);
    }
  }
  return form;
}

std::string cut(std::string text) {
  if (text.size() > kBodyShown) text = text.substr(0, kBodyShown) + "…";
  return text;
}

}  // namespace

Player::Done Player::take(const scenario::InboundStep& step) {
  const Json body = TWINDOW_TRY(resolved_json(step.json));
  TWINDOW_TRY(ask("POST", admin("/simulate/inbound-message"), &body, kInboundLongest));
  return {};
}

Player::Done Player::take(const scenario::SendStep& step) {
  const Json parameters = TWINDOW_TRY(resolved_json(step.json));
  const net::PlainRequest request{
      .method = "POST",
      .url = parts_.api_url + "/2010-04-01/Accounts/" + parts_.account + "/Messages.json",
      .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                  {"Authorization", wire::basic_authorization(parts_.account, parts_.auth_token)}},
      .body = form_of(parameters),
      .longest = 30s};
  const auto answer = parts_.http(request);
  if (!answer) return cannot_run(answer.error().detail);
  const Json json = Json::parse(answer->body, nullptr, false);
  const bool fits = step.expect_status ? answer->status == *step.expect_status
                                       : step.expect_code || answer->status / 100 == 2;
  const std::string got = std::to_string(answer->status) + " " + cut(answer->body);
  if (!fits) {
    return missed("HTTP " + (step.expect_status ? std::to_string(*step.expect_status) : "2xx"),
                  got);
  }
  if (step.expect_code && text_at(json, "code") != std::to_string(*step.expect_code)) {
    return missed("Twilio's error code " + std::to_string(*step.expect_code), got);
  }
  if (!step.as.empty() && json.is_object()) references_.bind(step.as, json);
  // Its own sends are no answers of the app's.
  if (const std::string sid = text_at(json, "sid"); !sid.empty()) taken_.insert(sid);
  return {};
}

// The oldest that matches and that no await has had; waits for one more than there are.
Player::Done Player::take(const scenario::AwaitStep& step) {
  const Json match = TWINDOW_TRY(resolved_json(step.message.json));
  const auto end = parts_.now() + step.within;
  std::size_t seen = 0;
  while (true) {
    const Json matching = TWINDOW_TRY(messages_like(match));
    for (const Json& message : matching) {
      if (!taken_.insert(text_at(message, "sid")).second) continue;
      if (!step.as.empty()) references_.bind(step.as, message);
      return {};
    }
    seen = matching.size();
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - parts_.now());
    if (left <= 0ms || parts_.stopped()) break;
    // In pieces, so that an interruption is noticed.
    const Json body{{"match", match},
                    {"count", seen + 1},
                    {"timeoutMillis", std::min<std::int64_t>(left.count(), 500)}};
    const auto reply = parts_.control.call({.method = "POST",
                                            .target = admin("/messages/wait"),
                                            .body = body.dump(),
                                            .longest = left + 30s});
    if (!reply) return cannot_run(reply.error().detail);
    if (reply->status != 200 && reply->status != 406) {
      return cannot_run("the server answered " + std::to_string(reply->status));
    }
  }
  std::string nearest = TWINDOW_TRY(nearest_to(match, seen));
  const std::string actual =
      seen == 0 ? "no such message"
                : "no more than the " + std::to_string(seen) + " that earlier steps have had";
  return missed("a message that matches " + match.dump() + " within " +
                    to_text(std::chrono::duration_cast<Duration>(step.within)),
                actual, std::move(nearest));
}

Player::Done Player::take(const scenario::AdvanceStep& step) {
  TWINDOW_TRY(advance(step.by));
  return {};
}

Player::Answer Player::advance(Duration by) {
  const Json body{{"by", to_text(by)}};
  return ask("POST", admin("/clock/advance"), &body, kAdvanceLongest);
}

Player::Done Player::take(const scenario::TriggerStep& step) {
  constexpr std::string_view kPrefix = "message.";
  std::string_view event = step.event;
  if (event.starts_with(kPrefix)) event.remove_prefix(kPrefix.size());
  const auto colon = event.find(':');
  const std::string sid = TWINDOW_TRY(resolved(step.sid));
  Json body{{"MessageSid", sid}, {"MessageStatus", event.substr(0, colon)}};
  if (colon != event.npos) body["ErrorCode"] = event.substr(colon + 1);
  TWINDOW_TRY(ask("POST", admin("/simulate/message-status"), &body, kInboundLongest));
  return {};
}

Player::Done Player::take(const scenario::WindowStep& step) {
  const std::string sender = TWINDOW_TRY(resolved(step.sender));
  const std::string user = TWINDOW_TRY(resolved(step.user));
  const std::string path =
      admin("/windows/" + wire::percent_encode(sender) + "/" + wire::percent_encode(user));
  if (step.remove) {
    TWINDOW_TRY(ask("DELETE", path));
    return {};
  }
  Json body = Json::object();
  if (step.close) {
    body["state"] = "closed";
  } else if (step.last_inbound) {
    body["last_inbound"] = "-" + to_text(-*step.last_inbound);
  } else {
    body["state"] = "open";
  }
  TWINDOW_TRY(ask("PUT", path, &body));
  return {};
}

Player::Done Player::take(const scenario::TemplateStep& step) {
  const std::string sid = TWINDOW_TRY(resolved(step.sid));
  Json body{{"whatsapp", step.status}};
  if (!step.category.empty()) body["category"] = step.category;
  TWINDOW_TRY(ask("PUT", admin("/templates/" + sid + "/approval"), &body));
  return {};
}

Player::Done Player::take(const scenario::FaultStep& step) {
  Json body = TWINDOW_TRY(resolved_json(step.json));
  if (body.is_array()) body = Json{{"faults", std::move(body)}};
  TWINDOW_TRY(ask("PUT", admin("/faults"), &body));
  return {};
}

Player::Done Player::take(const scenario::HttpStep& step) {
  const auto target = std::ranges::find(scenario_.targets, step.target, &scenario::Target::name);
  if (target == scenario_.targets.end()) {
    return cannot_run("the scenario has no target \"" + step.target + "\"");
  }
  const std::string path = TWINDOW_TRY(resolved(step.path));
  std::string base = target->deliver_to;
  if (base.ends_with('/')) base.pop_back();
  net::PlainRequest request{
      .method = step.method,
      .url = base + path,
      .longest = std::chrono::duration_cast<std::chrono::milliseconds>(step.within)};
  for (const auto& [name, value] : step.headers) {
    std::string text = TWINDOW_TRY(resolved(value));
    request.headers.emplace_back(name, std::move(text));
  }
  request.body = TWINDOW_TRY(resolved(step.body));
  const auto answer = parts_.http(request);
  if (!answer) return cannot_run("the app at " + base + ": " + answer.error().detail);
  return check_answer(step, *answer);
}

Player::Done Player::check_answer(const scenario::HttpStep& step, const net::PlainAnswer& answer) {
  const std::string shown = std::to_string(answer.status) + " " + cut(answer.body);
  const bool fits =
      step.expect_status ? answer.status == *step.expect_status : answer.status / 100 == 2;
  if (!fits) {
    return missed("the app to answer " + step.method + " " + step.path + " with " +
                      (step.expect_status ? std::to_string(*step.expect_status) : "2xx"),
                  shown);
  }
  if (step.expect_contains) {
    const std::string part = TWINDOW_TRY(resolved(*step.expect_contains));
    if (answer.body.find(part) == std::string::npos) {
      return missed("an answer that contains \"" + part + "\"", shown);
    }
  }
  if (step.expect_json.empty()) return {};
  const Json json = Json::parse(answer.body, nullptr, false);
  if (json.is_discarded()) return missed("an answer in JSON", shown);
  for (const auto& [path, expectation] : step.expect_json) {
    const Json wanted = TWINDOW_TRY(resolved_json(expectation));
    const auto value = value_at(json, path);
    if (!value) return cannot_run("\"" + path + "\": expected " + value.error());
    if (const auto expected = unmet(*value, wanted)) {
      return missed(path + " to be " + *expected, shown_json(*value), {},
                    "the app answered " + shown);
    }
  }
  return {};
}

// What is there already counts, so nothing is waited for that has come.
Player::Done Player::take(const scenario::ExpectStep& step) {
  const bool to_the_end = std::holds_alternative<scenario::ExpectNever>(step.what);
  return until_it_holds(
      [&] { return std::visit([&](const auto& what) { return holds(what); }, step.what); },
      step.within, to_the_end);
}

}  // namespace twindow::app
