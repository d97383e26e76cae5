// SPDX-License-Identifier: Apache-2.0
#include "tests/net/upstream_fixture.h"

#include <csignal>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "twindow/base/run_on.h"

namespace twindow::test {

namespace {

template <class T>
using Promise = std::shared_ptr<std::promise<T>>;

template <class T>
Task<void> keep_promise(Task<T> task, Promise<T> promise) {
  try {
    T value = co_await std::move(task);
    promise->set_value(std::move(value));
  } catch (...) {
    promise->set_exception(std::current_exception());
  }
}

template <class T, class Executor>
std::future<T> run(const Executor& executor, Task<T> task) {
  auto promise = std::make_shared<std::promise<T>>();
  std::future<T> future = promise->get_future();
  boost::asio::co_spawn(executor, keep_promise(std::move(task), std::move(promise)),
                        boost::asio::detached);
  return future;
}

}  // namespace

UpstreamTest::UpstreamTest() {
  std::signal(SIGPIPE, SIG_IGN);  // as the program does
  threads_.run();
}

UpstreamTest::~UpstreamTest() {
  threads_.stop();
  threads_.discard();
}

void UpstreamTest::start(ScriptedUpstream::Script script, net::UpstreamOptions options) {
  upstream_ = std::make_unique<ScriptedUpstream>(std::move(script));
  connect_to({.tls = false, .host = "127.0.0.1", .port = upstream_->port()}, std::move(options));
}

void UpstreamTest::start_with(std::vector<Step> steps, net::UpstreamOptions options) {
  start([steps = std::move(steps)](const Request&) { return steps; }, std::move(options));
}

void UpstreamTest::connect_to(net::UpstreamServer server, net::UpstreamOptions options) {
  options.one_for_all = std::move(server);
  auto made = net::UpstreamClient::create(threads_, std::move(options));
  ASSERT_TRUE(made) << made.error().detail;
  client_ = *std::move(made);
}

wire::UpstreamCall UpstreamTest::get(std::string target) {
  return {.host = "api.twilio.com",
          .method = "GET",
          .target = std::move(target),
          .headers = {{"Host", "here"}, {"Accept", "*/*"}}};
}

wire::UpstreamCall UpstreamTest::post(std::string body) {
  const std::string length = std::to_string(body.size());
  return {.host = "api.twilio.com",
          .method = "POST",
          .target = "/2010-04-01/Accounts/AC0/Messages.json",
          .headers = {{"Host", "here"}, {"Content-Length", length}},
          .body = std::move(body)};
}

std::future<wire::UpstreamReply> UpstreamTest::begin(wire::UpstreamCall call) {
  return run(threads_.next().get_executor(), client_->exchange(std::move(call)));
}

std::future<wire::UpstreamReply> UpstreamTest::begin_on_strand(wire::UpstreamCall call) {
  return run(threads_.make_strand("test"), client_->exchange(std::move(call)));
}

wire::UpstreamReply UpstreamTest::exchange(wire::UpstreamCall call) {
  return result_of(begin(std::move(call)));
}

wire::UpstreamReply UpstreamTest::result_of(std::future<wire::UpstreamReply> reply) {
  if (reply.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
    ADD_FAILURE() << "no reply";
    return Unexpected(wire::UpstreamFailure{});
  }
  return reply.get();
}

std::optional<std::string> UpstreamTest::next_of(const wire::HttpReply& reply) {
  const auto stream = std::get<std::shared_ptr<wire::BodyStream>>(reply.body);
  return run(threads_.make_strand("reader"), stream->next()).get();
}

UpstreamTest::Body UpstreamTest::read(const wire::HttpReply& reply) {
  Body body;
  if (const auto* text = std::get_if<std::string>(&reply.body)) {
    body.bytes = *text;
    return body;
  }
  body.streamed = true;
  try {
    while (auto piece = next_of(reply)) {
      body.bytes += *piece;
      ++body.pieces;
    }
  } catch (const std::exception&) {
    body.broke = true;
  }
  return body;
}

}  // namespace twindow::test
