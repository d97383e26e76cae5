// SPDX-License-Identifier: Apache-2.0
// The SQLite backend: what each call of the ports is to the store thread.
#include <algorithm>

#include "twindow/base/guarded.h"
#include "twindow/store/open_store.h"

#include "src/store/memory_queue.h"
#include "src/store/message_rules.h"
#include "src/store/sqlite/store_thread.h"
#include "src/store/sqlite/window_cache.h"

namespace twindow::store {

namespace sqlite {
namespace {

struct Admitted {
  Message message;
  std::int64_t place;
};

Result<Admitted> admit_placed(Database& database, Account& account, Message draft,
                              const ports::Judge& judge) {
  ports::Facts facts{.now = draft.created};
  if (judge && draft.to.channel == Channel::WhatsApp) {
    const WindowKey key =
        TWINDOW_TRY(database.users().resolve(account, window_key(draft.sender, draft.to)));
    facts.window = TWINDOW_TRY(database.windows().find(account, key));
  }
  judge_and_begin(draft, facts, judge);
  const auto place = TWINDOW_TRY(database.messages().insert(account, draft));
  if (!place) return fail(Errc::Conflict, draft.sid.text);
  return Admitted{std::move(draft), *place};
}

Result<Message> admit(Database& database, Account& account, Message draft,
                      const ports::Judge& judge) {
  Admitted admitted = TWINDOW_TRY(admit_placed(database, account, std::move(draft), judge));
  return std::move(admitted.message);
}

using Extended = ports::WindowStore::Extended;

Result<Extended> extend(Database& database, const Account& account, const WindowKey& of,
                        const Address& user, Time received) {
  const WindowKey key = TWINDOW_TRY(database.users().resolve(account, of));
  const auto before = TWINDOW_TRY(database.windows().find(account, key));
  Extended result{.before = before, .now = extended(before, key, user, received)};
  if (before != result.now) TWINDOW_TRY(database.windows().put(account, result.now));
  return result;
}

Result<void> join(Database& database, const Account& account, const WindowKey& key,
                  const std::string& alias) {
  const WindowKey other{.sender = key.sender, .user = alias};
  const WindowKey known = TWINDOW_TRY(database.users().resolve(account, other));
  if (known == key) return {};
  TWINDOW_TRY(database.users().join(account, key, alias));
  const auto window = TWINDOW_TRY(database.windows().find(account, other));
  if (!window) return {};
  const auto before = TWINDOW_TRY(database.windows().find(account, key));
  TWINDOW_TRY(database.windows().put(account, merged(before, *window, key)));
  TWINDOW_TRY(database.windows().erase(account, other));
  return {};
}

Result<ports::AccountStore::Received> receive(Database& database, Account& account,
                                              const Message& message,
                                              const ports::AccountStore::Effects& effects) {
  Message stored = TWINDOW_TRY(admit(database, account, message, nullptr));
  ports::AccountStore::Received received{.message = std::move(stored)};
  received.pair =
      TWINDOW_TRY(database.users().resolve(account, window_key(message.to, message.sender)));
  received.before = TWINDOW_TRY(database.windows().find(account, received.pair));
  for (const std::string& alias : effects.aliases) {
    TWINDOW_TRY(join(database, account, received.pair, alias));
  }
  if (effects.opens_window) {
    Extended window =
        TWINDOW_TRY(extend(database, account, received.pair, message.sender, message.created));
    const bool noted = note_effects(window.now, effects, message.created);
    if (noted) TWINDOW_TRY(database.windows().put(account, window.now));
    received.window = std::move(window.now);
  }
  for (const std::string& sender : effects.opted.of) {
    if (effects.opted.out) {
      TWINDOW_TRY(database.users().opt_out(account, {sender, received.pair.user, message.created}));
    } else {
      TWINDOW_TRY(database.users().opt_in(account, sender, received.pair.user));
    }
  }
  return received;
}

Result<ports::MessageStore::Moved> move(Database& database, const Account& account,
                                        const StatusUpdate& update, Time at) {
  MessageTable::Row row = TWINDOW_TRY(database.messages().find(account, update.sid));
  const bool moved = move_message(row.message, update, at);
  TWINDOW_TRY(database.messages().update(row));
  if (moved && is_final(update.status)) TWINDOW_TRY(database.decisions().ended(account, update));
  return ports::MessageStore::Moved{std::move(row.message), moved};
}

Result<Message> admit_decided(Database& database, Account& account, const Message& draft,
                              const ports::Judge& judge, const LedgerEntry& entry) {
  Admitted stored = TWINDOW_TRY(admit_placed(database, account, draft, judge));
  TWINDOW_TRY(database.decisions().insert(account, entry, stored.place));
  return std::move(stored.message);
}

// The same for the store thread. In a box: on its way there it is handed on five times.
auto admission_of(Message draft, ports::Judge judge, LedgerEntry entry) {
  struct Admission {
    Message draft;
    ports::Judge judge;
    LedgerEntry entry;
  };
  entry.message = draft.sid;
  auto admission = std::make_unique<const Admission>(
      Admission{std::move(draft), std::move(judge), std::move(entry)});
  return [admission = std::move(admission)](Database& d, Account& a) {
    return admit_decided(d, a, admission->draft, admission->judge, admission->entry);
  };
}

Result<Message> alter(Database& database, const Account& account, const MessageSid& sid,
                      const ports::MessageStore::Change& change) {
  MessageTable::Row row = TWINDOW_TRY(database.messages().find(account, sid));
  TWINDOW_TRY(change(row.message));
  TWINDOW_TRY(database.messages().update(row));
  return std::move(row.message);
}

Result<ports::AccountStore::Heard> hear(Database& database, const Account& account,
                                        const ports::AccountStore::News& news, Time at) {
  ports::AccountStore::Heard heard;
  if (news.relay) {
    const bool inserted = TWINDOW_TRY(database.webhooks().insert(account, *news.relay, at));
    heard.repeat = !inserted;
    if (heard.repeat) return heard;
  }
  auto row = database.messages().find(account, news.sid);
  if (!row && row.error().code == Errc::NotFound) return heard;
  if (!row) return Unexpected(std::move(row).error());
  Message& message = row->message;
  const bool moved = note_news(message, news, at);
  TWINDOW_TRY(database.messages().update(*row));
  if (moved && is_final(message.status)) {
    TWINDOW_TRY(database.decisions().ended(
        account, {.sid = message.sid, .status = message.status, .error_code = message.error_code}));
  }
  if (moved && is_refusal(message)) {
    const WindowKey key =
        TWINDOW_TRY(database.users().resolve(account, window_key(message.sender, message.to)));
    const auto before = TWINDOW_TRY(database.windows().find(account, key));
    heard.closed = closed_by_refusal(message, before);
    if (heard.closed) heard.closed->key = key;
    if (heard.closed) TWINDOW_TRY(database.windows().put(account, *heard.closed));
  }
  heard.moved.emplace(ports::MessageStore::Moved{std::move(message), moved});
  return heard;
}

Result<void> note(Database& database, const Account& account, const MessageSid& sid,
                  const TimelineEntry& entry) {
  MessageTable::Row row = TWINDOW_TRY(database.messages().find(account, sid));
  row.message.timeline.push_back(entry);
  return database.messages().update(row);
}

Result<void> clear(Database& database, Account& account) {
  TWINDOW_TRY(database.names().clear(account.id));
  TWINDOW_TRY(database.messages().clear(account));
  TWINDOW_TRY(database.windows().clear(account));
  TWINDOW_TRY(database.users().clear(account));
  TWINDOW_TRY(database.webhooks().clear(account));
  TWINDOW_TRY(database.decisions().clear(account));
  TWINDOW_TRY(database.resources().clear(account));
  return database.accounts().clear_counters(account);
}

// What of an account is in memory, whoever has it open.
struct Kept {
  Counters counters = {};
  ResourceShelf resources = {};
};

class SqliteStore final : public ports::AccountStore {
 public:
  // `kept` is this account's, and outlives the store.
  SqliteStore(AccountSid account, StoreThread& thread, Kept& kept)
      : account_(std::move(account)),
        thread_(thread),
        counters_(kept.counters),
        resources_(kept.resources) {}

