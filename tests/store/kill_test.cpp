// SPDX-License-Identifier: Apache-2.0
// A process that is killed while it writes: what it was told is stored is there afterwards, and
// nothing that it did not ask for.
#include <array>
#include <csignal>
#include <cstdlib>

#include <sys/wait.h>
#include <unistd.h>

#include "twindow/base/random.h"

#include "tests/store/conformance.h"

namespace twindow::store {
namespace {

constexpr std::size_t kWriters = 64;
constexpr std::size_t kAccounts = 4;

// Each writer makes its steps one after another, in an account that it shares with others:
//   4n    an outbound message is admitted      4n+1  a message of its user opens its window
//   4n+2  a webhook is queued                  4n+3  the same webhook is done, or tried
using Steps = std::array<std::uint64_t, kWriters>;

// Half of the writers leave their webhooks in the queue, so that one that was lost is missed.
bool leaves_webhooks(std::size_t writer) { return writer / kAccounts % 2 == 0; }

AccountSid account_of(std::size_t writer) {
  return AccountSid{"AC0000000000000000000000000000000" + std::to_string(writer % kAccounts)};
}
Address user_of(std::size_t writer) {
  return {Channel::WhatsApp, AddressForm::E164,
          "whatsapp:+1555867" + std::to_string(1000 + writer)};
}
std::string name(std::string_view kind, std::size_t writer, std::uint64_t step) {
  return std::string(kind) + "-" + std::to_string(writer) + "-" + std::to_string(step);
}
std::string body_of(std::size_t writer, std::uint64_t step) {
  return name("body", writer, step) + std::string(step % 700, 'x');
}
Time time_of(std::uint64_t step) { return kStart + std::chrono::seconds(step); }

Message message_of(std::size_t writer, std::uint64_t step) {
  Message message;
  message.sid.text = name("SM", writer, step);
  message.account = account_of(writer);
  message.sender = kShop;
  message.from = message.sender;
  message.to = user_of(writer);
  message.body = body_of(writer, step);
  message.created = message.updated = time_of(step);
  if (step % 4 == 1) {
    message.direction = Direction::Inbound;
    message.status = MessageStatus::Received;
    std::swap(message.sender, message.to);
    message.from = message.sender;
  }
  return message;
}

Webhook webhook_of(std::size_t writer, std::uint64_t step) {
  return {.id = name("CB", writer, step),
          .account = account_of(writer),
          .message = {name("SM", writer, step)},
          .url = "https://app.example.com/status",
          .auth_token = {},
          .idempotency_token = name("token", writer, step),
          .news = StatusNews{message_of(writer, step)}};
}

struct Acknowledged {
  std::uint32_t writer;
  std::uint32_t unused;
  std::uint64_t steps;  // that writer has made
};

class Child {
 public:
  Child(const std::filesystem::path& file, int acknowledgements)
      : out_(acknowledgements), backend_(*open_sqlite_backend({.file = file})) {
    for (std::size_t i = 0; i < kAccounts; ++i) {
      stores_.push_back(backend_->open_account(account_of(i)));
    }
  }

  [[noreturn]] void run(const Steps& done) {
    for (std::size_t writer = 0; writer < kWriters; ++writer) {
      start_on(boost::asio::make_strand(context_), write(writer, done[writer]));
    }
    const auto guard =
        boost::asio::make_work_guard(context_);  // the store's thread is no work here
    context_.run();
    ::_exit(2);  // a step failed: the writers have no end
  }

 private:
  Task<void> write(std::size_t writer, std::uint64_t steps) {
    ports::AccountStore& store = *stores_[writer % kAccounts];
    for (bool good = true; good; ++steps) {
      good = co_await step(store, writer, steps);
      const Acknowledged record{static_cast<std::uint32_t>(writer), 0, steps + 1};
      if (!good || ::write(out_, &record, sizeof record) != sizeof record) ::_exit(1);
    }
  }

  Task<bool> step(ports::AccountStore& store, std::size_t writer, std::uint64_t step) {
    const std::uint64_t first = step - step % 4;
    Message message = message_of(writer, step);
    if (step % 4 == 0) {
      // Shared by the writers of an account, as a world's counter is by its sends.
      store.raise_counter("sids", store.counter("sids") + 1);
      ports::Judge judge = [](Message&, const ports::Facts&) {};
      const auto admitted = co_await store.admit(std::move(message), std::move(judge));
      co_return admitted.has_value();
    }
    if (step % 4 == 1) {
      ports::AccountStore::Effects effects;
      const auto received = co_await store.receive(std::move(message), std::move(effects));
      co_return received.has_value();
    }
    if (step % 4 == 2) {
      Webhook webhook = webhook_of(writer, first + 2);
      const auto queued = co_await store.enqueue(std::move(webhook), time_of(step));
      co_return queued.has_value();
    }
    std::string id = name("CB", writer, first + 2);
    auto last = leaves_webhooks(writer) ? store.tried(std::move(id), time_of(step))
                                        : store.done(std::move(id));
    const auto settled = co_await std::move(last);
    co_return settled.has_value();
  }

  int out_;
  boost::asio::io_context context_;
  std::unique_ptr<Backend> backend_;
  std::vector<std::unique_ptr<ports::AccountStore>> stores_;
};

class Kill : public testing::Test {
 protected:
  // All that is there is looked at after each kill: not too much of it.
  void begin_anew(int number) {
    file_ = folder_.path() / ("twindow-" + std::to_string(number) + ".db");
    acknowledged_ = {};
  }

