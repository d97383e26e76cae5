// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/form.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "twindow/base/ascii.h"
#include "twindow/base/eight_bytes.h"
#include "twindow/base/utf8.h"

namespace twindow::wire {

namespace {

constexpr std::size_t kParamsLikely = 8;

// The byte that the escape at `text[at]` stands for, or -1.
int escaped_byte(std::string_view text, std::size_t at) {
  if (text.size() - at < 3) return -1;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

Unexpected<Error> broken(std::size_t position, std::string_view expected) {
  return fail(Errc::InvalidParameter,
              "form, position " + std::to_string(position) + ": expected " + std::string(expected));
}

// Bytes that stand for themselves.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 1; c < 256; ++c) plain[c] = c != '%' && c != '+';
  return plain;
}();

// A text that is being decoded: it never gets longer, so it may be written where there is room for
// its encoded form.
struct Decoding {
  const char* from;
  const char* end;
  char* to;
  unsigned char bits = 0;  // of all bytes written one by one: 0x80 if one is not ASCII

  void put(char c, std::size_t read) {
    bits |= static_cast<unsigned char>(c);
    *to++ = c;
    from += read;
  }
};

// Eight bytes at a time while they are ASCII without '%' and NUL: most of what forms hold.
void decode_eights(Decoding& d) {
  for (; d.end - d.from >= 8; d.from += 8, d.to += 8) {
    const EightBytes bytes = load_eight(d.from);
    if ((any_above_ascii(bytes) | any_is(bytes, '%') | any_is(bytes, '\0')) != 0) return;
    const EightBytes decoded = bytes ^ ones_where(bytes, '+') * ('+' ^ ' ');
    std::memcpy(d.to, &decoded, sizeof decoded);
  }
}

// One by one, up to what stopped the eights and including it, or to the end. If that is broken:
// what was expected where it stopped.
std::string_view decode_bytes(Decoding& d) {
  while (d.from != d.end) {
    const char c = *d.from;
    if (kPlain[static_cast<unsigned char>(c)]) {
      d.put(c, 1);
      continue;
    }
    if (c == '+') {
      d.put(' ', 1);
      return {};
    }
    if (c != '%') return "text, found a NUL";
    const int byte = escaped_byte({d.from, d.end}, 0);
    if (byte < 0) return "two hexadecimal digits after '%'";
    if (byte == 0) return "text, found an escaped NUL";
    d.put(static_cast<char>(byte), 3);
    return {};
  }
  return {};
}

// Decodes `text[begin, end)` into `out`; positions in errors are those of the whole text.
Result<void> decode(std::string_view text, std::size_t begin, std::size_t end, std::string& out) {
  out.resize(end - begin);
  Decoding d{.from = text.data() + begin, .end = text.data() + end, .to = out.data()};
  while (d.from != d.end) {
    decode_eights(d);
    const std::string_view expected = decode_bytes(d);
    if (!expected.empty()) {
      return broken(static_cast<std::size_t>(d.from - text.data()), expected);
    }
  }
  out.resize(static_cast<std::size_t>(d.to - out.data()));
  if (d.bits >= 0x80 && find_invalid_utf8(out) != std::string_view::npos) {
    return broken(begin, "UTF-8 in the name or value that begins here");
  }
  return {};
}

void append_encoded(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.') {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      append_percent(out, c);
    }
  }
}

}  // namespace

std::optional<std::string_view> Form::first(std::string_view name) const {
  for (const Param& param : params_) {
    if (param.name == name && !param.value.empty()) return param.value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Form::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Param& param : params_) {
    if (param.name == name && !param.value.empty()) values.emplace_back(param.value);
  }
  return values;
}

bool Form::has(std::string_view name) const {
  return std::ranges::find(params_, name, &Param::name) != params_.end();
}

void Form::add(std::string_view name, std::string_view value) {
  params_.push_back({std::string(name), std::string(value)});
}

Result<Form> parse_form(std::string_view text) {
  std::vector<Param> params;
  params.reserve(kParamsLikely);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('&', begin), text.size());
    if (end != begin) {
      // Within the pair only: a search to the end of the text would be quadratic.
      const std::size_t equals = std::min(text.substr(0, end).find('=', begin), end);
      Param& param = params.emplace_back();
      TWINDOW_TRY(decode(text, begin, equals, param.name));
      TWINDOW_TRY(decode(text, std::min(equals + 1, end), end, param.value));
    }
    begin = end + 1;
  }
  return Form(std::move(params));
}

std::string encode_form(const std::vector<Param>& params) {
  std::string out;
  std::size_t size = 0;
  for (const Param& param : params) size += param.name.size() + param.value.size() + 10;
  out.reserve(size);
  for (const Param& param : params) {
    if (!out.empty()) out += '&';
    append_encoded(out, param.name);
    out += '=';
    append_encoded(out, param.value);
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
    } else {
      append_percent(out, c);
    }
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  std::size_t at = std::min(text.find('%'), text.size());
  std::string out(text.substr(0, at));  // most have nothing to decode
  out.reserve(text.size());
  for (; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      const int byte = escaped_byte(text, at);
      if (byte <= 0) return std::nullopt;
      c = static_cast<char>(byte);
      at += 2;
    }
    out += c;
  }
  return out;
}

}  // namespace twindow::wire
