// SPDX-License-Identifier: Apache-2.0
// How long a page of fifty takes among many messages, in memory and in SQLite, by filter: the first
// page and one from the middle. bench_pages [MESSAGES], a million by default. The file is in
// $TMPDIR, else /tmp.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/strand.hpp>

#include "twindow/base/check.h"
#include "twindow/base/run_on.h"
#include "twindow/store/open_store.h"

namespace twindow {
namespace {

using namespace std::chrono_literals;

const AccountSid kAccount{"AC00000000000000000000000000000001"};
const Address kShop = *parse_from("whatsapp:+14155550100");
const Time kStart = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5);
constexpr std::size_t kUsers = 50'000;
constexpr Duration kApart = 3s;  // a million fill 35 days
constexpr std::size_t kOutstanding = 2'000;

MessageSid sid_of(std::size_t number) {
  const std::string digits = std::to_string(number);
  return {"SM" + std::string(32 - digits.size(), '0') + digits};
}

Address user(std::size_t number) {
  return {Channel::WhatsApp, AddressForm::E164,
          "whatsapp:+1555" + std::to_string(1'000'000 + number * 7919 % kUsers)};
}

Message message(std::size_t number) {
  Message made;
  made.sid = sid_of(number);
  made.account = kAccount;
  made.from = made.sender = kShop;
  made.to = user(number);
  made.body = "Your appointment is on July 21 at 3 PM. Answer YES to confirm it, or call us.";
  made.created = made.updated = kStart + number * kApart;
  return made;
}

Task<void> add(ports::AccountStore& store, std::size_t number) {
  ports::Judge judge = [](Message&, const ports::Facts&) {};
  Message made = message(number);
  const Time at = made.created + 1s;
  const auto admitted = co_await store.admit(std::move(made), std::move(judge));
  TWINDOW_CHECK(admitted.has_value());
  StatusUpdate sent{.sid = sid_of(number), .status = MessageStatus::Sent};
  const auto moved = co_await store.move(std::move(sent), at);
  TWINDOW_CHECK(moved.has_value());
  StatusUpdate delivered{.sid = sid_of(number), .status = MessageStatus::Delivered};
  const auto ended = co_await store.move(std::move(delivered), at);
  TWINDOW_CHECK(ended.has_value());
}

struct Row {
  const char* name;
  MessageFilter filter;
};

std::vector<Row> rows(std::size_t messages) {
  const Time middle = std::chrono::floor<std::chrono::days>(kStart + messages / 2 * kApart);
  const Time end = kStart + messages * kApart + 24h;
  std::vector<Row> all{{"none", {}}};
  all.push_back({"To", {.to = user(messages / 2).text}});
  all.push_back({"From", {.from = kShop.text}});
  all.push_back({"To of nobody", {.to = "whatsapp:+15550000001"}});
  all.push_back({"DateSent, the middle day", {.sent_from = middle, .sent_before = middle + 24h}});
  all.push_back({"DateSent before the middle", {.sent_before = middle}});
  all.push_back({"DateSent after the middle", {.sent_from = middle}});
  all.push_back({"DateSent of no message", {.sent_from = end}});
  return all;
}

class Bench {
 public:
  explicit Bench(std::unique_ptr<store::Backend> backend)
      : backend_(std::move(backend)), store_(backend_->open_account(kAccount)) {}

  void fill(std::size_t messages) {
    for (std::size_t first = 0; first < messages; first += kOutstanding) {
      // Begun one after the other, so that the order is that of the numbers.
      for (std::size_t number = first; number < std::min(first + kOutstanding, messages);
           ++number) {
        start(add(*store_, number));
      }
      run();
    }
  }

  // The median of nine, in milliseconds.
  double time_of(const MessageFilter& filter, const PageRequest& page) {
    std::vector<double> took;
    for (int i = 0; i < 9; ++i) {
      const auto began = std::chrono::steady_clock::now();
      start(list(filter, page));
      run();
      const std::chrono::duration<double, std::milli> time =
          std::chrono::steady_clock::now() - began;
      took.push_back(time.count());
    }
    std::ranges::sort(took);
    return took[took.size() / 2];
  }

  std::size_t found() const { return found_.messages.size(); }

 private:
  void start(Task<void> task) {
    ++under_way_;
    start_on(boost::asio::make_strand(context_), finish(std::move(task)));
  }
  Task<void> finish(Task<void> task) {
    co_await std::move(task);
    if (--under_way_ == 0) context_.stop();
  }
  // Until all that was started has ended: the store answers from a thread of its own.
  void run() {
    const auto work = boost::asio::make_work_guard(context_);
    context_.restart();
    context_.run();
  }

  Task<void> list(MessageFilter filter, PageRequest page) {
    auto listed = co_await store_->list(std::move(filter), std::move(page));
    TWINDOW_CHECK(listed.has_value());
    found_ = *std::move(listed);
  }

  boost::asio::io_context context_;
  std::unique_ptr<store::Backend> backend_;
  std::unique_ptr<ports::AccountStore> store_;
  MessagePage found_;
  std::size_t under_way_ = 0;
};

void measure(const char* name, std::unique_ptr<store::Backend> backend, std::size_t messages) {
  Bench bench(std::move(backend));
  const auto began = std::chrono::steady_clock::now();
  bench.fill(messages);
  const std::chrono::duration<double> filled = std::chrono::steady_clock::now() - began;
  std::printf("%s, %zu messages, filled in %.0f s\n", name, messages, filled.count());
  std::printf("  %-28s %10s %10s %6s\n", "filter", "first ms", "middle ms", "found");
  for (const Row& row : rows(messages)) {
    const double first = bench.time_of(row.filter, {});
    const std::size_t found = bench.found();
    // Behind a message of the middle, as a page's token says.
    const double middle = bench.time_of(row.filter, {.older_than = sid_of(messages / 2)});
    std::printf("  %-28s %10.2f %10.2f %6zu\n", row.name, first, middle, found);
  }
}

}  // namespace
}  // namespace twindow

int main(int argc, char** argv) {
  using namespace twindow;
  const std::size_t messages = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const store::Retention all{.messages_max = messages};
  measure("memory", store::open_memory_backend(all), messages);
  std::string pattern = (std::filesystem::temp_directory_path() / "twindow-XXXXXX").string();
  TWINDOW_CHECK(::mkdtemp(pattern.data()) != nullptr);
  const std::filesystem::path folder = pattern;
  auto backend = store::open_sqlite_backend({.file = folder / "twindow.db", .retention = all});
  TWINDOW_CHECK(backend.has_value());
  measure("SQLite", *std::move(backend), messages);
  std::filesystem::remove_all(folder);
}
