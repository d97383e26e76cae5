// SPDX-License-Identifier: Apache-2.0
#include "src/net/chunk_decoder.h"

#include <algorithm>

#include "twindow/base/limits.h"

#include "src/net/bytes.h"

namespace twindow::net {

namespace {

constexpr unsigned kSizeDigitsMax = 16;  // of a 64-bit number

// -1 if it is none.
int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool of_class(char c, std::uint8_t byte_class) {
  return (kByteClasses[static_cast<unsigned char>(c)] & byte_class) != 0;
}

}  // namespace

std::size_t ChunkDecoder::feed(std::string_view bytes, std::string& body) {
  std::size_t used = 0;
  while (used < bytes.size() && !done() && !refused()) {
    if (state_ == State::Data) {
      const std::size_t piece = std::min<std::uint64_t>(left_, bytes.size() - used);
      body.append(bytes.substr(used, piece));
      used += piece;
      left_ -= piece;
      if (left_ == 0) state_ = State::DataCr;
    } else {
      state_ = after(bytes[used], body.size());
      ++used;
    }
  }
  return used;
}

ChunkDecoder::State ChunkDecoder::refuse(int status, std::string_view detail) {
  refusal_ = {status, detail};
  return State::Refused;
}

ChunkDecoder::State ChunkDecoder::after(char c, std::size_t body_size) {
  switch (state_) {
    case State::SizeBegin:
      size_digits_ = 0;
      left_ = 0;
      if (hex_digit(c) < 0) return refuse(400, "A chunk does not begin with its size.");
      return after_size_digit(c);
    case State::Size:
      return after_size_digit(c);
    case State::SpaceBeforeExtension:
      if (c != ';' && c != ' ' && c != '\t') return refuse(400, "A chunk's size is malformed.");
      return after_extra(c, c == ';' ? State::Extension : State::SpaceBeforeExtension);
    case State::Extension:
      return c == '\r' ? State::SizeEnd : after_extra(c, State::Extension);
    case State::SizeEnd:
      return c == '\n' ? after_size_line(body_size) : refuse(400, "A chunk has a bare CR.");
    case State::DataCr:
      return c == '\r' ? State::DataLf : refuse(400, "A chunk is longer than its size.");
    case State::DataLf:
      return c == '\n' ? State::SizeBegin : refuse(400, "A chunk does not end with CR LF.");
    case State::TrailerBegin:
      if (c == '\r') return State::BodyEnd;
      if (!of_class(c, kTokenByte)) return refuse(400, "A trailer has no proper name.");
      return after_extra(c, State::TrailerName);
    case State::TrailerName:
    case State::TrailerValue:
    case State::TrailerEnd:
      return after_trailer_byte(c);
    case State::BodyEnd:
      return c == '\n' ? State::Done : refuse(400, "The body does not end with CR LF.");
    case State::Data:
    case State::Done:
    case State::Refused:
      break;
  }
  return state_;
}

ChunkDecoder::State ChunkDecoder::after_size_digit(char c) {
  if (c == '\r') return State::SizeEnd;
  if (c == ';') return after_extra(c, State::Extension);
  if (c == ' ' || c == '\t') return after_extra(c, State::SpaceBeforeExtension);
  const int digit = hex_digit(c);
  if (digit < 0 || ++size_digits_ > kSizeDigitsMax) {
    return refuse(400, "A chunk's size is malformed.");
  }
  left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
  return State::Size;
}

ChunkDecoder::State ChunkDecoder::after_size_line(std::size_t body_size) {
  if (left_ == 0) return State::TrailerBegin;
  if (left_ > body_bytes_max_ - std::min(body_size, body_bytes_max_)) {
    return refuse(413, "The body is too large.");
  }
  return State::Data;
}

ChunkDecoder::State ChunkDecoder::after_trailer_byte(char c) {
  if (state_ == State::TrailerEnd) {
    return c == '\n' ? State::TrailerBegin : refuse(400, "A trailer has a bare CR.");
  }
  if (state_ == State::TrailerValue) {
    return c == '\r' ? State::TrailerEnd : after_extra(c, State::TrailerValue);
  }
  if (c == ':') return after_extra(c, State::TrailerValue);
  if (!of_class(c, kTokenByte)) return refuse(400, "A trailer has no proper name.");
  return after_extra(c, State::TrailerName);
}

ChunkDecoder::State ChunkDecoder::after_extra(char c, State same) {
  if (!of_class(c, kHeaderByte)) return refuse(400, "A chunk has a control byte in its line.");
  if (++extra_bytes_ > limits::kChunkExtraBytesMax) {
    return refuse(431, "The chunks' extensions and trailers are too long.");
  }
  return same;
}

}  // namespace twindow::net
