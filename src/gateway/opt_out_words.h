// SPDX-License-Identifier: Apache-2.0
// STOP, START and HELP: what a user's message says of wanting messages, and what Twilio answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "twindow/model/message.h"
#include "twindow/ports/message_store.h"

namespace twindow::gateway {

enum class OptOutWord : std::uint8_t { None, Stop, Start, Help };
std::string_view to_text(OptOutWord word);  // "STOP"; empty for None

// Of a message that Twilio has marked (OptOutType: Advanced Opt-Out of a Messaging Service, on any
// channel). `by_words`: also of one whose whole body is one of the words; to a toll-free number YES
// is none of them.
OptOutWord opt_out_word(const InboundMessage& message, bool by_words);

// What that does: with a service (the message's own, else the sender's) all of its senders are
// meant.
ports::AccountStore::Effects::Opted opted_by(OptOutWord word, const InboundMessage& message,
                                             const std::optional<ServiceSid>& service);

// Twilio's answer to the user.
std::string_view reply_to(OptOutWord word);

}  // namespace twindow::gateway
