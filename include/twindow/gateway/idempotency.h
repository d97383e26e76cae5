// SPDX-License-Identifier: Apache-2.0
// Creates that are made twice and must send one message: those with a key of their own, and those
// whose answer was lost on the way.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/base/limits.h"
#include "twindow/base/task.h"
#include "twindow/model/message.h"
#include "twindow/model/sid.h"
#include "twindow/model/twilio_answer.h"

namespace twindow::gateway {

// One create call, as far as it can be a repetition.
struct RepeatableCreate {
  AccountSid account;
  std::string caller;              // who asks: KnownCallers::fingerprint
  std::string key = {};            // its Idempotency-Key; empty: it has none
  std::vector<Param> params = {};  // all that it was sent with, in any order
};

// Thread-safe. Of memory only: a restart forgets. Twilio itself honours no such key and knows no
// error for one that is used again for something else (reference, section 12), so such a call has
// the remembered answer too; it is told apart for those who want to say so.
//
//   auto begun = co_await idempotency.begin(create);
//   Repeat: answer with it, nothing else is done.
//   Turn:   this call acts. If turn.lost_since(): look for the message among Twilio's first;
//           it is there: turn.answered(201 with it). It is not: turn.not_there(), and go on. That
//           cannot be told: turn.lost(the 504).
//           Then forward: turn.answered(…), or turn.lost(…) if Twilio may have got it.
class Idempotency {
 public:
  struct Options {
    Duration answer_age = limits::kIdempotencyTime;
    std::size_t keys_max = limits::kIdempotencyKeysMax;    // the oldest answer goes
    std::size_t bytes_max = limits::kIdempotencyBytesMax;  // of answers, likewise
    Duration lost_answer = limits::kLostAnswerTime;        // 0: lost answers are not remembered
    std::size_t lost_max = limits::kLostAnswersMax;        // what would end first goes
  };
  using Answer = std::shared_ptr<const TwilioAnswer>;
  // A cryptographic hash of text, as text: wire::sha256_hex. Bodies and numbers are not kept.
  using Hash = std::function<std::string(std::string_view)>;

  struct State;

  // The right, and the duty, to act for a create. Whoever makes an equal one meanwhile may be
  // waiting: one of answered() and lost() ends that. A turn that is dropped without a word was
  // lost, and those who wait see to it themselves.
  class Turn {
   public:
    Turn(Turn&& other) noexcept = default;
    Turn& operator=(Turn&& other) noexcept;
    ~Turn();

    // An equal create began then and ended without an answer: Twilio may have its message. Before
    // the message of this one is sent it must be known. Nothing once that is resolved.
    std::optional<Time> lost_since() const { return lost_since_; }

    // False: what was answered is of no use to anybody, and answered() may be told nothing.
    bool is_waited_for() const { return owns_key_ || lost_since_.has_value(); }

    // Twilio, or the gateway, has answered; who waits gets the same. With a key it is remembered,
    // unless it may be another one soon, as those of 401, 403, 408, 429 and 5xx.
    void answered(TwilioAnswer answer);

    // The lost message never arrived. Who waits for that begins anew; this call goes on.
    void not_there();

    // No answer, and Twilio may have the message; or, while lost_since(), that is not known. Who
    // waits for this call gets the same answer, the app's; nothing is remembered for its key.
    void lost(TwilioAnswer answer);

   private:
    friend class Idempotency;
    Turn(std::shared_ptr<State> state, std::string key, std::string params)
        : state_(std::move(state)), key_(std::move(key)), params_(std::move(params)) {}
    Turn(std::shared_ptr<State> state, RepeatableCreate create, Time begun)
        : state_(std::move(state)), create_(std::move(create)), acts_(true), begun_(begun) {}
    const std::string& params();
    void end_key(const Answer& answer);
    void drop() noexcept;

    std::shared_ptr<State> state_;  // null: ended, or moved from
    std::string key_;               // hashes
    std::string params_;            // empty: that of `create_`, which nobody has asked for
    RepeatableCreate create_ = {};
    bool owns_key_ = false;
    bool acts_ = false;  // it was handed out: what is dropped now may have been sent
    Time begun_ = {};
    std::optional<Time> lost_since_ = {};
  };

  struct Repeat {
    Answer answer;  // never null
    bool same_parameters = true;
  };
  using Begun = std::variant<Turn, Repeat>;

  // `clock` outlives this and all turns. Destroyed after the threads have stopped that run its
  // callers, and before their contexts: whoever waits ends with it.
  Idempotency(const Clock& clock, Hash hash, Options options);
  Idempotency(const Clock& clock, Hash hash) : Idempotency(clock, std::move(hash), Options()) {}
  ~Idempotency();
  Idempotency(const Idempotency&) = delete;
  Idempotency& operator=(const Idempotency&) = delete;

  // The same for nearly every create, which has no key while no answer is lost: nothing to wait
  // for, and nothing is hashed. Nothing if it is another one; then `create` is untouched.
  std::optional<Turn> begin_now(RepeatableCreate& create);

  // Waits while an equal call with this key is under way, and while somebody looks for the lost
  // message of an equal one. Resumes on the caller's executor.
  Task<Begun> begin(RepeatableCreate create);

  // When the equal create began whose answer was lost; nothing if there is none.
  std::optional<Time> was_lost(const RepeatableCreate& create) const;

 private:
  std::shared_ptr<State> state_;  // shared with turns and with those who wait
};

}  // namespace twindow::gateway
