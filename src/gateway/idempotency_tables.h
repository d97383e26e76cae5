// SPDX-License-Identifier: Apache-2.0
// What is remembered of creates, and who waits for which: plain state, without locks and threads.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "twindow/base/suspend.h"
#include "twindow/gateway/idempotency.h"

namespace twindow::gateway {

// Of a coroutine that waits: to be resumed, or dropped, without any lock. Without an answer it
// looks again.
using Waiter = Resume<Idempotency::Answer>;
using Waiters = std::vector<Waiter>;

class IdempotencyTables {
 public:
  using Answer = Idempotency::Answer;

  explicit IdempotencyTables(Idempotency::Options options) : options_(options) {}

  // Keys and parameters are hashes.

  enum class Place : std::uint8_t { Mine, Taken, Answered };
  struct KeyState {
    Place place;
    bool same_parameters = true;
    Answer answer = {};  // if Answered
  };
  KeyState take_key(const std::string& key, const std::string& params, Time now);
  // False, and the waiter is left alone, if nobody has the key (any more).
  bool wait_for_key(const std::string& key, Waiter& waiter);
  Waiters end_key(const std::string& key, const Answer& answer, Time now);

  struct LostState {
    Place place;  // Mine: it was lost, and is to be looked for. Answered: none is lost
    Time since = {};
  };
  LostState take_lost(const std::string& params, Time now);
  bool wait_for_lost(const std::string& params, Waiter& waiter);
  Waiters end_look(const std::string& params, bool resolved);
  void mark_lost(const std::string& params, Time begun, Time now);
  bool any_lost(Time now) const;
  std::optional<Time> lost_since(const std::string& params, Time now) const;

  Waiters close();  // all who wait; nobody may wait from now on
  bool closed() const { return closed_; }

 private:
  struct Key {
    std::string params;
    Answer answer = {};  // null: somebody is at it
    Waiters waiters = {};
  };
  struct Answered {
    std::string key;
    Time at;
    std::size_t bytes;
  };
  struct Lost {
    Time since;
    Time until;
    bool looking = false;
    std::optional<Time> again = {};  // another one was lost while somebody looked for the first
    Waiters waiters = {};
  };
  void keep(const std::string& key, Key& entry, const Answer& answer, Time now);
  void forget_old(Time now);
  void make_room_for_lost(Time now);
  bool is_over(const Lost& lost, Time now) const { return !lost.looking && now >= lost.until; }

  Idempotency::Options options_;
  std::map<std::string, Key> keys_;
  std::deque<Answered> answered_;  // the oldest first
  std::size_t bytes_ = 0;
  std::map<std::string, Lost> lost_;
  Time lost_until_ = {};  // none is later over
  bool closed_ = false;
};

}  // namespace twindow::gateway
