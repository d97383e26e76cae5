// SPDX-License-Identifier: Apache-2.0
// The memory backend: messages in order of creation, windows by key.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include <boost/unordered/unordered_flat_set.hpp>

#include "twindow/store/open_store.h"

#include "src/store/memory_index.h"
#include "src/store/memory_ledger.h"
#include "src/store/memory_queue.h"
#include "src/store/message_rules.h"

namespace twindow::store {

namespace {

class MemoryStore final : public ports::AccountStore, public ports::PromptStore {
 public:
  explicit MemoryStore(Retention retention) : retention_(retention), ledger_(retention) {}

  ports::PromptStore* prompt() override { return this; }
  Result<const Message*> admit_now(Message&& draft, const ports::Judge& judge) override {
    ports::Facts facts{.now = draft.created};
    if (judge && draft.to.channel == Channel::WhatsApp && !windows_.empty()) {
      facts.window = find_window(resolved(window_key(draft.sender, draft.to)));
    }
    draft.timeline.reserve(kTimelineLikely);
    judge_and_begin(draft, facts, judge);
    const Time created = draft.created;
    const auto stored = messages_.emplace_hint(messages_.end(), ++last_place_, std::move(draft));
    if (!place_of_.insert(stored).second) {
      const MessageSid known = messages_.extract(stored).mapped().sid;
      return fail(Errc::Conflict, known.text);
    }
    if (stored->second.sent) index_.note_sent(stored->first, *stored->second.sent);
    if (is_final(stored->second.status)) finished_.insert(stored->first);
    make_room(created);
    return &stored->second;
  }
  Result<ports::PromptStore::Moved> move_now(const StatusUpdate& update, Time when) override {
    const auto found = place_of_.find(update.sid);
    if (found == place_of_.end()) return no_message(update.sid);
    Message& message = (*found)->second;
    const bool was_sent = message.sent.has_value();
    const bool moved = move_message(message, update, when);
    if (!was_sent && message.sent) index_.note_sent((*found)->first, *message.sent);
    if (moved && is_final(update.status)) {
      finished_.insert(finished_.end(), (*found)->first);  // mostly in the order of creation
      ledger_.ended(update.sid, update.status, update.error_code);
    }
    return ports::PromptStore::Moved{&message, moved};
  }

  Result<const Message*> admit_decided_now(Message&& draft, const ports::Judge& judge,
                                           LedgerEntry&& entry) override {
    entry.message = draft.sid;
    Result<const Message*> stored = admit_now(std::move(draft), judge);
    if (stored) ledger_.enter(std::move(entry));
    return stored;
  }

  Task<Result<Message>> admit(Message draft, ports::Judge judge) override {
    const Result<const Message*> stored = admit_now(std::move(draft), judge);
    if (!stored) co_return Unexpected(stored.error());
    co_return **stored;
  }
  Task<Result<Message>> admit_decided(Message draft, ports::Judge judge,
                                      LedgerEntry entry) override {
    const Result<const Message*> stored =
        admit_decided_now(std::move(draft), judge, std::move(entry));
    if (!stored) co_return Unexpected(stored.error());
    co_return **stored;
  }
  Task<Result<Message>> alter(MessageSid sid, Change change) override {
    Message* message = at(sid);
    if (message == nullptr) co_return no_message(sid);
    Message altered = *message;
    const Result<void> done = change(altered);
    if (!done) co_return Unexpected(done.error());
    *message = altered;
    co_return altered;
  }
  Task<Result<void>> remove(MessageSid sid) override {
    const auto place = place_of_.find(sid);
    if (place == place_of_.end()) co_return no_message(sid);
    drop((*place)->first);
    co_return Result<void>();
  }
  Task<Result<std::vector<Alias>>> aliases() override {
    std::vector<Alias> all;
    for (const auto& [place, message] : messages_) {
      if (const auto upstream = alias_of(message)) all.push_back({*upstream, message.sid});
    }
    co_return all;
  }
  Task<Result<void>> enter(LedgerEntry entry) override {
    ledger_.enter(std::move(entry));
    co_return Result<void>();
  }
  Task<Result<std::vector<LedgerEntry>>> decisions(ports::LedgerQuery query) override {
    co_return ledger_.find(query);
  }
  Task<Result<Message>> find(MessageSid sid) override { co_return find_now(sid); }
  Task<Result<MessagePage>> list(MessageFilter filter, PageRequest page) override {
    co_return list_now(filter, page);
  }
  Task<Result<std::size_t>> count(MessageFilter filter) override {
    if (filter == MessageFilter()) co_return messages_.size();
    std::size_t matching = 0;
    for (const auto& [place, message] : messages_) matching += filter.matches(message) ? 1 : 0;
    co_return matching;
  }
  Task<Result<MessageStore::Moved>> move(StatusUpdate update, Time at) override {
    const Result<ports::PromptStore::Moved> moved = move_now(update, at);
    if (!moved) co_return Unexpected(moved.error());
    co_return MessageStore::Moved{*moved->message, moved->moved};
  }
  Task<Result<void>> note(MessageSid sid, TimelineEntry entry) override {
    Message* message = at(sid);
    if (message == nullptr) co_return no_message(sid);
    message->timeline.push_back(std::move(entry));
    co_return Result<void>();
  }
  Task<Result<void>> clear() override {
    messages_.clear();
    place_of_.clear();
    finished_.clear();
    index_.clear();
    windows_.clear();
    aliases_.clear();
    opt_outs_.clear();
    counters_.clear();
    queue_.clear();
    ledger_.clear();
    resources_.clear();
    co_return Result<void>();
  }
  Task<Result<Received>> receive(Message message, Effects effects) override {
    co_return receive_now(std::move(message), effects);
  }
  Task<Result<std::vector<OptOut>>> opt_outs() override {
    std::vector<OptOut> all;
    for (const auto& [who, since] : opt_outs_) all.push_back({who.sender, who.user, since});
    co_return all;
  }
  Task<Result<WindowKey>> resolve(WindowKey key) override { co_return resolved(key); }
  Task<Result<Heard>> hear(News news, Time at) override { co_return hear_now(std::move(news), at); }

