// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/digest_auth.h"

#include <algorithm>
#include <map>

#include "twindow/base/ascii.h"
#include "twindow/wire/secret.h"

namespace twindow::wire {

namespace {

constexpr std::string_view kScheme = "Digest ";

// name=token and name="quoted", separated by commas. Names in lower case.
std::map<std::string, std::string> parameters(std::string_view text) {
  std::map<std::string, std::string> found;
  while (true) {
    const auto begin = text.find_first_not_of(" \t,");
    if (begin == std::string_view::npos) return found;
    text.remove_prefix(begin);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return found;
    const std::string name = lower_case(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    std::string value;
    if (text.starts_with('"')) {
      std::size_t at = 1;
      for (; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        value += text[at];
      }
      text.remove_prefix(std::min(at + 1, text.size()));
    } else {
      const auto end = std::min(text.find_first_of(" \t,"), text.size());
      value = text.substr(0, end);
      text.remove_prefix(end);
    }
    found.emplace(name, std::move(value));
  }
}

bool lists(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, end);
    while (item.starts_with(' ')) item.remove_prefix(1);
    if (item == word) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

std::string quoted(std::string_view text) {
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + '"';
}

}  // namespace

std::optional<std::string> answer_digest(std::string_view challenge, const DigestCall& call) {
  if (challenge.size() < kScheme.size() ||
      !equals_ignoring_case(challenge.substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  const auto said = parameters(challenge.substr(kScheme.size()));
  const auto value = [&](const char* name) {
    const auto found = said.find(name);
    return found == said.end() ? std::string() : found->second;
  };
  const std::string algorithm = value("algorithm");
  const bool sha256 = equals_ignoring_case(algorithm, "SHA-256");
  if (!sha256 && !algorithm.empty() && !equals_ignoring_case(algorithm, "MD5")) return std::nullopt;
  const std::string qop = value("qop");
  if (!qop.empty() && !lists(qop, "auth")) return std::nullopt;
  const auto hash = [&](const std::string& text) {
    return sha256 ? sha256_hex(text) : md5_hex(text);
  };
  const std::string nonce = value("nonce");
  const std::string realm = value("realm");
  const std::string user(call.user);
  const std::string target(call.target);
  const std::string who = hash(user + ':' + realm + ':' + std::string(call.password));
  const std::string what = hash(std::string(call.method) + ':' + target);
  constexpr std::string_view kCount = "00000001";
  std::string proof = who + ':' + nonce + ':';
  if (!qop.empty()) {
    proof.append(kCount).append(":").append(call.client_nonce).append(":auth:");
  }
  proof += what;
  std::string made = "Digest username=" + quoted(user) + ", realm=" + quoted(realm) +
                     ", nonce=" + quoted(nonce) + ", uri=" + quoted(target) + ", response=\"" +
                     hash(proof) + '"';
  if (!algorithm.empty()) made += ", algorithm=" + std::string(sha256 ? "SHA-256" : "MD5");
  if (!qop.empty()) {
    made += ", qop=auth, nc=" + std::string(kCount) + ", cnonce=" + quoted(call.client_nonce);
  }
  if (said.contains("opaque")) made += ", opaque=" + quoted(value("opaque"));
  return made;
}

}  // namespace twindow::wire
