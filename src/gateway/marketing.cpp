// SPDX-License-Identifier: Apache-2.0
#include "src/gateway/marketing.h"

#include <algorithm>
#include <array>

#include "twindow/base/ascii.h"

namespace twindow::gateway {

namespace {

// Of North America's numbering plan, those that are not the United States': Canada's, then the
// Caribbean's. Toll-free and personal ones (5XX, 8XX) are nobody's in particular, and stay.
constexpr auto kElsewhere = std::to_array<int>(
    {204, 226, 236, 242, 246, 249, 250, 257, 263, 264, 268, 284, 289, 306, 343, 345,
     354, 365, 367, 368, 382, 387, 403, 416, 418, 428, 431, 437, 438, 441, 450, 460,
     468, 473, 474, 506, 514, 519, 537, 548, 568, 579, 581, 584, 587, 604, 613, 639,
     647, 649, 658, 664, 672, 683, 705, 709, 721, 742, 753, 758, 767, 778, 780, 782,
     784, 807, 809, 819, 825, 829, 849, 867, 868, 869, 873, 876, 879, 902, 905, 942});
static_assert(std::ranges::is_sorted(kElsewhere, std::ranges::less_equal()));

}  // namespace

bool is_marketing(const ContentTemplate& content) {
  return equals_ignoring_case(content.category, "MARKETING");
}

bool is_us_number(const Address& user) {
  constexpr std::size_t kSize = 12;  // "+1" and ten digits
  const std::string_view number = user.local();
  if (number.size() != kSize || !number.starts_with("+1")) return false;
  const int area = static_cast<int>(parse_decimal(number.substr(2, 3), 999).value_or(0));
  return !std::ranges::binary_search(kElsewhere, area);
}

}  // namespace twindow::gateway
