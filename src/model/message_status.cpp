// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/message_status.h"

namespace twindow {

namespace {

constexpr bool table_is_in_enum_order() {
  for (std::size_t i = 0; i < detail::kStatusTable.size(); ++i) {
    if (static_cast<std::size_t>(detail::kStatusTable[i].status) != i) return false;
  }
  return true;
}
static_assert(table_is_in_enum_order());

}  // namespace

std::optional<MessageStatus> parse_message_status(std::string_view text) {
  for (const auto& row : detail::kStatusTable) {
    if (row.wire == text) return row.status;
  }
  return std::nullopt;
}

}  // namespace twindow
