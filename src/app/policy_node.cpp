// SPDX-License-Identifier: Apache-2.0
#include "src/app/policy_node.h"

#include "twindow/base/duration_text.h"

namespace twindow::app {

const std::string kContentSidText = "a ContentSid: \"HX\" and 32 hexadecimal digits";

std::optional<std::string> scalar_of(const ConfigNode& node) {
  const Json& json = node.json();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number() || json.is_boolean()) return json.dump();
  return std::nullopt;
}

std::string list_text(const std::vector<std::string>& words, std::string_view last) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += &word == &words.back() ? last : ", ";
    text += word;
  }
  return text;
}

bool read_word(const ConfigNode& node, const std::vector<std::string>& words, std::string& target) {
  const auto text = scalar_of(node);
  if (text && std::ranges::find(words, *text) != words.end()) {
    target = *text;
    return true;
  }
  node.expected(list_text(words) + (text ? did_you_mean(*text, words) : ""));
  return false;
}

void read_switch(const ConfigNode& node, bool& target) {
  if (!node.json().is_boolean()) return node.expected("true or false");
  target = node.json().get<bool>();
}

void read_duration(const ConfigNode& node, const DurationRange& range, Duration& target) {
  const auto duration =
      node.json().is_string() ? parse_duration(node.json().get<std::string>()) : std::nullopt;
  if (duration && *duration >= range.min && *duration <= range.max) {
    target = *duration;
    return;
  }
  node.expected("a duration from " + twindow::to_text(range.min) + " to " +
                twindow::to_text(range.max) + ", such as \"" + std::string(range.example) + "\"");
}

void read_content_sid(const ConfigNode& node, ContentSid& target) {
  const auto sid =
      node.json().is_string() ? parse_content_sid(node.json().get<std::string>()) : std::nullopt;
  if (!sid) return node.expected(kContentSidText);
  target = *sid;
}

}  // namespace twindow::app
