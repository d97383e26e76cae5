// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/form.h"

#include <algorithm>
#include <array>

#include "twindow/base/ascii.h"

#include "src/wire/utf8.h"

namespace twindow::wire {

namespace {

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

// Decodes `text[begin, end)`; positions in errors are those of the whole text.
Result<std::string> decode(std::string_view text, std::size_t begin, std::size_t end) {
  std::string out(text.substr(begin, end - begin));
  std::size_t size = 0;
  unsigned bits = 0;
  for (std::size_t at = begin; at < end; ++at) {
    char c = text[at];
    if (!kPlain[static_cast<unsigned char>(c)]) {
      if (c == '+') {
        c = ' ';
      } else if (c == '%') {
        const int byte = escaped_byte(text.substr(0, end), at);
        if (byte < 0) return broken(at, "two hexadecimal digits after '%'");
        c = static_cast<char>(byte);
        if (c == '\0') return broken(at, "text, found an escaped NUL");
        at += 2;
      } else {
        return broken(at, "text, found a NUL");
      }
    }
    bits |= static_cast<unsigned char>(c);
    out[size++] = c;
  }
  out.resize(size);
  if (bits >= 0x80 && find_invalid_utf8(out) != std::string_view::npos) {
    return broken(begin, "UTF-8 in the name or value that begins here");
  }
  return out;
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
  params.reserve(static_cast<std::size_t>(std::ranges::count(text, '&')) + 1);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('&', begin), text.size());
    if (end != begin) {
      // Within the pair only: a search to the end of the text would be quadratic.
      const std::size_t equals = std::min(text.substr(0, end).find('=', begin), end);
      auto name = TWINDOW_TRY(decode(text, begin, equals));
      auto value = TWINDOW_TRY(decode(text, std::min(equals + 1, end), end));
      params.push_back({std::move(name), std::move(value)});
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
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '%') {
      const int byte = escaped_byte(text, at);
      if (byte < 0) return std::nullopt;
      c = static_cast<char>(byte);
      at += 2;
    }
    if (c == '\0') return std::nullopt;
    out += c;
  }
  return out;
}

}  // namespace twindow::wire