  Task<Result<Window>> extend(WindowKey key, Address user, Time received) override {
    co_return extend_now(key, user, received);
  }
  Task<Result<std::vector<Extended>>> extend_all(std::vector<Written> written) override {
    std::vector<Extended> all;
    for (const Written& one : written) {
      std::optional<Window> before = find_window(resolved(one.key));
      all.push_back({std::move(before), extend_now(one.key, one.user, one.received)});
    }
    co_return all;
  }
  Task<Result<std::optional<Window>>> find(WindowKey key) override {
    co_return find_window(resolved(key));
  }
  std::optional<Known> find_now(const WindowKey& key) const override {
    return Known{find_window(resolved(key))};
  }
  Task<Result<std::vector<Window>>> list() override {
    std::vector<Window> all;
    for (const auto& [key, window] : windows_) all.push_back(window);
    co_return all;
  }
  Task<Result<void>> put(Window window) override {
    window.key = resolved(window.key);
    const WindowKey key = window.key;
    windows_.insert_or_assign(key, std::move(window));
    co_return Result<void>();
  }
  Task<Result<void>> erase(WindowKey key) override {
    if (windows_.erase(resolved(key)) == 0) co_return no_window(key);
    co_return Result<void>();
  }

  std::uint64_t counter(std::string_view name) const override {
    const auto found = counters_.find(name);
    return found == counters_.end() ? 0 : found->second;
  }
  void raise_counter(std::string_view name, std::uint64_t value) override {
    auto kept = counters_.find(name);
    if (kept == counters_.end()) kept = counters_.emplace(name, 0).first;
    kept->second = std::max(kept->second, value);
  }

  const ResourceShelf& resources() const override { return resources_; }
  Task<Result<void>> change_resources(ResourceChanges changes) override {
    apply_changes(resources_, std::move(changes));
    co_return Result<void>();
  }

  Task<Result<void>> enqueue(Webhook webhook, Time due) override {
    co_return queue_.enqueue(std::move(webhook), due);
  }
  Task<Result<std::vector<ports::QueuedWebhook>>> pending(std::uint64_t after,
                                                          std::size_t limit) override {
    co_return queue_.pending(after, limit);
  }
  Task<Result<void>> tried(std::string id, Time due) override { co_return queue_.tried(id, due); }
  Task<Result<void>> done(std::string id) override { co_return queue_.done(id); }

 private:
  using Place = MemoryIndex::Place;
  using Messages = MemoryIndex::Messages;

