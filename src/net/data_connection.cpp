// SPDX-License-Identifier: Apache-2.0
#include "src/net/data_connection.h"

#include <algorithm>

#include "twindow/base/limits.h"

#include "src/net/chunk_decoder.h"
#include "src/net/errors_by_value.h"
#include "src/net/write_turn.h"

namespace twindow::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::size_t kBodyStep = 64 * 1024;

}  // namespace

DataConnection::DataConnection(std::shared_ptr<DataServerState> state, Shard& shard,
                               tcp::socket socket, std::string peer, bool surplus)
    : state_(std::move(state)),
      shard_(shard),
      socket_(std::move(socket)),
      peer_(std::move(peer)),
      surplus_(surplus) {}

DataConnection::~DataConnection() {
  if (place_in_shard != kNowhere) shard_.remove(*this);
  socket_.close();
  uncount();
}

void DataConnection::uncount() {
  if (!std::exchange(counted_, false)) return;
  state_->connections.fetch_sub(1);
  shard_.open.fetch_sub(1);
  state_->notify();
}

void DataConnection::close() {
  socket_.close();
  uncount();
}

void DataConnection::set_deadline(SteadyTime deadline) {
  deadline_ = deadline;
  expired_ = false;
}

void DataConnection::check_deadline(SteadyTime now) {
  if (now < deadline_) return;
  expired_ = true;
  socket_.cancel();
}

Task<void> DataConnection::run(std::unique_ptr<DataConnection> self) {
  self->shard_.add(*self);
  self->shard_.start_sweep(self->state_);
  bool open = true;
  if (self->state_->options.tls_from_start) {
    open = co_await self->start_tls(self->socket_.local_address());
  }
  if (open && self->surplus_) {
    self->begin_exchange();
    const Refusal refusal{503, "There are too many connections."};
    open = co_await self->refuse(refusal);
  }
  while (open) {
    if (self->buffer_.empty()) {
      open = co_await self->wait_for_bytes();
    }
    if (open) {
      open = co_await self->answer_one();
    }
  }
}

// A connection that was just answered is likely to be used again, so at first it waits in a read,
// which costs one system call less than waiting and then reading. After some silence it is parked:
// the memory goes, and only readability is waited for.
Task<bool> DataConnection::wait_for_bytes() {
  const SteadyTime now = steady_clock::now();
  const SteadyTime end = now + state_->options.idle_time;
  bool parked = false;
  idle_ = true;
  set_deadline(now + std::min(state_->options.idle_time / 4, limits::kParkAfter));
  while (!state_->draining) {
    error_code error;
    if (parked) {
      const bool ready = co_await socket_.wait_readable();
      if (!ready) break;
    }
    const asio::mutable_buffer room = buffer_.room();
    std::size_t bytes = 0;
    if (parked) {
      bytes = socket_.read_now(room, error);
    } else if (socket_.is_tls()) {
      bytes = co_await socket_.read_some(room);
    } else {
      bytes = co_await socket_.tcp().async_read_some(room, into(error));
    }
    if (bytes > 0) {
      buffer_.commit(bytes);
      idle_ = false;
      co_return true;
    }
    if (parked && would_block(error)) continue;
    if (parked || !expired_ || !socket_.is_open()) break;
    buffer_.release();
    out_ = std::string();
    parked = true;
    set_deadline(end);
  }
  idle_ = false;
  co_return false;
}

// 0 when the peer or the time has come to its end.
Task<std::size_t> DataConnection::read_more() {
  const asio::mutable_buffer room = buffer_.room();
  const std::size_t bytes = co_await socket_.read_some(room);
  buffer_.commit(bytes);
  co_return bytes;
}

void DataConnection::begin_exchange() {
  const bool connects = state_->options.connect != nullptr && !socket_.is_tls();
  exchange_.emplace(state_->options.head_bytes_max, connects);
  exchange_->started = steady_clock::now();
}

