// SPDX-License-Identifier: Apache-2.0
#include "src/app/masking.h"

#include <algorithm>
#include <array>
#include <optional>

namespace twindow::app {

namespace {

constexpr std::string_view kHidden = "•••";
constexpr std::size_t kSidLength = 34;    // two letters, 32 hexadecimal digits
constexpr std::size_t kTokenLength = 32;  // of Twilio's auth tokens
constexpr std::size_t kDigitsMin = 7;     // of a number with '+'
constexpr std::size_t kBareDigitsMin = 8;

// Every byte of every log line passes here, most of them several times: a table look-up each.
enum Class : unsigned char { kDigit = 1, kUpper = 2, kHex = 4, kWord = 8 };
constexpr auto kClasses = [] {
  std::array<unsigned char, 256> classes{};
  for (std::size_t c = '0'; c <= '9'; ++c) classes[c] = kDigit | kHex | kWord;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) classes[c] = kUpper | kWord | (c <= 'F' ? kHex : 0);
  for (std::size_t c = 'a'; c <= 'z'; ++c) classes[c] = kWord | (c <= 'f' ? kHex : 0);
  return classes;
}();

bool is_of(char c, Class wanted) { return (kClasses[static_cast<unsigned char>(c)] & wanted) != 0; }
bool is_digit(char c) { return is_of(c, kDigit); }
bool is_upper(char c) { return is_of(c, kUpper); }
bool is_hex(char c) { return is_of(c, kHex); }
bool is_word(char c) { return is_of(c, kWord); }

std::size_t count_while(std::string_view text, Class wanted) {
  std::size_t count = 0;
  while (count < text.size() && is_of(text[count], wanted)) ++count;
  return count;
}

// "%2B" and what double encoding makes of it, in front of `at`: no part of the word there.
bool follows_escape(std::string_view text, std::size_t at) {
  if (at < 3 || !is_hex(text[at - 1]) || !is_hex(text[at - 2])) return false;
  return text[at - 3] == '%' || (at >= 5 && text.substr(at - 5, 3) == "%25");
}

// Of one or behind one: the word there holds the digits of an escape, or text that begins inside.
bool follows_percent(std::string_view text, std::size_t at) {
  return (at > 0 && text[at - 1] == '%') || follows_escape(text, at);
}

bool begins_word(std::string_view text, std::size_t at) {
  return at == 0 || !is_word(text[at - 1]) || follows_escape(text, at);
}

bool follows_plus(std::string_view text, std::size_t at) {
  if (at >= 1 && text[at - 1] == '+') return true;
  const bool encoded = at >= 3 && (text[at - 1] == 'B' || text[at - 1] == 'b') &&
                       text[at - 2] == '2' && follows_escape(text, at);
  return encoded;
}

bool is_hex_text(std::string_view text) { return count_while(text, kHex) == text.size(); }

bool is_sid(std::string_view word) {
  return word.size() == kSidLength && is_upper(word[0]) && is_upper(word[1]) &&
         is_hex_text(word.substr(2));
}

bool is_token(std::string_view word) { return word.size() == kTokenLength && is_hex_text(word); }

struct Number {
  std::size_t length = 0;  // in the text, separators included
  std::size_t digits = 0;
  std::array<char, 2> first = {};
  std::array<char, 2> last = {};