  // A message is found by its SID, which stands in the message: no second copy. In a flat table,
  // since the way through a list of nodes was a tenth of a send: all that lies far apart in memory
  // is waited for.
  static const MessageSid& sid_of(const MessageSid& sid) { return sid; }
  static const MessageSid& sid_of(const Messages::iterator& place) { return place->second.sid; }
  struct HashOfSid {
    using is_transparent = void;
    using is_avalanching = void;  // every bit counts, nothing is mixed again
    std::size_t operator()(const auto& key) const { return std::hash<MessageSid>()(sid_of(key)); }
  };
  struct SameSid {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const { return sid_of(a) == sid_of(b); }
  };
  static constexpr std::size_t kTimelineLikely = 2;  // queued, and what became of it

  Message* at(const MessageSid& sid) {
    const auto place = place_of_.find(sid);
    return place == place_of_.end() ? nullptr : &(*place)->second;
  }

  Result<Message> find_now(const MessageSid& sid) {
    const Message* message = at(sid);
    if (message == nullptr) return no_message(sid);
    return *message;
  }

  std::optional<Window> find_window(const WindowKey& key) const {
    const auto found = windows_.find(key);
    return found == windows_.end() ? std::nullopt : std::optional(found->second);
  }

  Result<Received> receive_now(Message message, const Effects& effects) {
    const Message* const stored = TWINDOW_TRY(admit_now(std::move(message), nullptr));
    Received received{.message = *stored};
    const Message& inbound = received.message;
    received.pair = resolved(window_key(inbound.to, inbound.sender));
    received.before = find_window(received.pair);
    for (const std::string& alias : effects.aliases) join(received.pair, alias);
    if (effects.opens_window) {
      Window window = extend_now(received.pair, inbound.sender, inbound.created);
      if (note_effects(window, effects, inbound.created)) windows_[received.pair] = window;
      received.window = std::move(window);
    }
    for (const std::string& sender : effects.opted.of) {
      const WindowKey who{.sender = sender, .user = received.pair.user};
      if (effects.opted.out) {
        opt_outs_.try_emplace(who, inbound.created);
      } else {
        opt_outs_.erase(who);
      }
    }
    return received;
  }

  WindowKey resolved(const WindowKey& key) const {
    if (!may_be_alias(key)) return key;
    const auto found = aliases_.find(key);
    return found == aliases_.end() ? key : WindowKey{key.sender, found->second};
  }

  void join(const WindowKey& key, const std::string& alias) {
    const WindowKey other{.sender = key.sender, .user = alias};
    if (other == key || resolved(other) == key) return;
    aliases_.insert_or_assign(other, key.user);
    for (auto& [name, user] : aliases_) {
      if (name.sender == key.sender && user == alias) user = key.user;
    }
    if (const auto window = find_window(other)) {
      windows_.insert_or_assign(key, merged(find_window(key), *window, key));
      windows_.erase(other);
    }
    std::map<WindowKey, Time> moved;
    for (const auto& [who, since] : opt_outs_) {
      moved.emplace(WindowKey{who.sender, who.user == alias ? key.user : who.user}, since);
    }
    opt_outs_ = std::move(moved);
  }

  Result<Heard> hear_now(News news, Time when) {
    Heard heard;
    if (news.relay) {
      const Result<void> queued = queue_.enqueue(*std::move(news.relay), when);
      heard.repeat = !queued && queued.error().code == Errc::Conflict;
      if (heard.repeat) return heard;
      if (!queued) return Unexpected(queued.error());
    }
    const auto found = place_of_.find(news.sid);
    if (found == place_of_.end()) return heard;
    Message& message = (*found)->second;
    const bool was_sent = message.sent.has_value();
    if (news.from && message.sender != *news.from) index_.note_sender_changed();
    const bool moved = note_news(message, news, when);
    if (!was_sent && message.sent) index_.note_sent((*found)->first, *message.sent);
    if (moved && is_final(message.status)) {
      finished_.insert((*found)->first);
      ledger_.ended(message.sid, message.status, message.error_code);
    }
    if (moved && is_refusal(message)) {
      const WindowKey key = resolved(window_key(message.sender, message.to));
      heard.closed = closed_by_refusal(message, find_window(key));
      if (heard.closed) heard.closed->key = key;
      if (heard.closed) windows_.insert_or_assign(heard.closed->key, *heard.closed);
    }
    heard.moved.emplace(MessageStore::Moved{message, moved});
    return heard;
  }

