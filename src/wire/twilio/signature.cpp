// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/signature.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "twindow/base/ascii.h"
#include "twindow/wire/secret.h"

namespace twindow::wire {

namespace {

struct Authority {
  std::size_t begin;
  std::size_t end;
};

// Where the authority of `url` stands: between "://" and the path, query or fragment.
Authority authority_of(std::string_view url) {
  const auto colon = url.find("://");
  if (colon == std::string_view::npos) return {0, 0};
  const auto begin = colon + 3;
  return {begin, std::min(url.find_first_of("/?#", begin), url.size())};
}

// The part of the signed text that follows the URL.
std::string fields_text(const std::vector<Param>& form) {
  std::vector<const Param*> sorted;
  sorted.reserve(form.size());
  std::size_t size = 0;
  for (const Param& param : form) {
    sorted.push_back(&param);
    size += param.name.size() + param.value.size();
  }
  std::ranges::sort(sorted, [](const Param* a, const Param* b) {
    return std::tie(a->name, a->value) < std::tie(b->name, b->value);
  });
  const auto same = [](const Param* a, const Param* b) { return *a == *b; };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());

  std::string text;
  text.reserve(size);
  for (const Param* param : sorted) text.append(param->name).append(param->value);
  return text;
}

std::string sign_text(std::string_view auth_token, std::string_view text) {
  return base64_encode(hmac_sha1(auth_token, text));
}

// The position of the ':' before the port within `url`, or where it would be put.
std::size_t port_at(std::string_view url, const Authority& authority) {
  const auto bracket = url.substr(0, authority.end).rfind(']');
  const bool address = bracket != std::string_view::npos && bracket >= authority.begin;
  const auto from = address ? bracket : authority.begin;
  return std::min(url.substr(0, authority.end).find(':', from), authority.end);
}

std::optional<std::string_view> body_sha256_of(std::string_view url) {
  constexpr std::string_view kName = "bodySHA256=";
  url = url.substr(0, url.find('#'));
  std::string_view query = url.substr(std::min(url.find('?'), url.size()));
  while (!query.empty()) {
    query.remove_prefix(1);  // '?' or '&'
    const std::string_view pair = query.substr(0, query.find('&'));
    if (pair.starts_with(kName)) return pair.substr(kName.size());
    query.remove_prefix(pair.size());
  }
  return std::nullopt;
}

}  // namespace

std::string signed_url(std::string_view url) {
  std::string text(url.substr(0, url.find('#')));
  const Authority authority = authority_of(text);
  const auto at = std::string_view(text).substr(0, authority.end).rfind('@');
  if (at != std::string_view::npos && at >= authority.begin) {
    text.erase(authority.begin, at + 1 - authority.begin);
  }
  return text;
}

std::string sign(std::string_view auth_token, std::string_view url,
                 const std::vector<Param>& form) {
  return sign_text(auth_token, signed_url(url) + fields_text(form));
}

std::string sign_json(std::string_view auth_token, std::string_view url_with_body_sha256) {
  return sign_text(auth_token, signed_url(url_with_body_sha256));
}

bool signature_matches(std::string_view auth_token, std::string_view url,
                       const std::vector<Param>& form, std::string_view signature) {
  const std::string given = signed_url(url);
  const std::string fields = fields_text(form);
  const Authority authority = authority_of(given);
  const std::size_t port = port_at(given, authority);
  const std::string before = given.substr(0, port);
  const std::string after = given.substr(authority.end);
  const bool secure = given.size() > 5 && equals_ignoring_case(given.substr(0, 5), "https");

  bool matches = false;
  // All three are always tried: which of them it was is nobody's business.
  for (const std::string& tried :
       {given, before + after, before + (secure ? ":443" : ":80") + after}) {
    matches |= equal_in_constant_time(sign_text(auth_token, tried + fields), signature);
  }
  return matches;
}

bool webhook_signature_matches(std::string_view auth_token, std::string_view url,
                               std::string_view body, const std::vector<Param>& form,
                               std::string_view signature) {
  const auto hash = body_sha256_of(url);
  if (!hash) return signature_matches(auth_token, url, form, signature);
  const bool same_body = equal_in_constant_time(sha256_hex(body), *hash);
  return signature_matches(auth_token, url, {}, signature) && same_body;
}

}  // namespace twindow::wire
