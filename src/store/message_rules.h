// SPDX-License-Identifier: Apache-2.0
// What every backend does with a message and a window once it has them at hand.
#pragma once

#include <optional>

#include "twindow/base/clock.h"
#include "twindow/model/error.h"
#include "twindow/model/message.h"
#include "twindow/model/window.h"
#include "twindow/ports/message_store.h"

namespace twindow::store {

// Lets the judge complete the draft, and begins its timeline.
void judge_and_begin(Message& draft, const ports::Facts& facts, const ports::Judge& judge);

// The message comes to a status, or has late news recorded. True if it moved.
bool move_message(Message& message, const StatusUpdate& update, Time at);

// The window after a message of `received`: `before` itself if that was not news to it.
Window extended(const std::optional<Window>& before, const WindowKey& key, const Address& user,
                Time received);

// What Twilio tells of `message` is noted in it. True if it moved.
bool note_news(Message& message, const ports::AccountStore::News& news, Time at);

// The window of `message`'s pair once it has come to 63016: closed as of the send, until the user
// writes again. Of a pair that no inbound is known of, at the latest that which such an error
// leaves possible. Nothing if no window has to change.
std::optional<Window> closed_by_refusal(const Message& message,
                                        const std::optional<Window>& before);
bool is_refusal(const Message& message);  // 63016, of a WhatsApp message of ours

// Twilio's SID of a message that has another one here.
std::optional<MessageSid> alias_of(const Message& message);

// The window of a user who had two names: `alias` was kept under the other one.
Window merged(const std::optional<Window>& before, const Window& alias, const WindowKey& key);

// Notes in the window what a message of the user says beside opening it. True if there was news.
bool note_effects(Window& window, const ports::AccountStore::Effects& effects, Time received);

Unexpected<Error> no_message(const MessageSid& sid);
Unexpected<Error> no_window(const WindowKey& key);

// What is erased first, then what is put.
void apply_changes(ResourceShelf& shelf, ports::ResourceStore::ResourceChanges changes);

}  // namespace twindow::store
