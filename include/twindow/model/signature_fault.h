// SPDX-License-Identifier: Apache-2.0
// What is wrong with the signature of a webhook, on purpose, and how faults and scenarios spell it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace twindow {

enum class SignatureFault : std::uint8_t {
  None,
  Wrong,        // made with another token
  Missing,      // no header at all
  OtherPort,    // made for the URL with another port
  OtherScheme,  // made for http in the place of https, or the other way round
};

inline constexpr std::array<std::pair<std::string_view, SignatureFault>, 4> kSignatureFaults{
    {{"wrong", SignatureFault::Wrong},
     {"missing", SignatureFault::Missing},
     {"other_port", SignatureFault::OtherPort},
     {"other_scheme", SignatureFault::OtherScheme}}};

}  // namespace twindow
