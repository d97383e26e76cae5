// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/event_bus.h"

#include "twindow/base/limits.h"
#include "twindow/base/post.h"
#include "twindow/base/run_on.h"

namespace twindow::gateway {

struct EventBus::Subscription::Queue {
  explicit Queue(const Strand& strand) : wakeup(strand) {}
  std::deque<Event> events;
  std::uint64_t missed = 0;
  bool closed = false;
  Wakeup wakeup;
};

EventBus::EventBus(const Strand& strand) : strand_(strand) {}

void EventBus::record(const Event& told) {
  if (!wanted()) return;
  post(strand_, [this, event = told]() mutable {
    event.id = ++last_id_;
    for (const auto& queue : queues_) {
      if (queue->events.size() >= limits::kEventQueueMax) {
        ++queue->missed;
      } else {
        queue->events.push_back(event);
      }
      queue->wakeup.notify();
    }
  });
}

std::unique_ptr<EventBus::Subscription> EventBus::subscribe() {
  return std::make_unique<Subscription>(*this);
}

void EventBus::close() {
  post(strand_, [this] {
    closed_ = true;
    for (const auto& queue : queues_) {
      queue->closed = true;
      queue->wakeup.notify();
    }
  });
}

EventBus::Subscription::Subscription(EventBus& bus)
    : bus_(bus), queue_(std::make_shared<Queue>(bus.strand_)) {
  ++bus_.listeners_;
  post(bus_.strand_, [bus = &bus_, queue = queue_] {
    queue->closed = bus->closed_;
    bus->queues_.push_back(queue);
  });
}

EventBus::Subscription::~Subscription() {
  --bus_.listeners_;
  post(bus_.strand_, [bus = &bus_, queue = queue_] { std::erase(bus->queues_, queue); });
}

Task<EventBus::News> EventBus::Subscription::next(std::chrono::milliseconds longest) {
  Task<News> taken = take(queue_, longest);
  return run_on(bus_.strand_, std::move(taken));
}

Task<EventBus::News> EventBus::Subscription::take(std::shared_ptr<Queue> queue,
                                                  std::chrono::milliseconds longest) {
  if (queue->events.empty() && queue->missed == 0 && !queue->closed) {
    co_await queue->wakeup.wait_for(longest);
  }
  News news;
  news.missed = std::exchange(queue->missed, 0);
  news.closed = queue->closed && queue->events.empty();
  if (!queue->events.empty()) {
    news.event = std::move(queue->events.front());
    queue->events.pop_front();
  }
  co_return news;
}

}  // namespace twindow::gateway
