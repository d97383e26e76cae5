// SPDX-License-Identifier: Apache-2.0
// Why a request is refused before any handler sees it.
#pragma once

#include <string_view>

namespace twindow::net {

struct Refusal {
  int status;               // of HTTP
  std::string_view detail;  // for people; a literal, so it lives for ever

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

}  // namespace twindow::net
