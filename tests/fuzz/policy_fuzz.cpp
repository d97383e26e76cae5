// SPDX-License-Identifier: Apache-2.0
// A policy file, from its bytes to rules: no crash, and every mistake has a place in the file and a
// text. Corpus: fixtures/corpora/policy.
#include "twindow/base/check.h"

#include "src/app/policy_file.h"
#include "tests/fuzz/text_of.h"

using namespace twindow;
using namespace twindow::app;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto policy = parse_policy(test::text_of(data, size), "p.json", {});
  if (policy) return 0;
  TWINDOW_CHECK(!policy.error().empty());
  for (const Mistake& mistake : policy.error()) {
    TWINDOW_CHECK(mistake.where.starts_with("p.json:") && !mistake.text.empty());
  }
  return 0;
}
