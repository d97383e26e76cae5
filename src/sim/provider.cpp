// SPDX-License-Identifier: Apache-2.0
#include "twindow/sim/provider.h"

#include <utility>

namespace twindow::sim {

namespace {

// "Failed to send freeform message because you are outside the allowed window."
// Source: twilio.com/docs/api/errors/63016.
constexpr int kOutsideWindow = 63016;

}  // namespace

Provider::Provider(CurrentProfile profile, const Clock& clock, Timers& timers, Random random,
                   ports::Outbox& outbox)
    : profile_(std::move(profile)),
      clock_(clock),
      timers_(timers),
      random_(random),
      outbox_(outbox) {}

void Provider::submit(const Message& message) {
  for (const Step& step : plan(message)) schedule(message.sid, step);
}

void Provider::reset() { ++epoch_; }

std::vector<Provider::Step> Provider::plan(const Message& message) const {
  using enum MessageStatus;
  const CarrierProfile profile = profile_();
  std::vector<Step> steps;
  if (message.status == Accepted) steps.push_back({profile.queued_after, Queued});
  // A stream of the message's own: what one message draws does not move another's times.
  Random random = random_.fork(message.sid.text);
  const Duration sent = profile.sent_after_min + random.up_to(profile.sent_after_spread);
  const bool refused =
      message.kind == MessageKind::Freeform && message.window.state != WindowState::Open;
  if (!refused) {
    steps.push_back({sent, Sent});
    steps.push_back(
        {sent + profile.delivered_after_min + random.up_to(profile.delivered_after_spread),
         Delivered});
    return steps;
  }
  if (profile.window_closed == WindowClosed::SentUndelivered) steps.push_back({sent, Sent});
  const auto end = profile.window_closed == WindowClosed::Failed ? Failed : Undelivered;
  steps.push_back({profile.closed_after, end, kOutsideWindow});
  return steps;
}

void Provider::schedule(const MessageSid& sid, const Step& step) {
  StatusUpdate update{.sid = sid, .status = step.status, .error_code = step.error_code};
  timers_.at(clock_.now() + step.after, TimerKind::Progress,
             [this, epoch = epoch_, update = std::move(update)]() mutable {
               if (epoch == epoch_) outbox_.put(std::move(update));
             });
}

}  // namespace twindow::sim