  void add(char digit) {
    if (digits < first.size()) first[digits] = digit;
    last = {last[1], digit};
    ++digits;
  }
  void append_masked(std::string& out) const {
    out.append(first.data(), first.size()).append(kHidden).append(last.data(), last.size());
  }
};

// Digits, with at most one blank, dash, dot or bracket (or "%20") between two of them.
Number number_at(std::string_view text) {
  constexpr std::size_t kDigitsMax = 32;
  Number number;
  std::size_t i = 0;
  while (i < text.size() && number.digits < kDigitsMax) {
    if (is_digit(text[i])) {
      number.add(text[i++]);
      number.length = i;
      continue;
    }
    std::size_t gap = 0;
    while (i + gap < text.size() &&
           std::string_view(" -.()").find(text[i + gap]) != std::string_view::npos) {
      ++gap;
    }
    if (text.substr(i + gap).starts_with("%20")) gap += 3;
    if (gap == 0 || gap > 3) break;
    i += gap;
  }
  return number;
}

// Without '+' separators do not count: dates and addresses of machines are full of them.
Number bare_number_at(std::string_view text) {
  Number number;
  number.length = number.digits = count_while(text, kDigit);
  if (number.digits >= kBareDigitsMin) {
    number.first = {text[0], text[1]};
    number.last = {text[number.length - 2], text[number.length - 1]};
  }
  return number;
}

// What is to be masked of the word that begins at `at`, if it is a number.
std::optional<Number> number_of_word(std::string_view text, std::size_t at) {
  if (!is_digit(text[at])) return std::nullopt;
  const bool plus = follows_plus(text, at);
  const Number number = plus ? number_at(text.substr(at)) : bare_number_at(text.substr(at));
  const std::size_t end = at + number.length;
  const bool ends_word = end >= text.size() || !is_word(text[end]);
  if (!plus && !ends_word) return std::nullopt;
  if (number.digits < (plus ? kDigitsMin : kBareDigitsMin)) return std::nullopt;
  return number;
}

// "http://user:password@host" without what stands before '@'.
std::string without_userinfo(std::string_view text) {
  std::string result(text);
  for (auto at = result.find("://"); at != std::string::npos; at = result.find("://", at + 3)) {
    const auto end = std::min(result.find_first_of("/?# \"", at + 3), result.size());
    const auto sign = result.rfind('@', end);
    if (sign != std::string::npos && sign > at + 2 && sign < end) {
      result.replace(at + 3, sign - at - 3, kHidden);
    }
  }
  return result;
}

bool is_safe(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; }

void append_escaped(std::string& result, char c) {
  constexpr char kHexDigits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  result += {'\\', 'x', kHexDigits[byte >> 4], kHexDigits[byte & 15]};
}

// Names of query parameters whose values say nothing of a person.
constexpr std::array<std::string_view, 22> kHarmless{
    "Page",      "PageSize", "PageToken", "limit",     "before", "after",       "type", "account",
    "state",     "message",  "DateSent",  "DateSent>", "status", "DateSent%3E", "From", "To",
    "DateSent<", "sender",   "user",      "from",      "to",     "DateSent%3C"};

void append_masked_parameter(std::string& out, std::string_view parameter, Pii pii) {
  const auto equals = parameter.find('=');
  if (equals == std::string_view::npos) {
    if (!parameter.empty()) out += kHidden;
    return;
  }
  const std::string_view name = parameter.substr(0, equals);
  append_masked(out, name, pii);
  out += '=';
  if (std::ranges::find(kHarmless, name) != kHarmless.end()) {
    append_masked(out, parameter.substr(equals + 1), pii);
  } else {
    out += kHidden;
  }
}

}  // namespace

void append_masked(std::string& out, std::string_view text, Pii pii) {
  std::string changed;
  if (text.find("://") != std::string_view::npos) text = changed = without_userinfo(text);
  std::size_t copied = 0;  // of the text; what lies between it and `i` goes as it is
  std::size_t i = 0;
  const auto copy_up_to = [&](std::size_t end) { out.append(text, copied, end - copied); };
  while (i < text.size()) {
    if (!is_of(text[i], kWord)) {
      if (!is_safe(text[i])) {
        copy_up_to(i);
        append_escaped(out, text[i]);
        copied = i + 1;
      }
      ++i;
      continue;
    }
    if (!begins_word(text, i)) {
      ++i;
      continue;
    }
    const std::size_t length = count_while(text.substr(i), kWord);
    const std::string_view word = text.substr(i, length);
    if (is_token(word)) {
      copy_up_to(i);
      out += kHidden;
      copied = i += length;
    } else if (const auto number = number_of_word(text, i); number && pii == Pii::Mask) {
      copy_up_to(i);
      number->append_masked(out);
      copied = i += number->length;
    } else if (!is_sid(word) && follows_percent(text, i)) {
      ++i;  // something may begin behind the escape's two digits
    } else {
      i += length;  // nothing begins inside a word
    }
  }
  copy_up_to(text.size());
}

std::string masked_text(std::string_view text, Pii pii) {
  std::string result;
  result.reserve(text.size() + 16);
  append_masked(result, text, pii);
  return result;
}

void append_masked_target(std::string& out, std::string_view target, Pii pii) {
  // What follows is the app's URL, which may have a password.
  constexpr std::string_view kStatusHook = "/hooks/status/";
  if (const auto hook = target.find(kStatusHook); hook != std::string_view::npos) {
    append_masked(out, target.substr(0, hook + kStatusHook.size()), pii);
    out += "…";
    return;
  }
  const auto question = target.find('?');
  append_masked(out, target.substr(0, question), pii);
  if (question == std::string_view::npos) return;
  std::string_view query = target.substr(question + 1);
  if (pii == Pii::Show) {
    out += '?';
    append_masked(out, query, pii);
    return;
  }
  char separator = '?';
  while (true) {
    const auto end = query.find('&');
    out += separator;
    append_masked_parameter(out, query.substr(0, end), pii);
    if (end == std::string_view::npos) return;
    query.remove_prefix(end + 1);
    separator = '&';
  }
}

std::string masked_target(std::string_view target, Pii pii) {
  std::string result;
  append_masked_target(result, target, pii);
  return result;
}

}  // namespace twindow::app
