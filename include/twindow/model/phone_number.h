// SPDX-License-Identifier: Apache-2.0
// What the world's numbering plans say of a phone number. Source: libphonenumber, as Debian
// packages it; numbers that are given to nobody, such as +1 555…, are of a country and not valid.
#pragma once

#include <string>
#include <string_view>

namespace twindow {

struct PhoneNumberFacts {
  bool valid = false;
  std::string e164 = {};          // "+14155550123"; empty: it cannot be read as a number
  std::string calling_code = {};  // "1"
  std::string country = {};       // "US", ISO 3166; empty: of none
  std::string national = {};      // "(415) 555-0123"
  // Twilio's word for what is wrong: "TOO_SHORT", "TOO_LONG", "INVALID_BUT_POSSIBLE",
  // "INVALID_COUNTRY_CODE", "INVALID_LENGTH", "NOT_A_NUMBER"; empty: nothing.
  std::string_view mistake = {};
  std::string_view line_type = "unknown";  // Twilio's word: "mobile", "landline", "tollFree"
};

// `text` in any spelling; without a '+' it is read as one dials it in `country` ("US").
PhoneNumberFacts describe_phone_number(std::string_view text, std::string_view country = "US");

// The country of an international number, "MX"; empty if it is of none. What is returned stays.
std::string_view country_of(std::string_view e164);

}  // namespace twindow
