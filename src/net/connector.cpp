// SPDX-License-Identifier: Apache-2.0
#include "src/net/connector.h"

#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "src/net/errors_by_value.h"
#include "src/net/watchdog.h"

namespace twindow::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::size_t kNamesMax = 256;  // that a book keeps; they come from clients

// One question to the system's resolver, and those who wait for its answer.
struct Question {
  std::optional<Result<Endpoints>> answer = {};
  std::vector<asio::steady_timer*> waiting = {};
};

// Among those who wait, for as long as it lives.
class Waiting {
 public:
  Waiting(Question& question, asio::steady_timer& timer) : question_(question), timer_(timer) {
    question_.waiting.push_back(&timer_);
  }
  ~Waiting() { std::erase(question_.waiting, &timer_); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  Question& question_;
  asio::steady_timer& timer_;
};

// Shared by who asked and the coroutine that asks, either of which may end first.
using SharedQuestion = std::shared_ptr<Question>;

Task<void> answer(SharedQuestion question, std::string host, std::uint16_t port) {
  tcp::resolver resolver(co_await asio::this_coro::executor);
  error_code error;
  const std::string service = std::to_string(port);
  const auto results = co_await resolver.async_resolve(host, service, into(error));
  if (error) {
    question->answer = fail(Errc::Unreachable, host + " is not known: " + error.message());
  } else {
    Endpoints found;
    for (const auto& result : results) found.push_back(result.endpoint());
    question->answer = std::move(found);
  }
  for (asio::steady_timer* timer : question->waiting) timer->cancel();
}

Task<SharedQuestion> ask(std::string host, std::uint16_t port) {
  auto question = std::make_shared<Question>();
  const auto executor = co_await asio::this_coro::executor;
  asio::co_spawn(executor, answer(question, std::move(host), port), asio::detached);
  co_return question;
}

Task<Result<Endpoints>> wait_for(SharedQuestion question, std::string host, SteadyTime until) {
  asio::steady_timer timer(co_await asio::this_coro::executor, until);
  const Waiting waiting(*question, timer);
  error_code ignored;
  if (!question->answer) {
    co_await timer.async_wait(into(ignored));
  }
  if (question->answer) co_return *question->answer;
  co_return fail(Errc::TimedOut, "looking up " + host + " takes too long");
}

std::optional<Endpoints> without_lookup(const std::string& host, std::uint16_t port) {
  error_code no_address;
  const auto address = asio::ip::make_address(host, no_address);
  if (no_address) return std::nullopt;
  return Endpoints{tcp::endpoint(address, port)};
}

}  // namespace

Task<Result<Endpoints>> look_up(std::string host, std::uint16_t port, SteadyTime until) {
  if (auto known = without_lookup(host, port)) co_return *std::move(known);
  SharedQuestion question = co_await ask(host, port);
  Result<Endpoints> found = co_await wait_for(std::move(question), std::move(host), until);
  co_return found;
}

struct NameBook::Entry {
  Endpoints known = {};
  SteadyTime fresh_until = {};
  SharedQuestion question = {};
};

NameBook::NameBook(std::chrono::milliseconds fresh_for) : fresh_for_(fresh_for) {}
NameBook::~NameBook() = default;

Task<Result<Endpoints>> NameBook::find(std::string host, std::uint16_t port, SteadyTime until) {
  if (auto known = without_lookup(host, port)) co_return *std::move(known);
  const std::pair key(host, port);
  if (!entries_.contains(key) && entries_.size() >= kNamesMax) entries_.clear();
  std::shared_ptr<Entry>& place = entries_[key];
  if (place == nullptr) place = std::make_shared<Entry>();
  const std::shared_ptr<Entry> entry = place;
  if (steady_clock::now() < entry->fresh_until) co_return entry->known;
  SharedQuestion question = entry->question;
  if (question == nullptr) {
    question = co_await ask(host, port);
    entry->question = question;
  }
  Result<Endpoints> found = co_await wait_for(question, std::move(host), until);
  if (question->answer && entry->question == question) {
    if (found) entry->known = *found;
    if (found) entry->fresh_until = steady_clock::now() + fresh_for_;
    entry->question.reset();
  }
  co_return found;
}

Task<Result<tcp::socket>> connect_first(Endpoints to, SteadyTime until) {
  const auto executor = co_await asio::this_coro::executor;
  error_code first_error = asio::error::host_not_found;
  bool late = false;
  for (std::size_t at = 0; at < to.size(); ++at) {
    const auto now = steady_clock::now();
    const auto share = (until - now) / static_cast<int>(to.size() - at);
    // Shared with the watchdog's last word.
    auto socket = std::make_shared<tcp::socket>(executor);
    const Watchdog watchdog(executor, now + share, [socket] {
      error_code ignored;
      socket->close(ignored);
    });
    error_code error;
    co_await socket->async_connect(to[at], into(error));
    error_code ignored;
    if (!error) {
      socket->set_option(tcp::no_delay(true), ignored);
      co_return std::move(*socket);
    }
    late = late || watchdog.fired();
    if (at == 0) first_error = error;
  }
  if (late) co_return fail(Errc::TimedOut, "no address answers in time");
  co_return fail(Errc::Unreachable, first_error.message());
}

}  // namespace twindow::net
