// SPDX-License-Identifier: Apache-2.0
// Creates messages at Twilio for the gateway itself, with the account's own credentials.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "twindow/model/account.h"
#include "twindow/ports/twilio_sender.h"
#include "twindow/wire/upstream.h"

namespace twindow::net {

class TwilioSender final : public ports::TwilioSender {
 public:
  // What is configured of an account now. Thread-safe.
  using Account = std::function<AccountOptions(const AccountSid&)>;
  // Our address for the status callbacks of a message of ours, in the place of the app's; null:
  // Twilio cannot reach us. Thread-safe.
  using StatusUrl =
      std::function<std::optional<std::string>(std::string_view app_url, const MessageSid& sid)>;

  TwilioSender(wire::Upstream upstream, Account account, StatusUrl status_url);

  Task<ports::SendOutcome> send(ports::LaterSend send) override;
  bool can_send(const AccountSid& account) const override;

 private:
  wire::Upstream upstream_;
  Account account_;
  StatusUrl status_url_;
};

}  // namespace twindow::net
