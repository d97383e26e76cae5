// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "src/wire/utf8.h"

namespace twindow::wire {

namespace {

// Bytes that can be copied as they are.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

// A number in its shortest form that reads back as the same.
class Digits {
 public:
  template <class Number>
  explicit Digits(Number number)
      : end_(std::to_chars(buffer_.data(), buffer_.data() + buffer_.size(), number).ptr) {}

  std::string_view text() const {
    return {buffer_.data(), static_cast<std::size_t>(end_ - buffer_.data())};
  }

 private:
  std::array<char, 32> buffer_;
  char* end_;
};

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

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (kPlain[static_cast<unsigned char>(text[at])]) {
      ++at;
      continue;
    }
    const Utf8Char c = utf8_at(text, at);
    const bool escape = c.valid && c.size == 1;
    if (c.valid && !escape) {
      at += c.size;
      continue;
    }
    out += text.substr(copied, at - copied);
    if (escape) {
      append_escape(out, text[at]);
    } else {
      out += kReplacementUtf8;
    }
    copied = ++at;
  }
  out += text.substr(copied);
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
  separate();
  append_json_string(out_, name);
  out_ += spaced_ ? ": " : ":";
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
  return std::isfinite(number) ? raw(Digits(number).text()) : value(nullptr);
}

JsonWriter& JsonWriter::integer(std::int64_t number) { return raw(Digits(number).text()); }
JsonWriter& JsonWriter::integer(std::uint64_t number) { return raw(Digits(number).text()); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  comma_ = true;
  return *this;
}

}  // namespace twindow::wire
