// SPDX-License-Identifier: Apache-2.0
#include "twindow/policy/matcher.h"

#include <algorithm>
#include <array>

#include <re2/re2.h>

namespace twindow::policy {

namespace {

constexpr std::array<std::string_view, 5> kOps{"equals", "contains", "matches", "anyOf", "absent"};

using Value = std::optional<std::string>;

Value text_of(const std::optional<Address>& address) {
  return address ? Value(address->text) : std::nullopt;
}

template <class Kind>
Value text_of(const std::optional<Sid<Kind>>& sid) {
  return sid ? Value(sid->text) : std::nullopt;
}

// One row a field: its name, and how a message says it.
struct Field {
  std::string_view name;
  Value (*of)(const Message&);
  bool is_address = false;  // then any spelling of a number is equal to any other
};

const std::array kFields{
    Field{"To", [](const Message& m) { return Value(m.to.text); }, true},
    Field{"From", [](const Message& m) { return text_of(m.from); }, true},
    Field{"Body", [](const Message& m) { return Value(m.body); }},
    Field{"MessageSid", [](const Message& m) { return Value(m.sid.text); }},
    Field{"MessageStatus", [](const Message& m) { return Value(to_text(m.status)); }},
    Field{"ErrorCode",
          [](const Message& m) {
            return m.error_code ? Value(std::to_string(*m.error_code)) : std::nullopt;
          }},
    Field{"MessagingServiceSid", [](const Message& m) { return text_of(m.service); }},
    Field{"ContentSid", [](const Message& m) { return text_of(m.content); }},
    Field{"Direction", [](const Message& m) { return Value(to_text(m.direction)); }},
    Field{"AccountSid", [](const Message& m) { return Value(m.account.text); }},
    Field{"kind", [](const Message& m) { return Value(to_text(m.kind)); }},
    Field{"window", [](const Message& m) { return Value(to_text(m.window.state)); }},
    Field{"channel", [](const Message& m) { return Value(to_text(m.to.channel)); }},
};

const Field* find_field(std::string_view name) {
  const auto found = std::ranges::find(kFields, name, &Field::name);
  return found == kFields.end() ? nullptr : &*found;
}

bool same_address(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto left = parse_from(a);
  const auto right = parse_from(b);
  return left && right && left->channel == right->channel &&
         canonical_user(*left) == canonical_user(*right);
}

}  // namespace

struct Matcher::Compiled {
  const Field* field;
  Condition condition;
  std::unique_ptr<RE2> pattern = {};

  bool equals(const std::string& actual, const std::string& wanted) const {
    return field->is_address ? same_address(actual, wanted) : actual == wanted;
  }

  bool holds(const Value& actual) const {
    if (condition.op == MatchOp::Absent) {
      return (condition.values.front() == "true") != actual.has_value();
    }
    if (!actual) return false;
    if (condition.op == MatchOp::Matches) return RE2::PartialMatch(*actual, *pattern);
    return std::ranges::any_of(condition.values, [&](const std::string& wanted) {
      return condition.op == MatchOp::Contains ? actual->find(wanted) != std::string::npos
                                               : equals(*actual, wanted);
    });
  }

  std::string expected() const {
    std::string text(condition.op == MatchOp::Equals ? "" : to_text(condition.op));
    for (const std::string& value : condition.values) text += (text.empty() ? "" : " ") + value;
    return text;
  }
};

std::string_view to_text(MatchOp op) { return kOps[static_cast<std::size_t>(op)]; }

std::optional<MatchOp> parse_match_op(std::string_view text) {
  const auto found = std::ranges::find(kOps, text);
  if (found == kOps.end()) return std::nullopt;
  return static_cast<MatchOp>(found - kOps.begin());
}

Result<Matcher> Matcher::make(std::vector<Condition> conditions) {
  Matcher made;
  for (Condition& condition : conditions) {
    const Field* field = find_field(condition.field);
    if (field == nullptr) {
      std::string known;
      for (const std::string_view name : match_fields()) known += " " + std::string(name);
      return fail(Errc::BadInput,
                  "'" + condition.field + "' is no field of a message; these are:" + known);
    }
    auto compiled = std::make_shared<Compiled>(Compiled{field, std::move(condition)});
    if (compiled->condition.op == MatchOp::Matches) {
      compiled->pattern = std::make_unique<RE2>(compiled->condition.values.front(), RE2::Quiet);
      if (!compiled->pattern->ok()) {
        return fail(Errc::BadInput, "the pattern for '" + std::string(field->name) +
                                        "' is not valid: " + compiled->pattern->error());
      }
    }
    made.conditions_.push_back(std::move(compiled));
  }
  return made;
}

std::vector<Matcher::Difference> Matcher::differences(const Message& message) const {
  std::vector<Difference> found;
  for (const auto& compiled : conditions_) {
    const Value actual = compiled->field->of(message);
    if (compiled->holds(actual)) continue;
    found.push_back(
        {std::string(compiled->field->name), compiled->expected(), actual.value_or("(absent)")});
  }
  return found;
}

const std::vector<std::string_view>& match_fields() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const Field& field : kFields) all.push_back(field.name);
    return all;
  }();
  return names;
}

}  // namespace twindow::policy
