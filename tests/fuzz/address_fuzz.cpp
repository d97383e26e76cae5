// SPDX-License-Identifier: Apache-2.0
// An address that is accepted is accepted again as it was normalized, and its key is stable.
#include "twindow/base/check.h"
#include "twindow/model/address.h"

#include "tests/fuzz/text_of.h"

using namespace twindow;

namespace {

void check(const Result<Address>& first, Result<Address> (*parse)(std::string_view)) {
  if (!first) return;
  const auto again = parse(first->text);
  TWINDOW_CHECK(again.has_value() && *again == *first);
  TWINDOW_CHECK(first->text.ends_with(first->local()));
  TWINDOW_CHECK(!canonical_user(*first).empty());
  TWINDOW_CHECK(channel_of(first->text) == first->channel);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = test::text_of(data, size);
  check(parse_to(text), parse_to);
  check(parse_from(text), parse_from);
  return 0;
}
