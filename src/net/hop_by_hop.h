// SPDX-License-Identifier: Apache-2.0
// Headers that concern one connection and no further one.
#pragma once

#include <string_view>
#include <vector>

#include "twindow/wire/http.h"

namespace twindow::net {

// Knows those of HTTP (Connection, Keep-Alive, Proxy-*, TE, Trailer, Transfer-Encoding, Upgrade:
// RFC 9110 section 7.6.1) and those that the Connection headers of one message name. `headers`
// outlives it.
class HopByHop {
 public:
  explicit HopByHop(const wire::Headers& headers);
  bool operator()(std::string_view name) const;

 private:
  std::vector<std::string_view> named_;
};

void drop_hop_by_hop(wire::Headers& headers);

}  // namespace twindow::net
