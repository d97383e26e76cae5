// SPDX-License-Identifier: Apache-2.0
#include "src/app/metrics.h"

#include <algorithm>

namespace twindow::app {

namespace {

// Keys are a thing's number in the upper half and another's in the lower; the upper one is never 0,
// so that no key is CountTable::kNoKey.
constexpr std::uint64_t pair_of(std::size_t upper, std::uint32_t lower) {
  return (static_cast<std::uint64_t>(upper + 1) << 32) | lower;
}
constexpr std::size_t upper_of(std::uint64_t key) {
  return static_cast<std::size_t>(key >> 32) - 1;
}
constexpr std::uint32_t lower_of(std::uint64_t key) { return static_cast<std::uint32_t>(key); }

constexpr std::uint32_t kNoErrorCode = 0;

// The place of `text`, or the last one, which stands for all that is not listed.
template <std::size_t kSize>
std::size_t place_in(const std::array<std::string_view, kSize>& list, std::string_view text) {
  const auto found = std::find(list.begin(), list.end() - 1, text);
  return static_cast<std::size_t>(found - list.begin());
}

CallbackOutcome outcome_of_callback(const WebhookOutcome& outcome) {
  using enum CallbackOutcome;
  if (outcome.error) {
    switch (outcome.error->code) {
      case Errc::EgressRefused:
        return RefusedEgress;
      case Errc::TimedOut:
        return TimedOut;
      case Errc::Unreachable:
        return ConnectFailed;
      default:
        return BadReply;
    }
  }
  switch (outcome.http_status / 100) {
    case 2:
      return Answered2xx;
    case 4:
      return Answered4xx;
    case 5:
      return Answered5xx;
    default:
      return AnsweredOther;
  }
}

}  // namespace

std::string_view to_text(CallbackOutcome outcome) {
  switch (outcome) {
    case CallbackOutcome::Answered2xx:
      return "answered_2xx";
    case CallbackOutcome::Answered4xx:
      return "answered_4xx";
    case CallbackOutcome::Answered5xx:
      return "answered_5xx";
    case CallbackOutcome::AnsweredOther:
      return "answered_other";
    case CallbackOutcome::ConnectFailed:
      return "connect_failed";
    case CallbackOutcome::TimedOut:
      return "timeout";
    case CallbackOutcome::RefusedEgress:
      return "refused_egress";
    case CallbackOutcome::BadReply:
    case CallbackOutcome::Last_:
      break;
  }
  return "bad_reply";
}

Metrics::Metrics(const std::vector<std::string_view>& routes) : routes_(routes) {
  std::ranges::sort(routes_);
  routes_.erase(std::unique(routes_.begin(), routes_.end()), routes_.end());
  routes_.push_back(kOtherRoute);
  for (std::size_t i = 0; i < routes_.size(); ++i) route_index_.emplace(routes_[i], i);
  for (auto& plane : calls_) plane = std::make_unique<Route[]>(routes_.size());
}

void Metrics::called(const wire::CallLogEntry& entry) {
  const auto known = route_index_.find(entry.route);
  const std::size_t place = known == route_index_.end() ? routes_.size() - 1 : known->second;
  Route& route = calls_[place_in(kPlanes, entry.plane)][place];
  route.answers.add(
      pair_of(place_in(kMethods, entry.method), static_cast<std::uint32_t>(entry.status)));
  route.took.add(entry.took);
}

void Metrics::send_judged(twindow::Action action) {
  sends_judged_[static_cast<std::size_t>(action)].fetch_add(1, std::memory_order_relaxed);
}

void Metrics::send_decided(std::optional<Errc> refusal) {
  Counter& counter = refusal ? sends_refused_[static_cast<std::size_t>(*refusal)] : sends_accepted_;
  counter.fetch_add(1, std::memory_order_relaxed);
}

void Metrics::message_ended(MessageStatus status, std::optional<int> error_code) {
  const int code = error_code.value_or(static_cast<int>(kNoErrorCode));
  outcomes_.add(pair_of(static_cast<std::size_t>(status), static_cast<std::uint32_t>(code)));
}

void Metrics::webhook_settled(const WebhookOutcome& outcome) {
  const auto place = static_cast<std::size_t>(outcome_of_callback(outcome));
  callbacks_[place].fetch_add(1, std::memory_order_relaxed);
}

void Metrics::config_reloaded(bool taken) {
  (taken ? reloads_taken_ : reloads_refused_).fetch_add(1, std::memory_order_relaxed);
}

void Metrics::hook_answered(const api::HookReport& report) {
  OfKind& kind = hooks_[static_cast<std::size_t>(report.kind)];
  kind[static_cast<std::size_t>(report.outcome)].fetch_add(1, std::memory_order_relaxed);
}

Metrics::Answer Metrics::answer_of(std::uint64_t key) {
  return {kMethods[upper_of(key)], static_cast<int>(lower_of(key))};
}

const Metrics::Route& Metrics::route(std::size_t plane, std::size_t route) const {
  return calls_[plane][route];
}

Metrics::Outcome Metrics::outcome_of(std::uint64_t key) {
  Outcome outcome{static_cast<MessageStatus>(upper_of(key)), {}};
  if (lower_of(key) != kNoErrorCode) outcome.error_code = static_cast<int>(lower_of(key));
  return outcome;
}

}  // namespace twindow::app
