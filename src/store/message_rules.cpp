// SPDX-License-Identifier: Apache-2.0
#include "src/store/message_rules.h"

#include <algorithm>

namespace twindow::store {

void judge_and_begin(Message& draft, const ports::Facts& facts, const ports::Judge& judge) {
  if (judge) judge(draft, facts);
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
  if (update.price) message.price = update.price;
  if (is_final(update.status) && message.options->discard_content) message.body.clear();
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

bool note_news(Message& message, const ports::AccountStore::News& news, Time at) {
  if (news.from && !message.from) message.from = message.sender = *news.from;
  if (!news.status) return false;
  const StatusUpdate update{
      .sid = message.sid, .status = *news.status, .error_code = news.error_code};
  return move_message(message, update, at);
}

bool is_refusal(const Message& message) {
  constexpr int kOutsideTheWindow = 63016;
  return message.error_code == kOutsideTheWindow && message.direction != Direction::Inbound &&
         message.to.channel == Channel::WhatsApp;
}

std::optional<Window> closed_by_refusal(const Message& message,
                                        const std::optional<Window>& before) {
  Window window{.key = window_key(message.sender, message.to),
                .last_inbound = message.created - limits::kWindowLength,
                .user_spelling = message.to.text};
  if (before) window = *before;
  if (window.closed || window.last_inbound > message.created) return std::nullopt;
  window.closed = true;
  return window;
}

std::optional<MessageSid> alias_of(const Message& message) {
  if (message.upstream_sid == message.sid) return std::nullopt;
  return message.upstream_sid;
}

Window merged(const std::optional<Window>& before, const Window& alias, const WindowKey& key) {
  const bool alias_is_newer = !before || alias.last_inbound > before->last_inbound;
  Window window = alias_is_newer ? alias : *before;
  window.key = key;
  if (before) window.from_ad = std::max(before->from_ad, alias.from_ad);
  return window;
}

bool note_effects(Window& window, const ports::AccountStore::Effects& effects, Time received) {
  if (!effects.from_ad || window.from_ad >= received) return false;
  window.from_ad = received;
  return true;
}

Unexpected<Error> no_message(const MessageSid& sid) { return fail(Errc::NotFound, sid.text); }

Unexpected<Error> no_window(const WindowKey& key) {
  return fail(Errc::NotFound, key.user + " never wrote to " + key.sender);
}

void apply_changes(ResourceShelf& shelf, ports::ResourceStore::ResourceChanges changes) {
  for (const auto& [kind, sid, parent] : changes.erased) shelf.erase(kind, sid, parent);
  for (Resource& resource : changes.put) shelf.put(std::move(resource));
}

}  // namespace twindow::store
