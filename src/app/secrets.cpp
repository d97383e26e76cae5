// SPDX-License-Identifier: Apache-2.0
#include "src/app/secrets.h"

#include <vector>

#include <openssl/rand.h>

#include "twindow/base/check.h"

namespace twindow::app {

std::string random_hex(std::size_t bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::vector<unsigned char> drawn(bytes);
  TWINDOW_CHECK(RAND_priv_bytes(drawn.data(), static_cast<int>(bytes)) == 1);
  std::string text;
  for (const unsigned char byte : drawn) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

}  // namespace twindow::app
