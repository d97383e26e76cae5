// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/idempotency.h"

#include <algorithm>

#include "twindow/base/check.h"
#include "twindow/base/guarded.h"
#include "twindow/base/suspend.h"

#include "src/gateway/idempotency_tables.h"

namespace twindow::gateway {

namespace {

using Answer = Idempotency::Answer;
using Place = IdempotencyTables::Place;

// A part behind its length: no two lists of parts are the same text.
void append_part(std::string& out, std::string_view part) {
  out.append(std::to_string(part.size())).append(":").append(part);
}

std::string key_text(const RepeatableCreate& create) {
  std::string text;
  for (const std::string* part : {&create.account.text, &create.caller, &create.key}) {
    append_part(text, *part);
  }
  return text;
}

// By name; the values of one name keep their order, which is part of what they say.
std::string params_text(const RepeatableCreate& create) {
  std::vector<const Param*> sorted;
  for (const Param& param : create.params) sorted.push_back(&param);
  std::ranges::stable_sort(sorted, {}, [](const Param* param) { return param->name; });
  std::string text;
  append_part(text, create.account.text);
  append_part(text, create.caller);
  for (const Param* param : sorted) {
    append_part(text, param->name);
    append_part(text, param->value);
  }
  return text;
}

}  // namespace

struct Idempotency::State {
  State(const Clock& when, Hash digest, Options chosen)
      : clock(when), hash(std::move(digest)), tables(IdempotencyTables(chosen)) {}

  // Nobody is resumed once all is over: those who wait end with the threads that ran them.
  void wake(Waiters waiters, const Answer& answer) {
    for (Waiter& waiter : waiters) waiter(answer);
  }

