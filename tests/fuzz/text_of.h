// SPDX-License-Identifier: Apache-2.0
// The input of a fuzz target as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace twindow::test {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace twindow::test
