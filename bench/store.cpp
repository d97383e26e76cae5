// SPDX-License-Identifier: Apache-2.0
// Acknowledged operations a second of the SQLite store, by how many are outstanding: what a
// transaction costs, and how far it is shared. The file is in $TMPDIR, else /tmp: a memory file
// system there measures no disk.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include <benchmark/benchmark.h>
#include <boost/asio/executor_work_guard.hpp>

#include "twindow/base/check.h"
#include "twindow/base/run_on.h"
#include "twindow/store/open_store.h"

namespace twindow {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kOperations =
    64;  // of each that is outstanding, between two looks at the clock
const AccountSid kAccount{"AC00000000000000000000000000000001"};
const Address kShop = *parse_from("whatsapp:+14155550100");
const Time kStart = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5);

class Bench {
 public:
  Bench() {
    std::string pattern = (std::filesystem::temp_directory_path() / "twindow-XXXXXX").string();
    TWINDOW_CHECK(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    backend_ = *store::open_sqlite_backend({.file = folder_ / "twindow.db"});
    store_ = backend_->open_account(kAccount);
  }
  ~Bench() {
    store_.reset();
    backend_.reset();
    std::filesystem::remove_all(folder_);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  ports::AccountStore& store() { return *store_; }

  Message message() {
    const std::string number = std::to_string(++messages_);
    Message made;
    made.sid.text = "SM" + std::string(32 - number.size(), '0') + number;
    made.account = kAccount;
    made.from = made.sender = kShop;
    made.to = user(messages_);
    made.body = "Your appointment is on July 21 at 3 PM. Answer YES to confirm it, or call us.";
    made.status_callback = "https://app.example.com/twilio/status";
    made.created = made.updated = kStart + std::chrono::milliseconds(messages_);
    return made;
  }
  Message inbound() {
    Message made = message();
    made.direction = Direction::Inbound;
    made.status = MessageStatus::Received;
    std::swap(made.sender, made.to);
    made.from = made.sender;
    return made;
  }
  Webhook webhook() {
    Message told = message();
    Webhook made{.id = "CB" + told.sid.text.substr(2),
                 .account = kAccount,
                 .message = told.sid,
                 .url = *told.status_callback,
                 .auth_token = {},
                 .idempotency_token = "b8a4f1e2-0000-4000-8000-000000000001",
                 .news = StatusNews{std::move(told)}};
    return made;
  }

  // `operation(bench)` awaited again and again by as many as are to be outstanding.
  template <class Operation>
  void measure(benchmark::State& state, Operation operation) {
    const auto outstanding = static_cast<std::size_t>(state.range(0));
    // Who waits for the store is no work of the context's.
    const auto work = boost::asio::make_work_guard(context_);
    for (auto _ : state) {
      context_.restart();
      at_work_ = outstanding;
      for (std::size_t i = 0; i < outstanding; ++i) {
        start_on(boost::asio::make_strand(context_), repeat(operation));
      }
      context_.run();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(static_cast<std::size_t>(state.iterations()) *
                                                      outstanding * kOperations));
  }

 private:
  static Address user(std::uint64_t number) {
    return {Channel::WhatsApp, AddressForm::E164,
            "whatsapp:+1555" + std::to_string(1'000'000 + number * 7919 % 50'000)};
  }

  template <class Operation>
  Task<void> repeat(Operation operation) {
    for (std::size_t i = 0; i < kOperations; ++i) {
      const bool good = co_await operation(*this);
      TWINDOW_CHECK(good);
    }
    if (--at_work_ == 0) context_.stop();
  }

  std::filesystem::path folder_;
  boost::asio::io_context context_;
  std::unique_ptr<store::Backend> backend_;
  std::unique_ptr<ports::AccountStore> store_;
  std::uint64_t messages_ = 0;
  std::size_t at_work_ = 0;
};

Task<bool> admit(Bench& bench) {
  Message message = bench.message();
  ports::Judge judge = [](Message&, const ports::Facts&) {};
  bench.store().raise_counter("sids", bench.store().counter("sids") + 1);
  const auto admitted = co_await bench.store().admit(std::move(message), std::move(judge));
  co_return admitted.has_value();
}

Task<bool> receive(Bench& bench) {
  Message message = bench.inbound();
  ports::AccountStore::Effects effects;
  const auto received = co_await bench.store().receive(std::move(message), std::move(effects));
  co_return received.has_value();
}

Task<bool> extend(Bench& bench) {
  const Message message = bench.inbound();
  WindowKey key = window_key(message.to, message.sender);
  const auto extended =
      co_await bench.store().extend(std::move(key), message.sender, message.created);
  co_return extended.has_value();
}

Task<bool> enqueue(Bench& bench) {
  Webhook webhook = bench.webhook();
  const auto queued = co_await bench.store().enqueue(std::move(webhook), kStart);
  co_return queued.has_value();
}

// A send and what becomes of it: four acknowledgements.
Task<bool> send(Bench& bench) {
  Message message = bench.message();
  const MessageSid sid = message.sid;
  ports::Judge judge = [](Message&, const ports::Facts&) {};
  const auto admitted = co_await bench.store().admit(std::move(message), std::move(judge));
  StatusUpdate sent{.sid = sid, .status = MessageStatus::Sent};
  const auto moved = co_await bench.store().move(std::move(sent), kStart);
  TimelineEntry entry{kStart, WebhookTried{.webhook = "CB1", .http_status = 204}};
  const auto noted = co_await bench.store().note(sid, std::move(entry));
  StatusUpdate read{.sid = sid, .status = MessageStatus::Read};
  const auto ended = co_await bench.store().move(std::move(read), kStart);
  co_return admitted&& moved&& noted&& ended;
}

Task<bool> find(Bench& bench) {
  const auto found = co_await bench.store().find(window_key(kShop, kShop));
  co_return found.has_value();
}

void acknowledged(benchmark::State& state, Task<bool> (*operation)(Bench&)) {
  Bench bench;
  bench.measure(state, operation);
}

#define TWINDOW_BENCH(operation)                        \
  BENCHMARK_CAPTURE(acknowledged, operation, operation) \
      ->Arg(1)                                          \
      ->Arg(64)                                         \
      ->UseRealTime()                                   \
      ->Unit(benchmark::kMicrosecond)
TWINDOW_BENCH(admit);
TWINDOW_BENCH(receive);
TWINDOW_BENCH(extend);
TWINDOW_BENCH(enqueue);
TWINDOW_BENCH(send);
TWINDOW_BENCH(find);

}  // namespace
}  // namespace twindow
