// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/upstream_client.h"

#include <atomic>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "twindow/base/run_on.h"

#include "src/net/hop_by_hop.h"
#include "src/net/tls_client.h"
#include "src/net/upstream_request.h"
#include "src/net/upstream_shard.h"
#include "src/net/write_turn.h"

namespace twindow::net {

namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using wire::UpstreamFailure;
using wire::UpstreamFault;
using wire::UpstreamReply;

std::string milliseconds(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + " ms";
}

// Null if it is a strand's or a foreign one's.
const asio::execution_context* context_of(const asio::any_io_executor& executor) {
  const auto* plain = executor.target<asio::io_context::executor_type>();
  if (plain == nullptr) return nullptr;
  return &asio::query(*plain, asio::execution::context);
}

}  // namespace

struct UpstreamClient::State : std::enable_shared_from_this<State> {
  State(IoThreads& io, UpstreamOptions chosen) : threads(io), options(std::move(chosen)) {
    for (unsigned i = 0; i < threads.size(); ++i) {
      shards.push_back(std::make_unique<UpstreamShard>(threads.context(i), options));
    }
  }

  UpstreamShard* shard_of(const asio::any_io_executor& executor);
  UpstreamShard& next_shard() { return *shards[turn.fetch_add(1) % shards.size()]; }

  UpstreamServer server_of(const wire::UpstreamCall& call) const;
  Task<UpstreamReply> exchange(UpstreamShard& shard, wire::UpstreamCall call);
  Task<Expected<UpstreamLease, UpstreamFailure>> open(UpstreamShard& shard, UpstreamServer to);
  Task<UpstreamReply> talk(UpstreamShard& shard, UpstreamLease& lease, std::string_view head,
                           const wire::UpstreamCall& call);
  Task<UpstreamReply> answer_with(UpstreamShard& shard, UpstreamLease& lease, AnswerHead head,
                                  std::string body);

  IoThreads& threads;
  const UpstreamOptions options;
  std::unique_ptr<TlsClient> tls;
  std::vector<std::unique_ptr<UpstreamShard>> shards;
  std::atomic<unsigned> turn = 0;
};

namespace {

using SharedState = std::shared_ptr<UpstreamClient::State>;

// What is left of an answer, read as fast as its reader takes it.
class UpstreamBody final : public wire::BodyStream {
 public:
  UpstreamBody(SharedState state, UpstreamShard& shard, UpstreamLease lease, std::string first)
      : state_(std::move(state)),
        shard_(shard),
        lease_(std::move(lease)),
        first_(std::move(first)) {}

  // The connection goes where it lives; without threads it goes at once.
  ~UpstreamBody() override {
    if (!lease_ || shard_.context().get_executor().running_in_this_thread() ||
        !state_->threads.running()) {
      return;
    }
    auto lease = std::make_shared<UpstreamLease>(std::move(lease_));
    asio::post(shard_.context(), [state = state_, lease]() mutable { lease.reset(); });
  }

  Task<std::optional<std::string>> next() override {
    const auto executor = co_await asio::this_coro::executor;
    Task<std::optional<std::string>> piece = read();
    if (context_of(executor) == &shard_.context()) {
      auto here = co_await std::move(piece);
      co_return here;
    }
    auto there = co_await run_on(shard_.context().get_executor(), std::move(piece));
    co_return there;
  }

 private:
  Task<std::optional<std::string>> read() {
    if (!first_.empty()) co_return std::exchange(first_, std::string());
    if (!lease_) co_return std::nullopt;
    std::string piece;
    if (!lease_->body_done()) {
      lease_->set_deadline(steady_clock::now() + state_->options.gap_time);
      const std::optional<UpstreamFailure> failure = co_await lease_->read_body(piece);
      lease_->set_deadline(SteadyTime::max());
      // The reader's own reader must not take what came for the whole.
      if (failure) throw std::runtime_error(failure->detail);
    }
    if (lease_->body_done()) lease_.give_back();
    if (piece.empty()) co_return std::nullopt;
    co_return piece;
  }

  SharedState state_;
  UpstreamShard& shard_;
  UpstreamLease lease_;
  std::string first_;
};

}  // namespace

UpstreamShard* UpstreamClient::State::shard_of(const asio::any_io_executor& executor) {
  const asio::execution_context* here = context_of(executor);
  for (const auto& shard : shards) {
    if (here == &shard->context()) return shard.get();
  }
  return nullptr;
}

UpstreamServer UpstreamClient::State::server_of(const wire::UpstreamCall& call) const {
  if (options.one_for_all) return *options.one_for_all;
  return {.host = call.host};
}

Task<UpstreamReply> UpstreamClient::State::exchange(UpstreamShard& shard, wire::UpstreamCall call) {
  const SharedState self = shared_from_this();
  shard.start_sweep(self);
  const UpstreamServer server = server_of(call);
  const std::string head = upstream_request_head(call);
  const bool is_safe = call.method == "GET" || call.method == "HEAD";
  if (shard.in_use()) {
    co_await turn_to_write(shard.context());
  }
  {
    UpstreamLease kept = shard.take(server);
    if (kept) {
      UpstreamReply reply = co_await talk(shard, kept, head, call);
      if (reply || reply.error().fault != UpstreamFault::Broken) co_return reply;
      const bool again = !reply.error().may_have_arrived || (is_safe && !kept->was_answered());
      if (!again) co_return reply;
    }
  }
  auto fresh = co_await open(shard, server);
  if (!fresh) co_return Unexpected(std::move(fresh).error());
  UpstreamReply reply = co_await talk(shard, *fresh, head, call);
  co_return reply;
}

