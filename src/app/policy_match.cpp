// SPDX-License-Identifier: Apache-2.0
// Beyond the form this refuses what could never match: a misspelt field or value would let sends
// through, or stop them, without a word.
#include "src/app/policy_match.h"

#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/model/address.h"

#include "src/app/config_values.h"
#include "src/app/policy_node.h"
#include "src/app/suggestion.h"

namespace twindow::app {

namespace {

using policy::Condition;
using policy::MatchOp;

const std::vector<std::string>& known_fields() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names = policy::computed_fields();
    const auto& params = policy::create_parameters();
    names.insert(names.end(), params.begin(), params.end());
    return names;
  }();
  return all;
}

// Twilio adds parameters: a capitalized name that is no misspelling of a known one may be one.
bool is_field(const std::string& name) {
  if (std::ranges::find(known_fields(), name) != known_fields().end()) return true;
  const bool like_twilios =
      !name.empty() && name.front() >= 'A' && name.front() <= 'Z' &&
      std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c); });
  return like_twilios && !nearest(name, known_fields());
}

// What a value of the field must be to equal anything, and whether `text` is that.
struct Domain {
  std::string_view field;
  std::string_view expected;
  bool (*holds)(const std::string& text);
};

bool is_country(const std::string& text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

constexpr std::string_view kAddress =
    "an address, such as \"whatsapp:+14155550100\" or \"+14155550100\"";

const std::vector<Domain>& domains() {
  static const std::vector<Domain> rows{
      {"country", "a country, two capital letters such as \"MX\"", is_country},
      {"account", "an Account SID: \"AC\" and 32 hexadecimal digits",
       [](const std::string& text) { return is_sid(text, "AC"); }},
      {"To", kAddress, [](const std::string& text) { return parse_to(text).has_value(); }},
      {"From", kAddress,
       [](const std::string& text) { return is_sid(text, "MG") || parse_from(text).has_value(); }},
  };
  return rows;
}

class MatchReader {
 public:
  policy::SendMatcher read(const ConfigNode& node) {
    if (!node.json().is_object()) {
      node.expected("an object of conditions, as {\"kind\": \"freeform\", \"window\": \"closed\"}");
      return {};
    }
    for (const auto& [name, value] : node.json().items()) read_field(node.member(name), name);
    auto matcher = policy::SendMatcher::make(std::move(conditions_));
    if (matcher) return *std::move(matcher);
    node.mistake("found patterns that do not go together: " + matcher.error().detail);
    return {};
  }

 private:
  void read_field(const ConfigNode& node, const std::string& field) {
    if (!is_field(field)) return node.unknown_key(known_fields());
    if (!node.json().is_object()) return read_condition(node, field, MatchOp::Equals);
    const std::vector<std::string> ops{"equals", "contains", "matches", "anyOf", "absent"};
    if (node.json().empty()) return node.expected("an object with " + list_text(ops));
    for (const auto& [name, value] : node.json().items()) {
      const auto op = policy::parse_match_op(name);
      if (op) {
        read_condition(node.member(name), field, *op);
      } else {
        node.member(name).unknown_key(ops);
      }
    }
  }

  void read_condition(const ConfigNode& node, const std::string& field, MatchOp op) {
    Condition condition{.field = field, .op = op};
    switch (op) {
      case MatchOp::AnyOf:
        if (!node.json().is_array() || node.json().empty()) return node.expected("a list of texts");
        for (std::size_t i = 0; i < node.json().size(); ++i) {
          if (!add_value(node.item(i), condition)) return;
        }
        break;
      case MatchOp::Absent:
        if (!node.json().is_boolean()) return node.expected("true or false");
        condition.values.push_back(node.json().dump());
        break;
      case MatchOp::Equals:
      case MatchOp::Contains:
      case MatchOp::Matches:
        if (!add_value(node, condition)) return;
    }
    if (op == MatchOp::Matches && !is_pattern(node, condition)) return;
    conditions_.push_back(std::move(condition));
  }

  static bool add_value(const ConfigNode& node, Condition& condition) {
    const auto text = scalar_of(node);
    if (!text || text->empty()) {
      node.expected("a text that is not empty");
      return false;
    }
    const bool whole = condition.op == MatchOp::Equals || condition.op == MatchOp::AnyOf;
    if (whole && !is_possible(node, condition.field, *text)) return false;
    condition.values.push_back(*text);
    return true;
  }

  static bool is_possible(const ConfigNode& node, const std::string& field,
                          const std::string& text) {
    const std::vector<std::string> words = policy::values_of_field(field);
    std::string word;
    if (!words.empty()) return read_word(node, words, word);
    const auto domain = std::ranges::find(domains(), field, &Domain::field);
    if (domain == domains().end() || domain->holds(text)) return true;
    node.expected(domain->expected);
    return false;
  }

  static bool is_pattern(const ConfigNode& node, const Condition& condition) {
    const auto matcher = policy::SendMatcher::make({condition});
    if (matcher) return true;
    node.mistake("found " + shown(condition.values.front()) +
                 ", expected a regular expression of RE2: " + matcher.error().detail);
    return false;
  }

  std::vector<Condition> conditions_ = {};
};

}  // namespace

policy::SendMatcher read_match(const ConfigNode& node) { return MatchReader().read(node); }

}  // namespace twindow::app
