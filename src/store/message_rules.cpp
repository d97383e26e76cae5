// SPDX-License-Identifier: Apache-2.0
#include "src/store/message_rules.h"

namespace twindow::store {

void judge_and_begin(Message& draft, const ports::Facts& facts, const ports::Judge& judge) {
  judge(draft, facts);
  draft.timeline.push_back({draft.created, StatusReached{draft.status, draft.error_code}});
}

bool move_message(Message& message, const StatusUpdate& update, Time at) {
  const bool moved = reachable(message.status, update.status);
  message.timeline.push_back({at, StatusReached{update.status, update.error_code, moved}});
  if (!moved) return false;
  const bool handed_on = update.status == MessageStatus::Sent ||
                         update.status == MessageStatus::Delivered ||
                         update.status == MessageStatus::Read;
  message.status = update.status;
  message.error_code = update.error_code;
  message.updated = at;
  if (!message.from) message.from = message.sender;
  if (handed_on && !message.sent) message.sent = at;
  return true;
}

Window extended(const std::optional<Window>& before, const WindowKey& key, const Address& user,
                Time received) {
  if (!before) return {.key = key, .last_inbound = received, .user_spelling = user.text};
  Window window = *before;
  if (received > window.last_inbound) {
    window.last_inbound = received;
    window.user_spelling = user.text;
    window.closed = false;
  }
  return window;
}

Unexpected<Error> no_message(const MessageSid& sid) { return fail(Errc::NotFound, sid.text); }

Unexpected<Error> no_window(const WindowKey& key) {
  return fail(Errc::NotFound, key.user + " never wrote to " + key.sender);
}

}  // namespace twindow::store