Task<Expected<UpstreamLease, UpstreamFailure>> UpstreamClient::State::open(UpstreamShard& shard,
                                                                           UpstreamServer to) {
  const auto until = steady_clock::now() + options.connect_time;
  const auto failed = [&](const Error& error) {
    std::string why = to.host + ": " + error.detail;
    if (error.code == Errc::TimedOut) {
      why = to.host + ": no connection within " + milliseconds(options.connect_time);
    }
    return Unexpected(UpstreamFailure{.fault = UpstreamFault::NotConnected, .detail = why});
  };
  Result<Endpoints> found = co_await shard.names.find(to.host, to.port, until);
  if (!found) co_return failed(found.error());
  auto socket = co_await connect_first(*std::move(found), until);
  if (!socket) co_return failed(socket.error());
  UpstreamLease lease = shard.lease(to, *std::move(socket));
  if (to.tls) {
    lease->set_deadline(until);
    const std::string why = co_await lease->shake_hands(*tls);
    if (lease->expired()) co_return failed(Error{Errc::TimedOut});
    if (!why.empty()) co_return Unexpected(lease->failure(UpstreamFault::NotTrusted, why));
  }
  co_return lease;
}

// One request and its answer. The connection is given back, or goes on with the reply's body, or
// stays in the lease: with what went wrong.
Task<UpstreamReply> UpstreamClient::State::talk(UpstreamShard& shard, UpstreamLease& lease,
                                                std::string_view head,
                                                const wire::UpstreamCall& call) {
  lease->set_deadline(steady_clock::now() + options.answer_time);
  std::string_view body = call.body;
  bool sent = lease->send_now(head, body);
  if (sent && !(head.empty() && body.empty())) {
    sent = co_await lease->send_rest(head, body);
  }
  // A server that has seen enough may answer and close before it has read all.
  if (!sent && !lease->has_written()) {
    co_return Unexpected(lease->failure(UpstreamFault::Broken, "the connection was closed"));
  }
  auto answer = co_await lease->read_head(call.method == "HEAD", options.head_bytes_max);
  if (!answer) co_return Unexpected(std::move(answer).error());
  drop_hop_by_hop(answer->headers);
  std::string begun = lease->first_of_body();
  if (lease->body_done()) {
    lease.give_back();
    co_return wire::HttpReply{
        .status = answer->status, .headers = std::move(answer->headers), .body = std::move(begun)};
  }
  UpstreamReply reply = co_await answer_with(shard, lease, *std::move(answer), std::move(begun));
  co_return reply;
}

// `body` is what has come of it.
Task<UpstreamReply> UpstreamClient::State::answer_with(UpstreamShard& shard, UpstreamLease& lease,
                                                       AnswerHead head, std::string body) {
  wire::HttpReply reply{.status = head.status, .headers = std::move(head.headers)};
  if (head.framing == Framing::Sized && head.length <= options.whole_bytes_max) {
    while (!lease->body_done()) {
      lease->set_deadline(steady_clock::now() + options.gap_time);
      const std::optional<UpstreamFailure> failure = co_await lease->read_body(body);
      if (failure) co_return Unexpected(*failure);
    }
  } else if (!lease->body_done()) {
    const auto failure = lease->read_body_now(body, options.whole_bytes_max);
    if (failure) co_return Unexpected(*failure);
  }
  if (lease->body_done()) {
    lease.give_back();
    reply.body = std::move(body);
    co_return reply;
  }
  lease->set_deadline(SteadyTime::max());
  reply.body =
      std::make_shared<UpstreamBody>(shared_from_this(), shard, std::move(lease), std::move(body));
  co_return reply;
}

Result<std::unique_ptr<UpstreamClient>> UpstreamClient::create(IoThreads& threads,
                                                               UpstreamOptions options) {
  auto state = std::make_shared<State>(threads, std::move(options));
  const auto& only = state->options.one_for_all;
  if (!only || only->tls) state->tls = TWINDOW_TRY(TlsClient::create(state->options.ca_file));
  return std::unique_ptr<UpstreamClient>(new UpstreamClient(std::move(state)));
}

UpstreamClient::UpstreamClient(std::shared_ptr<State> state) : state_(std::move(state)) {}
UpstreamClient::~UpstreamClient() {
  for (const auto& shard : state_->shards) {
    asio::post(shard->context(), [state = state_, &shard = *shard] { shard.keep_no_more(); });
  }
}

Task<UpstreamReply> UpstreamClient::exchange(wire::UpstreamCall call) {
  const SharedState state = state_;
  const auto executor = co_await asio::this_coro::executor;
  if (UpstreamShard* const here = state->shard_of(executor)) {
    UpstreamReply reply = co_await state->exchange(*here, std::move(call));
    co_return reply;
  }
  UpstreamShard& shard = state->next_shard();
  Task<UpstreamReply> work = state->exchange(shard, std::move(call));
  UpstreamReply reply = co_await run_on(shard.context().get_executor(), std::move(work));
  co_return reply;
}

wire::Upstream UpstreamClient::upstream() {
  return [this](wire::UpstreamCall call) { return exchange(std::move(call)); };
}

}  // namespace twindow::net
