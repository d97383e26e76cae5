// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/backfill.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"
#include "twindow/model/window.h"

namespace twindow::gateway {

using namespace std::chrono_literals;

namespace {

// Twilio's clock is not ours, and what we heard last may have overtaken what came before it.
constexpr Duration kOverlap = 5min;
// A list may lag behind what happened just before it was asked for.
constexpr Duration kLookAgain = 1min;
constexpr Duration kPauseMin = 5s;
constexpr Duration kPauseMax = 10min;
constexpr std::chrono::milliseconds kSendersTime = 20s;
constexpr std::chrono::milliseconds kPageTime = 30s;

// Nobody need ask again: the configuration has to change, and that begins another pass.
bool is_final(const Error& error) { return error.code == Errc::NoCredentials; }

}  // namespace

Duration backfill_pause(std::uint32_t failures) {
  Duration pause = kPauseMin;
  for (std::uint32_t i = 1; i < failures && pause < kPauseMax; ++i) pause *= 2;
  return std::min(pause, kPauseMax);
}

std::string_view to_text(SenderBackfill::State state) {
  constexpr std::array<std::string_view, 4> kNames{"waiting", "reading", "done", "failed"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view to_text(BackfillView::State state) {
  constexpr std::array<std::string_view, 4> kNames{"idle", "reading", "done", "failed"};
  return kNames[static_cast<std::size_t>(state)];
}

Backfill::Backfill(const Strand& strand, Parts parts) : strand_(strand), parts_(std::move(parts)) {}

void Backfill::begin(Reach reach) {
  if (view_.state == BackfillView::State::Reading) {
    // Senders may be others by now.
    again_ = again_ == Reach::WholeDay ? again_ : reach;
    return;
  }
  looks_again_ = false;
  failures_ = 0;
  start(reach);
}

void Backfill::start(Reach reach) {
  if (stopped_) return;
  if (timer_) parts_.timers.cancel(*timer_);
  timer_.reset();
  reach_ = reach;
  view_.state = BackfillView::State::Reading;
  view_.next.reset();
  start_on(strand_, run(reach));
}

void Backfill::stop() {
  stopped_ = true;
  if (timer_) parts_.timers.cancel(*timer_);
}

void Backfill::clear() {
  ++epoch_;
  timer_.reset();  // they were cleared, too
  view_ = {};
  in_flight_ = 0;
  failures_ = 0;
  again_.reset();
  looks_again_ = false;
}

Task<void> Backfill::run(Reach reach) {
  const std::uint64_t epoch = epoch_;
  std::vector<Address> senders = parts_.senders();
  if (senders.empty()) {
    auto found = co_await parts_.twilio.senders(parts_.account, kSendersTime);
    if (epoch != epoch_) co_return;
    if (!found) {
      view_.senders.clear();
      end_pass(std::move(found).error());
      co_return;
    }
    for (ports::OwnSender& each : *found) senders.push_back(std::move(each.address));
  }
  plan(std::move(senders), reach);
  launch();
}

void Backfill::plan(std::vector<Address> senders, Reach reach) {
  std::erase_if(senders, [](const Address& each) { return each.channel != Channel::WhatsApp; });
  std::ranges::sort(senders);
  senders.erase(std::unique(senders.begin(), senders.end()), senders.end());
  const Time now = parts_.clock.now();
  const Time day_ago = now - limits::kWindowLength;
  view_.senders.clear();
  for (Address& sender : senders) {
    SenderBackfill one{.sender = std::move(sender), .since = day_ago, .begun = now};
    const auto heard = parts_.heard_until(one.sender);
    if (heard && reach == Reach::SinceHeard) one.since = std::max(day_ago, *heard - kOverlap);
    view_.senders.push_back(std::move(one));
  }
  next_ = 0;
}

void Backfill::launch() {
  while (next_ < view_.senders.size() && in_flight_ < limits::kBackfillsAtOnceMax && !stopped_) {
    ++in_flight_;
    view_.senders[next_].state = SenderBackfill::State::Reading;
    start_on(strand_, read(next_++));
  }
  if (in_flight_ > 0 || stopped_) return;
  const auto failed =
      std::ranges::find(view_.senders, SenderBackfill::State::Failed, &SenderBackfill::state);
  end_pass(failed == view_.senders.end() ? std::nullopt : failed->error);
}

Task<void> Backfill::read(std::size_t index) {
  const std::uint64_t epoch = epoch_;
  const Result<void> done = co_await read_pages(index);
  if (epoch != epoch_) co_return;
  if (done) {
    Address covered = view_.senders[index].sender;
    co_await parts_.covered(std::move(covered), view_.senders[index].begun);
    if (epoch != epoch_) co_return;
  }
  SenderBackfill& sender = view_.senders[index];
  sender.state = done ? SenderBackfill::State::Done : SenderBackfill::State::Failed;
  if (!done) sender.error = done.error();
  if (!looks_again_ && (done || failures_ == 0)) parts_.ended(sender);
  --in_flight_;
  launch();
}

// Newest first, until they are older than `since`.
Task<Result<void>> Backfill::read_pages(std::size_t index) {
  const std::uint64_t epoch = epoch_;
  std::set<WindowKey> pairs;
  ports::InboundQuery query{.account = parts_.account,
                            .sender = view_.senders[index].sender,
                            .since = view_.senders[index].since};
  std::size_t unread = 0;
  for (std::size_t page = 0; page < limits::kBackfillPagesMax; ++page) {
    ports::InboundQuery asked = query;
    auto found = co_await parts_.twilio.inbound_page(std::move(asked), kPageTime);
    if (!found) co_return Unexpected(std::move(found).error());
    if (epoch != epoch_) co_return Result<void>();
    const std::size_t messages = found->messages.size();
    for (const ports::PastInbound& one : found->messages) {
      pairs.insert(window_key(one.to, one.from));
    }
    unread += found->unread;
    const Result<void> kept = co_await parts_.keep(std::move(found->messages));
    if (!kept) co_return Unexpected(kept.error());
    if (epoch != epoch_) co_return Result<void>();
    SenderBackfill& sender = view_.senders[index];
    ++sender.pages;
    sender.messages += messages;
    sender.users = pairs.size();
    if (!found->next) {
      if (unread == 0) co_return Result<void>();
      // Each may be of a user who would be taken for silent.
      co_return fail(Errc::BadReply,
                     std::to_string(unread) + " of Twilio's records of messages cannot be read");
    }
    query.page = *std::move(found->next);
  }
  co_return fail(Errc::BadReply, "Twilio's list of messages does not end");
}

void Backfill::end_pass(std::optional<Error> error) {
  ++view_.passes;
  view_.state = error ? BackfillView::State::Failed : BackfillView::State::Done;
  view_.error = error;
  if (again_) {
    begin(*std::exchange(again_, std::nullopt));
  } else if (error) {
    ++failures_;
    looks_again_ = false;
    if (!is_final(*error)) wait_until(parts_.clock.now() + backfill_pause(failures_));
  } else {
    failures_ = 0;
    reach_ = Reach::SinceHeard;
    looks_again_ = !looks_again_;
    if (looks_again_) wait_until(parts_.clock.now() + kLookAgain);
  }
  parts_.changed();
}

void Backfill::wait_until(Time due) {
  if (stopped_) return;
  view_.next = due;
  timer_ = parts_.timers.at(due, TimerKind::Progress, [this] {
    timer_.reset();
    start(reach_);
  });
}

}  // namespace twindow::gateway
