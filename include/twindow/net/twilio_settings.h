// SPDX-License-Identifier: Apache-2.0
// What an account's console says of webhooks, asked and changed with the account's credentials: for
// an operator's commands, never for a send.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "twindow/base/task.h"
#include "twindow/model/account.h"
#include "twindow/model/error.h"
#include "twindow/wire/twilio/webhook_settings.h"
#include "twindow/wire/upstream.h"

namespace twindow::net {

// Errors as those of ports/twilio_api.h. Each call takes the wall time in which it must be done,
// all of its pages together. What is awaited may run on any executor of one thread.
class TwilioSettings {
 public:
  using Longest = std::chrono::milliseconds;

  TwilioSettings(wire::Upstream upstream, AccountOptions account);

  Task<Result<std::vector<wire::WebhookSetting>>> all(wire::SettingOf of, Longest longest);

  // The phone numbers in a service's pool, as Twilio writes them.
  Task<Result<std::vector<std::string>>> numbers_of(std::string service, Longest longest);

  // Changes one, and answers it as it is then read. Sent once: after an error nobody knows.
  Task<Result<wire::WebhookSetting>> set_inbound_url(wire::WebhookSetting setting, std::string url,
                                                     Longest longest);

 private:
  wire::Upstream upstream_;
  AccountOptions account_;
};

}  // namespace twindow::net
