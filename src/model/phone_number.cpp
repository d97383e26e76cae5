// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/phone_number.h"

#include <array>

#include <phonenumbers/phonenumberutil.h>

namespace twindow {

namespace {

using Util = i18n::phonenumbers::PhoneNumberUtil;
using Number = i18n::phonenumbers::PhoneNumber;

constexpr std::string_view kNoCountry = "ZZ";  // libphonenumber's word for it
constexpr std::string_view kNoGeography = "001";

std::string_view mistake_of(Util::ErrorType error) {
  switch (error) {
    case Util::INVALID_COUNTRY_CODE_ERROR:
      return "INVALID_COUNTRY_CODE";
    case Util::TOO_SHORT_AFTER_IDD:
    case Util::TOO_SHORT_NSN:
      return "TOO_SHORT";
    case Util::TOO_LONG_NSN:
      return "TOO_LONG";
    default:
      return "NOT_A_NUMBER";
  }
}

std::string_view mistake_of(Util::ValidationResult possible) {
  switch (possible) {
    case Util::INVALID_COUNTRY_CODE:
      return "INVALID_COUNTRY_CODE";
    case Util::TOO_SHORT:
    case Util::IS_POSSIBLE_LOCAL_ONLY:
      return "TOO_SHORT";
    case Util::TOO_LONG:
      return "TOO_LONG";
    case Util::INVALID_LENGTH:
      return "INVALID_LENGTH";
    case Util::IS_POSSIBLE:
      return "INVALID_BUT_POSSIBLE";
  }
  return "NOT_A_NUMBER";
}

std::string_view word_for(Util::PhoneNumberType type) {
  switch (type) {
    case Util::FIXED_LINE:
      return "landline";
    case Util::MOBILE:
    case Util::FIXED_LINE_OR_MOBILE:  // in the US nobody can tell; messages go to mobiles
      return "mobile";
    case Util::TOLL_FREE:
      return "tollFree";
    case Util::PREMIUM_RATE:
      return "premium";
    case Util::SHARED_COST:
      return "sharedCost";
    case Util::VOIP:
      return "nonFixedVoip";
    case Util::PERSONAL_NUMBER:
      return "personal";
    case Util::PAGER:
      return "pager";
    case Util::UAN:
      return "uan";
    case Util::VOICEMAIL:
      return "voicemail";
    case Util::UNKNOWN:
      break;
  }
  return "unknown";
}

// Of a number that no plan has: the country that its calling code is the main one of.
std::string region_of(const Util& util, const Number& number) {
  std::string region;
  util.GetRegionCodeForNumber(number, &region);
  if (region.empty() || region == kNoCountry) {
    util.GetRegionCodeForCountryCode(number.country_code(), &region);
  }
  return region == kNoCountry || region == kNoGeography ? std::string() : region;
}

// Every pair of capital letters, so that a country can be shown to who keeps no text of its own.
constexpr auto kPairs = [] {
  std::array<char, 26 * 26 * 2> pairs{};
  for (std::size_t i = 0; i < 26 * 26; ++i) {
    pairs[2 * i] = static_cast<char>('A' + i / 26);
    pairs[2 * i + 1] = static_cast<char>('A' + i % 26);
  }
  return pairs;
}();

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

PhoneNumberFacts describe_phone_number(std::string_view text, std::string_view country) {
  const Util& util = *Util::GetInstance();
  PhoneNumberFacts facts;
  Number number;
  const Util::ErrorType error = util.Parse(std::string(text), std::string(country), &number);
  if (error != Util::NO_PARSING_ERROR) {
    facts.mistake = mistake_of(error);
    return facts;
  }
  util.Format(number, Util::E164, &facts.e164);
  util.Format(number, Util::NATIONAL, &facts.national);
  facts.calling_code = std::to_string(number.country_code());
  facts.country = region_of(util, number);
  facts.valid = util.IsValidNumber(number);
  if (!facts.valid) facts.mistake = mistake_of(util.IsPossibleNumberWithReason(number));
  if (facts.valid) facts.line_type = word_for(util.GetNumberType(number));
  return facts;
}

std::string_view country_of(std::string_view e164) {
  if (!e164.starts_with('+')) return {};
  const Util& util = *Util::GetInstance();
  Number number;
  if (util.Parse(std::string(e164), std::string(kNoCountry), &number) != Util::NO_PARSING_ERROR) {
    return {};
  }
  const std::string region = region_of(util, number);
  if (region.size() != 2 || !is_capital(region[0]) || !is_capital(region[1])) return {};
  const auto letter = [](char c) { return static_cast<std::size_t>(c - 'A'); };
  const std::size_t place = letter(region[0]) * 26 + letter(region[1]);
  return {kPairs.data() + 2 * place, 2};
}

}  // namespace twindow
