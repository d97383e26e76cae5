// SPDX-License-Identifier: Apache-2.0
// A reply that comes piece by piece.
#include <array>
#include <charconv>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "src/net/data_connection.h"

namespace twindow::net {

namespace {

namespace asio = boost::asio;

constexpr std::string_view kLastChunk = "0\r\n\r\n";

std::string chunk_size_line(std::size_t size) {
  std::array<char, 18> digits;
  const auto [end, error] = std::to_chars(digits.begin(), digits.end(), size, 16);
  return std::string(digits.begin(), end).append("\r\n");
}

}  // namespace

// Each piece goes out as it comes. False if the body could not be brought to its end: then the
// missing last chunk, or what is missing of its length, tells the peer.
Task<bool> DataConnection::stream(std::shared_ptr<wire::BodyStream> body, bool chunked,
                                  std::optional<std::uint64_t> length) {
  using namespace asio::experimental::awaitable_operators;
  while (true) {
    set_deadline(SteadyTime::max());
    auto won = co_await (next_piece(body) || socket_.peer_gone());
    if (won.index() == 1) co_return false;
    Piece& piece = std::get<0>(won);
    if (piece.failed) co_return false;
    if (piece.bytes && piece.bytes->empty()) continue;  // a chunk of 0 would be the last
    std::string size_line;
    std::string_view second = kLastChunk;
    if (piece.bytes) {
      if (chunked) {
        size_line = chunk_size_line(piece.bytes->size());
        piece.bytes->append("\r\n");
      }
      second = *piece.bytes;
    }
    std::string_view first = size_line;
    if (!piece.bytes && !chunked) co_return !length || *length == 0;
    if (piece.bytes && length) {
      if (piece.bytes->size() > *length) co_return false;
      *length -= piece.bytes->size();
    }
    const bool sent = co_await send(first, second);
    if (!sent || !piece.bytes) co_return sent;
  }
}

// Not an exception: `||` above would wait for the peer to go.
Task<DataConnection::Piece> DataConnection::next_piece(std::shared_ptr<wire::BodyStream> body) {
  Piece piece;
  try {
    piece.bytes = co_await body->next();
  } catch (...) {
    piece.failed = true;
  }
  co_return piece;
}

}  // namespace twindow::net
