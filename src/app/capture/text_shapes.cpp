// SPDX-License-Identifier: Apache-2.0
#include "src/app/capture/text_shapes.h"

#include <algorithm>

namespace twindow::app {

namespace {

constexpr std::size_t kPlaceholderMax = 16;  // Twilio's bound of a variable's name

}  // namespace

std::size_t sid_end(std::string_view text, std::size_t at) {
  const std::size_t end = at + 2 + kSidDigits;
  const bool inside = at > 0 && (is_letter(text[at - 1]) || is_digit(text[at - 1]));
  if (inside || end > text.size() || !is_upper(text[at]) || !is_upper(text[at + 1])) return at;
  if (run_end(text, at + 2, is_hex) != end) return at;
  return end < text.size() && (is_letter(text[end]) || is_digit(text[end])) ? at : end;
}

std::size_t placeholder_end(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with("{{")) return at;
  const auto is_blank = [](char c) { return c == ' '; };
  const auto is_name = [](char c) { return is_letter(c) || is_digit(c) || c == '_'; };
  const std::size_t name = run_end(text, at + 2, is_blank);
  const std::size_t behind = run_end(text, name, is_name);
  const std::size_t end = run_end(text, behind, is_blank);
  const bool fits = behind > name && behind - name <= kPlaceholderMax;
  return fits && text.substr(end).starts_with("}}") ? end + 2 : at;
}

bool is_escape(std::string_view text) {
  return text.size() >= 3 && text[0] == '%' && is_any_hex(text[1]) && is_any_hex(text[2]);
}

std::size_t url_end(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (!rest.starts_with("http://") && !rest.starts_with("https://")) return at;
  return std::min(text.find_first_of(" \t\r\n\"<>|", at), text.size());
}

}  // namespace twindow::app
