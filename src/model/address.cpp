// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/address.h"

#include <algorithm>
#include <array>

namespace twindow {

namespace {

constexpr std::size_t kDigitsMin = 8;   // shorter numbers exist nowhere with a country code
constexpr std::size_t kDigitsMax = 15;  // E.164

struct ChannelRow {
  Channel channel;
  std::string_view name;
  std::string_view prefix;
};

constexpr std::array kChannels{
    ChannelRow{Channel::Sms, "sms", ""},
    ChannelRow{Channel::WhatsApp, "whatsapp", "whatsapp:"},
    ChannelRow{Channel::Messenger, "messenger", "messenger:"},
    ChannelRow{Channel::Rcs, "rcs", "rcs:"},
};

constexpr const ChannelRow& row_of(Channel channel) {
  return kChannels[static_cast<std::size_t>(channel)];
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_e164(std::string_view text) {
  if (!text.starts_with('+')) return false;
  text.remove_prefix(1);
  return text.size() >= kDigitsMin && text.size() <= kDigitsMax && text.front() != '0' &&
         std::ranges::all_of(text, is_digit);
}

bool is_short_code(std::string_view text) {
  return (text.size() == 5 || text.size() == 6) && std::ranges::all_of(text, is_digit);
}

bool is_alphanumeric_sender(std::string_view text) {
  constexpr std::size_t kSizeMax = 11;
  const auto allowed = [](char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view(" +-_&").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= kSizeMax && text.front() != ' ' &&
         std::ranges::all_of(text, allowed) && std::ranges::any_of(text, is_letter);
}

// "US.13491208655302741918", "US.ENT.134…": country, dot, up to 128 letters or digits.
bool is_business_scoped_user_id(std::string_view text) {
  constexpr std::size_t kIdMax = 128;
  if (text.size() < 4 || text[2] != '.') return false;
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (!std::ranges::all_of(text.substr(0, 2), is_capital)) return false;
  auto id = text.substr(3);
  if (id.starts_with("ENT.")) id.remove_prefix(4);
  return !id.empty() && id.size() <= kIdMax &&
         std::ranges::all_of(id, [](char c) { return is_digit(c) || is_letter(c); });
}

std::optional<AddressForm> channel_form(Channel channel, std::string_view local) {
  if (is_e164(local)) return AddressForm::E164;
  if (channel == Channel::WhatsApp) {
    if (is_business_scoped_user_id(local)) return AddressForm::UserId;
    return std::nullopt;
  }
  constexpr std::size_t kUserIdMax = 128;
  const auto printable = [](char c) { return c > ' ' && c < 0x7f; };
  if (!local.empty() && local.size() <= kUserIdMax && std::ranges::all_of(local, printable)) {
    return AddressForm::UserId;
  }
  return std::nullopt;
}

// A phone number as people write it, as E.164; empty if it is none.
std::string normal_number(std::string_view text) {
  std::string digits;
  while (text.starts_with(' ')) text.remove_prefix(1);  // a '+' that a form decoded to a space
  const bool plus = text.starts_with('+');
  if (plus) text.remove_prefix(1);
  for (const char c : text) {
    if (is_digit(c)) {
      digits += c;
    } else if (std::string_view(" -.()").find(c) == std::string_view::npos) {
      return {};
    }
  }
  if (!plus && digits.size() == 10) digits.insert(0, "1");
  if (!plus && digits.size() < 11) return {};
  std::string number = "+" + digits;
  return is_e164(number) ? number : std::string();
}

Address channel_address(Channel channel, AddressForm form, std::string_view text) {
  return Address{.channel = channel, .form = form, .text = std::string(text)};
}

// One row a spelling: digits that begin with `prefix` and are `size` long are the same user as
// those with `drop` characters removed at `at` and `insert` put there.
struct SpellingRow {
  std::string_view prefix;
  std::size_t size;
  std::size_t at;
  std::size_t drop;
  std::string_view insert;
  std::string_view first_of_rest;  // the digit at `at` must be one of these; empty: any
};

constexpr std::array kSpellings{
    SpellingRow{"521", 13, 2, 1, "", ""},      // Mexico: +52 1 and ten digits
    SpellingRow{"549", 13, 2, 1, "", ""},      // Argentina: +54 9 and ten digits
    SpellingRow{"55", 12, 4, 0, "9", "6789"},  // Brazil: a mobile without its ninth digit
};

}  // namespace

std::string_view Address::local() const {
  return std::string_view(text).substr(row_of(channel).prefix.size());
}

std::string_view to_text(Channel channel) { return row_of(channel).name; }

Channel channel_of(std::string_view text) {
  for (const ChannelRow& row : kChannels) {
    if (!row.prefix.empty() && text.starts_with(row.prefix)) return row.channel;
  }
  return Channel::Sms;
}

Result<Address> parse_to(std::string_view text) {
  const Channel channel = channel_of(text);
  if (channel != Channel::Sms) {
    const auto form = channel_form(channel, text.substr(row_of(channel).prefix.size()));
    if (!form) return fail(Errc::InvalidTo, std::string(text));
    return channel_address(channel, *form, text);
  }
  if (is_short_code(text)) return fail(Errc::ToIsShortCode, std::string(text));
  std::string number = normal_number(text);
  if (number.empty()) return fail(Errc::InvalidTo, std::string(text));
  return Address{Channel::Sms, AddressForm::E164, std::move(number)};
}

Result<Address> parse_from(std::string_view text) {
  const Channel channel = channel_of(text);
  if (channel != Channel::Sms) {
    const auto form = channel_form(channel, text.substr(row_of(channel).prefix.size()));
    if (!form) return fail(Errc::InvalidFrom, std::string(text));
    return channel_address(channel, *form, text);
  }
  if (is_short_code(text)) return channel_address(channel, AddressForm::ShortCode, text);
  std::string number = normal_number(text);
  if (!number.empty()) return Address{Channel::Sms, AddressForm::E164, std::move(number)};
  if (is_alphanumeric_sender(text))
    return channel_address(channel, AddressForm::Alphanumeric, text);
  return fail(Errc::InvalidFrom, std::string(text));
}

std::string canonical_user(const Address& user) {
  if (user.form != AddressForm::E164) return std::string(user.local());
  std::string digits(user.local().substr(1));
  for (const SpellingRow& row : kSpellings) {
    if (digits.size() != row.size || !digits.starts_with(row.prefix)) continue;
    if (!row.first_of_rest.empty() &&
        row.first_of_rest.find(digits[row.at]) == std::string_view::npos) {
      continue;
    }
    digits.replace(row.at, row.drop, row.insert);
    break;
  }
  return "+" + digits;
}

std::vector<Address> spellings(const Address& user) {
  std::vector<Address> all{user};
  if (user.form != AddressForm::E164) return all;
  const std::string canonical = canonical_user(user);
  const std::string_view channel = row_of(user.channel).prefix;
  const auto add = [&](const std::string& number) {
    Address each{user.channel, user.form, std::string(channel) + number};
    const bool is_new = std::ranges::find(all, each) == all.end();
    if (is_new && canonical_user(each) == canonical) all.push_back(std::move(each));
  };
  add(canonical);
  // Each row read backwards: what it put there is taken out, what it dropped comes back.
  for (const SpellingRow& row : kSpellings) {
    if (canonical.size() != 1 + row.size - row.drop + row.insert.size()) continue;
    const auto dropped = row.drop == 0 ? std::string_view() : row.prefix.substr(row.at, row.drop);
    std::string number = canonical;
    add(number.replace(1 + row.at, row.insert.size(), dropped));
  }
  return all;
}

}  // namespace twindow