  const Clock& clock;
  const Hash hash;
  Guarded<IdempotencyTables> tables;
};

namespace {

// Until somebody has an answer; null: look again. `wait` puts the waiter where it belongs.
template <class Wait>
Task<Answer> wait_in(std::shared_ptr<Idempotency::State> state, Wait wait) {
  return suspend<Answer>([state = std::move(state), wait = std::move(wait)](Waiter waiter) {
    const bool waits = state->tables.with(
        [&](IdempotencyTables& tables) { return tables.closed() || wait(tables, waiter); });
    if (!waits) waiter(nullptr);
  });
}

}  // namespace

Idempotency::Idempotency(const Clock& clock, Hash hash, Options options)
    : state_(std::make_shared<State>(clock, std::move(hash), options)) {}

Idempotency::~Idempotency() {
  // Destroyed here, outside the lock: turns that end with them come back for it.
  const Waiters ended =
      state_->tables.with([](IdempotencyTables& tables) { return tables.close(); });
}

std::optional<Idempotency::Turn> Idempotency::begin_now(RepeatableCreate& create) {
  if (!create.key.empty()) return std::nullopt;
  const Time now = state_->clock.now();
  const bool lost =
      state_->tables.with([&](const IdempotencyTables& tables) { return tables.any_lost(now); });
  if (lost) return std::nullopt;
  return Turn(state_, std::move(create), now);
}

Task<Idempotency::Begun> Idempotency::begin(RepeatableCreate create) {
  const std::shared_ptr<State> state = state_;
  std::string key;
  if (!create.key.empty()) key = state->hash(key_text(create));
  const std::string params = state->hash(params_text(create));
  Turn turn(state, key, params);

  while (!key.empty() && !turn.owns_key_) {
    const Time now = state->clock.now();
    const auto found = state->tables.with(
        [&](IdempotencyTables& tables) { return tables.take_key(key, params, now); });
    turn.owns_key_ = found.place == Place::Mine;
    if (turn.owns_key_) break;
    Answer answer = found.answer;
    if (found.place == Place::Taken) {
      const auto wait = [key](IdempotencyTables& tables, Waiter& waiter) {
        return tables.wait_for_key(key, waiter);
      };
      answer = co_await wait_in(state, wait);
    }
    if (answer == nullptr) continue;
    Repeat repeat{std::move(answer), found.same_parameters};
    co_return repeat;
  }

  while (true) {
    const Time now = state->clock.now();
    const auto lost = state->tables.with(
        [&](IdempotencyTables& tables) { return tables.take_lost(params, now); });
    if (lost.place != Place::Taken) {
      turn.acts_ = true;
      turn.begun_ = now;
      if (lost.place == Place::Mine) turn.lost_since_ = lost.since;
      co_return std::move(turn);
    }
    const auto wait = [params](IdempotencyTables& tables, Waiter& waiter) {
      return tables.wait_for_lost(params, waiter);
    };
    const Answer answer = co_await wait_in(state, wait);
    if (answer == nullptr) continue;
    turn.end_key(answer);
    Repeat repeat{answer};
    co_return repeat;
  }
}

std::optional<Time> Idempotency::was_lost(const RepeatableCreate& create) const {
  const std::string params = state_->hash(params_text(create));
  const Time now = state_->clock.now();
  return state_->tables.with(
      [&](const IdempotencyTables& tables) { return tables.lost_since(params, now); });
}

Idempotency::Turn& Idempotency::Turn::operator=(Turn&& other) noexcept {
  if (this == &other) return *this;
  drop();
  state_ = std::move(other.state_);
  key_ = std::move(other.key_);
  params_ = std::move(other.params_);
  create_ = std::move(other.create_);
  owns_key_ = other.owns_key_;
  acts_ = other.acts_;
  begun_ = other.begun_;
  lost_since_ = other.lost_since_;
  return *this;
}

Idempotency::Turn::~Turn() { drop(); }

const std::string& Idempotency::Turn::params() {
  if (params_.empty()) params_ = state_->hash(params_text(create_));
  return params_;
}

void Idempotency::Turn::end_key(const Answer& answer) {
  if (!owns_key_) return;
  owns_key_ = false;
  const Time now = state_->clock.now();
  state_->wake(state_->tables.with(
                   [&](IdempotencyTables& tables) { return tables.end_key(key_, answer, now); }),
               answer);
}

void Idempotency::Turn::answered(TwilioAnswer answer) {
  TWINDOW_CHECK(state_ != nullptr);
  const auto shared = std::make_shared<const TwilioAnswer>(std::move(answer));
  if (std::exchange(lost_since_, std::nullopt)) {
    state_->wake(state_->tables.with(
                     [&](IdempotencyTables& tables) { return tables.end_look(params(), true); }),
                 shared);
  }
  end_key(shared);
  state_.reset();
}

void Idempotency::Turn::not_there() {
  TWINDOW_CHECK(state_ != nullptr);
  if (!std::exchange(lost_since_, std::nullopt)) return;
  state_->wake(state_->tables.with(
                   [&](IdempotencyTables& tables) { return tables.end_look(params(), true); }),
               nullptr);
}

void Idempotency::Turn::lost(TwilioAnswer answer) {
  TWINDOW_CHECK(state_ != nullptr);
  const auto shared = std::make_shared<const TwilioAnswer>(std::move(answer));
  const bool looked = std::exchange(lost_since_, std::nullopt).has_value();
  const Time now = state_->clock.now();
  Waiters waiters = state_->tables.with([&](IdempotencyTables& tables) {
    if (looked) return tables.end_look(params(), false);
    tables.mark_lost(params(), begun_, now);
    return Waiters();
  });
  state_->wake(std::move(waiters), shared);
  end_key(shared);
  state_.reset();
}

// Without a word: the call was given up in the middle, or before it could act.
void Idempotency::Turn::drop() noexcept {
  if (state_ == nullptr) return;
  const bool looked = std::exchange(lost_since_, std::nullopt).has_value();
  const Time now = state_->clock.now();
  Waiters waiters = state_->tables.with([&](IdempotencyTables& tables) {
    if (looked) return tables.end_look(params(), false);
    if (acts_) tables.mark_lost(params(), begun_, now);
    return Waiters();
  });
  state_->wake(std::move(waiters), nullptr);
  end_key(nullptr);
  state_.reset();
}

}  // namespace twindow::gateway
