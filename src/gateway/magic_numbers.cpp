// SPDX-License-Identifier: Apache-2.0
#include "src/gateway/magic_numbers.h"

#include <array>
#include <optional>
#include <string_view>

namespace twindow::gateway {

namespace {

constexpr std::string_view kMagic = "+1500555000";  // and a digit
constexpr char kGood = '6';

// The last digit, or 0 if the number is none of them.
char magic_digit(const Address& address) {
  const std::string_view text = address.text;
  const bool magic = text.size() == kMagic.size() + 1 && text.starts_with(kMagic);
  return magic ? text.back() : '\0';
}

struct Row {
  char digit;
  Errc error;
};
constexpr std::array<Row, 1> kToFirst{{{'1', Errc::InvalidTo}}};
constexpr std::array<Row, 2> kFromFirst{{{'1', Errc::InvalidFrom}, {'7', Errc::FromNotOwned}}};
constexpr std::array<Row, 4> kToLast{{{'9', Errc::NotMobile},
                                      {'2', Errc::NotRoutable},
                                      {'3', Errc::RegionNotEnabled},
                                      {'4', Errc::OptedOut}}};
constexpr std::array<Row, 1> kFromLast{{{'8', Errc::QueueFull}}};

template <class Rows>
Result<void> check(const Rows& rows, const Address& address) {
  const char digit = magic_digit(address);
  if (digit == '\0') return {};
  for (const Row& row : rows) {
    if (row.digit == digit) return fail(row.error, address.text);
  }
  return {};
}

bool recipients_are_magic(const SendRequest& request, bool test) {
  return test || (request.from && magic_digit(*request.from) == kGood);
}

}  // namespace

Result<void> check_magic_addresses(const SendRequest& request, bool test) {
  if (recipients_are_magic(request, test)) TWINDOW_TRY(check(kToFirst, request.to));
  if (request.from) TWINDOW_TRY(check(kFromFirst, *request.from));
  if (!test) return {};
  if (!request.from) return fail(Errc::FromMissing);  // services are none of theirs
  const char digit = magic_digit(*request.from);
  if (digit == kGood || digit == '8') return {};
  return fail(Errc::FromNotOwned, request.from->text);
}

Result<void> check_magic_route(const SendRequest& request, bool test) {
  if (recipients_are_magic(request, test)) TWINDOW_TRY(check(kToLast, request.to));
  return request.from ? check(kFromLast, *request.from) : Result<void>();
}

}  // namespace twindow::gateway
