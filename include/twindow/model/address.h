// SPDX-License-Identifier: Apache-2.0
// Who sends and who receives: phone numbers, short codes, alphanumeric senders, channel addresses.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/error.h"

namespace twindow {

enum class Channel : std::uint8_t { Sms, WhatsApp, Messenger, Rcs };

// What the part behind the channel's prefix is. `UserId` is WhatsApp's business-scoped user id
// ("US.13491208655302741918"), and whatever Messenger and RCS use.
enum class AddressForm : std::uint8_t { E164, ShortCode, Alphanumeric, UserId };

// `text` is the address as Twilio writes it, its prefix included: "+15005550006",
// "whatsapp:+14155238886", "22395", "ACME". What is sent out is this, never a canonical form.
struct Address {
  Channel channel = Channel::Sms;
  AddressForm form = AddressForm::E164;
  std::string text;

  // Behind the prefix: "+14155238886".
  std::string_view local() const;

  friend auto operator<=>(const Address&, const Address&) = default;
};

std::string_view to_text(Channel channel);  // "sms", "whatsapp", "messenger", "rcs"

// The channel that an address' prefix names, however wrong the rest is.
Channel channel_of(std::string_view text);

// The `To` of a send. SMS numbers may hold the separators people write (space, dash, dot,
// brackets) and, in North America, may lack "+1"; the result is E.164. WhatsApp addresses must be
// exact: a lost '+' is an error there, as at Twilio. Errc::InvalidTo, ToIsShortCode.
Result<Address> parse_to(std::string_view text);

// The `From` of a send: as `To`, and short codes (5 or 6 digits) and alphanumeric sender ids (at
// most 11 letters, digits, spaces and "+-_&", at least one letter). Errc::InvalidFrom.
Result<Address> parse_from(std::string_view text);

// The key under which a user is known, however the number was spelled: digits with a '+', or the
// user id. Mexico +521… is +52…, Argentina +549… is +54…, Brazilian mobile numbers have their
// ninth digit. Only ever a key, never sent. Source: Meta's notes on changed prefixes, and
// practice; the table is in address.cpp.
std::string canonical_user(const Address& user);

// Every address of the same channel with the same canonical_user(), `user` first: a user who is
// asked for by address has to be asked for by each of them.
std::vector<Address> spellings(const Address& user);

}  // namespace twindow
