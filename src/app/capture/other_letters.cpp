// SPDX-License-Identifier: Apache-2.0
#include "src/app/capture/other_letters.h"

#include <algorithm>

namespace twindow::app {

namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Source: 3GPP TS 23.038, the default alphabet; its letters of two bytes.
constexpr std::string_view kGsmLatin = "èéùìòÇØøÅåÆæßÉÄÖÑÜäöñüà";
constexpr std::string_view kGsmGreek = "ΔΦΓΛΩΠΨΣΘΞ";

// Letters begin at À; before it and at × and ÷ there are signs.
bool is_sign(std::string_view two) { return two[0] == '\xC2' || two == "×" || two == "÷"; }

std::string of_two(std::string_view two) {
  if (is_sign(two)) return std::string(two);
  if (kGsmLatin.find(two) != kGsmLatin.npos) return "é";
  if (kGsmGreek.find(two) != kGsmGreek.npos) return "Δ";
  const auto lead = static_cast<unsigned char>(two[0]);
  if (lead <= 0xC9) return "á";                               // Latin
  if (lead == 0xCC || lead == 0xCD) return std::string(two);  // accents that combine
  return lead >= 0xD6 ? "ש" : "ж";  // written from the right, or from the left
}

std::string of_three(std::string_view three) {
  const auto first = static_cast<unsigned char>(three[0]);
  const auto second = static_cast<unsigned char>(three[1]);
  const bool signs = first == 0xE2 || first == 0xEF || (first == 0xE3 && second == 0x80);
  return signs ? std::string(three) : "文";
}

}  // namespace

std::string other_letter(std::string_view text, std::size_t& at) {
  std::size_t end = at + 1;
  while (end < text.size() && continues(text[end]) && end - at < 4) ++end;
  const std::string_view found = text.substr(at, end - at);
  at = end;
  if (found.size() == 2) return of_two(found);
  if (found.size() == 3) return of_three(found);
  return std::string(found);
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !continues(c); }));
}

}  // namespace twindow::app
