// SPDX-License-Identifier: Apache-2.0
// Secrets of our own making.
#pragma once

#include <cstddef>
#include <string>

namespace twindow::app {

// From OpenSSL's generator for private values, two lower-case digits a byte.
std::string random_hex(std::size_t bytes);

}  // namespace twindow::app
