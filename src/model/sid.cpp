// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/sid.h"

#include <algorithm>

#include "twindow/base/random.h"

namespace twindow {

namespace {

constexpr std::size_t kSidSize = 34;
constexpr std::string_view kHexDigits = "0123456789abcdef";

// Without a table, so that the compiler looks at sixteen of them at once.
bool all_hex(std::string_view text) {
  unsigned char hex = 1;
  for (const char c : text) {
    const auto digit = static_cast<unsigned char>(c - '0');
    const auto letter = static_cast<unsigned char>((c | 0x20) - 'a');
    hex &= static_cast<unsigned char>((digit < 10) | (letter < 6));
  }
  return hex != 0;
}

// The 16 digits of `bits`; returns where the next character goes.
char* put_hex(char* at, std::uint64_t bits) {
  for (int shift = 60; shift >= 0; shift -= 4) *at++ = kHexDigits[(bits >> shift) & 0xf];
  return at;
}

template <class Kind>
std::optional<Sid<Kind>> parse(std::string_view text, std::string_view prefix) {
  if (!is_sid(text, prefix)) return std::nullopt;
  return Sid<Kind>{std::string(text)};
}

}  // namespace

bool is_sid(std::string_view text, std::string_view prefix) {
  return text.size() == kSidSize && text.starts_with(prefix) && all_hex(text.substr(prefix.size()));
}

std::optional<AccountSid> parse_account_sid(std::string_view text) {
  return parse<OfAccount>(text, "AC");
}

std::optional<MessageSid> parse_message_sid(std::string_view text) {
  auto sid = parse<OfMessage>(text, "SM");
  return sid ? sid : parse<OfMessage>(text, "MM");
}

std::optional<ServiceSid> parse_service_sid(std::string_view text) {
  return parse<OfService>(text, "MG");
}

std::optional<ContentSid> parse_content_sid(std::string_view text) {
  return parse<OfContent>(text, "HX");
}

std::optional<MediaSid> parse_media_sid(std::string_view text) {
  return parse<OfMedia>(text, "ME");
}

SidSource::SidSource(std::uint64_t seed, const AccountSid& account)
    : key_high_(Random(seed).fork("sid high").fork(account.text).next()),
      key_low_(Random(seed).fork("sid low").fork(account.text).next()) {}

std::string SidSource::next(std::string_view prefix) {
  ++counter_;
  std::string sid(prefix.size() + 32, '\0');
  char* const digits = std::ranges::copy(prefix, sid.data()).out;
  // mix64 is a bijection, so two counters never meet in either half.
  put_hex(put_hex(digits, mix64(key_high_ + counter_)), mix64(key_low_ ^ counter_));
  return sid;
}

std::string SidSource::next_uuid() {
  std::string hex = next("");
  hex[12] = '4';
  hex[16] = "89ab"[static_cast<std::size_t>(hex[16]) % 4];
  for (const std::size_t dash : {8u, 13u, 18u, 23u}) hex.insert(dash, 1, '-');
  return hex;
}

}  // namespace twindow
