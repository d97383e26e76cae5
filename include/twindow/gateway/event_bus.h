// SPDX-License-Identifier: Apache-2.0
// Carries events from the worlds to whoever listens.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "twindow/base/task.h"
#include "twindow/base/wakeup.h"
#include "twindow/ports/event_sink.h"

namespace twindow::gateway {

// Lives on a strand of its own; all functions may be called from any thread. Must outlive its
// subscriptions.
class EventBus final : public ports::EventSink {
 public:
  explicit EventBus(const Strand& strand);

  bool wanted() const override { return listeners_.load(std::memory_order_relaxed) > 0; }
  void record(const Event& event) override;  // gives each its id

  // What a listener got: at most one of an event, and the number of events it was too slow for.
  struct News {
    std::optional<Event> event = {};
    std::uint64_t missed = 0;
    bool closed = false;  // the bus was closed; nothing will come any more
  };

  class Subscription {
   public:
    explicit Subscription(EventBus& bus);
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

    // The next news, or empty news after `longest` (wall time). One caller at a time.
    Task<News> next(std::chrono::milliseconds longest);

   private:
    friend class EventBus;
    struct Queue;
    static Task<News> take(std::shared_ptr<Queue> queue, std::chrono::milliseconds longest);

    EventBus& bus_;
    // Shared with records that are still on their way to the strand when the listener leaves.
    std::shared_ptr<Queue> queue_;
  };

  // Hears every event that is recorded after this call.
  std::unique_ptr<Subscription> subscribe();

  void close();  // ends every subscription, present and future

 private:
  Strand strand_;
  std::atomic<std::size_t> listeners_ = 0;
  // The rest is touched on the strand only.
  std::uint64_t last_id_ = 0;
  bool closed_ = false;
  std::vector<std::shared_ptr<Subscription::Queue>> queues_;
};

}  // namespace twindow::gateway
