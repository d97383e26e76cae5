// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/content_coding.h"

#include <algorithm>
#include <array>
#include <memory>

#include <brotli/decode.h>
#include <zlib.h>

#include "twindow/base/ascii.h"

namespace twindow::wire {

namespace {

constexpr std::size_t kPieceBytes = 16 * 1024;

// zlib's windowBits: 32 more recognises gzip's head and zlib's by themselves; a negative number has
// neither, as some servers write "deflate".
constexpr int kAnyHead = MAX_WBITS + 32;
constexpr int kNoHead = -MAX_WBITS;

std::optional<std::string> inflated(std::string_view body, int window_bits, std::size_t bytes_max) {
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) return std::nullopt;
  const auto end = [](z_stream* used) { inflateEnd(used); };
  const std::unique_ptr<z_stream, decltype(end)> ended(&stream, end);
  // zlib takes its input as changeable, and does not change it.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  std::array<char, kPieceBytes> piece;
  std::string text;
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = kPieceBytes;
    state = inflate(&stream, Z_NO_FLUSH);
    text.append(piece.data(), kPieceBytes - stream.avail_out);
    if (text.size() > bytes_max) return std::nullopt;
  }
  if (state != Z_STREAM_END || stream.avail_in != 0) return std::nullopt;
  return text;
}

std::optional<std::string> unbrotlied(std::string_view body, std::size_t bytes_max) {
  const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> decoder(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &BrotliDecoderDestroyInstance);
  if (!decoder) return std::nullopt;
  const auto* in = reinterpret_cast<const std::uint8_t*>(body.data());
  std::size_t in_left = body.size();
  std::array<std::uint8_t, kPieceBytes> piece;
  std::string text;
  BrotliDecoderResult state = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
  while (state == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
    std::uint8_t* out = piece.data();
    std::size_t out_left = piece.size();
    state = BrotliDecoderDecompressStream(decoder.get(), &in_left, &in, &out_left, &out, nullptr);
    text.append(reinterpret_cast<const char*>(piece.data()), piece.size() - out_left);
    if (text.size() > bytes_max) return std::nullopt;
  }
  if (state != BROTLI_DECODER_RESULT_SUCCESS || in_left != 0) return std::nullopt;
  return text;
}

}  // namespace

std::optional<std::string> decode_content(std::string_view body, std::string_view encoding,
                                          std::size_t bytes_max) {
  const auto is = [&](std::string_view name) { return equals_ignoring_case(encoding, name); };
  if (body.size() > bytes_max) return std::nullopt;
  if (encoding.empty() || is("identity")) return std::string(body);
  if (is("gzip") || is("x-gzip")) return inflated(body, kAnyHead, bytes_max);
  if (is("br")) return unbrotlied(body, bytes_max);
  if (!is("deflate")) return std::nullopt;
  auto text = inflated(body, kAnyHead, bytes_max);
  return text ? text : inflated(body, kNoHead, bytes_max);
}

}  // namespace twindow::wire
