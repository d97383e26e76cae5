// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "twindow/base/eight_bytes.h"
#include "twindow/base/utf8.h"

namespace twindow::wire {

namespace {

// Bytes that can be copied as they are.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

// How many bytes from `at` can be copied as they are. A reply of 900 bytes is mostly such,
// and looking at each is what writing it costs.
std::size_t skip_plain(std::string_view text, std::size_t at) {
  at += skip_eights(text.substr(at), [](EightBytes bytes) {
    return any_above_ascii(bytes) | any_below(bytes, 0x20) | any_is(bytes, '"') |
           any_is(bytes, '\\');
  });
  while (at < text.size() && kPlain[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    default:
      break;
  }
  out += "\\u00";
  out += kHex[static_cast<unsigned char>(c) >> 4];
  out += kHex[static_cast<unsigned char>(c) & 15];
}

// `text` as it stands between the quotes.
void append_escaped(std::string& out, std::string_view text) {
  std::size_t copied = 0;
  for (std::size_t at = skip_plain(text, 0); at < text.size(); at = skip_plain(text, at)) {
    const Utf8Char c = utf8_at(text, at);
    if (c.valid && c.size > 1) {
      at += c.size;
      continue;
    }
    out += text.substr(copied, at - copied);
    if (c.valid) {
      append_escape(out, text[at]);
    } else {
      out += kReplacementUtf8;
    }
    copied = ++at;
  }
  out += text.substr(copied);
}

using Buffer = std::array<char, 32>;

// A number in its shortest form that reads back as the same; lives as long as `buffer`.
template <class Number>
std::string_view digits_of(Number number, Buffer&& buffer) {
  char* const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

void JsonWriter::separate() {
  if (comma_) out_ += spaced_ ? ", " : ",";
}

JsonWriter& JsonWriter::begin(char bracket) {
  separate();
  out_ += bracket;
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
  out_ += bracket;
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  if (comma_) {
    out_ += spaced_ ? ", \"" : ",\"";
  } else {
    out_ += '"';
  }
  append_escaped(out_, name);
  out_ += spaced_ ? "\": " : "\":";
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  append_json_string(out_, text);
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  return std::isfinite(number) ? raw(digits_of(number, Buffer())) : value(nullptr);
}

JsonWriter& JsonWriter::integer(std::int64_t number) { return raw(digits_of(number, Buffer())); }
JsonWriter& JsonWriter::integer(std::uint64_t number) { return raw(digits_of(number, Buffer())); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  comma_ = true;
  return *this;
}

}  // namespace twindow::wire
