// SPDX-License-Identifier: Apache-2.0
// What Twilio's webhooks carry: the form of a status callback and of an inbound message. Sources:
// Twilio's webhook pages and captured requests, whose order is kept.
#pragma once

#include <vector>

#include "twindow/model/message.h"
#include "twindow/model/webhook.h"

namespace twindow::wire {

// The news that `message` has come to its status. `From` is empty while a service has not chosen
// its sender. ErrorCode comes with `failed` and `undelivered`, ErrorMessage on channels only (real
// SMS callbacks lack it); RawDlrDoneDate is `updated`. Channels add EventType for receipts,
// ChannelToAddress, ChannelPrefix, StructuredMessage ("true" for a template), ChannelInstallSid
// (an XE… SID that depends on account and sender alone).
std::vector<Param> status_params(const Message& message);
// The same with what is `said` in the place of its namesakes, or behind them.
std::vector<Param> status_params(const StatusNews& news);

// A user's message. `extra` overrides a parameter of the same name in its place, and is appended
// else. Defaults: NumMedia counts the MediaUrl… of `extra`, MessageType follows from `extra`, WaId
// are the digits of `From`; of the places of an SMS only FromCountry and ToCountry of +1 numbers
// are said (US), the others are empty.
std::vector<Param> inbound_params(const InboundMessage& message);

// Ours, and no webhook of Twilio's: a user's window closes soon. Event ("window-closing-soon"),
// AccountSid, From (the user), To (the sender), LastInbound, ClosesAt (ISO 8601).
std::vector<Param> closing_soon_params(const AccountSid& account, const ClosingSoonNews& news);

}  // namespace twindow::wire
