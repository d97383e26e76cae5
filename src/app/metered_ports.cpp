// SPDX-License-Identifier: Apache-2.0
#include "src/app/metered_ports.h"

namespace twindow::app {

namespace {

class MeteredStore final : public ports::AccountStore, public ports::PromptStore {
 public:
  MeteredStore(std::unique_ptr<ports::AccountStore> store, Metrics& metrics)
      : store_(std::move(store)), prompt_(store_->prompt()), metrics_(metrics) {}

  ports::PromptStore* prompt() override { return prompt_ == nullptr ? nullptr : this; }
  Result<const Message*> admit_now(Message&& draft, const ports::Judge& judge) override {
    auto stored = prompt_->admit_now(std::move(draft), judge);
    if (stored) metrics_.store_committed();
    return stored;
  }
  Result<const Message*> admit_decided_now(Message&& draft, const ports::Judge& judge,
                                           LedgerEntry&& entry) override {
    auto stored = prompt_->admit_decided_now(std::move(draft), judge, std::move(entry));
    if (stored) metrics_.store_committed();
    return stored;
  }
  Result<ports::PromptStore::Moved> move_now(const StatusUpdate& update, Time at) override {
    auto moved = prompt_->move_now(update, at);
    if (moved) count_move(*moved->message, moved->moved);
    return moved;
  }

  Task<Result<Message>> admit(Message draft, ports::Judge judge) override {
    return counted(store_->admit(std::move(draft), std::move(judge)));
  }
  Task<Result<Message>> admit_decided(Message draft, ports::Judge judge,
                                      LedgerEntry entry) override {
    return counted(store_->admit_decided(std::move(draft), std::move(judge), std::move(entry)));
  }
  bool admits_anywhere() const override { return store_->admits_anywhere(); }
  Task<Result<void>> enter(LedgerEntry entry) override {
    return counted(store_->enter(std::move(entry)));
  }
  Task<Result<std::vector<LedgerEntry>>> decisions(ports::LedgerQuery query) override {
    return store_->decisions(std::move(query));
  }
  Task<Result<Message>> alter(MessageSid sid, Change change) override {
    return counted(store_->alter(std::move(sid), std::move(change)));
  }
  Task<Result<void>> remove(MessageSid sid) override {
    return counted(store_->remove(std::move(sid)));
  }
  Task<Result<std::vector<Alias>>> aliases() override { return store_->aliases(); }
  Task<Result<MessageStore::Moved>> move(StatusUpdate update, Time at) override {
    auto moved = co_await store_->move(std::move(update), at);
    if (moved) count_move(moved->message, moved->moved);
    co_return moved;
  }
  Task<Result<void>> note(MessageSid sid, TimelineEntry entry) override {
    return counted(store_->note(std::move(sid), std::move(entry)));
  }
  Task<Result<void>> clear() override { return counted(store_->clear()); }
  Task<Result<Received>> receive(Message message, Effects effects) override {
    return counted(store_->receive(std::move(message), std::move(effects)));
  }
  Task<Result<Heard>> hear(News news, Time at) override {
    auto heard = co_await store_->hear(std::move(news), at);
    if (heard && heard->moved) {
      count_move(heard->moved->message, heard->moved->moved);
    } else if (heard) {
      metrics_.store_committed();
    }
    co_return heard;
  }
  Task<Result<Window>> extend(WindowKey key, Address user, Time received) override {
    return counted(store_->extend(std::move(key), std::move(user), received));
  }
  Task<Result<std::vector<Extended>>> extend_all(std::vector<Written> written) override {
    return counted(store_->extend_all(std::move(written)));
  }
  Task<Result<void>> put(Window window) override { return counted(store_->put(std::move(window))); }
  Task<Result<void>> erase(WindowKey key) override {
    return counted(store_->erase(std::move(key)));
  }

  Task<Result<void>> enqueue(Webhook webhook, Time due) override {
    return counted(store_->enqueue(std::move(webhook), due));
  }
  Task<Result<void>> tried(std::string id, Time due) override {
    return counted(store_->tried(std::move(id), due));
  }
  Task<Result<void>> done(std::string id) override { return counted(store_->done(std::move(id))); }

  Task<Result<Message>> find(MessageSid sid) override { return store_->find(std::move(sid)); }
  Task<Result<MessagePage>> list(MessageFilter filter, PageRequest page) override {
    return store_->list(std::move(filter), std::move(page));
  }
  Task<Result<std::size_t>> count(MessageFilter filter) override {
    return store_->count(std::move(filter));
  }
  Task<Result<std::optional<Window>>> find(WindowKey key) override {
    return store_->find(std::move(key));
  }
  std::optional<Known> find_now(const WindowKey& key) const override {
    return store_->find_now(key);
  }
  Task<Result<std::vector<Window>>> list() override { return store_->list(); }
  Task<Result<WindowKey>> resolve(WindowKey key) override {
    return store_->resolve(std::move(key));
  }
  Task<Result<std::vector<OptOut>>> opt_outs() override { return store_->opt_outs(); }
  Task<Result<std::vector<ports::QueuedWebhook>>> pending(std::uint64_t after,
                                                          std::size_t limit) override {
    return store_->pending(after, limit);
  }
  const ResourceShelf& resources() const override { return store_->resources(); }
  Task<Result<void>> change_resources(ResourceChanges changes) override {
    return counted(store_->change_resources(std::move(changes)));
  }
  std::uint64_t counter(std::string_view name) const override { return store_->counter(name); }
  void raise_counter(std::string_view name, std::uint64_t value) override {
    store_->raise_counter(name, value);
  }

 private:
  template <class T>
  Task<Result<T>> counted(Task<Result<T>> transaction) {
    Result<T> result = co_await std::move(transaction);
    if (result) metrics_.store_committed();
    co_return result;
  }

  void count_move(const Message& message, bool moved) {
    metrics_.store_committed();
    const bool outbound = message.direction != Direction::Inbound;
    if (moved && outbound && is_final(message.status)) {
      metrics_.message_ended(message.status, message.error_code);
    }
  }

  std::unique_ptr<ports::AccountStore> store_;
  ports::PromptStore* prompt_;
  Metrics& metrics_;
};

}  // namespace

std::unique_ptr<ports::AccountStore> metered(std::unique_ptr<ports::AccountStore> store,
                                             Metrics& metrics) {
  return std::make_unique<MeteredStore>(std::move(store), metrics);
}

Task<WebhookOutcome> MeteredApp::deliver(Webhook webhook) {
  WebhookOutcome outcome = co_await app_.deliver(std::move(webhook));
  metrics_.webhook_settled(outcome);
  co_return outcome;
}

}  // namespace twindow::app