  Task<Result<Message>> admit(Message draft, ports::Judge judge) override {
    return change([draft = std::move(draft), judge = std::move(judge)](Database& d, Account& a) {
      return sqlite::admit(d, a, draft, judge);
    });
  }
  Task<Result<Received>> receive(Message message, Effects effects) override {
    WindowKey key = window_key(message.to, message.sender);
    const bool joins = !effects.aliases.empty();
    if (joins) cache_.forget_all();
    auto job = [message = std::move(message), effects = std::move(effects)](
                   Database& d, Account& a) { return sqlite::receive(d, a, message, effects); };
    Result<Received> received = co_await changed(std::move(key), std::move(job));
    if (joins) cache_.forget_all();
    co_return received;
  }
  Task<Result<std::vector<OptOut>>> opt_outs() override {
    return look([](Database& d, Account& a) { return d.users().opt_outs(a); });
  }
  Task<Result<WindowKey>> resolve(WindowKey key) override {
    return look(
        [key = std::move(key)](Database& d, Account& a) { return d.users().resolve(a, key); });
  }
  Task<Result<Message>> admit_decided(Message draft, ports::Judge judge,
                                      LedgerEntry entry) override {
    auto admission = admission_of(std::move(draft), std::move(judge), std::move(entry));
    if (raised_.empty()) return write(std::move(admission), {});
    return change(std::move(admission));
  }
  // Else what counters were raised to is written with it, and is kept here if that fails.
  bool admits_anywhere() const override { return raised_.empty(); }
  Task<Result<void>> enter(LedgerEntry entry) override {
    return change([entry = std::move(entry)](Database& d, Account& a) {
      return d.decisions().insert(a, entry);
    });
  }
  Task<Result<std::vector<LedgerEntry>>> decisions(ports::LedgerQuery query) override {
    return look([query = std::move(query)](Database& d, Account& a) {
      return d.decisions().find(a, query);
    });
  }
  Task<Result<Message>> alter(MessageSid sid, Change altered) override {
    return change([sid = std::move(sid), altered = std::move(altered)](Database& d, Account& a) {
      return sqlite::alter(d, a, sid, altered);
    });
  }
  Task<Result<void>> remove(MessageSid sid) override {
    return change(
        [sid = std::move(sid)](Database& d, Account& a) { return d.messages().remove(a, sid); });
  }
  Task<Result<std::vector<Alias>>> aliases() override {
    return look([](Database& d, Account& a) { return d.messages().aliases(a); });
  }
  Task<Result<Heard>> hear(News news, Time at) override {
    auto job = [news = std::move(news), at](Database& d, Account& a) {
      return sqlite::hear(d, a, news, at);
    };
    Result<Heard> heard = co_await change(std::move(job));
    if (heard && heard->closed) cache_.forget(heard->closed->key);
    co_return heard;
  }
  Task<Result<Message>> find(MessageSid sid) override {
    return look([sid = std::move(sid)](Database& d, Account& a) -> Result<Message> {
      MessageTable::Row row = TWINDOW_TRY(d.messages().find(a, sid));
      return std::move(row.message);
    });
  }
  Task<Result<MessagePage>> list(MessageFilter filter, PageRequest page) override {
    return look([filter = std::move(filter), page = std::move(page)](Database& d, Account& a) {
      return d.messages().list(a, filter, page);
    });
  }
  Task<Result<std::size_t>> count(MessageFilter filter) override {
    return look([filter = std::move(filter)](Database& d, Account& a) {
      return d.messages().count(a, filter);
    });
  }
  Task<Result<Moved>> move(StatusUpdate update, Time at) override {
    return change([update = std::move(update), at](Database& d, Account& a) {
      return sqlite::move(d, a, update, at);
    });
  }
  Task<Result<void>> note(MessageSid sid, TimelineEntry entry) override {
    return change([sid = std::move(sid), entry = std::move(entry)](Database& d, Account& a) {
      return sqlite::note(d, a, sid, entry);
    });
  }
  Task<Result<void>> clear() override {
    counters_.clear();
    raised_.clear();
    auto clear_all = [](Database& d, Account& a) { return sqlite::clear(d, a); };
    cache_.forget_all();
    Result<void> cleared = co_await change(clear_all);
    cache_.forget_all();
    if (cleared) resources_.clear();
    co_return cleared;
  }

