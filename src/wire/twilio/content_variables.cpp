// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/content_variables.h"

#include "twindow/model/segments.h"
#include "twindow/wire/json_writer.h"

#include "src/wire/flat_json.h"

namespace twindow::wire {

namespace {

constexpr std::size_t kVariablesMax = 100;
constexpr std::size_t kNameUnitsMax = 16;
constexpr std::size_t kValueUnitsMax = 1600;

}  // namespace

Result<std::vector<Param>> parse_content_variables(std::string_view text) {
  auto members = parse_flat_object(text);
  if (!members) return fail(Errc::ContentVariablesInvalid, members.error().what);
  if (members->size() > kVariablesMax) {
    return fail(Errc::ContentVariablesInvalid, "expected at most 100 variables");
  }
  std::vector<Param> variables;
  variables.reserve(members->size());
  for (FlatMember& member : *members) {
    const auto refuse = [&](std::string_view expected) {
      return fail(Errc::ContentVariablesInvalid,
                  "\"" + member.key + "\": expected " + std::string(expected));
    };
    if (!member.text) return refuse("text, found null");
    if (utf16_length(member.key) > kNameUnitsMax) return refuse("a name of at most 16 letters");
    if (utf16_length(*member.text) > kValueUnitsMax) {
      return refuse("a value of at most 1600 letters");
    }
    variables.push_back({std::move(member.key), *std::move(member.text)});
  }
  return variables;
}

std::string content_variables_json(const std::vector<Param>& variables) {
  std::string text;
  JsonWriter json(text, Spacing::Compact);
  json.begin_object();
  for (const Param& variable : variables) json.field(variable.name, variable.value);
  json.end_object();
  return text;
}

}  // namespace twindow::wire
