// SPDX-License-Identifier: Apache-2.0
// A user writes to one of the account's senders.
#include <algorithm>
#include <array>

#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

namespace {

std::string_view param(const InboundMessage& message, std::string_view name) {
  const auto found = std::ranges::find(message.extra, name, &Param::name);
  return found == message.extra.end() ? std::string_view() : std::string_view(found->value);
}

bool has_media(const InboundMessage& message) {
  const std::string_view count = param(message, "NumMedia");
  return !count.empty() && count != "0";
}

// Whether these open the window is not documented; by default they do not (contract section 4).
bool opens_window(const InboundMessage& message, bool reaction_opens) {
  constexpr std::array<std::string_view, 3> kSilent{"reaction", "system", "unsupported"};
  const std::string_view type = param(message, "MessageType");
  if (message.to.channel != Channel::WhatsApp) return false;
  if (type == "reaction" && reaction_opens) return true;
  return std::ranges::find(kSilent, type) == kSilent.end();
}

Message stored_form(const InboundMessage& inbound, Time now) {
  return Message{
      .sid = inbound.sid,
      .account = inbound.account,
      .direction = Direction::Inbound,
      .from = inbound.from,
      .sender = inbound.from,
      .to = inbound.to,
      .body = inbound.body,
      .status = MessageStatus::Received,
      .created = now,
      .updated = now,
      .sent = now,
  };
}

}  // namespace

Task<Result<World::Received>> World::receive(InboundMessage message) {
  return run_on(strand_, do_receive(std::move(message), std::nullopt));
}

Task<Result<World::Received>> World::hear_inbound(InboundMessage message, Told told) {
  return run_on(strand_, do_receive(std::move(message), std::move(told)));
}

Task<Result<World::Received>> World::do_receive(InboundMessage inbound, std::optional<Told> told) {
  const Time now = time_.now();
  if (inbound.sid.text.empty()) inbound.sid.text = next_sid(has_media(inbound) ? "MM" : "SM");
  Message message = stored_form(inbound, now);
  note_heard(inbound.to, now);
  const bool opens = opens_window(inbound, policy_ && policy_->window.reaction_opens);
  const auto stored = co_await store_->receive(message, opens);
  const bool repeat = !stored && stored.error().code == Errc::Conflict;
  if (!stored && !repeat) co_return Unexpected(stored.error());
  record_message(now, message);

  Received received{.message = std::move(message)};
  if (!repeat && stored->window) {
    received.window = window_opened(stored->before, *stored->window, now);
  }
  const auto url = senders_.inbound_url(inbound.to);
  if (url) {
    News news = InboundNews{std::move(inbound)};
    if (told) news = std::move(told->news);
    Webhook hook = webhook(received.message.sid, *url, std::move(news));
    if (told && !told->idempotency_token.empty()) {
      hook.idempotency_token = std::move(told->idempotency_token);
    }
    ++direct_deliveries_;
    received.webhook = co_await postman_.deliver(std::move(hook));
    --direct_deliveries_;
    rest_wakeup_.notify();
  }
  // After the app has heard: what it answers comes first.
  if (received.window && received.window->state == WindowState::Open) {
    WindowKey pair = received.window->window.key;
    co_await release_held(std::move(pair));
  }
  nudge();
  co_return received;
}

WindowView World::window_opened(const std::optional<Window>& before, const Window& window,
                                Time now) {
  const bool was_open = before && is_open(*before, now, margin());
  watch_end(window);
  if (!was_open && heard()) record(now, WindowEvent{window, WindowState::Open});
  return view(window);
}

void World::watch_end(const Window& window) {
  const Time end = window.expires() - margin();
  window_ends_[window.key] = end;
  time_.at(end, TimerKind::Deadline, [this, window, end] {
    const auto watched = window_ends_.find(window.key);
    if (watched == window_ends_.end() || watched->second != end) return;  // extended since
    window_ends_.erase(watched);
    if (heard()) record(time_.now(), WindowEvent{window, WindowState::Closed});
  });
}

}  // namespace twindow::gateway
