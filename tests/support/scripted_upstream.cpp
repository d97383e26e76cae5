// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scripted_upstream.h"

#include <charconv>
#include <condition_variable>
#include <mutex>
#include <set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "twindow/base/task.h"

namespace twindow::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

std::size_t length_in(const std::string& head) {
  const auto at = head.find("\r\nContent-Length: ");
  std::size_t length = 0;
  if (at != std::string::npos) {
    std::from_chars(head.data() + at + 18, head.data() + head.size(), length);
  }
  return length;
}

}  // namespace

struct ScriptedUpstream::State {
  explicit State(Script what)
      : script(std::move(what)), acceptor(context, tcp::endpoint(tcp::v4(), 0)) {}

  Task<void> accept() {
    for (int number = 1;; ++number) {
      error_code error;
      tcp::socket socket = co_await acceptor.async_accept(into(error));
      if (error) co_return;
      asio::co_spawn(context, serve(std::make_shared<tcp::socket>(std::move(socket)), number),
                     asio::detached);
    }
  }

  Task<void> serve(std::shared_ptr<tcp::socket> socket, int number) {
    socket->set_option(tcp::no_delay(true));
    change([&] { open.insert(socket); });
    std::string unread;
    while (socket->is_open()) {
      Request request{.connection = number};
      if (doomed.contains(socket)) break;
      idle.insert(socket);
      const bool came = co_await read(*socket, unread, request);
      idle.erase(socket);
      if (!came) break;
      change([&] { seen.push_back(request); });
      for (Step& step : script(request)) {
        const bool going = co_await take(*socket, std::move(step));
        if (!going) break;
      }
    }
    doomed.erase(socket);
    socket->close();
    change([&] { open.erase(socket); });
  }

  Task<bool> read(tcp::socket& socket, std::string& unread, Request& request) {
    std::size_t end = std::string::npos;
    std::string piece(16 * 1024, '\0');
    while (true) {
      end = unread.find("\r\n\r\n");
      if (end != std::string::npos) {
        request.head = unread.substr(0, end + 4);
        if (unread.size() >= end + 4 + length_in(request.head)) break;
      }
      error_code error;
      const std::size_t bytes = co_await socket.async_read_some(asio::buffer(piece), into(error));
      if (error) co_return false;
      unread.append(piece, 0, bytes);
    }
    request.body = unread.substr(end + 4, length_in(request.head));
    unread.erase(0, end + 4 + request.body.size());
    co_return true;
  }

  // False if the connection is over.
  Task<bool> take(tcp::socket& socket, Step step) {
    error_code error;
    if (step.what == Step::What::Send) {
      co_await asio::async_write(socket, asio::buffer(step.bytes), into(error));
    } else if (step.what == Step::What::SendEach) {
      for (const char& byte : step.bytes) {
        co_await asio::async_write(socket, asio::buffer(&byte, 1), into(error));
      }
    } else if (step.what == Step::What::Hold) {
      asio::steady_timer timer(context, asio::steady_timer::time_point::max());
      holds.insert(&timer);
      change([&] { ++held; });
      if (!released) {
        co_await timer.async_wait(into(error));
      }
      holds.erase(&timer);
      error.clear();
    } else {
      if (step.what == Step::What::Reset) socket.set_option(asio::socket_base::linger(true, 0));
      socket.close(error);
      co_return false;
    }
    co_return !error;
  }

  template <class Change>
  void change(Change what) {
    {
      const std::lock_guard lock(mutex);
      what();
    }
    changed.notify_all();
  }
  template <class Condition>
  bool wait(Condition condition) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(10), condition);
  }

  const Script script;
  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  tcp::acceptor acceptor;
  // Of the thread.
  std::set<std::shared_ptr<tcp::socket>> idle;
  std::set<std::shared_ptr<tcp::socket>> doomed;  // to be closed as soon as they are idle
  std::set<asio::steady_timer*> holds;
  bool released = false;

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Request> seen;
  std::set<std::shared_ptr<tcp::socket>> open;
  std::size_t held = 0;
};

std::string ScriptedUpstream::ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

ScriptedUpstream::ScriptedUpstream(Script script)
    : state_(std::make_shared<State>(std::move(script))) {
  asio::co_spawn(state_->context, state_->accept(), asio::detached);
  thread_ = std::thread([state = state_] { state->context.run(); });
}

ScriptedUpstream::~ScriptedUpstream() {
  state_->context.stop();
  thread_.join();
}

std::uint16_t ScriptedUpstream::port() const { return state_->acceptor.local_endpoint().port(); }

std::vector<ScriptedUpstream::Request> ScriptedUpstream::requests() const {
  const std::lock_guard lock(state_->mutex);
  return state_->seen;
}

bool ScriptedUpstream::wait_for_requests(std::size_t count) const {
  return state_->wait([&] { return state_->seen.size() >= count; });
}

bool ScriptedUpstream::wait_for_open(std::size_t count) const {
  return state_->wait([&] { return state_->open.size() == count; });
}

bool ScriptedUpstream::wait_for_holds(std::size_t count) const {
  return state_->wait([&] { return state_->held >= count; });
}

bool ScriptedUpstream::holds_now() const {
  const std::lock_guard lock(state_->mutex);
  return state_->held > 0;
}

void ScriptedUpstream::release() {
  asio::post(state_->context, [state = state_] {
    state->released = true;
    for (asio::steady_timer* timer : state->holds) timer->cancel();
  });
}

void ScriptedUpstream::close_idle() {
  asio::post(state_->context, [state = state_] {
    error_code ignored;
    {
      const std::lock_guard lock(state->mutex);
      state->doomed = state->open;
    }
    for (const auto& socket : state->idle) socket->close(ignored);
  });
}

}  // namespace twindow::test
