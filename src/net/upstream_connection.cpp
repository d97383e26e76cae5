// SPDX-License-Identifier: Apache-2.0
#include "src/net/upstream_connection.h"

#include <algorithm>
#include <limits>

#include <boost/asio/error.hpp>

#include "src/net/errors_by_value.h"

namespace twindow::net {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using wire::UpstreamFailure;
using wire::UpstreamFault;

constexpr int kInterimAnswersMax = 16;
constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

}  // namespace

UpstreamConnection::UpstreamConnection(UpstreamServer server, asio::ip::tcp::socket socket)
    : server_(std::move(server)), socket_(std::move(socket)) {}

UpstreamConnection::~UpstreamConnection() { socket_.close(); }

void UpstreamConnection::set_deadline(SteadyTime deadline) {
  deadline_ = deadline;
  expired_ = false;
}

void UpstreamConnection::check_deadline(SteadyTime now) {
  if (now < deadline_) return;
  expired_ = true;
  socket_.cancel();
}

Task<std::string> UpstreamConnection::shake_hands(TlsClient& client) {
  std::string why = co_await socket_.shake_hands_with(server_.host, client);
  co_return why;
}

UpstreamFailure UpstreamConnection::failure(UpstreamFault fault, std::string_view detail) const {
  return {.fault = fault,
          .may_have_arrived = written_ > 0,
          .detail = server_.host + ": " + std::string(detail)};
}

UpstreamFailure UpstreamConnection::broken() const {
  if (expired_) return failure(UpstreamFault::Late, "no answer in time");
  return failure(UpstreamFault::Broken, answered_
                                            ? "the connection ended in the middle of the answer"
                                            : "the connection ended without an answer");
}

bool UpstreamConnection::send_now(std::string_view& head, std::string_view& body) {
  answered_ = reusable_ = false;
  const bool healthy = socket_.write_now(head, body, written_);
  sent_ = healthy && head.empty() && body.empty();
  return healthy;
}

Task<bool> UpstreamConnection::send_rest(std::string_view head, std::string_view body) {
  while (!(head.empty() && body.empty())) {
    const bool ready = co_await socket_.wait_writable();
    if (!ready || expired_) co_return false;
    std::size_t bytes = 0;
    const bool healthy = socket_.write_now(head, body, bytes);
    written_ += bytes;
    if (!healthy) co_return false;
  }
  sent_ = true;
  co_return true;
}

Task<Expected<AnswerHead, UpstreamFailure>> UpstreamConnection::read_head(bool to_head,
                                                                          std::size_t bytes_max) {
  for (int interim = 0; interim <= kInterimAnswersMax; ++interim) {
    AnswerScanner scanner(bytes_max);
    auto found = scanner.scan(buffer_.view());
    while (found == AnswerScanner::State::NeedsMore) {
      const asio::mutable_buffer room = buffer_.room();
      std::size_t bytes = 0;
      if (socket_.is_tls()) {
        bytes = co_await socket_.read_some(room);
      } else {
        error_code ignored;
        bytes = co_await socket_.tcp().async_read_some(room, into(ignored));
      }
      if (bytes == 0) co_return Unexpected(broken());
      buffer_.commit(bytes);
      answered_ = true;
      found = scanner.scan(buffer_.view());
    }
    if (found == AnswerScanner::State::Refused) {
      co_return Unexpected(failure(UpstreamFault::Malformed, scanner.refusal()));
    }
    auto head = parse_answer_head(buffer_.view().substr(0, scanner.head_end()), to_head);
    if (!head) co_return Unexpected(failure(UpstreamFault::Malformed, head.error()));
    buffer_.consume(scanner.head_end());
    if (head->status / 100 == 1) continue;
    framing_ = head->framing;
    left_ = framing_ == Framing::Sized ? head->length : 0;
    chunks_.reset();
    if (framing_ == Framing::Chunked) chunks_.emplace(kNoLimit);
    body_done_ = framing_ == Framing::None || (framing_ == Framing::Sized && left_ == 0);
    reusable_ = head->keeps_alive && sent_;
    co_return *std::move(head);
  }
  co_return Unexpected(failure(UpstreamFault::Malformed, "there are too many interim answers"));
}

