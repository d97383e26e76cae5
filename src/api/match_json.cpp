// SPDX-License-Identifier: Apache-2.0
#include "src/api/match_json.h"

#include <algorithm>

namespace twindow::api {

namespace {

std::string scalar_text(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.dump();
}

bool is_scalar(const Json& json) {
  return json.is_string() || json.is_number_integer() || json.is_boolean();
}

}  // namespace

Result<policy::Condition> read_condition(const std::string& field, const Json& json) {
  policy::Condition condition{.field = field};
  const Json* value = &json;
  if (json.is_object() && json.size() == 1) {
    const auto op = policy::parse_match_op(json.begin().key());
    if (!op) {
      return fail(Errc::BadInput, "match." + field + ": '" + json.begin().key() +
                                      "' is none of equals, contains, matches, anyOf, absent");
    }
    condition.op = *op;
    value = &json.begin().value();
  }
  const bool list = condition.op == policy::MatchOp::AnyOf && value->is_array() &&
                    !value->empty() && std::ranges::all_of(*value, is_scalar);
  if (list) {
    for (const Json& item : *value) condition.values.push_back(scalar_text(item));
    return condition;
  }
  const bool absent_fits = condition.op != policy::MatchOp::Absent || value->is_boolean();
  if (!is_scalar(*value) || condition.op == policy::MatchOp::AnyOf || !absent_fits) {
    return fail(Errc::BadInput,
                "match." + field +
                    ": expected a value, or one of {\"equals\": …}, {\"contains\": …}, "
                    "{\"matches\": …}, {\"anyOf\": […]}, {\"absent\": true}");
  }
  condition.values.push_back(scalar_text(*value));
  return condition;
}

}  // namespace twindow::api
