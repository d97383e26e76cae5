// SPDX-License-Identifier: Apache-2.0
#include "src/app/scenario_node.h"

#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/base/duration_text.h"
#include "twindow/policy/matcher.h"
#include "twindow/policy/send_matcher.h"

#include "src/app/config_values.h"
#include "src/app/suggestion.h"

namespace twindow::app {

namespace {

constexpr std::string_view kSender =
    "a sender: \"+14155550100\", \"whatsapp:+14155550100\", a short code, or a name of at most 11 "
    "letters and digits";
constexpr std::string_view kUser = "an address, such as \"whatsapp:+15555550123\"";

const std::vector<std::string>& operators() {
  static const std::vector<std::string> names{"equals", "contains", "matches", "anyOf", "absent"};
  return names;
}

bool is_scalar(const Json& json) {
  return json.is_string() || json.is_number() || json.is_boolean();
}

// The condition with `value` as its operand; nothing if that cannot be.
std::optional<policy::Condition> condition_of(const ConfigNode& value, const std::string& field,
                                              policy::MatchOp op) {
  policy::Condition condition{.field = field, .op = op};
  const Json& json = value.json();
  const auto add = [&](const ConfigNode& node) {
    const auto text = scalar_of(node);
    if (!text) {
      node.expected("a text");
      return false;
    }
    const bool whole = op == policy::MatchOp::Equals || op == policy::MatchOp::AnyOf;
    const std::vector<std::string> words = policy::values_of_field(field);
    std::string word;
    if (whole && !words.empty() && !is_reference(node) && !read_word(node, words, word)) {
      return false;
    }
    condition.values.push_back(*text);
    return true;
  };
  if (op == policy::MatchOp::AnyOf) {
    if (!json.is_array() || json.empty()) {
      value.expected("a list of texts");
      return std::nullopt;
    }
    for (std::size_t i = 0; i < json.size(); ++i) {
      if (!add(value.item(i))) return std::nullopt;
    }
    return condition;
  }
  if (op == policy::MatchOp::Absent && !json.is_boolean()) {
    value.expected("true or false");
    return std::nullopt;
  }
  return add(value) ? std::optional(condition) : std::nullopt;
}

void read_condition(const ConfigNode& node, const std::string& field,
                    std::vector<policy::Condition>& conditions) {
  std::optional<policy::Condition> condition;
  if (node.json().is_object()) {
    if (node.json().size() != 1) {
      return node.expected("a value, or an object with one of " + list_text(operators()));
    }
    const std::string name = node.json().begin().key();
    const auto op = policy::parse_match_op(name);
    if (!op) return node.member(name).unknown_key(operators());
    condition = condition_of(node.member(name), field, *op);
  } else {
    condition = condition_of(node, field, policy::MatchOp::Equals);
  }
  if (!condition) return;
  const auto made = policy::Matcher::make({*condition});
  if (!made) return node.mistake("found what cannot be matched: " + made.error().detail);
  conditions.push_back(*std::move(condition));
}

}  // namespace

std::string read_text_value(const ConfigNode& node, std::string_view what) {
  std::string text = node.json().is_string() ? node.json().get<std::string>() : "";
  if (text.empty()) node.expected(what);
  return text;
}

bool is_reference(const ConfigNode& node) {
  return node.json().is_string() &&
         node.json().get_ref<const std::string&>().find("${") != std::string::npos;
}

std::optional<std::string> read_url(const ConfigNode& node, const Targets& targets) {
  const std::string text = node.json().is_string() ? node.json().get<std::string>() : "";
  std::vector<std::string> names;
  for (const scenario::Target& target : targets) {
    if (text.starts_with(target.name + ":/") && !text.starts_with(target.name + "://")) {
      return target.sign_as + text.substr(target.name.size() + 1);
    }
    names.push_back(target.name);
  }
  if (is_http_url(text)) return text;
  std::string meant;
  const auto colon = text.find(":/");
  if (colon != std::string::npos && text.find("://") == std::string::npos) {
    meant = names.empty() ? "; there are no targets" : did_you_mean(text.substr(0, colon), names);
  }
  node.expected("an http or https URL, or a target and a path, as \"app:/twilio/inbound\"" + meant);
  return std::nullopt;
}

std::optional<Address> read_address(const ConfigNode& node, bool sender) {
  const std::string text = node.json().is_string() ? node.json().get<std::string>() : "";
  auto address = sender ? parse_from(text) : parse_to(text);
  if (address) return *std::move(address);
  node.expected(sender ? kSender : kUser);
  return std::nullopt;
}

std::optional<Address> read_whatsapp(const ConfigNode& node, bool sender) {
  const std::string text = node.json().is_string() ? node.json().get<std::string>() : "";
  auto address = sender ? parse_from(text) : parse_to(text);
  if (address && address->channel == Channel::WhatsApp) return *std::move(address);
  node.expected("an address of WhatsApp, such as \"whatsapp:+15555550123\"");
  return std::nullopt;
}

std::optional<Duration> read_time_span(const ConfigNode& node, Duration most) {
  const auto span =
      node.json().is_string() ? parse_duration(node.json().get<std::string>()) : std::nullopt;
  if (span && *span >= Duration() && *span <= most) return span;
  node.expected("a duration of at most " + twindow::to_text(most) + ", such as \"2s\" or \"25h\"");
  return std::nullopt;
}

std::optional<std::uint64_t> read_number(const ConfigNode& node, std::uint64_t least,
                                         std::uint64_t most, std::string_view what) {
  const Json& json = node.json();
  std::optional<std::uint64_t> number;
  if (json.is_number_unsigned()) number = json.get<std::uint64_t>();
  // From a variable it is a text.
  if (json.is_string()) number = parse_count(json.get_ref<const std::string&>());
  if (number && *number >= least && *number <= most) return number;
  node.expected(what);
  return std::nullopt;
}

scenario::Match read_message_match(const ConfigNode& node) {
  if (!node.json().is_object()) {
    node.expected("an object of conditions, as {\"To\": \"whatsapp:+15555550123\"}");
    return {};
  }
  std::vector<std::string> fields;
  for (const std::string_view field : policy::match_fields()) fields.emplace_back(field);
  std::vector<policy::Condition> conditions;
  for (const auto& [name, value] : node.json().items()) {
    const ConfigNode member = node.member(name);
    if (std::ranges::find(fields, name) == fields.end()) {
      member.unknown_key(fields);
    } else {
      read_condition(member, name, conditions);
    }
  }
  return {node.json().dump()};
}

std::optional<std::string> read_expectation(const ConfigNode& node) {
  const Json& json = node.json();
  if (is_scalar(json) || json.is_null()) return json.dump();
  if (json.is_object() && json.size() == 1) {
    const std::string name = json.begin().key();
    const auto op = policy::parse_match_op(name);
    if (!op) {
      node.member(name).unknown_key(operators());
      return std::nullopt;
    }
    if (condition_of(node.member(name), "Body", *op)) {
      std::vector<policy::Condition> checked;
      const std::size_t before = node.file().mistakes.size();
      read_condition(node, "Body", checked);
      if (node.file().mistakes.size() == before) return json.dump();
    }
    return std::nullopt;
  }
  node.expected("a value, or an object with one of " + list_text(operators()));
  return std::nullopt;
}

bool is_parameter(const std::string& name, const std::vector<std::string>& known) {
  if (std::ranges::find(known, name) != known.end()) return true;
  const bool like_twilios =
      !name.empty() && name.front() >= 'A' && name.front() <= 'Z' &&
      std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c); });
  return like_twilios && !nearest(name, known);
}

}  // namespace twindow::app
