// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/references.h"

#include <utility>

namespace twindow::app {

void References::bind(const std::string& name, Json message) {
  bound_.insert_or_assign(name, std::move(message));
}

Expected<std::string, std::string> References::value_of(std::string_view reference) const {
  const auto dot = reference.find('.');
  const std::string_view name = reference.substr(0, dot);
  const auto found = bound_.find(name);
  if (found == bound_.end()) {
    return Unexpected("no step before this one has named \"" + std::string(name) + "\"");
  }
  const std::string field = dot == reference.npos ? "sid" : std::string(reference.substr(dot + 1));
  const auto member = found->second.find(field);
  if (member == found->second.end()) {
    return Unexpected("a message has no \"" + field + "\"");
  }
  return text_at(found->second, field);
}

Expected<std::string, std::string> References::resolve(std::string_view text) const {
  std::string out;
  for (auto open = text.find("${"); open != text.npos; open = text.find("${")) {
    const auto close = text.find('}', open);
    if (close == text.npos) break;
    auto value = value_of(text.substr(open + 2, close - open - 2));
    if (!value) return Unexpected(std::move(value).error());
    out.append(text.substr(0, open)).append(*value);
    text.remove_prefix(close + 1);
  }
  return out.append(text);
}

Expected<Json, std::string> References::resolve_json(std::string_view json_text) const {
  Json root = Json::parse(json_text, nullptr, false);
  if (root.is_discarded()) return Unexpected(std::string("this is not JSON"));
  std::vector<Json*> left{&root};
  while (!left.empty()) {
    Json* const value = left.back();
    left.pop_back();
    if (value->is_structured()) {
      for (Json& each : *value) left.push_back(&each);
    } else if (value->is_string()) {
      auto text = resolve(value->get_ref<const std::string&>());
      if (!text) return Unexpected(std::move(text).error());
      *value = *std::move(text);
    }
  }
  return root;
}

}  // namespace twindow::app
