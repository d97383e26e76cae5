// SPDX-License-Identifier: Apache-2.0
#include "src/app/json.h"

namespace twindow::app {

const Json& member_at(const Json& json, std::string_view name) {
  static const Json kNull = nullptr;
  if (!json.is_object()) return kNull;
  const auto found = json.find(name);
  return found == json.end() ? kNull : *found;
}

std::string text_at(const Json& json, std::string_view name) {
  const Json& member = member_at(json, name);
  if (member.is_string()) return member.get<std::string>();
  return member.is_number() || member.is_boolean() ? member.dump() : "";
}

std::string pretty(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace twindow::app