// Of a scanned one.
Expected<RequestHead, Refusal> DataConnection::take_head() {
  const HeadScanner& scanner = exchange_->scanner;
  exchange_->bytes_in = exchange_->request_size = scanner.head_end();
  exchange_->to_head = scanner.method(buffer_.view()) == "HEAD";
  return parse_head(
      buffer_.view().substr(scanner.head_begin(), scanner.head_end() - scanner.head_begin()),
      state_->options.body_bytes_max);
}

// Without its body. Takes the headers.
wire::HttpCall DataConnection::call_of(RequestHead& head) const {
  return {.method = std::string(head.method),
          .target = std::string(head.target),
          .headers = std::move(head.headers),
          .peer = peer_,
          .tls = socket_.is_tls(),
          .server_name = socket_.server_name()};
}

// False if the connection is over.
Task<bool> DataConnection::answer_one() {
  const Shard::Answering counted(shard_);
  begin_exchange();
  HeadScanner::State found = exchange_->scanner.scan(buffer_.view());
  if (found == HeadScanner::State::NeedsMore) {
    found = co_await read_head();
    if (found == HeadScanner::State::NeedsMore) co_return false;
  }
  if (found == HeadScanner::State::Refused) {
    const bool open = co_await refuse(exchange_->scanner.refusal());
    co_return open;
  }
  auto head = take_head();
  if (!head) {
    const bool open = co_await refuse(head.error());
    co_return open;
  }
  exchange_->http10 = head->http10;
  if (head->method == "CONNECT") {
    const bool open = co_await answer_connect(*head);
    co_return open;
  }
  wire::HttpCall call = call_of(*head);
  if (!take_buffered_body(*head, call.body)) {
    const Body end = co_await read_body(*head, call.body);
    if (end == Body::Gone) co_return false;
    if (end == Body::Refused) {
      const bool open = co_await refuse(exchange_->refusal);
      co_return open;
    }
  }
  exchange_->keeps_alive = head->keeps_alive;
  set_deadline(SteadyTime::max());
  wire::HttpReply reply;
  bool failed = false;
  try {
    reply = co_await state_->handler(std::move(call));
  } catch (...) {
    failed = true;
  }
  if (failed) reply = error_reply(500, "The request could not be handled.");
  if (reply.ending == wire::HttpReply::Ending::Reset) {
    log(reply);
    socket_.reset();
    co_return false;
  }
  if (shard_.answers_others()) {
    co_await turn_to_write(shard_.context());
  }
  Pending pending = begin_reply(reply);
  bool sent = pending.healthy;
  if (pending.waits()) {
    sent = co_await finish_reply(std::move(pending));
  }
  log(reply);
  if (reply.ending == wire::HttpReply::Ending::Half) {
    socket_.finish_writing();  // so that the half is not lost with the reset of what is unread
    co_return false;
  }
  buffer_.consume(exchange_->request_size);
  const bool open = sent && exchange_->keeps_alive;
  // Closing with unread bytes would reset the connection, and the peer might lose the answer.
  if (sent && !open && !buffer_.empty()) {
    co_await linger();
  }
  co_return open;
}

// Complete or Refused; NeedsMore if the connection ended, or the time (then it was answered).
Task<HeadScanner::State> DataConnection::read_head() {
  set_deadline(exchange_->started + state_->options.head_time);
  HeadScanner::State found = HeadScanner::State::NeedsMore;
  while (found == HeadScanner::State::NeedsMore) {
    const std::size_t bytes = co_await read_more();
    if (bytes == 0) break;
    found = exchange_->scanner.scan(buffer_.view());
  }
  if (found == HeadScanner::State::NeedsMore && expired_) {
    const Refusal late{408, "The request's head took too long to come."};
    co_await refuse(late);
  }
  co_return found;
}

