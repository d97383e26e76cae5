// SPDX-License-Identifier: Apache-2.0
// What the server counts while it works: plain counters that cost a few atomic additions a call.
// They become Prometheus' text in metrics_text.h. docs/CONTROL_API.md says what each means.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twindow/api/hook_report.h"
#include "twindow/model/decision.h"
#include "twindow/model/error.h"
#include "twindow/model/message_status.h"
#include "twindow/model/webhook.h"
#include "twindow/wire/call_log.h"

#include "src/app/count_table.h"
#include "src/app/latency_histogram.h"

namespace twindow::app {

// How a webhook ended, each delivery once however often it was tried.
enum class CallbackOutcome : std::uint8_t {
  Answered2xx,
  Answered4xx,
  Answered5xx,
  AnsweredOther,
  ConnectFailed,
  TimedOut,
  RefusedEgress,
  BadReply,
  Last_,  // not an outcome: the number of them
};
std::string_view to_text(CallbackOutcome outcome);  // "answered_2xx"

// Thread-safe: recorded to and read by anybody at any time, without a lock.
class Metrics {
 public:
  static constexpr std::array<std::string_view, 3> kPlanes{"api", "control", "other"};
  static constexpr std::array<std::string_view, 9> kMethods{
      "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "OTHER"};
  static constexpr std::string_view kOtherRoute = "other";
  // Beyond them, pairs of method and status of one route are counted together; so are pairs of
  // final status and error code.
  static constexpr std::size_t kAnswersMax = 48;
  static constexpr std::size_t kOutcomesMax = 96;

  // `routes` are all that will be told one by one, in static storage; repetitions do no harm.
  explicit Metrics(const std::vector<std::string_view>& routes);

  void called(const wire::CallLogEntry& entry);
  void send_decided(std::optional<Errc> refusal);
  void send_judged(twindow::Action action);
  void message_ended(MessageStatus status, std::optional<int> error_code);
  void webhook_settled(const WebhookOutcome& outcome);
  void store_committed() { commits_.fetch_add(1, std::memory_order_relaxed); }
  void config_reloaded(bool taken);
  void hook_answered(const api::HookReport& report);

  // For the one who writes them down.

  struct Answer {
    std::string_view method;
    int status;
  };
  struct Route {
    CountTable<kAnswersMax> answers;  // of key_of(Answer)
    LatencyHistogram took;
  };
  static Answer answer_of(std::uint64_t key);
  // By plane, then by route as sorted text, "other" last.
  const Route& route(std::size_t plane, std::size_t route) const;
  const std::vector<std::string_view>& routes() const { return routes_; }

  struct Outcome {
    MessageStatus status;
    std::optional<int> error_code;
  };
  static Outcome outcome_of(std::uint64_t key);
  const CountTable<kOutcomesMax>& outcomes() const { return outcomes_; }

  std::uint64_t sends_accepted() const { return sends_accepted_.load(std::memory_order_relaxed); }
  std::uint64_t sends_refused(Errc why) const {
    return sends_refused_[static_cast<std::size_t>(why)].load(std::memory_order_relaxed);
  }
  std::uint64_t sends_judged(twindow::Action action) const {
    return sends_judged_[static_cast<std::size_t>(action)].load(std::memory_order_relaxed);
  }
  std::uint64_t callbacks(CallbackOutcome outcome) const {
    return callbacks_[static_cast<std::size_t>(outcome)].load(std::memory_order_relaxed);
  }
  std::uint64_t hooks(api::HookKind kind, api::HookOutcome outcome) const {
    return hooks_[static_cast<std::size_t>(kind)][static_cast<std::size_t>(outcome)].load(
        std::memory_order_relaxed);
  }
  std::uint64_t commits() const { return commits_.load(std::memory_order_relaxed); }
  std::uint64_t reloads(bool taken) const {
    return (taken ? reloads_taken_ : reloads_refused_).load(std::memory_order_relaxed);
  }

 private:
  using Counter = std::atomic<std::uint64_t>;

  std::vector<std::string_view> routes_;                           // with "other" as the last
  std::unordered_map<std::string_view, std::size_t> route_index_;  // never changed
  std::array<std::unique_ptr<Route[]>, kPlanes.size()> calls_;     // by route
  CountTable<kOutcomesMax> outcomes_;
  std::array<Counter, static_cast<std::size_t>(Errc::Last_)> sends_refused_{};
  std::array<Counter, static_cast<std::size_t>(twindow::Action::Observe) + 1> sends_judged_{};
  std::array<Counter, static_cast<std::size_t>(CallbackOutcome::Last_)> callbacks_{};
  using OfKind = std::array<Counter, static_cast<std::size_t>(api::HookOutcome::Last_)>;
  std::array<OfKind, static_cast<std::size_t>(api::HookKind::Last_)> hooks_{};
  Counter sends_accepted_ = 0;
  Counter commits_ = 0;
  Counter reloads_taken_ = 0;
  Counter reloads_refused_ = 0;
};

}  // namespace twindow::app
