// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/json_writer.h"

#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

using namespace std::string_view_literals;

std::string sample(Spacing spacing) {
  std::string out;
  JsonWriter json(out, spacing);
  json.begin_object()
      .field("text", "a")
      .field("view", "b"sv)
      .field("string", std::string("c"))
      .field("int", -3)
      .field("max", std::numeric_limits<std::uint64_t>::max())
      .field("truth", true)
      .field("half", 0.5)
      .field("nothing", nullptr)
      .field("absent", std::optional<std::string>())
      .field("present", std::optional<int>(7))
      .key("list")
      .begin_array()
      .value(1)
      .begin_object()
      .end_object()
      .begin_array()
      .end_array()
      .raw("{\"x\":1}")
      .end_array()
      .field("last", false)
      .end_object();
  return out;
}

TEST(JsonWriter, WritesCompact) {
  EXPECT_EQ(sample(Spacing::Compact),
            R"({"text":"a","view":"b","string":"c","int":-3,"max":18446744073709551615,)"
            R"("truth":true,"half":0.5,"nothing":null,"absent":null,"present":7,)"
            R"("list":[1,{},[],{"x":1}],"last":false})");
}

TEST(JsonWriter, WritesSpacedAsTwilioDoes) {
  EXPECT_EQ(sample(Spacing::Spaced),
            R"({"text": "a", "view": "b", "string": "c", "int": -3, "max": 18446744073709551615, )"
            R"("truth": true, "half": 0.5, "nothing": null, "absent": null, "present": 7, )"
            R"("list": [1, {}, [], {"x":1}], "last": false})");
}

TEST(JsonWriter, AppendsToWhatIsThere) {
  std::string out = "data: ";
  JsonWriter(out).begin_array().value("x").end_array();
  EXPECT_EQ(out, "data: [\"x\"]");
}

TEST(JsonWriter, WritesNoInfinity) {
  std::string out;
  JsonWriter(out)
      .begin_array()
      .value(std::numeric_limits<double>::infinity())
      .value(std::numeric_limits<double>::quiet_NaN())
      .end_array();
  EXPECT_EQ(out, "[null,null]");
}

// Plain text is copied eight bytes at a time: no byte may slip through at any place.
TEST(JsonString, EscapesEveryByteAtEveryPlace) {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t place = 0; place < 18; ++place) {
      std::string text(18, '~');
      text[place] = static_cast<char>(byte);
      std::string out;
      append_json_string(out, text);
      if (byte >= 0x80) text.replace(place, 1, "\xEF\xBF\xBD");
      const auto json = nlohmann::json::parse(out, nullptr, false);
      ASSERT_TRUE(json.is_string()) << "byte " << byte << " at " << place;
      ASSERT_EQ(json.get<std::string>(), text) << "byte " << byte << " at " << place;
    }
  }
}

struct EscapeCase {
  std::string_view name;
  std::string_view text;
  std::string_view want;
};

class JsonStringTable : public testing::TestWithParam<EscapeCase> {};

TEST_P(JsonStringTable, IsEscapedAndValid) {
  std::string out;
  append_json_string(out, GetParam().text);
  EXPECT_EQ(out, GetParam().want);
  EXPECT_TRUE(nlohmann::json::accept(out));
}

INSTANTIATE_TEST_SUITE_P(Table, JsonStringTable,
                         testing::ValuesIn(std::vector<EscapeCase>{
                             {"Empty", "", R"("")"},
                             {"Plain", "Hi Ana", R"("Hi Ana")"},
                             {"Quote", R"(say "hi")", R"("say \"hi\"")"},
                             {"Backslash", R"(a\b)", R"("a\\b")"},
                             {"Slash", "a/b", R"("a/b")"},
                             {"LineBreaks", "a\r\n\tb", R"("a\r\n\tb")"},
                             {"BackspaceFormFeed", "\b\f", R"("\b\f")"},
                             {"Nul", "a\0b"sv, R"("a\u0000b")"},
                             {"Control", "\x01\x1f", R"("\u0001\u001f")"},
                             {"Delete", "\x7f", "\"\x7f\""},
                             {"Utf8", "Zoë €😀", "\"Zoë €😀\""},
                             {"LoneByte",
                              "a\xff"
                              "b",
                              "\"a\xEF\xBF\xBD"
                              "b\""},
                             {"CutShort", "a\xC3", "\"a\xEF\xBF\xBD\""},
                             {"Overlong", "\xC0\xAF", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
                             {"InvalidThenQuote", "\xE2\x82\"", "\"\xEF\xBF\xBD\xEF\xBF\xBD\\\"\""},
                         }),
                         test::case_name);

}  // namespace
}  // namespace twindow::wire
