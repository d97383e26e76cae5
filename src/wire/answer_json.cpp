// SPDX-License-Identifier: Apache-2.0
#include "src/wire/answer_json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "twindow/base/limits.h"

namespace twindow::wire {

namespace {

using Json = nlohmann::json;
constexpr auto npos = std::string_view::npos;
constexpr std::string_view kSpaces = " \t\r\n";

// Behind the string that begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return text.size();
}

// How deep it nests, if it is JSON; of what is none some number.
std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      at = end_of_string(text, at);
      continue;
    }
    if (c == '{' || c == '[') deepest = std::max(deepest, ++depth);
    if ((c == '}' || c == ']') && depth > 0) --depth;
    ++at;
  }
  return deepest;
}

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(kSpaces, at), text.size());
}

// Behind the value that begins at `at`.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = end_of_string(text, at);
      if (depth == 0) return at;
      continue;
    }
    const bool closes = c == '}' || c == ']';
    if (depth == 0 && (closes || c == ',' || kSpaces.find(c) != npos)) return at;
    if (c == '{' || c == '[') ++depth;
    if (closes) --depth;
    ++at;
    if (closes && depth == 0) return at;
  }
  return at;
}

std::vector<std::string_view> elements(std::string_view array) {
  std::vector<std::string_view> found;
  std::size_t at = skip_spaces(array, 1);
  while (at < array.size() && array[at] != ']') {
    const std::size_t end = end_of_value(array, at);
    found.push_back(array.substr(at, end - at));
    at = skip_spaces(array, end);
    if (at < array.size() && array[at] == ',') at = skip_spaces(array, at + 1);
  }
  return found;
}

}  // namespace

bool nests_deeper_than(std::string_view text, std::size_t max) { return depth_of(text) > max; }

Result<Json> parse_answer(std::string_view text, std::string_view what) {
  const auto no = [&](const char* why) {
    return fail(Errc::BadReply, "Twilio's answer is not " + std::string(what) + ": " + why);
  };
  if (depth_of(text) > limits::kJsonDepthMax) return no("it nests too deep");
  Json json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded()) return no("it is no JSON");
  if (!json.is_object()) return no("it is no JSON object");
  return json;
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return {};
  return found->get<std::string>();
}

const Json* array_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? &*found : nullptr;
}

std::vector<std::string_view> elements_of(std::string_view object, std::string_view key) {
  std::vector<std::string_view> found;
  std::size_t at = object.find('{');
  if (at == npos) return found;
  at = skip_spaces(object, at + 1);
  while (at < object.size() && object[at] == '"') {
    const std::size_t key_end = end_of_string(object, at);
    const std::string_view name = object.substr(at + 1, key_end - at - 2);
    at = skip_spaces(object, key_end);
    if (at >= object.size() || object[at] != ':') break;
    at = skip_spaces(object, at + 1);
    const std::size_t end = end_of_value(object, at);
    const std::string_view value = object.substr(at, end - at);
    if (name == key) {
      found = value.starts_with('[') ? elements(value) : std::vector<std::string_view>();
    }
    at = skip_spaces(object, end);
    if (at < object.size() && object[at] == ',') at = skip_spaces(object, at + 1);
  }
  return found;
}

std::optional<std::string> next_link(const Json& page) {
  std::string link = text_of(page, "next_page_uri");
  if (const auto meta = page.find("meta"); meta != page.end() && meta->is_object()) {
    link = text_of(*meta, "next_page_url");
  }
  if (link.empty()) return std::nullopt;
  return link;
}

}  // namespace twindow::wire