  Task<Result<Window>> extend(WindowKey key, Address user, Time received) override {
    return changed(
        key, [key, user = std::move(user), received](Database& d, Account& a) -> Result<Window> {
          const Extended window = TWINDOW_TRY(sqlite::extend(d, a, key, user, received));
          return window.now;
        });
  }
  Task<Result<std::vector<Extended>>> extend_all(std::vector<Written> written) override {
    cache_.forget_all();
    auto job = [written = std::move(written)](Database& d,
                                              Account& a) -> Result<std::vector<Extended>> {
      std::vector<Extended> all;
      for (const Written& one : written) {
        all.push_back(TWINDOW_TRY(sqlite::extend(d, a, one.key, one.user, one.received)));
      }
      return all;
    };
    Result<std::vector<Extended>> all = co_await change(std::move(job));
    cache_.forget_all();
    co_return all;
  }
  Task<Result<std::optional<Window>>> find(WindowKey key) override {
    if (const auto* const known = cache_.find(key)) co_return *known;
    const std::uint64_t changes = cache_.changes();
    auto job = [key](Database& d, Account& a) -> Result<std::optional<Window>> {
      const WindowKey user = TWINDOW_TRY(d.users().resolve(a, key));
      return d.windows().find(a, user);
    };
    Result<std::optional<Window>> found = co_await look(std::move(job));
    if (found) cache_.keep(key, *found, changes);
    co_return found;
  }
  std::optional<Known> find_now(const WindowKey& key) const override {
    const auto* const known = cache_.find(key);
    return known == nullptr ? std::nullopt : std::optional(Known{*known});
  }
  Task<Result<std::vector<Window>>> list() override {
    return look([](Database& d, Account& a) { return d.windows().list(a); });
  }
  Task<Result<void>> put(Window window) override {
    WindowKey key = window.key;
    return changed(std::move(key),
                   [window = std::move(window)](Database& d, Account& a) -> Result<void> {
                     Window kept = window;
                     kept.key = TWINDOW_TRY(d.users().resolve(a, window.key));
                     return d.windows().put(a, kept);
                   });
  }
  Task<Result<void>> erase(WindowKey key) override {
    return changed(key, [key](Database& d, Account& a) -> Result<void> {
      const WindowKey user = TWINDOW_TRY(d.users().resolve(a, key));
      const bool erased = TWINDOW_TRY(d.windows().erase(a, user));
      if (!erased) return no_window(key);
      return {};
    });
  }

