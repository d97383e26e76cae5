// SPDX-License-Identifier: Apache-2.0
// No Twilio SDK reads its base URL from the environment, and each has another way in: a property
// (node, python), a custom HTTP client (the others). All snippets do nothing unless
// TWILIO_BASE_URL is set, so that the same code goes to production. All SDKs can be led through a
// proxy from outside. The texts, and what was found in each SDK's source: sdk_snippet_<language>.h.
#include "src/app/cli/sdk_snippet.h"

#include <algorithm>
#include <array>
#include <utility>

#include "src/app/cli/sdk_snippet_csharp.h"
#include "src/app/cli/sdk_snippet_env.h"
#include "src/app/cli/sdk_snippet_go.h"
#include "src/app/cli/sdk_snippet_java.h"
#include "src/app/cli/sdk_snippet_node.h"
#include "src/app/cli/sdk_snippet_php.h"
#include "src/app/cli/sdk_snippet_python.h"
#include "src/app/cli/sdk_snippet_ruby.h"

namespace twindow::app {

namespace {

struct Snippet {
  std::string_view language;
  std::string_view text;
  std::string_view proxy_text;
};

constexpr std::array kSnippets{
    Snippet{"node", kNodeSnippet, kNodeSnippet},
    Snippet{"python", kPythonSnippet, kPythonSnippet},
    Snippet{"java", kJavaSnippet, kJavaSnippet},
    Snippet{"go", kGoSnippet, kGoSnippet},
    Snippet{"php", kPhpSnippet, kPhpSnippet},
    Snippet{"ruby", kRubySnippet, kRubySnippet},
    Snippet{"csharp", kCsharpSnippet, kCsharpSnippet},
    Snippet{"env", kEnvSnippet, kEnvProxySnippet},
};

// As one word of a shell.
std::string quoted(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.:_-+@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == text.npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string replace_all(std::string text, std::string_view hole, std::string_view value) {
  for (auto at = text.find(hole); at != text.npos; at = text.find(hole, at + value.size())) {
    text.replace(at, hole.size(), value);
  }
  return text;
}

// "http://[::1]:4010" is "[::1]" and "4010".
std::pair<std::string, std::string> host_and_port(const std::string& origin) {
  const bool tls = origin.starts_with("https:");
  std::string host = origin.substr(origin.find("://") + 3);
  const auto colon = host.rfind(':');
  if (colon == host.npos || host.ends_with(']')) return {host, tls ? "443" : "80"};
  return {host.substr(0, colon), host.substr(colon + 1)};
}

}  // namespace

std::vector<std::string> sdk_languages() {
  std::vector<std::string> languages;
  for (const Snippet& snippet : kSnippets) languages.emplace_back(snippet.language);
  return languages;
}

std::optional<std::string> sdk_snippet(std::string_view language, SdkWay way,
                                       const SdkTarget& target) {
  const auto snippet = std::ranges::find(kSnippets, language, &Snippet::language);
  if (snippet == kSnippets.end()) return std::nullopt;
  const auto [host, port] = host_and_port(target.origin);
  std::string text(way == SdkWay::Proxy ? snippet->proxy_text : snippet->text);
  text = replace_all(std::move(text), "@CREDENTIALS@",
                     target.proxy ? kOwnCredentials : kAnyCredentials);
  text = replace_all(std::move(text), "@URL@", quoted(target.origin));
  text = replace_all(std::move(text), "@HOST@", host);
  text = replace_all(std::move(text), "@PORT@", port);
  return replace_all(std::move(text), "@CA@", quoted(target.ca_file));
}

}  // namespace twindow::app
