// SPDX-License-Identifier: Apache-2.0
// In front of the real Twilio: what is sent later, and the nudges.
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

HeldRelease::Parts World::release_parts(ports::TwilioApi& twilio, ports::TwilioSender& sender) {
  return {.store = *store_,
          .clock = time_,
          .timers = time_,
          .sender = sender,
          .twilio = twilio,
          .held = held_,
          .aliases = aliases_,
          .is_open = [this](WindowKey pair) { return is_open_now(std::move(pair)); },
          .changed =
              [this](const Message& message) {
                record_message(message.updated, message);
                settler_.watch(message.sid, message.updated);
              },
          .failed =
              [this](const MessageSid& sid, int code) {
                put({.sid = sid, .status = MessageStatus::Failed, .error_code = code});
                nudge();
              },
          .held_again = [this](const Message& message) { watch_held(message); },
          .rested = [this] { rest_wakeup_.notify(); }};
}

Task<bool> World::is_open_now(WindowKey pair) {
  const auto window = co_await store_->find(std::move(pair));
  co_return window&&* window&& is_open(**window, time_.now(), margin());
}

// That it could not be sent is no reason not to hold: the entry says what became of it.
Task<void> World::nudge_upstream(SendRequest request, LedgerEntry entry) {
  ports::LaterSend send{account(), MessageSid(), request.form};
  const ports::SendOutcome outcome = co_await sender_->send(std::move(send));
  if (const auto* const sent = std::get_if<ports::Sent>(&outcome)) {
    const RemoteMessage& made = sent->message;
    [[maybe_unused]] const auto kept =
        co_await do_keep_sent(std::move(request), made.sid, made.status, std::move(entry));
    co_return;
  }
  if (const auto* const refused = std::get_if<ports::Refused>(&outcome)) {
    entry.reason += "; " + refused->detail;
    entry.code = refused->code;
  } else if (const auto* const not_sent = std::get_if<ports::NotSent>(&outcome)) {
    entry.reason += "; it was not sent: " + not_sent->error.detail;
  } else {
    entry.reason +=
        "; nobody knows whether it was sent: " + std::get<ports::PerhapsSent>(outcome).error.detail;
  }
  [[maybe_unused]] const auto entered = co_await do_enter(std::move(entry));
}

// A status of a message that was held comes under Twilio's SID; the app knows it by ours.
Task<void> World::name_as_told(StatusHook& hook) {
  const MessageSid upstream = hook.news.sid;
  if (hook.ours && release_) {
    co_await release_->found_upstream(*hook.ours, upstream);
  }
  const auto ours = aliases_.ours(upstream);
  if (!ours) co_return;
  hook.news.sid = *ours;
  for (Param& param : hook.told.news.params) {
    if (param.value == upstream.text) param.value = ours->text;
  }
}

}  // namespace twindow::gateway
