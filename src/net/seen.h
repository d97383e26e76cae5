// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace twindow::net {

// What a header that decides over framing or routing was, and how often.
struct Seen {
  std::size_t times = 0;
  std::string_view value = {};

  void note(std::string_view text) {
    value = text;
    ++times;
  }
};

}  // namespace twindow::net
