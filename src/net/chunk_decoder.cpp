// SPDX-License-Identifier: Apache-2.0
#include "src/net/chunk_decoder.h"

#include <algorithm>
#include <charconv>

namespace twindow::net {

namespace {
constexpr std::size_t kLineBytesMax = 4096;
constexpr std::size_t kTrailerBytesMax = 8192;
}  // namespace

ChunkDecoder::State ChunkDecoder::feed(std::string_view& bytes, std::string& body) {
  while (!bytes.empty()) {
    if (step_ == Step::Data) {
      if (take_data(bytes, body) == State::TooLarge) return State::TooLarge;
      continue;
    }
    const auto end = bytes.find('\n');
    line_.append(bytes.substr(0, end == std::string_view::npos ? end : end + 1));
    if (line_.size() > kLineBytesMax) return State::Garbled;
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (end == std::string_view::npos) return State::More;
    if (!line_.ends_with("\r\n")) return State::Garbled;
    const State state = take_line(std::string_view(line_).substr(0, line_.size() - 2));
    line_.clear();
    if (state != State::More) return state;
  }
  return State::More;
}

ChunkDecoder::State ChunkDecoder::take_data(std::string_view& bytes, std::string& body) {
  const auto piece = bytes.substr(0, data_left_);
  if (body.size() + piece.size() > body_bytes_max_) return State::TooLarge;
  body.append(piece);
  data_left_ -= piece.size();
  bytes.remove_prefix(piece.size());
  if (data_left_ == 0) step_ = Step::DataEnd;
  return State::More;
}

ChunkDecoder::State ChunkDecoder::take_line(std::string_view line) {
  if (line.find('\r') != std::string_view::npos) return State::Garbled;
  if (step_ == Step::DataEnd) {
    step_ = Step::Size;
    return line.empty() ? State::More : State::Garbled;
  }
  if (step_ == Step::Trailer) {
    trailer_bytes_ += line.size();
    if (trailer_bytes_ > kTrailerBytesMax) return State::Garbled;
    return line.empty() ? State::Done : State::More;
  }
  const auto size_end = std::min(line.find_first_of("; \t"), line.size());
  const auto last = line.data() + size_end;
  const auto [stop, error] = std::from_chars(line.data(), last, data_left_, 16);
  const bool negative = line.starts_with('-');  // from_chars has no opinion for unsigned numbers
  if (size_end == 0 || negative || error != std::errc() || stop != last) return State::Garbled;
  if (data_left_ > body_bytes_max_) return State::TooLarge;
  step_ = data_left_ == 0 ? Step::Trailer : Step::Data;
  return State::More;
}

}  // namespace twindow::net
