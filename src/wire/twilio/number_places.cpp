// SPDX-License-Identifier: Apache-2.0
#include "src/wire/twilio/number_places.h"

#include <algorithm>

namespace twindow::wire {

namespace {

struct Area {
  std::string_view code;
  NumberPlace place;
};

// Source: the North American Numbering Plan's list of area codes; a city and a ZIP of each.
constexpr Area kAreas[] = {
    {"202", {"WASHINGTON", "DC", "20001", "US"}},    {"206", {"SEATTLE", "WA", "98101", "US"}},
    {"212", {"NEW YORK", "NY", "10001", "US"}},      {"213", {"LOS ANGELES", "CA", "90012", "US"}},
    {"214", {"DALLAS", "TX", "75201", "US"}},        {"215", {"PHILADELPHIA", "PA", "19103", "US"}},
    {"303", {"DENVER", "CO", "80202", "US"}},        {"305", {"MIAMI", "FL", "33130", "US"}},
    {"312", {"CHICAGO", "IL", "60602", "US"}},       {"313", {"DETROIT", "MI", "48226", "US"}},
    {"404", {"ATLANTA", "GA", "30303", "US"}},       {"408", {"SAN JOSE", "CA", "95113", "US"}},
    {"415", {"SAN FRANCISCO", "CA", "94105", "US"}}, {"416", {"TORONTO", "ON", "", "CA"}},
    {"503", {"PORTLAND", "OR", "97204", "US"}},      {"512", {"AUSTIN", "TX", "78701", "US"}},
    {"514", {"MONTREAL", "QC", "", "CA"}},           {"602", {"PHOENIX", "AZ", "85003", "US"}},
    {"604", {"VANCOUVER", "BC", "", "CA"}},          {"613", {"OTTAWA", "ON", "", "CA"}},
    {"617", {"BOSTON", "MA", "02108", "US"}},        {"619", {"SAN DIEGO", "CA", "92101", "US"}},
    {"702", {"LAS VEGAS", "NV", "89101", "US"}},     {"713", {"HOUSTON", "TX", "77002", "US"}},
    {"808", {"HONOLULU", "HI", "96813", "US"}},
};

// Other area codes of +1 that are not the United States'.
constexpr Area kElsewhere[] = {
    {"204", {"", "MB", "", "CA"}}, {"226", {"", "ON", "", "CA"}}, {"236", {"", "BC", "", "CA"}},
    {"250", {"", "BC", "", "CA"}}, {"289", {"", "ON", "", "CA"}}, {"306", {"", "SK", "", "CA"}},
    {"403", {"", "AB", "", "CA"}}, {"418", {"", "QC", "", "CA"}}, {"438", {"", "QC", "", "CA"}},
    {"450", {"", "QC", "", "CA"}}, {"506", {"", "NB", "", "CA"}}, {"519", {"", "ON", "", "CA"}},
    {"587", {"", "AB", "", "CA"}}, {"647", {"", "ON", "", "CA"}}, {"705", {"", "ON", "", "CA"}},
    {"709", {"", "NL", "", "CA"}}, {"778", {"", "BC", "", "CA"}}, {"780", {"", "AB", "", "CA"}},
    {"807", {"", "ON", "", "CA"}}, {"819", {"", "QC", "", "CA"}}, {"902", {"", "NS", "", "CA"}},
    {"905", {"", "ON", "", "CA"}}, {"242", {"", "", "", "BS"}},   {"246", {"", "", "", "BB"}},
    {"441", {"", "", "", "BM"}},   {"787", {"", "PR", "", "PR"}}, {"809", {"", "", "", "DO"}},
    {"829", {"", "", "", "DO"}},   {"849", {"", "", "", "DO"}},   {"868", {"", "", "", "TT"}},
    {"876", {"", "", "", "JM"}},   {"939", {"", "PR", "", "PR"}},
};

struct CallingCode {
  std::string_view code;
  std::string_view country;
};

// Source: ITU's list of calling codes. Those of several countries name the largest.
constexpr CallingCode kCallingCodes[] = {
    {"20", "EG"},  {"27", "ZA"},  {"30", "GR"},  {"31", "NL"},  {"32", "BE"},  {"33", "FR"},
    {"34", "ES"},  {"36", "HU"},  {"39", "IT"},  {"40", "RO"},  {"41", "CH"},  {"43", "AT"},
    {"44", "GB"},  {"45", "DK"},  {"46", "SE"},  {"47", "NO"},  {"48", "PL"},  {"49", "DE"},
    {"51", "PE"},  {"52", "MX"},  {"53", "CU"},  {"54", "AR"},  {"55", "BR"},  {"56", "CL"},
    {"57", "CO"},  {"58", "VE"},  {"60", "MY"},  {"61", "AU"},  {"62", "ID"},  {"63", "PH"},
    {"64", "NZ"},  {"65", "SG"},  {"66", "TH"},  {"7", "RU"},   {"81", "JP"},  {"82", "KR"},
    {"84", "VN"},  {"86", "CN"},  {"90", "TR"},  {"91", "IN"},  {"92", "PK"},  {"94", "LK"},
    {"212", "MA"}, {"213", "DZ"}, {"216", "TN"}, {"233", "GH"}, {"234", "NG"}, {"254", "KE"},
    {"255", "TZ"}, {"256", "UG"}, {"351", "PT"}, {"352", "LU"}, {"353", "IE"}, {"354", "IS"},
    {"358", "FI"}, {"359", "BG"}, {"370", "LT"}, {"371", "LV"}, {"372", "EE"}, {"380", "UA"},
    {"385", "HR"}, {"386", "SI"}, {"420", "CZ"}, {"421", "SK"}, {"502", "GT"}, {"503", "SV"},
    {"504", "HN"}, {"505", "NI"}, {"506", "CR"}, {"507", "PA"}, {"591", "BO"}, {"593", "EC"},
    {"595", "PY"}, {"598", "UY"}, {"852", "HK"}, {"880", "BD"}, {"886", "TW"}, {"961", "LB"},
    {"962", "JO"}, {"965", "KW"}, {"966", "SA"}, {"971", "AE"}, {"972", "IL"}, {"974", "QA"},
    {"977", "NP"},
};

}  // namespace

NumberPlace place_of_number(std::string_view number) {
  if (!number.starts_with('+')) return {};
  number.remove_prefix(1);
  if (number.starts_with('1')) {
    const std::string_view area = number.substr(1, 3);
    for (const auto& [code, place] : kAreas) {
      if (code == area) return place;
    }
    for (const auto& [code, place] : kElsewhere) {
      if (code == area) return place;
    }
    return {.country = "US"};
  }
  // No calling code begins another.
  const auto found = std::ranges::find_if(
      kCallingCodes, [&](const CallingCode& row) { return number.starts_with(row.code); });
  return found == std::end(kCallingCodes) ? NumberPlace{} : NumberPlace{.country = found->country};
}

}  // namespace twindow::wire
