// SPDX-License-Identifier: Apache-2.0
// `expect` of a scenario's steps: what must be true, or become true in the world's time.
#include <algorithm>

#include "twindow/base/limits.h"
#include "twindow/model/message_status.h"

#include "src/app/config_values.h"
#include "src/app/scenario_document.h"
#include "src/app/scenario_step_parts.h"

namespace twindow::app {

namespace {

using scenario::ExpectStep;

constexpr const char* kSid = "a message: \"${name.sid}\" of an earlier step, or its SID";
constexpr std::uint64_t kCountMax = 1'000'000;

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> names{"message",  "callbacks", "window",
                                              "decision", "egress",    "never"};
  return names;
}

Member within(ExpectStep& step) {
  return {"within", [&](const ConfigNode& node) {
            step.within = read_time_span(node, limits::kAdvanceMax).value_or(Duration());
          }};
}

std::string one_of_statuses(const ConfigNode& node) {
  const std::vector<std::string> words{"accepted", "scheduled", "queued",    "sending",
                                       "sent",     "delivered", "read",      "undelivered",
                                       "failed",   "canceled",  "receiving", "received"};
  std::string word;
  read_word(node, words, word);
  return word;
}

void read_message_field(const ConfigNode& node, const std::string& name,
                        std::vector<scenario::JsonExpectation>& fields) {
  const bool exact_status = name == "status" && node.json().is_string() && !is_reference(node);
  if (exact_status && one_of_statuses(node).empty()) return;
  if (auto json = read_expectation(node)) fields.push_back({name, *std::move(json)});
}

void read_message(const ConfigNode& node, ExpectStep& step) {
  scenario::ExpectMessage expected;
  std::vector<Member> members{within(step)};
  members.push_back({"message", [&](const ConfigNode& value) {
                       if (value.json().is_object()) {
                         expected.match = read_message_match(value);
                       } else {
                         expected.sid = read_text_value(value, kSid);
                       }
                     }});
  members.push_back({"count", [&](const ConfigNode& value) {
                       const auto count = read_number(value, 0, kCountMax, "a whole number from 0");
                       if (count) expected.count = static_cast<std::size_t>(*count);
                     }});
  for (const std::string& field : message_fields()) {
    members.push_back({field, [&](const ConfigNode& value) {
                         read_message_field(value, field, expected.fields);
                       }});
  }
  read_members(node, "an object with message and what is expected of it", members);
  if (!expected.sid.empty() && expected.count) {
    node.member("count").expected("no count beside a SID: it goes with conditions");
  }
  step.what = std::move(expected);
}

void read_sequence(const ConfigNode& node, std::vector<std::string>& sequence) {
  read_items(node, "statuses, as [\"sent\", \"delivered\"]", [&](const ConfigNode& item) {
    std::string status = one_of_statuses(item);
    if (!status.empty()) sequence.push_back(std::move(status));
  });
}

// "2xx", "500" or "none".
void read_answered(const ConfigNode& node, std::optional<std::string>& answered) {
  const auto text = scalar_of(node);
  const bool of_class = text && text->size() == 3 && text->ends_with("xx") &&
                        text->front() >= '1' && text->front() <= '5';
  const auto status = text ? parse_count(*text) : std::nullopt;
  if (of_class || text == "none" || (status && *status >= 100 && *status <= 599)) {
    answered = *text;
  } else {
    node.expected("\"2xx\", an HTTP status as \"500\", or \"none\"");
  }
}

void read_callbacks(const ConfigNode& node, ExpectStep& step) {
  scenario::ExpectCallbacks expected;
  const auto read_latency = [&](const ConfigNode& value) {
    expected.latency_max = read_time_span(value, limits::kAdvanceMax);
  };
  const auto read_signature = [&](const ConfigNode& value) {
    std::string word;
    if (read_word(value, {"valid", "invalid", "missing"}, word)) expected.signature = word;
  };
  read_members(
      node, "an object with of, sequence, answered, latency and signature",
      {{"of", [&](const ConfigNode& value) { expected.of = read_text_value(value, kSid); }, kSid},
       {"sequence", [&](const ConfigNode& value) { read_sequence(value, expected.sequence); }},
       {"answered", [&](const ConfigNode& value) { read_answered(value, expected.answered); }},
       {"latency", read_latency},
       {"signature", read_signature},
       within(step)});
  step.what = std::move(expected);
}

void read_window(const ConfigNode& node, ExpectStep& step) {
  scenario::ExpectWindow expected;
  constexpr const char* kAddress = "an address of WhatsApp";
  const auto side = [](bool sender, std::string& target) {
    return [sender, &target](const ConfigNode& value) {
      if (!is_reference(value) && !read_whatsapp(value, sender)) return;
      target = value.json().get<std::string>();
    };
  };
  const auto read_state = [&](const ConfigNode& value) {
    read_word(value, {"open", "closed", "none"}, expected.state);
  };
  read_members(node, "an object with sender, user and state",
               {{"sender", side(true, expected.sender), kAddress},
                {"user", side(false, expected.user), kAddress},
                {"state", read_state, "open, closed or none"},
                within(step)});
  step.what = std::move(expected);
}

void read_decision(const ConfigNode& node, ExpectStep& step) {
  scenario::ExpectDecision expected;
  std::vector<Member> members{
      within(step),
      {"of", [&](const ConfigNode& value) { expected.of = read_text_value(value, kSid); }},
      {"match", [&](const ConfigNode& value) { expected.match = read_message_match(value); }}};
  for (const char* name : {"action", "rule", "reason", "window", "code", "kind", "campaign"}) {
    members.push_back({name, [&expected, name](const ConfigNode& value) {
                         auto json = read_expectation(value);
                         if (json) expected.fields.push_back({name, *std::move(json)});
                       }});
  }
  read_members(node, "an object with of or match, action, rule, reason, window and code", members);
  step.what = std::move(expected);
}

void read_never(const ConfigNode& node, ExpectStep& step) {
  step.what = scenario::ExpectNever{read_message_match(node)};
}

void read_egress(const ConfigNode& node, ExpectStep& step) {
  std::string word;
  read_word(node, {"none"}, word);
  step.what = scenario::ExpectNoEgress{};
}

}  // namespace

std::optional<ExpectStep> read_expect(const ConfigNode& node) {
  ExpectStep step;
  if (!node.json().is_object()) {
    node.expected("an object with one of " + list_text(kinds()));
    return std::nullopt;
  }
  if (node.json().contains("message")) {
    read_message(node, step);
    return step;
  }
  const auto inner = [&](void (*read)(const ConfigNode&, ExpectStep&)) {
    return [read, &step](const ConfigNode& value) { read(value, step); };
  };
  const auto there = std::ranges::count_if(
      kinds(), [&](const std::string& kind) { return node.json().contains(kind); });
  read_members(node, "an object with one of " + list_text(kinds()),
               {{"message", [](const ConfigNode&) {}},
                {"callbacks", inner(read_callbacks)},
                {"window", inner(read_window)},
                {"decision", inner(read_decision)},
                {"egress", inner(read_egress)},
                {"never", inner(read_never)},
                within(step)});
  if (there != 1) {
    const bool misspelt = there == 0 && !node.json().empty();
    if (!misspelt) node.expected("an object with one of " + list_text(kinds()));
    return std::nullopt;
  }
  return step;
}

}  // namespace twindow::app
