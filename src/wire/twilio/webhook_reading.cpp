// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/webhook_reading.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "twindow/base/ascii.h"

namespace twindow::wire {

namespace {

constexpr std::uint32_t kErrorCodeMax = 999'999;

std::optional<std::string_view> first_of(const Form& form,
                                         std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const auto value = form.first(name)) return value;
  }
  return std::nullopt;
}

Unexpected<Error> lacking(std::string_view name) {
  return fail(Errc::InvalidParameter, std::string(name) + " is missing or malformed");
}

Result<AccountSid> read_account(const Form& form) {
  auto account = account_of_webhook(form);
  if (!account) return lacking("AccountSid");
  return *std::move(account);
}

Result<MessageSid> read_sid(const Form& form) {
  const auto text = first_of(form, {"MessageSid", "SmsMessageSid", "SmsSid"});
  auto sid = parse_message_sid(text.value_or(""));
  if (!sid) return lacking("MessageSid");
  return *std::move(sid);
}

Address address_of(std::string_view text) {
  if (auto address = parse_from(text)) return *std::move(address);
  return {.channel = channel_of(text), .form = AddressForm::UserId, .text = std::string(text)};
}

// Nothing if there is nobody behind the channel's prefix.
std::optional<Address> find_address(const Form& form, std::string_view name) {
  const auto text = form.first(name);
  if (!text) return std::nullopt;
  Address address = address_of(*text);
  if (address.local().empty()) return std::nullopt;
  return address;
}

Result<Address> read_address(const Form& form, std::string_view name) {
  auto address = find_address(form, name);
  if (!address) return lacking(name);
  return *std::move(address);
}

// Those that InboundMessage has members for. The other two spellings of the SID say the same.
constexpr std::array<std::string_view, 7> kMembers{
    "AccountSid", "MessageSid", "SmsSid", "SmsMessageSid", "From", "To", "Body"};

}  // namespace

std::optional<AccountSid> account_of_webhook(const Form& form) {
  return parse_account_sid(form.first("AccountSid").value_or(""));
}

Result<StatusCallback> read_status_callback(const Form& form) {
  AccountSid account = TWINDOW_TRY(read_account(form));
  MessageSid sid = TWINDOW_TRY(read_sid(form));
  const auto status = first_of(form, {"MessageStatus", "SmsStatus"});
  if (!status) return lacking("MessageStatus");
  StatusCallback callback{.account = std::move(account), .sid = std::move(sid)};
  callback.status_text = *status;
  callback.status = parse_message_status(*status);
  if (const auto code = form.first("ErrorCode")) {
    const auto number = parse_decimal(*code, kErrorCodeMax);
    if (number && *number > 0) callback.error_code = static_cast<int>(*number);
  }
  callback.from = find_address(form, "From");
  return callback;
}

Result<InboundMessage> read_inbound_message(const Form& form) {
  InboundMessage message;
  message.account = TWINDOW_TRY(read_account(form));
  message.sid = TWINDOW_TRY(read_sid(form));
  message.from = TWINDOW_TRY(read_address(form, "From"));
  message.to = TWINDOW_TRY(read_address(form, "To"));
  message.body = form.first("Body").value_or("");
  for (const Param& param : form.params()) {
    if (std::ranges::find(kMembers, param.name) == kMembers.end()) message.extra.push_back(param);
  }
  return message;
}

}  // namespace twindow::wire