std::string UpstreamConnection::first_of_body() {
  std::string body;
  if (!body_done_ && !buffer_.empty()) take_buffered(body);
  return body;
}

// Of a chunk all that came; else as much as belongs to the body.
void UpstreamConnection::take_buffered(std::string& body) {
  const std::string_view bytes = buffer_.view();
  if (framing_ == Framing::Chunked) {
    const std::size_t used = chunks_->feed(bytes, body);
    buffer_.consume(used);
    body_done_ = chunks_->done();
    return;
  }
  const std::size_t size =
      framing_ == Framing::Sized
          ? static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()))
          : bytes.size();
  body.append(bytes.substr(0, size));
  buffer_.consume(size);
  if (framing_ != Framing::Sized) return;
  left_ -= size;
  body_done_ = left_ == 0;
}

void UpstreamConnection::take_chunks(std::string_view bytes, std::string& body) {
  const std::size_t used = chunks_->feed(bytes, body);
  body_done_ = chunks_->done();
  // Bytes that nobody asked for: what they are the next answer would be.
  if (used < bytes.size()) reusable_ = false;
}

// When there are no bytes any more.
std::optional<UpstreamFailure> UpstreamConnection::after_end(const error_code& error) {
  if (framing_ != Framing::ToClose || error != asio::error::eof || expired_) return broken();
  body_done_ = true;
  return std::nullopt;
}

Task<std::optional<UpstreamFailure>> UpstreamConnection::read_body(std::string& body) {
  const std::size_t before = body.size();
  if (!buffer_.empty()) take_buffered(body);
  while (!body_done_ && body.size() == before && !(chunks_ && chunks_->refused())) {
    error_code error;
    if (chunks_) {
      std::string raw(kPieceBytes / 4, '\0');
      const asio::mutable_buffer room(raw.data(), raw.size());
      const std::size_t bytes = co_await socket_.read_some(room, error);
      if (bytes == 0) co_return after_end(error);
      take_chunks(std::string_view(raw).substr(0, bytes), body);
      continue;
    }
    const std::size_t most =
        framing_ == Framing::Sized
            ? static_cast<std::size_t>(std::min<std::uint64_t>(left_, kPieceBytes))
            : kPieceBytes;
    body.resize(before + most);
    const asio::mutable_buffer room(body.data() + before, most);
    const std::size_t bytes = co_await socket_.read_some(room, error);
    body.resize(before + bytes);
    if (bytes == 0) co_return after_end(error);
    if (framing_ == Framing::Sized) {
      left_ -= bytes;
      body_done_ = left_ == 0;
    }
  }
  if (chunks_ && chunks_->refused()) {
    co_return failure(UpstreamFault::Malformed, chunks_->refusal().detail);
  }
  co_return std::nullopt;
}

std::optional<UpstreamFailure> UpstreamConnection::read_body_now(std::string& body,
                                                                 std::size_t bytes_max) {
  while (true) {
    if (!buffer_.empty()) take_buffered(body);
    if (chunks_ && chunks_->refused()) {
      return failure(UpstreamFault::Malformed, chunks_->refusal().detail);
    }
    if (body_done_ || body.size() >= bytes_max) return std::nullopt;
    error_code error;
    const std::size_t bytes = socket_.read_now(buffer_.room(), error);
    if (bytes > 0) {
      buffer_.commit(bytes);
      continue;
    }
    if (would_block(error)) return std::nullopt;
    return after_end(error);
  }
}

bool UpstreamConnection::make_idle() {
  if (!reusable_ || !body_done_ || !buffer_.empty()) return false;
  buffer_.release();
  set_deadline(SteadyTime::max());
  return true;
}

}  // namespace twindow::net
