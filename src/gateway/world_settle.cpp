// SPDX-License-Identifier: Apache-2.0
// What became of sends of which Twilio has told nothing for a while: it is asked, once for each.
#include <algorithm>

#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

namespace {

constexpr std::chrono::milliseconds kFindTime = std::chrono::seconds(10);

}  // namespace

Settler::Parts World::settler_parts() {
  return {.clock = time_,
          .timers = time_,
          .after = options_.settle_after,
          .settle = [this](MessageSid sid) { return settle_message(std::move(sid)); },
          .changed = [this] { nudge(); }};
}

// An error is the end of it: the next callback may still tell.
Task<void> World::settle_message(MessageSid sid) {
  const std::uint64_t epoch = epoch_;
  const Result<Message> message = co_await store_->find(sid);
  const bool open = message && !is_final(message->status) && message->upstream_sid;
  if (!open || real_twilio_ == nullptr) co_return;
  MessageSid theirs = *message->upstream_sid;
  const auto remote = co_await real_twilio_->find_message(account(), std::move(theirs), kFindTime);
  if (!remote || remote->status == message->status || epoch != epoch_) co_return;
  ports::AccountStore::News news{
      .sid = sid, .status = remote->status, .error_code = remote->error_code};
  if (auto from = parse_from(remote->from)) news.from = *std::move(from);
  const Time now = time_.now();
  const auto heard_of = co_await store_->hear(std::move(news), now);
  if (heard_of && epoch == epoch_) tell_heard(*heard_of, now);
}

// Of an earlier run; what is older than a day is left as it is.
Task<void> World::take_up_unsettled() {
  if (!options_.relays || real_twilio_ == nullptr) co_return;
  MessageFilter open;
  open.outbound_only = true;
  open.unfinished_only = true;
  open.created_from = time_.now() - limits::kWindowLength;
  PageRequest page;
  page.limit = 1000;
  std::vector<std::pair<MessageSid, Time>> all;
  for (bool more = true; more && all.size() < limits::kSettlesWaitingMax;) {
    const auto found = co_await store_->list(open, page);
    if (!found) co_return;
    for (const Message& message : found->messages) all.emplace_back(message.sid, message.created);
    more = found->more_older && !found->messages.empty();
    if (more) page.older_than = found->messages.back().sid;
  }
  std::reverse(all.begin(), all.end());  // in the order in which they were sent
  for (auto& [sid, sent] : all) settler_.watch(std::move(sid), sent);
}

}  // namespace twindow::gateway
