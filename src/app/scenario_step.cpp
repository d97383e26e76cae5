// SPDX-License-Identifier: Apache-2.0
#include "src/app/scenario_step.h"

#include <algorithm>
#include <array>

#include "twindow/base/ascii.h"
#include "twindow/base/duration_text.h"
#include "twindow/base/limits.h"
#include "twindow/model/content_template.h"
#include "twindow/model/message_status.h"
#include "twindow/policy/send_matcher.h"

#include "src/app/config_values.h"
#include "src/app/scenario_document.h"
#include "src/app/scenario_step_parts.h"
#include "src/app/suggestion.h"

namespace twindow::app {

namespace {

constexpr const char* kSid = "a message: \"${name.sid}\" of an earlier step, or its SID";

const std::vector<std::string>& inbound_fields() {
  static const std::vector<std::string> names{"From",
                                              "To",
                                              "Body",
                                              "ProfileName",
                                              "MessageSid",
                                              "NumMedia",
                                              "MediaUrl0",
                                              "WaId",
                                              "MessageType",
                                              "ButtonText",
                                              "ButtonPayload",
                                              "ListId",
                                              "ListTitle",
                                              "Latitude",
                                              "Longitude",
                                              "Address",
                                              "Label",
                                              "Forwarded",
                                              "OptOutType",
                                              "ReferralCtwaClid",
                                              "MediaContentType0"};
  return names;
}

// A name for what later steps refer to.
void read_as(const ConfigNode& node, std::string& as) {
  const std::string text = node.json().is_string() ? node.json().get<std::string>() : "";
  const bool good =
      !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, [](char c) {
        return is_letter(c) || is_digit(c) || c == '_' || c == '-';
      });
  if (!good) return node.expected("a name of letters, digits, \"_\" and \"-\", as \"reply\"");
  as = text;
}

void check_address(const ConfigNode& node, bool sender) {
  if (!is_reference(node)) read_address(node, sender);
}

// An object of Twilio's parameters. `ours` are read by `read_ours`, and are no parameters.
struct Parameters {
  std::string_view what;
  const std::vector<std::string>& known;
  bool lists = false;  // a parameter may be repeated
  std::vector<Member> ours = {};
};
Json read_parameters(const ConfigNode& node, const Parameters& parameters) {
  Json made = Json::object();
  if (!node.json().is_object()) {
    node.expected(parameters.what);
    return made;
  }
  std::vector<std::string> known = parameters.known;
  for (const Member& member : parameters.ours) known.push_back(member.name);
  for (const auto& [name, value] : node.json().items()) {
    const ConfigNode member = node.member(name);
    const auto own = std::ranges::find(parameters.ours, name, &Member::name);
    if (own != parameters.ours.end()) {
      own->read(member);
    } else if (!is_parameter(name, known)) {
      member.unknown_key(known);
    } else if (parameters.lists && value.is_array()) {
      Json& list = made[name] = Json::array();
      read_items(member, "texts", [&list](const ConfigNode& item) {
        if (const auto text = scalar_of(item)) return list.push_back(*text);
        item.expected("a text");
      });
    } else if (const auto text = scalar_of(member)) {
      made[name] = *text;
    } else {
      member.expected("a text");
    }
  }
  return made;
}

void demand(const ConfigNode& node, const char* name, std::string_view what) {
  if (node.json().is_object() && !node.json().contains(name)) node.missing(name, what);
}

std::optional<scenario::InboundStep> read_inbound(const ConfigNode& node) {
  const Json fields = read_parameters(
      node, {.what = R"(an object of Twilio's fields, as {"From": "whatsapp:+15555550123"})",
             .known = inbound_fields()});
  constexpr const char* kAddress = "an address, such as \"whatsapp:+15555550123\"";
  for (const char* side : {"From", "To"}) {
    demand(node, side, kAddress);
    if (fields.contains(side)) check_address(node.member(side), side[0] == 'T');
  }
  return scenario::InboundStep{fields.dump()};
}

// A send that is expected to be refused may have a URL that is none.
bool wrong_on_purpose(const ConfigNode& send, const ConfigNode& url, const Targets& targets) {
  const auto text = scalar_of(url).value_or("");
  const bool aimed_at = std::ranges::any_of(
      targets, [&](const auto& target) { return text.starts_with(target.name + ":/"); });
  return send.json().contains("expect") && !aimed_at;
}

std::optional<scenario::SendStep> read_send(const ConfigNode& node, const Targets& targets) {
  scenario::SendStep step;
  const auto read_answer = [&](const ConfigNode& value) {
    read_members(value, "an object with status and code",
                 {{"status", [&](const ConfigNode& v) { read_http_status(v, step.expect_status); }},
                  {"code", [&](const ConfigNode& v) {
                     if (const auto code = read_number(
                             v, 10'000, 99'999, "an error code of Twilio's, such as 21211")) {
                       step.expect_code = static_cast<int>(*code);
                     }
                   }}});
  };
  std::optional<std::string> callback;
  Json fields = read_parameters(
      node, {.what = R"(an object of Twilio's parameters, as {"To": "whatsapp:+15555550123"})",
             .known = policy::create_parameters(),
             .lists = true,
             .ours = {{"expect", read_answer},
                      {"as", [&](const ConfigNode& v) { read_as(v, step.as); }},
                      {"StatusCallback", [&](const ConfigNode& v) {
                         callback = is_reference(v) || wrong_on_purpose(node, v, targets)
                                        ? scalar_of(v)
                                        : read_url(v, targets);
                       }}}});
  if (callback) fields["StatusCallback"] = *callback;
  step.json = fields.dump();
  return step;
}

std::optional<scenario::AwaitStep> read_await(const ConfigNode& node) {
  scenario::AwaitStep step;
  read_members(node, "an object with message, as and within",
               {{"message", [&](const ConfigNode& v) { step.message = read_message_match(v); },
                 "conditions on a message, as {\"To\": \"whatsapp:+15555550123\"}"},
                {"as", [&](const ConfigNode& v) { read_as(v, step.as); }},
                {"within", [&](const ConfigNode& v) { read_wall_time(v, step.within); }}});
  return step;
}

std::optional<scenario::AdvanceStep> read_advance(const ConfigNode& node) {
  const auto by = read_time_span(node, limits::kAdvanceMax);
  return by ? std::optional<scenario::AdvanceStep>(scenario::AdvanceStep{*by}) : std::nullopt;
}

// "message.undelivered:63016"
bool is_event(const std::string& text) {
  constexpr std::string_view kPrefix = "message.";
  if (!text.starts_with(kPrefix)) return false;
  const std::string_view rest = std::string_view(text).substr(kPrefix.size());
  const auto colon = rest.find(':');
  const auto status = parse_message_status(rest.substr(0, colon));
  if (!status || *status == MessageStatus::Received || *status == MessageStatus::Receiving) {
    return false;
  }
  if (colon == std::string_view::npos) return true;
  const auto code = parse_count(rest.substr(colon + 1));
  return code && *code >= 10'000 && *code <= 99'999;
}

std::optional<scenario::TriggerStep> read_trigger(const ConfigNode& node) {
  scenario::TriggerStep step;
  const auto read_event = [&](const ConfigNode& value) {
    step.event = value.json().is_string() ? value.json().get<std::string>() : "";
    if (!is_event(step.event)) {
      value.expected("a status of a message, as \"message.undelivered:63016\"");
    }
  };
  read_members(node, "an object with event and sid",
               {{"event", read_event, "a status, as \"message.undelivered:63016\""},
                {"sid", [&](const ConfigNode& v) { step.sid = read_text_value(v, kSid); }, kSid}});
  return step;
}

std::string read_side(const ConfigNode& node, bool sender) {
  if (!is_reference(node)) {
    const auto address = read_whatsapp(node, sender);
    return address ? address->text : "";
  }
  return node.json().get<std::string>();
}

std::optional<scenario::WindowStep> read_window(const ConfigNode& node) {
  scenario::WindowStep step;
  constexpr const char* kAddress = "an address of WhatsApp";
  const auto read_last = [&](const ConfigNode& value) {
    const auto span =
        value.json().is_string() ? parse_duration(value.json().get<std::string>()) : std::nullopt;
    if (!span || *span > Duration()) {
      return value.expected("a duration back from now, as \"-25h\"");
    }
    step.last_inbound = *span;
  };
  const auto read_state = [&](const ConfigNode& value) {
    std::string word;
    if (!read_word(value, {"open", "closed", "none"}, word)) return;
    step.close = word == "closed";
    step.remove = word == "none";
    if (word == "open" && !step.last_inbound) step.last_inbound = Duration();
  };
  read_members(
      node, "an object with sender, user, last_inbound and state",
      {{"sender", [&](const ConfigNode& v) { step.sender = read_side(v, true); }, kAddress},
       {"user", [&](const ConfigNode& v) { step.user = read_side(v, false); }, kAddress},
       {"last_inbound", read_last},
       {"state", read_state}});
  if (!step.last_inbound && !step.close && !step.remove && node.json().is_object()) {
    node.missing("state", "open, closed or none, or last_inbound");
  }
  return step;
}

std::optional<scenario::TemplateStep> read_template(const ConfigNode& node) {
  scenario::TemplateStep step;
  const auto read_sid = [&](const ConfigNode& value) {
    ContentSid sid;
    read_content_sid(value, sid);
    step.sid = sid.text;
  };
  const std::vector<std::string> words{"unsubmitted", "received", "pending", "approved",
                                       "rejected",    "paused",   "disabled"};
  read_members(
      node, "an object with sid, status and category",
      {{"sid", read_sid, kContentSidText},
       {"status", [&](const ConfigNode& v) { read_word(v, words, step.status); }, list_text(words)},
       {"category", [&](const ConfigNode& v) {
          read_word(v, {"UTILITY", "MARKETING", "AUTHENTICATION"}, step.category);
        }}});
  return step;
}

// One row a step: its name, and who reads it.
struct Row {
  std::string_view name;
  std::optional<decltype(scenario::Step::what)> (*read)(const ConfigNode&, const StepSurroundings&);
};

template <auto Function>
std::optional<decltype(scenario::Step::what)> plain(const ConfigNode& node,
                                                    const StepSurroundings& /*around*/) {
  auto step = Function(node);
  if (!step) return std::nullopt;
  return *std::move(step);
}
template <auto Function>
std::optional<decltype(scenario::Step::what)> aimed(const ConfigNode& node,
                                                    const StepSurroundings& around) {
  auto step = Function(node, around.targets);
  if (!step) return std::nullopt;
  return *std::move(step);
}

constexpr std::array kRows{
    Row{"inbound", plain<read_inbound>},   Row{"send", aimed<read_send>},
    Row{"await", plain<read_await>},       Row{"advance", plain<read_advance>},
    Row{"trigger", plain<read_trigger>},   Row{"window", plain<read_window>},
    Row{"template", plain<read_template>}, Row{"fault", plain<read_fault>},
    Row{"http", aimed<read_http>},         Row{"expect", plain<read_expect>},
};

}  // namespace

const std::vector<std::string>& step_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (const Row& row : kRows) made.emplace_back(row.name);
    return made;
  }();
  return names;
}

void read_step(const ConfigNode& node, const StepSurroundings& around,
               std::vector<scenario::Step>& steps) {
  if (node.json().is_object() && node.json().size() > 1) {
    // Most often something that belongs into the step has slipped out of it: that is named.
    std::vector<std::string> others;
    for (const auto& [key, value] : node.json().items()) {
      if (std::ranges::find(kRows, key, &Row::name) == kRows.end()) others.push_back(key);
    }
    if (!others.empty() && others.size() < node.json().size()) {
      return node.member(others.front())
          .mistake("found it beside the step, expected it inside, and nothing else here");
    }
  }
  if (!node.json().is_object() || node.json().size() != 1) {
    return node.expected("an object with one of " + list_text(step_names()));
  }
  const std::string name = node.json().begin().key();
  const auto row = std::ranges::find(kRows, name, &Row::name);
  const ConfigNode inner = node.member(name);
  if (row == kRows.end()) return inner.unknown_key(step_names());
  auto what = row->read(inner, around);
  if (!what) return;
  steps.push_back({.where = node.where(), .name = name, .what = *std::move(what)});
}

}  // namespace twindow::app
