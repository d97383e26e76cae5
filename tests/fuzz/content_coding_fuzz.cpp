// SPDX-License-Identifier: Apache-2.0
// The first byte chooses the coding, the rest is the body: whatever it is, its text is no longer
// than it may be.
#include <array>

#include "twindow/base/check.h"
#include "twindow/wire/content_coding.h"

#include "tests/fuzz/text_of.h"

using namespace twindow;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kBytesMax = 100'000;
  constexpr std::array<std::string_view, 3> kCodings{"gzip", "deflate", "br"};
  if (size == 0) return 0;
  const auto coded = test::text_of(data + 1, size - 1);
  const auto text = wire::decode_content(coded, kCodings[data[0] % kCodings.size()], kBytesMax);
  TWINDOW_CHECK(!text || text->size() <= kBytesMax);
  return 0;
}
