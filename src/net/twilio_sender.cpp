// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/twilio_sender.h"

#include <utility>
#include <variant>

#include "twindow/wire/basic_auth.h"
#include "twindow/wire/form_edit.h"
#include "twindow/wire/twilio/message_answers.h"

namespace twindow::net {

namespace {

using Edit = std::optional<std::optional<std::string>>;

std::optional<std::string> authorization_of(const AccountOptions& account) {
  if (account.auth_token) {
    return wire::basic_authorization(account.sid.text, account.auth_token->text);
  }
  if (account.api_keys.empty()) return std::nullopt;
  return wire::basic_authorization(account.api_keys.front().sid,
                                   account.api_keys.front().secret.text);
}

Error answered(int status, std::string_view text) {
  std::string detail = "Twilio answered " + std::to_string(status);
  if (const auto code = wire::read_error_code(text)) {
    detail += " (code " + std::to_string(*code) + ")";
  }
  return {Errc::Unavailable, std::move(detail)};
}

// 401 may be mended by whoever configures us, and 429 ends by itself: Twilio has made nothing. Of
// 5xx nobody knows.
ports::SendOutcome outcome_of(int status, const std::string& text) {
  if (status >= 200 && status < 300) {
    auto message = wire::read_message(text);
    if (message) return ports::Sent{*std::move(message)};
    return ports::PerhapsSent{std::move(message).error()};
  }
  if (status == 401 || status == 403 || status == 408 || status == 429) {
    return ports::NotSent{answered(status, text)};
  }
  if (status >= 500) return ports::PerhapsSent{answered(status, text)};
  return ports::Refused{wire::read_error_code(text).value_or(status),
                        answered(status, text).detail};
}

}  // namespace

TwilioSender::TwilioSender(wire::Upstream upstream, Account account, StatusUrl status_url)
    : upstream_(std::move(upstream)),
      account_(std::move(account)),
      status_url_(std::move(status_url)) {}

bool TwilioSender::can_send(const AccountSid& account) const {
  return status_url_ != nullptr && authorization_of(account_(account)).has_value();
}

Task<ports::SendOutcome> TwilioSender::send(ports::LaterSend send) {
  auto authorization = authorization_of(account_(send.account));
  if (!authorization) {
    Error error{Errc::NoCredentials,
                "account " + send.account.text + " has no credentials configured"};
    co_return ports::NotSent{std::move(error)};
  }
  const auto ours = [&](std::string_view name, std::string_view value) {
    if (name != "StatusCallback" || value.empty() || status_url_ == nullptr) return Edit();
    const auto url = status_url_(value, send.sid);
    return url ? Edit(url) : Edit();
  };
  wire::UpstreamCall call{.host = "api.twilio.com",
                          .method = "POST",
                          .target = "/2010-04-01/Accounts/" + send.account.text + "/Messages.json",
                          .headers = {{"Authorization", *std::move(authorization)},
                                      {"Content-Type", "application/x-www-form-urlencoded"},
                                      {"Accept", "application/json"},
                                      {"Accept-Encoding", "identity"},
                                      {"User-Agent", "twindow"}}};
  call.body = wire::edit_form(send.form, ours);
  const wire::UpstreamReply reply = co_await upstream_(std::move(call));
  if (!reply) {
    Error error{Errc::NotReached, reply.error().detail};
    if (reply.error().may_have_arrived) co_return ports::PerhapsSent{std::move(error)};
    co_return ports::NotSent{std::move(error)};
  }
  const auto* const text = std::get_if<std::string>(&reply->body);
  if (text == nullptr) {
    Error error{Errc::BadReply, "Twilio's answer is too large"};
    co_return ports::PerhapsSent{std::move(error)};
  }
  co_return outcome_of(reply->status, *text);
}

}  // namespace twindow::net
