// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/smart_encoding.h"

#include <algorithm>
#include <array>

#include "twindow/base/utf8.h"

namespace twindow {

namespace {

struct LookAlike {
  char32_t code;
  std::string_view text;
};

constexpr auto kLookAlikes = std::to_array<LookAlike>({
#include "src/model/smart_encoding.inc"
});
static_assert(std::ranges::is_sorted(kLookAlikes, std::ranges::less_equal(), &LookAlike::code),
              "sorted by code point, each once");

}  // namespace

std::string smart_encoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8_at(text, at);
    const auto found = std::ranges::lower_bound(kLookAlikes, c.code, {}, &LookAlike::code);
    const bool known = c.valid && found != kLookAlikes.end() && found->code == c.code;
    out += known ? found->text : text.substr(at, c.size);
    at += c.size;
  }
  return out;
}

}  // namespace twindow