// True if that is the whole body.
bool DataConnection::take_buffered_body(const RequestHead& head, std::string& body) {
  if (head.chunked) return false;
  if (head.content_length == 0) return true;
  const std::string_view buffered = buffer_.view().substr(exchange_->request_size);
  const auto size = static_cast<std::size_t>(head.content_length);
  body.assign(buffered.substr(0, size));
  exchange_->request_size += body.size();
  exchange_->bytes_in += body.size();
  return body.size() == size;
}

Task<DataConnection::Body> DataConnection::read_body(const RequestHead& head, std::string& body) {
  set_deadline(steady_clock::now() + state_->options.body_time);
  if (head.expects_continue && buffer_.view().size() == exchange_->scanner.head_end()) {
    const bool sent = co_await send(kContinue);
    if (!sent) co_return Body::Gone;
    set_deadline(steady_clock::now() + state_->options.body_time);
  }
  Body end = Body::Gone;
  if (head.chunked) {
    end = co_await read_chunked_body(body);
  } else {
    end = co_await read_sized_body(static_cast<std::size_t>(head.content_length), body);
  }
  co_return end;
}

// Straight into the body, which grows as it comes: a length that is only claimed costs nothing.
Task<DataConnection::Body> DataConnection::read_sized_body(std::size_t size, std::string& body) {
  body.reserve(size);
  while (body.size() < size) {
    const std::size_t before = body.size();
    body.resize(before + std::min(size - before, kBodyStep));
    const asio::mutable_buffer room(body.data() + before, body.size() - before);
    const std::size_t bytes = co_await socket_.read_some(room);
    body.resize(before + bytes);
    exchange_->bytes_in += bytes;
    if (bytes == 0) co_return end_of_bytes();
  }
  co_return Body::Complete;
}

// The head stays at the front of the buffer, for the log line; the chunks pass behind it.
Task<DataConnection::Body> DataConnection::read_chunked_body(std::string& body) {
  const std::size_t head_size = exchange_->scanner.head_end();
  ChunkDecoder decoder(state_->options.body_bytes_max);
  while (true) {
    const std::size_t used = decoder.feed(buffer_.view().substr(head_size), body);
    exchange_->bytes_in += used;
    if (decoder.done()) {
      exchange_->request_size = head_size + used;
      co_return Body::Complete;
    }
    if (decoder.refused()) {
      exchange_->refusal = decoder.refusal();
      co_return Body::Refused;
    }
    buffer_.truncate(head_size);
    const std::size_t bytes = co_await read_more();
    if (bytes == 0) co_return end_of_bytes();
  }
}

DataConnection::Body DataConnection::end_of_bytes() {
  if (!expired_) return Body::Gone;
  exchange_->refusal = {408, "The request's body took too long to come."};
  return Body::Refused;
}

wire::HttpReply DataConnection::error_reply(int status, std::string_view detail) {
  wire::HttpReply reply = state_->error_reply(status, detail);
  if (status == 405) {
    reply.headers.push_back({"Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"});
  }
  return reply;
}

// Always false: the connection is over, since nobody knows where the next request would begin.
Task<bool> DataConnection::refuse(Refusal refusal) {
  exchange_->keeps_alive = false;
  wire::HttpReply reply = error_reply(refusal.status, refusal.detail);
  const bool sent = co_await respond(std::move(reply));
  if (sent) {
    co_await linger();
  }
  co_return false;
}

// True if all of the reply was taken by the socket.
Task<bool> DataConnection::respond(wire::HttpReply reply) {
  Pending pending = begin_reply(reply);
  bool sent = pending.healthy;
  if (pending.waits()) {
    sent = co_await finish_reply(std::move(pending));
  }
  log(reply);
  co_return sent;
}

