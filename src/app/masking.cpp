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
  std::string digits;
};

// Digits, with at most one blank, dash, dot or bracket (or "%20") between two of them.
Number number_at(std::string_view text) {
  constexpr std::size_t kDigitsMax = 32;
  Number number;
  std::size_t i = 0;
  while (i < text.size() && number.digits.size() < kDigitsMax) {
    if (is_digit(text[i])) {
      number.digits += text[i++];
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

std::string masked_number(const std::string& digits) {
  return digits.substr(0, 2) + std::string(kHidden) + digits.substr(digits.size() - 2);
}

// Nothing if no number begins at `at`.
std::optional<Number> masked_at(std::string_view text, std::size_t at) {
  if (!is_digit(text[at]) || !begins_word(text, at)) return std::nullopt;
  const bool plus = follows_plus(text, at);
  // Without '+' separators do not count: dates and addresses of machines are full of them.
  const std::size_t bare = count_while(text.substr(at), kDigit);
  Number number =
      plus ? number_at(text.substr(at)) : Number{bare, std::string(text.substr(at, bare))};
  const std::size_t end = at + number.length;
  const bool ends_word = end >= text.size() || !is_word(text[end]);
  if (!plus && !ends_word) return std::nullopt;
  if (number.digits.size() < (plus ? kDigitsMin : kBareDigitsMin)) return std::nullopt;
  number.digits = masked_number(number.digits);
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

std::string masked_parameter(std::string_view parameter, Pii pii) {
  const auto equals = parameter.find('=');
  if (equals == std::string_view::npos) return parameter.empty() ? "" : std::string(kHidden);
  const std::string_view name = parameter.substr(0, equals);
  const bool harmless = std::ranges::find(kHarmless, name) != kHarmless.end();
  return masked_text(name, pii) + "=" +
         (harmless ? masked_text(parameter.substr(equals + 1), pii) : std::string(kHidden));
}

}  // namespace

std::string masked_text(std::string_view text, Pii pii) {
  std::string changed;
  if (text.find("://") != std::string_view::npos) text = changed = without_userinfo(text);
  std::string result;
  result.reserve(text.size() + 16);
  std::size_t copied = 0;  // of the text; what lies between it and `i` goes as it is
  std::size_t i = 0;
  const auto copy_up_to = [&](std::size_t end) { result.append(text, copied, end - copied); };
  while (i < text.size()) {
    if (!is_of(text[i], kWord)) {
      if (!is_safe(text[i])) {
        copy_up_to(i);
        append_escaped(result, text[i]);
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
      result += kHidden;
      copied = i += length;
    } else if (const auto number = masked_at(text, i); number && pii == Pii::Mask) {
      copy_up_to(i);
      result += number->digits;
      copied = i += number->length;
    } else if (!is_sid(word) && follows_percent(text, i)) {
      ++i;  // something may begin behind the escape's two digits
    } else {
      i += length;  // nothing begins inside a word
    }
  }
  copy_up_to(text.size());
  return result;
}

std::string masked_target(std::string_view target, Pii pii) {
  // What follows is the app's URL, which may have a password.
  constexpr std::string_view kStatusHook = "/hooks/status/";
  if (const auto hook = target.find(kStatusHook); hook != std::string_view::npos) {
    return masked_text(target.substr(0, hook + kStatusHook.size()), pii) + "…";
  }
  const auto question = target.find('?');
  std::string result = masked_text(target.substr(0, question), pii);
  if (question == std::string_view::npos) return result;
  if (pii == Pii::Show) return result + "?" + masked_text(target.substr(question + 1), pii);
  char separator = '?';
  std::string_view query = target.substr(question + 1);
  while (true) {
    const auto end = query.find('&');
    result += separator + masked_parameter(query.substr(0, end), pii);
    if (end == std::string_view::npos) return result;
    query.remove_prefix(end + 1);
    separator = '&';
  }
}

}  // namespace twindow::app
