// SPDX-License-Identifier: Apache-2.0
// A chunked request body (RFC 9112 section 7.1), taken apart as it comes in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace twindow::net {

class ChunkDecoder {
 public:
  enum class State : std::uint8_t { More, Done, TooLarge, Garbled };

  explicit ChunkDecoder(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  // Takes from the front of `bytes` what belongs to the body and appends its content to `body`;
  // what is left after `Done` is the next request's. Extensions and trailers are read over; sizes
  // that are not plain hexadecimal digits, bare LFs and endless lines are garbled.
  State feed(std::string_view& bytes, std::string& body);

 private:
  enum class Step : std::uint8_t { Size, Data, DataEnd, Trailer };

  State take_data(std::string_view& bytes, std::string& body);
  State take_line(std::string_view line);

  std::size_t body_bytes_max_;
  Step step_ = Step::Size;
  std::size_t data_left_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::string line_;
};

}  // namespace twindow::net
