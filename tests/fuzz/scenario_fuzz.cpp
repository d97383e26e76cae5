// SPDX-License-Identifier: Apache-2.0
// A scenario file, from its bytes to values: no crash, every mistake has a place in the file and a
// text, and what was read is resolved to a text that reads the same, without variables.
// Corpus: fixtures/corpora/scenario.
#include "twindow/base/check.h"

#include "src/app/scenario_document.h"
#include "src/app/scenario_file.h"
#include "tests/fuzz/text_of.h"

using namespace twindow;
using namespace twindow::app;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = test::text_of(data, size);
  TWINDOW_CHECK(without_trailing_commas(text).size() == text.size());
  const Environment environment{{"HOME", "/root"}};
  const auto loaded = parse_scenario(text, "s.json", {}, {environment});
  if (!loaded) {
    TWINDOW_CHECK(!loaded.error().empty());
    for (const Mistake& mistake : loaded.error()) {
      TWINDOW_CHECK(mistake.where.starts_with("s.json:") && !mistake.text.empty());
    }
    return 0;
  }
  const Environment nothing;
  const auto again = parse_scenario(loaded->scenario.resolved, "r.json", {}, {nothing});
  TWINDOW_CHECK(again.has_value());
  TWINDOW_CHECK(again->scenario.name == loaded->scenario.name);
  TWINDOW_CHECK(again->setup.rules.size() == loaded->setup.rules.size());
  TWINDOW_CHECK(again->setup.senders == loaded->setup.senders);
  return 0;
}
