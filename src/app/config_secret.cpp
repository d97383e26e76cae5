// SPDX-License-Identifier: Apache-2.0
#include "src/app/config_secret.h"

#include "src/app/config_values.h"
#include "src/app/read_text.h"

namespace twindow::app {

namespace {

constexpr std::string_view kExpected = "a text, {\"file\": \"PATH\"} or {\"env\": \"VARIABLE\"}";

std::optional<AuthToken> secret_of_file(const ConfigNode& node, const std::string& name) {
  auto secret = read_secret_file(node.file().folder / name);
  if (secret) return *std::move(secret);
  node.mistake("found the file " + shown(name) + ", " + secret.error() +
               ", expected a file that holds the secret");
  return std::nullopt;
}

std::optional<AuthToken> secret_of_variable(const ConfigNode& node, const std::string& name) {
  if (auto text = find_variable(node.file().environment, name)) return AuthToken{*std::move(text)};
  node.mistake("found the variable " + shown(name) +
               ", which is not set, expected a variable that holds the secret");
  return std::nullopt;
}

}  // namespace

std::optional<AuthToken> read_secret(const ConfigNode& node) {
  const Json& json = node.json();
  if (json.is_string() && !json.get_ref<const std::string&>().empty()) {
    return AuthToken{json.get<std::string>()};
  }
  if (json.is_object() && json.size() == 1 && json.begin()->is_string()) {
    const std::string source = json.begin().key();
    const ConfigNode named = node.member(source);
    if (source == "file") return secret_of_file(named, json.begin()->get<std::string>());
    if (source == "env") return secret_of_variable(named, json.begin()->get<std::string>());
  }
  node.expected_in_secret(kExpected);
  return std::nullopt;
}

Expected<AuthToken, std::string> read_secret_file(const std::filesystem::path& path) {
  auto text = read_text(path);
  if (!text) return Unexpected("which cannot be read (" + text.error() + ")");
  text->resize(std::min(text->find_first_of("\r\n"), text->size()));
  if (text->empty()) return Unexpected(std::string("whose first line is empty"));
  return AuthToken{*std::move(text)};
}

}  // namespace twindow::app