  std::uint64_t counter(std::string_view name) const override {
    const auto found = counters_.find(name);
    return found == counters_.end() ? 0 : found->second;
  }
  void raise_counter(std::string_view name, std::uint64_t value) override {
    std::uint64_t& kept = counters_.try_emplace(std::string(name)).first->second;
    if (value <= kept) return;
    kept = value;
    const auto raised = std::ranges::find(raised_, name, &RaisedCounters::value_type::first);
    if (raised == raised_.end()) {
      raised_.emplace_back(name, value);
    } else {
      raised->second = value;
    }
  }

  const ResourceShelf& resources() const override { return resources_; }
  Task<Result<void>> change_resources(ResourceChanges changes) override {
    auto job = [changes](Database& d, Account& a) -> Result<void> {
      for (const auto& [kind, sid, parent] : changes.erased) {
        TWINDOW_TRY(d.resources().erase(a, kind, sid, parent));
      }
      for (const Resource& resource : changes.put) TWINDOW_TRY(d.resources().put(a, resource));
      return {};
    };
    Result<void> changed = co_await change(std::move(job));
    if (changed) apply_changes(resources_, std::move(changes));
    co_return changed;
  }

  Task<Result<void>> enqueue(Webhook webhook, Time due) override {
    return change([webhook = std::move(webhook), due](Database& d, Account& a) -> Result<void> {
      const bool inserted = TWINDOW_TRY(d.webhooks().insert(a, webhook, due));
      if (!inserted) return fail(Errc::Conflict, webhook.id);
      return {};
    });
  }
  Task<Result<std::vector<ports::QueuedWebhook>>> pending(std::uint64_t after,
                                                          std::size_t limit) override {
    return look(
        [after, limit](Database& d, Account& a) { return d.webhooks().pending(a, after, limit); });
  }
  Task<Result<void>> tried(std::string id, Time due) override {
    return change([id = std::move(id), due](Database& d, Account& a) -> Result<void> {
      const bool tried = TWINDOW_TRY(d.webhooks().tried(a, id, due));
      if (!tried) return not_queued(id);
      return {};
    });
  }
  Task<Result<void>> done(std::string id) override {
    return change([id = std::move(id)](Database& d, Account& a) -> Result<void> {
      const bool done = TWINDOW_TRY(d.webhooks().done(a, id));
      if (!done) return not_queued(id);
      return {};
    });
  }