  // The newest message stays, whatever it is.
  void make_room(Time now) {
    while (messages_.size() > retention_.messages_max) drop(oldest_to_spare());
    while (retention_.age_max && !finished_.empty() && *finished_.begin() != last_place_ &&
           messages_.at(*finished_.begin()).created < now - *retention_.age_max) {
      drop(*finished_.begin());
    }
  }
  Place oldest_to_spare() const {
    return finished_.empty() || *finished_.begin() == last_place_ ? messages_.begin()->first
                                                                  : *finished_.begin();
  }
  void drop(Place place) {
    finished_.erase(place);
    const auto first = messages_.begin();
    const auto oldest = first->first == place ? first : messages_.find(place);
    place_of_.erase(place_of_.find(oldest->second.sid));
    messages_.erase(oldest);
  }

  Result<MessagePage> list_now(const MessageFilter& filter, const PageRequest& page) {
    const auto& token = page.newer_than ? page.newer_than : page.older_than;
    std::optional<Place> from;
    if (token) {
      const auto place = place_of_.find(*token);
      if (place == place_of_.end()) return fail(Errc::InvalidPageToken, token->text);
      from = (*place)->first;
    }
    const MemoryIndex::Candidates where = index_.candidates(filter, messages_);
    MessagePage found;
    bool more = false;
    // False once the page is full and it is known whether more follow.
    const auto take = [&](const Message& message) {
      if (!filter.matches(message)) return true;
      more = found.messages.size() == page.limit;
      if (!more) found.messages.push_back(message);
      return !more;
    };
    if (page.newer_than) {
      upwards(where, *from, take);
      std::reverse(found.messages.begin(), found.messages.end());
      found.more_newer = more;
      found.more_older = true;
    } else {
      downwards(where, from, take);
      found.more_newer = from.has_value();
      found.more_older = more;
    }
    return found;
  }

  template <class Take>
  void upwards(const MemoryIndex::Candidates& where, Place from, const Take& take) {
    if (where.only) {
      const auto begin = std::upper_bound(where.only->begin(), where.only->end(), from);
      for (auto place = begin; place != where.only->end(); ++place) {
        const auto at = messages_.find(*place);
        if (at != messages_.end() && !take(at->second)) return;
      }
      return;
    }
    auto at = std::max(from + 1, where.first) == from + 1 ? messages_.upper_bound(from)
                                                          : messages_.lower_bound(where.first);
    for (; at != messages_.end() && at->first <= where.last; ++at) {
      if (!take(at->second)) return;
    }
  }

  template <class Take>
  void downwards(const MemoryIndex::Candidates& where, std::optional<Place> from,
                 const Take& take) {
    if (where.only) {
      const auto end = from ? std::lower_bound(where.only->begin(), where.only->end(), *from)
                            : where.only->end();
      for (auto place = std::make_reverse_iterator(end); place != where.only->rend(); ++place) {
        const auto at = messages_.find(*place);
        if (at != messages_.end() && !take(at->second)) return;
      }
      return;
    }
    auto at = from && *from <= where.last ? messages_.lower_bound(*from)
                                          : messages_.upper_bound(where.last);
    while (at != messages_.begin()) {
      --at;
      if (at->first < where.first || !take(at->second)) return;
    }
  }

  Window extend_now(const WindowKey& of, const Address& user, Time received) {
    const WindowKey key = resolved(of);
    Window window = extended(find_window(key), key, user, received);
    windows_.insert_or_assign(key, window);
    return window;
  }

  Retention retention_;
  Place last_place_ = 0;
  Messages messages_;
  boost::unordered_flat_set<Messages::iterator, HashOfSid, SameSid> place_of_;
  std::set<Place> finished_;
  MemoryIndex index_;
  std::map<WindowKey, Window> windows_;
  std::map<WindowKey, std::string> aliases_;  // and whose name each is
  std::map<WindowKey, Time> opt_outs_;        // of a sender or service, since when
  std::map<std::string, std::uint64_t, std::less<>> counters_;
  ResourceShelf resources_;
  MemoryQueue queue_;
  MemoryLedger ledger_;
};

class MemoryBackend final : public Backend {
 public:
  explicit MemoryBackend(Retention retention) : retention_(retention) {}
  std::vector<AccountSid> accounts() const override { return {}; }
  std::unique_ptr<ports::AccountStore> open_account(const AccountSid&) override {
    return open_memory_store(retention_);
  }
  void close() override {}

 private:
  Retention retention_;
};

}  // namespace

std::unique_ptr<ports::AccountStore> open_memory_store(Retention retention) {
  return std::make_unique<MemoryStore>(retention);
}

std::unique_ptr<Backend> open_memory_backend(Retention retention) {
  return std::make_unique<MemoryBackend>(retention);
}

}  // namespace twindow::store
