// SPDX-License-Identifier: Apache-2.0
#include "twindow/policy/matcher.h"

#include <algorithm>
#include <array>

#include "src/policy/condition.h"

namespace twindow::policy {

namespace {

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

}  // namespace

struct Matcher::Compiled {
  const Field* field;
  CompiledCondition condition;
};

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
    auto compiled = TWINDOW_TRY(CompiledCondition::make(std::move(condition), field->is_address));
    made.conditions_.push_back(
        std::make_shared<const Compiled>(Compiled{field, std::move(compiled)}));
  }
  return made;
}

std::vector<Matcher::Difference> Matcher::differences(const Message& message) const {
  std::vector<Difference> found;
  for (const auto& compiled : conditions_) {
    const Value actual = compiled->field->of(message);
    if (compiled->condition.holds(actual)) continue;
    found.push_back({std::string(compiled->field->name), compiled->condition.expected(),
                     actual.value_or("(absent)")});
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
