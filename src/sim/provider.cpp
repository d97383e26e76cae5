// SPDX-License-Identifier: Apache-2.0
#include "twindow/sim/provider.h"

#include <algorithm>
#include <array>
#include <utility>

#include "twindow/model/terminal_status.h"

#include "src/sim/quotas.h"
#include "src/sim/sender_queue.h"

namespace twindow::sim {

namespace {

using enum MessageStatus;

// Source: twilio.com/docs/api/errors/<code>.
constexpr int kQueueOverflow = 30001;
constexpr int kValidityExpired = 30036;
constexpr int kOutsideWindow = 63016;
constexpr int kChannelRate = 63018;
constexpr int kContentRefused = 63021;
constexpr int kDailyLimit = 63038;
constexpr int kMarketingCapped = 63049;

// Hundred-thousandths of a dollar: Twilio's price of a US segment and picture message, and its own
// fee on WhatsApp. What Meta and carriers add is not simulated.
constexpr int kSegmentPrice = -750;
constexpr int kMmsPrice = -2000;
constexpr int kChannelPrice = -500;

// What WhatsApp takes. Source: Twilio's page on WhatsApp media. What cannot be told by its name is
// let through.
bool whatsapp_takes(std::string_view type) {
  constexpr auto kRefused = std::to_array<std::string_view>(
      {"image/gif", "image/bmp", "image/tiff", "image/svg+xml", "audio/wav", "video/quicktime",
       "video/webm", "application/zip", "text/csv", "text/plain"});
  return std::ranges::find(kRefused, type) == kRefused.end();
}

// SMS costs when a carrier has it; WhatsApp's messages when they have arrived.
std::optional<int> price_at(MessageStatus status, const Message& message) {
  const bool sms = message.to.channel == Channel::Sms;
  if (sms && status == Sent) {
    const bool mms = !message.media.empty() || message.options->send_as_mms;
    return mms ? kMmsPrice : kSegmentPrice * message.num_segments;
  }
  if (!sms && (status == Delivered || status == Read)) return kChannelPrice;
  return std::nullopt;
}

}  // namespace

struct Provider::Load {
  SenderQueues queues;
  DailyUsers daily;
  MarketingCaps marketing;
};

Provider::Provider(CurrentProfile profile, const Clock& clock, Timers& timers, Random random,
                   ports::Outbox& outbox)
    : profile_(std::move(profile)),
      clock_(clock),
      timers_(timers),
      random_(random),
      outbox_(outbox) {}

Provider::~Provider() = default;

Provider::Load& Provider::load() {
  if (!load_) load_ = std::make_unique<Load>();
  return *load_;
}

void Provider::set_personas(Personas personas) { personas_ = std::move(personas); }

void Provider::reset() {
  ++epoch_;
  load_.reset();
  personas_ = Personas();
}

Result<std::optional<int>> Provider::foresee(const SendRequest& request, const Address& sender,
                                             bool marketing) {
  const SendLimits limits = profile_().limits;
  std::optional<int> code;
  if (!limits.any()) return code;
  const Time now = clock_.now();
  if (marketing && limits.marketing_per_user > 0) {
    const std::string user = canonical_user(request.to);
    if (!load().marketing.has_room(user, now, limits.marketing_per_user)) return {kMarketingCapped};
    load().marketing.note(user, now);
  }
  if (!limits.sender_rates || !load().queues.is_full(sender, now)) return code;
  if (sender.channel != Channel::Sms) return {kChannelRate};
  // A service has taken it before it looks for room.
  if (request.service) return {kQueueOverflow};
  return fail(Errc::QueueFull, sender.text);
}

void Provider::submit(const Message& message) {
  for (const Step& step : plan(message)) {
    // One that an earlier run has left has some of its way behind it.
    if (reachable(message.status, step.status)) schedule(message.sid, step);
  }
}

Provider::Steps Provider::plan(const Message& message) {
  const CarrierProfile profile = profile_();
  if (const auto code = refusal(message, profile)) {
    Steps steps;
    if (message.status == Accepted) steps.push_back({profile.queued_after, Queued});
    steps.push_back({profile.closed_after, terminal_status(*code), code});
    return steps;
  }
  Duration waits{};
  if (profile.limits.sender_rates) {
    waits = load().queues.enter(message, clock_.now());
    const auto validity = message.options->validity;
    if (validity && waits > *validity) {
      Steps steps;
      if (message.status == Accepted) steps.push_back({profile.queued_after, Queued});
      steps.push_back({std::max(*validity, profile.queued_after), Failed, kValidityExpired});
      return steps;
    }
  }
  return way(message, profile, waits);
}

std::optional<int> Provider::refusal(const Message& message, const CarrierProfile& profile) {
  if (message.to.channel != Channel::WhatsApp) return std::nullopt;
  if (message.kind == MessageKind::Freeform && message.window.state != WindowState::Open) {
    return std::nullopt;  // that has a way of its own
  }
  const bool taken = std::ranges::all_of(
      message.media, [](const MediaItem& item) { return whatsapp_takes(item.content_type); });
  if (!taken) return kContentRefused;
  if (profile.limits.daily_users > 0 && message.window.state != WindowState::Open &&
      !load().daily.admit(message.sender.text, canonical_user(message.to), clock_.now(),
                          profile.limits.daily_users)) {
    return kDailyLimit;
  }
  return std::nullopt;
}

Provider::Steps Provider::way(const Message& message, const CarrierProfile& profile,
                              Duration waits) const {
  Steps steps;
  if (message.status == Accepted) steps.push_back({profile.queued_after, Queued});
  // A stream of the message's own: what one message draws does not move another's times.
  Random random = random_.fork(message.sid.text);
  const Duration sent = waits + profile.sent_after_min + random.up_to(profile.sent_after_spread);
  const bool refused =
      message.kind == MessageKind::Freeform && message.window.state != WindowState::Open;
  if (refused) {
    if (profile.window_closed == WindowClosed::SentUndelivered) steps.push_back({sent, Sent});
    const auto end = profile.window_closed == WindowClosed::Failed ? Failed : Undelivered;
    steps.push_back({waits + profile.closed_after, end, kOutsideWindow});
    return steps;
  }
  // Asked for only where somebody has a persona: its key costs more than all else here.
  const bool any = !personas_.users.empty();
  const Persona& persona = any ? personas_.of(canonical_user(message.to)) : personas_.others;
  const bool of_profile = &persona == &personas_.others && profile.reads;
  const auto step = [&](Duration after, MessageStatus status) {
    steps.push_back({after, status, std::nullopt, price_at(status, message)});
  };
  if (persona.fails) {
    const MessageStatus end = terminal_status(*persona.fails);
    if (end == Undelivered) step(sent, Sent);
    steps.push_back({std::max(sent, waits + profile.closed_after), end, persona.fails});
    return steps;
  }
  const bool has_receipts =
      message.to.channel == Channel::WhatsApp || message.to.channel == Channel::Rcs;
  const bool reads = has_receipts && (persona.reads || of_profile);
  const Duration delivered =
      sent + profile.delivered_after_min + random.up_to(profile.delivered_after_spread);
  step(sent, Sent);
  if (persona.stays_sent) return steps;
  if (!reads || !persona.skips_delivered) step(delivered, Delivered);
  if (reads) step(delivered + persona.read_after, Read);
  return steps;
}

void Provider::schedule(const MessageSid& sid, const Step& step) {
  StatusUpdate update{
      .sid = sid, .status = step.status, .error_code = step.error_code, .price = step.price};
  timers_.at(clock_.now() + step.after, TimerKind::Progress,
             [this, epoch = epoch_, update = std::move(update)]() mutable {
               if (epoch == epoch_) outbox_.put(std::move(update));
             });
}

}  // namespace twindow::sim
