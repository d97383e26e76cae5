// SPDX-License-Identifier: Apache-2.0
// Twilio's webhooks, read: what webhook_params.h writes, and whatever else the real Twilio says.
#pragma once

#include <optional>
#include <string>

#include "twindow/model/error.h"
#include "twindow/model/message.h"
#include "twindow/wire/form.h"

namespace twindow::wire {

// Whose webhook it says it is. Nothing if there is no well-formed AccountSid.
std::optional<AccountSid> account_of_webhook(const Form& form);

// News of an outbound message. The whole of it is the form; this is what we understand.
struct StatusCallback {
  AccountSid account;
  MessageSid sid;
  std::string status_text = {};              // as Twilio wrote it
  std::optional<MessageStatus> status = {};  // none: one that we do not know
  std::optional<int> error_code = {};        // none: no error, or no number
  std::optional<Address> from = {};          // none: missing or empty
};

// Errc::InvalidParameter for a form without AccountSid, without MessageSid (or SmsSid), or without
// MessageStatus (or SmsStatus): such are no status callbacks.
Result<StatusCallback> read_status_callback(const Form& form);

// `extra` has every parameter that is no member of InboundMessage, in order. An address of no form
// that we know is taken as it is: a user who cannot be named properly has still written.
// Errc::InvalidParameter without AccountSid, MessageSid (or SmsMessageSid, SmsSid), From or To.
Result<InboundMessage> read_inbound_message(const Form& form);

}  // namespace twindow::wire