 private:
  template <class Job, class Answer = std::invoke_result_t<Job&, Database&, Account&>>
  Task<Answer> look(Job job) {
    return thread_.read([sid = account_, job = std::move(job)](Database& database) -> Answer {
      Account* const account = TWINDOW_TRY(database.accounts().find(sid));
      Account none{.id = 0, .sid = sid};  // no row is of it
      return job(database, account == nullptr ? none : *account);
    });
  }

  template <class Job, class Answer = std::invoke_result_t<Job&, Database&, Account&>>
  Task<Answer> write(Job job, RaisedCounters raised) {
    return thread_.write([sid = account_, job = std::move(job),
                          raised = std::move(raised)](Database& database) -> Answer {
      Account* const account = TWINDOW_TRY(database.accounts().find_or_make(sid));
      TWINDOW_TRY(database.accounts().raise(*account, raised));
      return job(database, *account);
    });
  }

  // What the counters were raised to goes with the change; if that fails, with the next one.
  template <class Job, class Answer = std::invoke_result_t<Job&, Database&, Account&>>
  Task<Answer> change(Job job) {
    RaisedCounters raised = std::exchange(raised_, {});
    auto written = write(std::move(job), raised);
    Answer answer = co_await std::move(written);
    if (!answer && !raised.empty()) {
      for (const auto& [name, value] : raised) raised_.emplace_back(name, value);
    }
    co_return answer;
  }

  // A change of this window.
  template <class Job, class Answer = std::invoke_result_t<Job&, Database&, Account&>>
  Task<Answer> changed(WindowKey key, Job job) {
    cache_.forget(key);
    Answer answer = co_await change(std::move(job));
    cache_.forget(key);
    co_return answer;
  }

  const AccountSid account_;
  StoreThread& thread_;
  Counters& counters_;
  ResourceShelf& resources_;
  WindowCache cache_;
  RaisedCounters raised_;  // and not yet written
};

class SqliteBackend final : public Backend {
 public:
  SqliteBackend(std::unique_ptr<Database> database, std::map<AccountSid, Kept> accounts)
      : thread_(std::move(database)) {
    for (const auto& [account, its] : accounts) accounts_.push_back(account);
    kept_.with([&](auto& all) { all = std::move(accounts); });
  }

  std::vector<AccountSid> accounts() const override { return accounts_; }
  std::unique_ptr<ports::AccountStore> open_account(const AccountSid& account) override {
    Kept& kept = kept_.with([&](auto& all) -> Kept& { return all[account]; });
    return std::make_unique<SqliteStore>(account, thread_, kept);
  }
  void close() override { thread_.close(); }

 private:
  // The map is shared; what is in it is its account's, and stays where it is.
  Guarded<std::map<AccountSid, Kept>> kept_;
  std::vector<AccountSid> accounts_;
  StoreThread thread_;
};

}  // namespace
}  // namespace sqlite

Result<std::unique_ptr<Backend>> open_sqlite_backend(SqliteOptions options) {
  auto database = TWINDOW_TRY(sqlite::Database::open(options));
  std::map<AccountSid, sqlite::Kept> accounts;
  auto counted = TWINDOW_TRY(database->accounts().all());
  for (auto& [account, counters] : counted) {
    accounts[account].counters = std::move(counters);
  }
  auto made = TWINDOW_TRY(database->resources().all());
  for (auto& [account, resource] : made) {
    accounts[account].resources.put(std::move(resource));
  }
  return std::unique_ptr<Backend>(
      std::make_unique<sqlite::SqliteBackend>(std::move(database), std::move(accounts)));
}

}  // namespace twindow::store
