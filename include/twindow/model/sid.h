// SPDX-License-Identifier: Apache-2.0
// Twilio's identifiers: two capital letters that name the kind, then 32 hexadecimal digits.
// Source: the patterns of Twilio's OpenAPI documents; either case is accepted, lower is made.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace twindow {

// True if `text` is `prefix` (two letters) and 32 hexadecimal digits.
bool is_sid(std::string_view text, std::string_view prefix);

template <class Kind>
struct Sid {
  std::string text;

  friend auto operator<=>(const Sid&, const Sid&) = default;
};

using AccountSid = Sid<struct OfAccount>;  // AC…
using MessageSid = Sid<struct OfMessage>;  // SM… or MM…
using ServiceSid = Sid<struct OfService>;  // MG…
using ContentSid = Sid<struct OfContent>;  // HX…
using MediaSid = Sid<struct OfMedia>;      // ME…

std::optional<AccountSid> parse_account_sid(std::string_view text);
std::optional<MessageSid> parse_message_sid(std::string_view text);
std::optional<ServiceSid> parse_service_sid(std::string_view text);
std::optional<ContentSid> parse_content_sid(std::string_view text);
std::optional<MediaSid> parse_media_sid(std::string_view text);

// The identifiers of one account, as a keyed hash of (seed, account, counter): the same seed gives
// the same SIDs in the same order, another account gives others, and none repeats. A value.
class SidSource {
 public:
  SidSource(std::uint64_t seed, const AccountSid& account);

  std::string next(std::string_view prefix);  // `prefix` and 32 lower-case hex digits
  std::string next_uuid();                    // version 4 in form, from the same sequence

  std::uint64_t counter() const { return counter_; }
  void resume_at(std::uint64_t counter) { counter_ = counter; }

 private:
  std::uint64_t key_high_;
  std::uint64_t key_low_;
  std::uint64_t counter_ = 0;
};

}  // namespace twindow

template <class Kind>
struct std::hash<twindow::Sid<Kind>> {
  std::size_t operator()(const twindow::Sid<Kind>& sid) const noexcept {
    return std::hash<std::string>()(sid.text);
  }
};
