// SPDX-License-Identifier: Apache-2.0
#include "src/app/capture/masker.h"

#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/model/address.h"

#include "src/app/capture/other_letters.h"
#include "src/app/capture/text_shapes.h"

namespace twindow::app {

namespace {

constexpr std::string_view kFiller =
    "loremipsumdolorsitametconsecteturadipiscingelitseddoeiusmodtemporincididunt";
// Twilio's Sandbox for WhatsApp: everybody's, and it means something.
constexpr std::string_view kSandbox = "14155238886";
// +1 555 555 01xx: kept free for stories.
constexpr std::string_view kReserved = "155555501";
constexpr std::size_t kNumberMin = 8;
constexpr std::size_t kNumberMax = 15;
constexpr std::size_t kRunMin = 6;  // of digits, that may mean somebody
constexpr std::size_t kEndingMax = 5;

std::string padded(std::size_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

// The canonical digits of a number: a user's spellings are one.
std::string canonical_digits(std::string_view digits) {
  const auto address = parse_to("whatsapp:+" + std::string(digits));
  if (!address) return std::string(digits);
  std::string canonical = canonical_user(*address);
  std::erase_if(canonical, [](char c) { return !is_digit(c); });
  return canonical;
}

}  // namespace

std::string Masker::number(std::string_view digits) {
  if (digits == kSandbox) return std::string(digits);
  const auto [at, fresh] = numbers_.try_emplace(canonical_digits(digits));
  if (fresh) at->second = std::string(kReserved) + padded(numbers_.size() - 1, 2);
  return at->second;
}

std::string Masker::word(std::string_view letters) {
  const auto [at, fresh] = words_.try_emplace(lower_case(letters));
  if (fresh) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
      at->second += kFiller[letters_++ % kFiller.size()];
    }
  }
  std::string made = at->second;
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (is_upper(letters[i])) made[i] = static_cast<char>(made[i] - 'a' + 'A');
  }
  return made;
}

std::string Masker::digits(std::string_view run) {
  const auto [at, fresh] = runs_.try_emplace(std::string(run));
  if (fresh) {
    const std::size_t shift = runs_.size();
    for (std::size_t i = 0; i < run.size(); ++i) {
      at->second += static_cast<char>('1' + (i + shift - 1) % 9);
    }
  }
  return at->second;
}

std::string Masker::sid(const std::string& text) {
  if (keep_ || text.empty() || sid_end(text, 0) != text.size()) return text;
  const auto [at, fresh] = sids_.try_emplace(text);
  if (fresh) {
    const std::string kind = text.substr(0, 2);
    at->second = kind + padded(++sid_counts_[kind], kSidDigits);
  }
  return at->second;
}

std::string Masker::address(const std::string& text) {
  if (keep_) return text;
  const auto colon = text.find(':');
  const std::size_t begin = colon == text.npos ? 0 : colon + 1;
  const std::string prefix = text.substr(0, begin);
  const std::string_view local = std::string_view(text).substr(begin);
  if (local.starts_with('+')) return prefix + "+" + number(local.substr(1));
  return prefix + scan(local, true);
}

std::string Masker::identifier_at(std::string_view text, std::size_t& at) {
  if (const auto end = sid_end(text, at); end != at) {
    const std::string found(text.substr(at, end - at));
    at = end;
    return sid(found);
  }
  // A number, spelled as people do: "+52 (155) 1234-5678".
  const bool plus = text[at] == '+';
  std::string found;
  std::size_t end = at + (plus ? 1 : 0);
  std::size_t last = end;
  while (end < text.size() && found.size() <= kNumberMax) {
    if (is_digit(text[end])) {
      found += text[end];
      last = end + 1;
    } else if (!plus || std::string_view(" -.()").find(text[end]) == std::string_view::npos) {
      break;
    }
    ++end;
  }
  const bool fits = found.size() >= kNumberMin && found.size() <= kNumberMax;
  const bool known = fits && numbers_.contains(canonical_digits(found));
  if (!fits || (!plus && !known)) return {};
  at = last;
  return (plus ? "+" : "") + number(found);
}

std::string Masker::scan(std::string_view text, bool words) {
  std::string made;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (is_upper(c) || c == '+' || is_digit(c)) {
      if (std::string found = identifier_at(text, at); !found.empty()) {
        made += found;
        continue;
      }
    }
    if (const auto end = placeholder_end(text, at); end != at) {
      made += text.substr(at, end - at);
      at = end;
    } else if (const auto stop = words ? url_end(text, at) : at; stop != at) {
      made += url(std::string(text.substr(at, stop - at)));
      at = stop;
    } else if (is_digit(c)) {
      const auto behind = run_end(text, at, is_digit);
      const std::string_view run = text.substr(at, behind - at);
      made += words || run.size() >= kRunMin ? digits(run) : std::string(run);
      at = behind;
    } else if (words && is_letter(c)) {
      const auto behind = run_end(text, at, is_letter);
      made += word(text.substr(at, behind - at));
      at = behind;
    } else if (words && static_cast<unsigned char>(c) >= 0x80) {
      made += other_letter(text, at);
    } else {
      made += c;
      ++at;
    }
  }
  return made;
}

std::string Masker::text(const std::string& text) {
  if (keep_) return text;
  std::string made = scan(text, true);
  const std::size_t before = code_points(text);
  std::size_t after = code_points(made);
  for (; after < before; ++after) made += kFiller[after % kFiller.size()];
  for (; after > before && !made.empty() && is_letter(made.back()); --after) made.pop_back();
  return made;
}

std::string Masker::url(const std::string& text) {
  if (keep_) return text;
  const auto scheme = text.find("://");
  if (scheme == text.npos) return scan(text, true);
  const std::size_t begin = scheme + 3;
  const std::size_t end = std::min(text.find_first_of("/?#", begin), text.size());
  if (end == begin) return text.substr(0, begin) + scan(text.substr(begin), true);
  const auto [host, fresh] = hosts_.try_emplace(text.substr(begin, end - begin));
  if (fresh) host->second = "host" + std::to_string(hosts_.size()) + ".example.com";
  std::string made = text.substr(0, begin) + host->second;
  std::size_t at = end;
  while (at < text.size()) {
    if (is_escape(std::string_view(text).substr(at))) {  // stays one
      made += text.substr(at, 3);
      at += 3;
      continue;
    }
    const auto stop = std::min(text.find_first_of("/?#&%.", at + 1), text.size());
    const std::string_view part = std::string_view(text).substr(at, stop - at);
    const auto equals = part.find('=');
    const bool named = (part[0] == '?' || part[0] == '&') && equals != part.npos;
    // "?name=" and the ending of a file's name say what something is, not whom it is about.
    const bool ending =
        part[0] == '.' && part.size() <= kEndingMax && stop == text.find_first_of("?#", at);
    const bool last = part[0] == '.' && part.size() <= kEndingMax && stop == text.size();
    const std::size_t kept = ending || last ? part.size() : named ? equals + 1 : 1;
    made += scan(part.substr(0, kept), false);
    made += scan(part.substr(kept), true);
    at = stop;
  }
  return made;
}

std::string Masker::identifiers(const std::string& text) {
  return keep_ ? text : scan(text, false);
}

}  // namespace twindow::app
