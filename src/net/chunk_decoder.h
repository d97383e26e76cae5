// SPDX-License-Identifier: Apache-2.0
// The chunked transfer coding (RFC 9112 section 7.1), decoded piece by piece. Beast's parser wants
// the whole of a chunk's line or trailer in one buffer and lets bare LF and any number of
// extension bytes pass, so this is our own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "src/net/refusal.h"

namespace twindow::net {

// One body. Extensions and trailers are checked for stray bytes and dropped, up to
// limits::kChunkExtraBytesMax in all. Malformed: 400; a body above `body_bytes_max`: 413, as soon
// as the size of the chunk that passes it is known.
class ChunkDecoder {
 public:
  explicit ChunkDecoder(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  // Appends what `bytes` hold of the body to `body`, and returns how many were used up: all,
  // unless the body ended or was refused before.
  std::size_t feed(std::string_view bytes, std::string& body);

  bool done() const { return state_ == State::Done; }
  bool refused() const { return state_ == State::Refused; }
  const Refusal& refusal() const { return refusal_; }

 private:
  enum class State {
    SizeBegin,  // at the first digit
    Size,
    SpaceBeforeExtension,
    Extension,
    SizeEnd,  // at the LF of the size's line
    Data,
    DataCr,
    DataLf,
    TrailerBegin,  // at a trailer's first byte, or the CR that ends the body
    TrailerName,
    TrailerValue,
    TrailerEnd,
    BodyEnd,
    Done,
    Refused,
  };
  State after(char c, std::size_t body_size);
  State after_size_digit(char c);
  State after_size_line(std::size_t body_size);
  State after_trailer_byte(char c);
  State after_extra(char c, State same);
  State refuse(int status, std::string_view detail);

  std::size_t body_bytes_max_;
  State state_ = State::SizeBegin;
  unsigned size_digits_ = 0;
  std::uint64_t left_ = 0;  // of the chunk
  std::size_t extra_bytes_ = 0;
  Refusal refusal_{0, {}};
};

}  // namespace twindow::net
