// SPDX-License-Identifier: Apache-2.0
// Reads from the real Twilio who has written to the senders of one account while nobody here was
// listening; then no window of theirs is unknown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/timers.h"
#include "twindow/base/wakeup.h"
#include "twindow/ports/twilio_api.h"

namespace twindow::gateway {

// How long to wait after that many passes in vain (1: the first): 5 s, doubling to 10 min.
Duration backfill_pause(std::uint32_t failures);

// How far one sender is.
struct SenderBackfill {
  enum class State : std::uint8_t { Waiting, Reading, Done, Failed };

  Address sender;
  State state = State::Waiting;
  Time since = {};  // it is read from here on; earlier ones were heard, or are too old to matter
  Time begun = {};
  std::size_t pages = 0;
  std::size_t messages = 0;
  std::size_t users = 0;
  std::optional<Error> error = {};  // Failed
};
std::string_view to_text(SenderBackfill::State state);  // "waiting", "reading", "done", "failed"

// All of them, as they are now. `Idle`: never begun.
struct BackfillView {
  enum class State : std::uint8_t { Idle, Reading, Done, Failed };

  State state = State::Idle;
  std::uint64_t passes = 0;  // that have ended
  std::vector<SenderBackfill> senders = {};
  std::optional<Error> error = {};  // Failed: of the first sender, or why none are known
  std::optional<Time> next = {};    // pass, by itself
};
std::string_view to_text(BackfillView::State state);  // "idle", "reading", "done", "failed"

// Belongs to one world's strand. What it is made with outlives it.
class Backfill {
 public:
  struct Parts {
    ports::TwilioApi& twilio;
    const Clock& clock;
    Timers& timers;
    AccountSid account;
    // The account's own; empty: Twilio is asked for them.
    std::function<std::vector<Address>()> senders;
    // Every message to it was heard up to then, by an earlier run too; nothing: never.
    std::function<std::optional<Time>(const Address& sender)> heard_until;
    // Messages of one page, safe when it resumes.
    std::function<Task<Result<void>>(std::vector<ports::PastInbound>)> keep;
    // All that was sent to it in the 24 hours before `at` is known; safe when it resumes.
    std::function<Task<void>(Address sender, Time at)> covered;
    // Something has ended or a timer was set; touches memory only.
    std::function<void()> changed;
    // One sender, done or failed; told once, not of every try and look that follows.
    std::function<void(const SenderBackfill&)> ended;
  };

  Backfill(const Strand& strand, Parts parts);

  // What is read: all of the last 24 hours, or what came since all was heard. A pass that is under
  // way goes on; those that failed are tried again now.
  enum class Reach : std::uint8_t { SinceHeard, WholeDay };
  void begin(Reach reach);
  void stop();   // nothing begins any more
  void clear();  // as if it had never begun

  const BackfillView& view() const { return view_; }

 private:
  void start(Reach reach);
  Task<void> run(Reach reach);
  void plan(std::vector<Address> senders, Reach reach);
  void launch();
  Task<void> read(std::size_t index);
  Task<Result<void>> read_pages(std::size_t index);
  void end_pass(std::optional<Error> error);
  void wait_until(Time due);

  Strand strand_;
  Parts parts_;
  BackfillView view_;
  Reach reach_ = Reach::SinceHeard;  // of the pass that runs or ran last
  std::optional<Reach> again_;       // asked for meanwhile
  std::size_t next_ = 0;             // of the senders, to be read
  std::size_t in_flight_ = 0;
  std::uint32_t failures_ = 0;  // passes in vain, since the last that was not
  bool looks_again_ = false;    // the pass only looks for what the list did not have yet
  std::optional<TimerId> timer_;
  std::uint64_t epoch_ = 0;  // grows with each clear()
  bool stopped_ = false;
};

}  // namespace twindow::gateway