  // Kills the child once it has acknowledged `count` steps, and reads what it acknowledged till
  // the end.
  void run_child(std::size_t count) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      Child(file_, ends[1]).run(acknowledged_);
    }
    ::close(ends[1]);
    Acknowledged record{};
    std::size_t read = 0;
    while (::read(ends[0], &record, sizeof record) == sizeof record) {
      acknowledged_.at(record.writer) = record.steps;
      if (++read == count) ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << status;
    ASSERT_GE(read, count);
  }

  template <class T>
  auto run(Task<T> task) {
    return test::run_task(context_, std::move(task));
  }

  using Queued = std::map<std::string, std::uint32_t>;  // ids, and how often each was tried

  // Of each writer: every step that was acknowledged, perhaps the one after it, and no other.
  void verify() {
    const auto backend = *open_sqlite_backend({.file = file_});
    for (std::size_t account = 0; account < kAccounts; ++account) {
      const auto store = backend->open_account(account_of(account));
      const auto messages = *run(store->list({}, {.limit = 1'000'000}));
      Queued queued;
      for (const auto& webhook : *run(store->pending(0, 1'000'000))) {
        queued[webhook.webhook.id] = webhook.tries;
      }
      std::size_t messages_known = 0;
      std::size_t queued_known = 0;
      std::size_t admitted = 0;
      for (std::size_t writer = account; writer < kWriters; writer += kAccounts) {
        const std::uint64_t steps = steps_of(*store, writer, queued);
        EXPECT_GE(steps, acknowledged_[writer]) << "writer " << writer << " lost something";
        EXPECT_LE(steps, acknowledged_[writer] + 1) << "writer " << writer << " never did that";
        verify_messages(*store, writer, steps);
        queued_known += verify_webhooks(queued, writer, steps);
        acknowledged_[writer] = steps;
        messages_known += steps / 4 * 2 + std::min<std::uint64_t>(steps % 4, 2);
        admitted += (steps + 3) / 4;
      }
      EXPECT_EQ(messages.messages.size(), messages_known) << "invented or lost";
      EXPECT_EQ(queued.size(), queued_known) << "invented or lost";
      EXPECT_GE(store->counter("sids"), admitted) << "a SID would be given twice";
      EXPECT_EQ(*run(store->count({})), messages_known);
    }
  }

  // How many steps of a writer the database knows of.
  std::uint64_t steps_of(ports::AccountStore& store, std::size_t writer, const Queued& queued) {
    const std::uint64_t known = acknowledged_[writer];
    const std::uint64_t first = known - known % 4;
    const auto is_there = [&](std::uint64_t step) {
      return run(store.find(MessageSid{name("SM", writer, step)})).has_value();
    };
    if (is_there(first + 4)) return first + 5;
    const auto webhook = queued.find(name("CB", writer, first + 2));
    if (webhook != queued.end()) return first + 3 + webhook->second;
    if (!is_there(first)) return first;
    if (!is_there(first + 1)) return first + 1;
    // No webhook: not yet, or not any more.
    return known % 4 == 3 && !leaves_webhooks(writer) ? first + 4 : first + 2;
  }

  // How many of a writer's webhooks there ought to be.
  static std::size_t verify_webhooks(const Queued& queued, std::size_t writer,
                                     std::uint64_t steps) {
    std::size_t known = 0;
    for (std::uint64_t step = 2; step < steps; step += 4) {
      if (step + 1 < steps && !leaves_webhooks(writer)) continue;
      ++known;
      const auto webhook = queued.find(name("CB", writer, step));
      EXPECT_NE(webhook, queued.end()) << "writer " << writer << ", step " << step;
      if (webhook == queued.end()) continue;
      EXPECT_EQ(webhook->second, step + 1 < steps ? 1u : 0u);
    }
    return known;
  }

  void verify_messages(ports::AccountStore& store, std::size_t writer, std::uint64_t steps) {
    for (std::uint64_t step = 0; step < steps; ++step) {
      if (step % 4 > 1) continue;
      const auto found = run(store.find(MessageSid{name("SM", writer, step)}));
      ASSERT_TRUE(found) << "writer " << writer << ", step " << step;
      EXPECT_EQ(found->body, body_of(writer, step));
      EXPECT_EQ(found->timeline.size(), 1u);
    }
    const auto window = *run(store.find(window_key(kShop, user_of(writer))));
    ASSERT_EQ(window.has_value(), steps >= 2);
    // Every fourth step is an inbound message; the newest of them counts.
    if (window) {
      EXPECT_EQ(window->last_inbound, time_of((steps - 2) / 4 * 4 + 1));
    }
  }

  test::TempFolder folder_;
  std::filesystem::path file_;
  boost::asio::io_context context_;
  Steps acknowledged_{};
};

// TWINDOW_KILLS=200 for more.
TEST_F(Kill, LosesNothingThatWasAcknowledgedAndInventsNothing) {
  const char* const wanted = std::getenv("TWINDOW_KILLS");
  const int kills = wanted == nullptr ? 20 : std::atoi(wanted);
  Random random(63016);
  for (int i = 0; i < kills && !HasFailure(); ++i) {
    SCOPED_TRACE("kill " + std::to_string(i));
    if (i % 20 == 0) begin_anew(i);
    run_child(1 + random.below(400));
    verify();
  }
}

}  // namespace
}  // namespace twindow::store
