// SPDX-License-Identifier: Apache-2.0
#include "src/net/hop_by_hop.h"

#include <algorithm>
#include <array>

#include "twindow/base/ascii.h"

namespace twindow::net {

namespace {

constexpr std::array<std::string_view, 6> kNames{"connection", "keep-alive",        "te",
                                                 "trailer",    "transfer-encoding", "upgrade"};
constexpr std::string_view kProxy = "proxy-";

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

HopByHop::HopByHop(const wire::Headers& headers) {
  for (const wire::Header& header : headers) {
    if (!equals_ignoring_case(header.name, "connection")) continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      const std::string_view name = trimmed(rest.substr(0, comma));
      // What everybody says, and names no header.
      const bool option =
          equals_ignoring_case(name, "keep-alive") || equals_ignoring_case(name, "close");
      if (!name.empty() && !option) named_.push_back(name);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
}

bool HopByHop::operator()(std::string_view name) const {
  const auto is = [&](std::string_view other) { return equals_ignoring_case(name, other); };
  return std::ranges::any_of(kNames, is) || std::ranges::any_of(named_, is) ||
         equals_ignoring_case(name.substr(0, kProxy.size()), kProxy);
}

void drop_hop_by_hop(wire::Headers& headers) {
  // The names that one of them lists are looked at while others are moved.
  std::vector<bool> drop;
  const HopByHop one_hop(headers);
  for (const wire::Header& header : headers) drop.push_back(one_hop(header.name));
  std::size_t at = 0;
  std::erase_if(headers, [&](const wire::Header&) { return drop[at++]; });
}

}  // namespace twindow::net
