// SPDX-License-Identifier: Apache-2.0
#include "src/app/scenario_rule.h"

#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"

#include "src/app/policy_match.h"
#include "src/app/scenario_node.h"
#include "src/app/scenario_preset.h"
#include "src/app/suggestion.h"

namespace twindow::app {

namespace {

using namespace std::chrono_literals;
using policy::ScriptedCallback;
using policy::ScriptRule;

constexpr std::size_t kIdMax = 100;
constexpr std::uint64_t kRepeatMax = 100;
constexpr std::uint64_t kTimesMax = 1'000'000;
constexpr std::uint64_t kCodeMin = 10'000;
constexpr std::uint64_t kCodeMax = 99'999;
constexpr const char* kId = "an id of 1 to 100 characters that no other rule has";
constexpr const char* kCount = "a whole number from 1";
constexpr const char* kCode = "an error code of Twilio's, such as 63016";
constexpr Duration kTimeMax = limits::kAdvanceMax;
constexpr Duration kDelayMax = 24h;

void read_id(const ConfigNode& node, const std::vector<ScriptRule>& rules, std::string& id) {
  const std::string text = node.json().is_string() ? node.json().get<std::string>() : "";
  const bool fits =
      !text.empty() && text.size() <= kIdMax && std::ranges::none_of(text, is_control);
  const bool taken = std::ranges::find(rules, text, &ScriptRule::id) != rules.end();
  if (!fits || taken) return node.expected(kId);
  id = text;
}

// `nth` stands among the conditions, and is none on the send itself.
void read_rule_match(const ConfigNode& node, ScriptRule& rule) {
  const Json& json = node.json();
  if (!json.is_object() || !json.contains("nth")) {
    rule.match = read_match(node);
    return;
  }
  const ConfigNode nth = node.member("nth");
  const auto add = [&](const ConfigNode& value) {
    if (const auto number = read_number(value, 1, kTimesMax, "a whole number from 1, or a list")) {
      rule.nth.push_back(static_cast<std::size_t>(*number));
    }
  };
  if (nth.json().is_array()) {
    read_items(nth, "whole numbers from 1", add);
  } else {
    add(nth);
  }
  rule.match = read_match(node.without("nth"));
}

void read_callback_preset(const ConfigNode& node, std::vector<ScriptedCallback>& made) {
  const std::string name = node.json().is_string() ? node.json().get<std::string>() : "";
  auto preset = find_preset(name);
  if (!preset || preset->respond) {
    const bool answers = preset.has_value();
    return node.expected(
        (answers ? "a preset with callbacks (this one answers the call: it belongs into respond): "
                 : "a preset: ") +
        list_text(callback_presets()) + did_you_mean(name, callback_presets()));
  }
  made = std::move(preset->callbacks);
}

void read_signature(const ConfigNode& node, SignatureFault& signature) {
  std::vector<std::pair<std::string, SignatureFault>> choices{{"valid", SignatureFault::None}};
  for (const auto& [name, fault] : kSignatureFaults) choices.emplace_back(name, fault);
  read_choice(node, choices, signature);
}

// Where its members go, while one of the list is read.
struct CallbackRead {
  ScriptedCallback made = {};
  std::vector<ScriptedCallback> preset = {};
  bool is_preset = false;
  bool has_status = false;
};

// Twilio's names are what the webhook says; two of them are what becomes of the message as well.
void read_parameter(const ConfigNode& node, const std::string& name, CallbackRead& read) {
  const auto text = scalar_of(node);
  if (!text) return node.expected("a text");
  ScriptedNews& news = read.made.news;
  if (name == "MessageStatus") {
    const auto status = parse_message_status(*text);
    std::string word;
    const std::vector<std::string> words{"queued", "sending", "sent",        "delivered",
                                         "read",   "failed",  "undelivered", "canceled"};
    if (!read_word(node, words, word)) return;
    news.status = *status;
    read.has_status = true;
    return;
  }
  if (name == "ErrorCode" && !text->empty()) {
    const auto code = read_number(node, kCodeMin, kCodeMax, kCode);
    if (code) news.error_code = static_cast<int>(*code);
    return;
  }
  news.params.push_back({name, *text});
}

const std::vector<std::string>& callback_members() {
  static const std::vector<std::string> names{
      "MessageStatus", "ErrorCode", "ErrorMessage", "preset",   "after", "at",
      "jitter",        "repeat",    "drop",         "signature"};
  return names;
}

void read_callback_member(const ConfigNode& value, const std::string& name, CallbackRead& read) {
  ScriptedCallback& made = read.made;
  if (name == "preset") {
    read.is_preset = true;
    return read_callback_preset(value, read.preset);
  }
  if (name == "after" || name == "at") {
    made.since_create = name == "at";
    made.time = read_time_span(value, kTimeMax).value_or(Duration());
  } else if (name == "jitter") {
    made.jitter = read_time_span(value, kTimeMax).value_or(Duration());
  } else if (name == "repeat") {
    const auto times = read_number(value, 0, kRepeatMax, "a whole number from 0 to 100");
    made.news.repeat = static_cast<std::uint32_t>(times.value_or(0));
  } else if (name == "drop") {
    read_switch(value, made.news.drop);
  } else if (name == "signature") {
    read_signature(value, made.news.signature);
  } else if (is_parameter(name, callback_members())) {
    read_parameter(value, name, read);
  } else {
    value.unknown_key(callback_members());
  }
}

void read_callback(const ConfigNode& node, std::vector<ScriptedCallback>& callbacks) {
  if (!node.json().is_object()) {
    return node.expected(
        R"(an object, as {"after": "2s", "MessageStatus": "sent"} or {"preset": "delivered"})");
  }
  CallbackRead read;
  const std::size_t before = node.file().mistakes.size();
  for (const auto& [name, value] : node.json().items()) {
    read_callback_member(node.member(name), name, read);
  }
  const bool both = node.json().contains("after") && node.json().contains("at");
  if (both) node.member("at").expected("either after or at");
  if (node.file().mistakes.size() != before) return;
  if (!read.is_preset) {
    if (!read.has_status) return node.missing("MessageStatus", "a status, or a preset");
    return callbacks.push_back(std::move(read.made));
  }
  if (read.has_status || read.made.news.error_code) {
    return node.member("preset").expected("no preset beside MessageStatus and ErrorCode");
  }
  // Its times are counted from where it stands; what else is said is said of each of its callbacks.
  Duration last = {};
  bool first = true;
  for (ScriptedCallback& step : read.preset) {
    step.news.params = read.made.news.params;
    step.news.repeat = read.made.news.repeat;
    step.news.drop = read.made.news.drop;
    step.news.signature = read.made.news.signature;
    const Duration at = step.time;
    step.since_create = first && read.made.since_create;
    step.time = at - last + (first ? read.made.time : Duration());
    step.jitter = read.made.jitter;
    last = at;
    first = false;
    callbacks.push_back(std::move(step));
  }
}

void read_respond(const ConfigNode& node, ScriptResponse& respond) {
  const auto read_preset = [&](const ConfigNode& value) {
    const std::string name = value.json().is_string() ? value.json().get<std::string>() : "";
    const auto preset = find_preset(name);
    if (!preset || !preset->respond) {
      return value.expected("a preset that answers the call: " + list_text(response_presets()) +
                            did_you_mean(name, response_presets()));
    }
    respond.status = preset->respond->status;
    respond.code = preset->respond->code;
  };
  const auto number = [](int& target, std::uint64_t least, std::uint64_t most, const char* what) {
    return [&target, least, most, what](const ConfigNode& value) {
      if (const auto got = read_number(value, least, most, what)) target = static_cast<int>(*got);
    };
  };
  const std::size_t before = node.file().mistakes.size();
  read_members(
      node, "an object with status, code, message, retry_after, delay, reset or preset",
      {{"preset", read_preset},
       {"status", number(respond.status, 400, 599, "an HTTP status from 400 to 599")},
       {"code", number(respond.code, kCodeMin, kCodeMax, kCode)},
       {"message",
        [&](const ConfigNode& value) { respond.message = read_text_value(value, "a text"); }},
       {"retry_after",
        [&](const ConfigNode& value) { respond.retry_after = read_time_span(value, kDelayMax); }},
       {"delay",
        [&](const ConfigNode& value) {
          respond.delay = read_time_span(value, kDelayMax).value_or(Duration());
        }},
       {"reset", [&](const ConfigNode& value) { read_switch(value, respond.reset); }}});
  if (node.file().mistakes.size() != before) return;
  const bool answers = respond.status != 0;
  if (respond.reset && (answers || respond.code != 0)) {
    return node.member("reset").expected("either reset or an answer: status, code or preset");
  }
  if (answers && respond.code == 0) {
    // What Twilio's own front answers with.
    respond.code = respond.status == 429 ? 20429 : respond.status >= 500 ? 20500 : 20001;
  }
  if (!answers && respond.code != 0)
    return node.missing("status", "an HTTP status from 400 to 599");
  if (!answers && respond.delay == Duration() && !respond.reset) {
    node.expected("an object with status, delay, reset or preset");
  }
}

}  // namespace

void read_on_rule(const ConfigNode& node, std::vector<ScriptRule>& rules) {
  ScriptRule rule{.id = "rule " + std::to_string(rules.size() + 1)};
  const auto read_priority = [&](const ConfigNode& value) {
    const auto number = read_number(value, 0, kTimesMax, "a whole number, the lowest first");
    rule.priority = static_cast<int>(number.value_or(0));
  };
  const auto read_per = [&](const ConfigNode& value) {
    read_choice<ScriptRule::Per>(
        value, {{"recipient", ScriptRule::Per::Recipient}, {"account", ScriptRule::Per::Account}},
        rule.per);
  };
  const auto text = [](std::string& target) {
    return [&target](const ConfigNode& value) {
      target = read_text_value(value, "the name of a state");
    };
  };
  const auto read_times = [&](const ConfigNode& value) {
    rule.times = static_cast<std::size_t>(read_number(value, 1, kTimesMax, kCount).value_or(0));
  };
  const auto read_callbacks = [&](const ConfigNode& value) {
    rule.callbacks.emplace();
    read_items(value, "callbacks",
               [&](const ConfigNode& item) { read_callback(item, *rule.callbacks); });
  };
  const auto read_order = [&](const ConfigNode& value) {
    read_choice<bool>(value, {{"scripted", false}, {"shuffle", true}}, rule.shuffle);
  };
  const std::size_t before = node.file().mistakes.size();
  read_members(node, "an object with id, priority, match, respond and callbacks",
               {{"id", [&](const ConfigNode& value) { read_id(value, rules, rule.id); }},
                {"priority", read_priority},
                {"match", [&](const ConfigNode& value) { read_rule_match(value, rule); }},
                {"per", read_per},
                {"state", text(rule.state)},
                {"next_state", text(rule.next_state)},
                {"times", read_times},
                {"respond",
                 [&](const ConfigNode& value) {
                   rule.respond.emplace();
                   read_respond(value, *rule.respond);
                 }},
                {"callbacks", read_callbacks},
                {"order", read_order}});
  const bool does = rule.respond || rule.callbacks || !rule.next_state.empty();
  if (node.file().mistakes.size() == before && !does) {
    node.missing("callbacks", "respond, callbacks or next_state");
  }
  rules.push_back(std::move(rule));
}

}  // namespace twindow::app
