// SPDX-License-Identifier: Apache-2.0
// STOP and START: what a user's message says of wanting messages.
#pragma once

#include "twindow/model/message.h"
#include "twindow/ports/message_store.h"

namespace twindow::gateway {

// Of a message that Twilio has marked (OptOutType: Advanced Opt-Out of a Messaging Service, on any
// channel). `by_words`: also of an SMS whose whole body is one of the words, as Twilio's default
// handling reads it. With a service all of its senders are meant.
ports::AccountStore::Effects::Opted opted_by(const InboundMessage& message, bool by_words);

}  // namespace twindow::gateway
