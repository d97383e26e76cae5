// SPDX-License-Identifier: Apache-2.0
// Where a phone number is from, as Twilio says it of SMS: by its calling code, and for some area
// codes of North America a city of it. A guess, as Twilio's is; the same for the same number.
#pragma once

#include <string_view>

namespace twindow::wire {

struct NumberPlace {
  std::string_view city = {};     // in capitals
  std::string_view state = {};    // "CA"
  std::string_view zip = {};      // "94105"
  std::string_view country = {};  // ISO 3166: "US"
};

// `number` in E.164: "+14155550100". Empty texts where nothing is known.
NumberPlace place_of_number(std::string_view number);

}  // namespace twindow::wire