// Nearly always the socket takes all of a reply at once, for which no coroutine is made.
DataConnection::Pending DataConnection::begin_reply(wire::HttpReply& reply) {
  if (!is_sendable(reply)) reply = error_reply(500, "The reply was malformed.");
  auto* const streamed = std::get_if<std::shared_ptr<wire::BodyStream>>(&reply.body);
  const bool with_body = has_body(reply.status, exchange_->to_head);
  Pending pending;
  if (streamed != nullptr) pending.length = length_of_stream(reply);
  pending.chunked =
      streamed != nullptr && !pending.length && !exchange_->http10 && reply.status != 204;
  const bool to_the_close = streamed != nullptr && !pending.chunked && !pending.length;
  if (state_->draining || to_the_close) exchange_->keeps_alive = false;
  const ReplyFrame frame{.to_head = exchange_->to_head,
                         .keeps_alive = exchange_->keeps_alive,
                         .chunked = pending.chunked,
                         .sized = pending.length.has_value(),
                         .date = shard_.date.at(state_->clock.now())};
  out_.clear();
  append_reply_head(out_, reply, frame);
  pending.first = out_;
  if (with_body && streamed == nullptr) pending.second = std::get<std::string>(reply.body);
  if (reply.ending == wire::HttpReply::Ending::Half) {
    pending.second = pending.second.substr(0, pending.second.size() / 2);
  }
  if (with_body && streamed != nullptr) pending.stream = std::move(*streamed);
  pending.healthy = write_now(pending.first, pending.second);
  return pending;
}

Task<bool> DataConnection::finish_reply(Pending pending) {
  bool sent = co_await write_rest(pending.first, pending.second);
  if (sent && pending.stream != nullptr) {
    sent = co_await stream(std::move(pending.stream), pending.chunked, pending.length);
  }
  co_return sent;
}

// True if the socket took all of it.
Task<bool> DataConnection::send(std::string_view first, std::string_view second) {
  bool sent = write_now(first, second);
  if (sent && !(first.empty() && second.empty())) {
    sent = co_await write_rest(first, second);
  }
  co_return sent;
}

// As far as the socket takes it at once, which is nearly always all: no wait, no wake. What is
// left stays in the views. False if the connection is broken.
bool DataConnection::write_now(std::string_view& first, std::string_view& second) {
  std::size_t bytes = 0;
  const bool healthy = socket_.write_now(first, second, bytes);
  exchange_->bytes_out += bytes;
  return healthy;
}

Task<bool> DataConnection::write_rest(std::string_view first, std::string_view second) {
  bool healthy = true;
  while (healthy && !(first.empty() && second.empty())) {
    set_deadline(steady_clock::now() + state_->options.write_time);
    healthy = co_await socket_.wait_writable();
    healthy = healthy && write_now(first, second);
  }
  co_return healthy;
}

// After the last reply: the peer may still be sending. Closing now would reset the connection, and
// a reset can overtake the reply in the peer's kernel; so its bytes are dropped for a while.
Task<void> DataConnection::linger() {
  socket_.finish_writing();
  set_deadline(steady_clock::now() + limits::kLingerTime);
  std::size_t dropped = 0;
  while (dropped < limits::kLingerBytesMax) {
    buffer_.truncate(0);
    const std::size_t bytes = co_await read_more();
    if (bytes == 0) co_return;
    dropped += bytes;
  }
}

void DataConnection::log(const wire::HttpReply& reply) {
  if (!state_->call_log) return;
  const SteadyTime now = steady_clock::now();
  wire::CallLogEntry entry;
  entry.plane = "api";
  entry.peer = peer_;
  entry.method = exchange_->scanner.method(buffer_.view());
  entry.target = exchange_->scanner.target(buffer_.view());
  entry.route = reply.route;
  entry.subject = reply.subject;
  entry.status = reply.status;
  entry.bytes_in = exchange_->bytes_in;
  entry.bytes_out = exchange_->bytes_out;
  entry.took = std::chrono::duration_cast<std::chrono::microseconds>(now - exchange_->started);
  state_->call_log(entry);
}

}  // namespace twindow::net
