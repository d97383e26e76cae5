// SPDX-License-Identifier: Apache-2.0
// Which template fits which body, with what in its holes.
#include "twindow/policy/template_catalog.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twindow/base/random.h"

#include "tests/policy/send_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::policy {
namespace {

using namespace test;

std::string sid_of(std::size_t number) {
  std::string digits = std::to_string(number);
  return "HX" + std::string(32 - digits.size(), '0') + digits;
}

// Templates named "0", "1", … with these texts.
TemplateCatalog catalog_of(const std::vector<std::string>& bodies) {
  std::vector<ContentTemplate> templates;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    templates.push_back(a_template(bodies[i], std::to_string(i), sid_of(i)));
  }
  return TemplateCatalog(std::move(templates));
}

struct Case {
  const char* name;
  std::vector<std::string> templates;
  std::string body;
  std::string best;  // its name; empty: none
  std::vector<Param> values = {};
  std::string tied = {};
};

class Fit : public testing::TestWithParam<Case> {};

TEST_P(Fit, FindsTheTemplateAndItsValues) {
  const Case& c = GetParam();
  const TemplateCatalog catalog = catalog_of(c.templates);
  const TemplateFit fit = catalog.fit(c.body);
  EXPECT_EQ(fit.best == nullptr ? "" : fit.best->name, c.best);
  EXPECT_EQ(fit.tied == nullptr ? "" : fit.tied->name, c.tied);
  EXPECT_EQ(fit.values, c.values);
  EXPECT_FALSE(fit.gave_up);
}

const std::string kOrder = "Hi {{1}}, your order {{2}} is ready.";

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, Fit, testing::ValuesIn(std::vector<Case>{
    {"None", {}, "Hi", ""},
    {"Simple", {kOrder}, "Hi Ana, your order 42 is ready.", "0", {{"1", "Ana"}, {"2", "42"}}},
    {"ValuesOfSeveralWords", {kOrder}, "Hi Ana Maria, your order no. 42/b is ready.", "0",
     {{"1", "Ana Maria"}, {"2", "no. 42/b"}}},
    {"ValueOverLines", {kOrder}, "Hi Ana,\nMaria, your order 42 is ready.", "0", {{"1", "Ana,\nMaria"}, {"2", "42"}}},
    {"ValueInUtf8", {kOrder}, "Hi Zoë ☕, your order ４２ is ready.", "0", {{"1", "Zoë ☕"}, {"2", "４２"}}},
    {"OtherText", {kOrder}, "Hi Ana, your order 42 is late.", ""},
    {"OtherCase", {kOrder}, "hi Ana, your order 42 is ready.", ""},
    {"PunctuationMissing", {kOrder}, "Hi Ana, your order 42 is ready", ""},
    {"MoreBehind", {kOrder}, "Hi Ana, your order 42 is ready. Bye", ""},
    {"MoreBefore", {kOrder}, "Oh. Hi Ana, your order 42 is ready.", ""},
    {"HoleEmpty", {kOrder}, "Hi , your order 42 is ready.", ""},
    {"LastHoleEmpty", {kOrder}, "Hi Ana, your order  is ready.", ""},
    {"BlanksAtTheEnds", {kOrder + "\n"}, "\r\n Hi Ana, your order 42 is ready.  ", "0", {{"1", "Ana"}, {"2", "42"}}},
    {"WindowsLineEnds", {"Hi {{1}},\nit is {{2}}."}, "Hi Ana,\r\nit is 3 pm.", "0", {{"1", "Ana"}, {"2", "3 pm"}}},
    {"WithoutHoles", {"We are closed today."}, "We are closed today.", "0"},
    {"WithoutHolesOther", {"We are closed today."}, "We are closed today!", ""},
    {"WithoutHolesTwice", {"Closed.", "Closed.", "Closed."}, "Closed.", "0", {}, "1"},
    {"WithoutHolesBeatsHoles", {"We are {{1}} today.", "We are closed today."}, "We are closed today.", "1"},
    {"HoleAtTheBeginning", {"{{1}}, it is time."}, "Ana, it is time.", "0", {{"1", "Ana"}}},
    {"HoleAtTheEnd", {"Your code: {{1}}"}, "Your code: 1234", "0", {{"1", "1234"}}},
    {"HolesAtBothEnds", {"{{1}} is {{2}}"}, "This is it", "0", {{"1", "This"}, {"2", "it"}}},
    {"LeftmostPlace", {"{{1}} is {{2}}"}, "That is what is so", "0", {{"1", "That"}, {"2", "what is so"}}},
    {"LastLiteralIsAtTheEnd", {"A {{1}} end"}, "A end of the end", "0", {{"1", "end of the"}}},
    {"LiteralsMayNotOverlap", {"ab{{1}}ba"}, "aba", ""},
    {"LiteralsNeedAHoleBetween", {"ab{{1}}ba"}, "abba", ""},
    {"ShortestThatFits", {"ab{{1}}ba"}, "ab-ba", "0", {{"1", "-"}}},
    {"OnlyAHole", {"{{1}}"}, "anything", ""},
    {"HolesThatTouch", {"a {{1}}{{2}} b"}, "a xy b", ""},
    {"OneByteLiterals", {"a{{1}}b{{2}}c"}, "a1b2c", "0", {{"1", "1"}, {"2", "2"}}},
    {"SevenByteLiterals", {"1234567{{1}}7654321"}, "1234567x7654321", "0", {{"1", "x"}}},
    {"NamedVariables", {"Hi {{first}}!"}, "Hi Bo!", "0", {{"first", "Bo"}}},
    {"SameVariableTwice", {"{{1}} and {{1}} again"}, "me and me again", "0", {{"1", "me"}}},
    {"SameVariableOtherValue", {"{{1}} and {{1}} again"}, "me and you again", ""},
    {"SameVariableNotTheLeftmost", {"{{1}}-{{1}}."}, "a-b-a-b.", "0", {{"1", "a-b"}}},
    {"MostLiteralCharacters", {"Hi {{1}}", kOrder, "Hi {{1}}, your {{2}}."}, "Hi Ana, your order 42 is ready.", "1",
     {{"1", "Ana"}, {"2", "42"}}},
    {"CharactersNotBytes", {"{{1}}ééé", "abcd{{1}}"}, "abcdxéééé", "1", {{"1", "xéééé"}}},
    {"Tie", {"Hi {{1}}, order {{2}}!", "Hi {{1}}, {{2}} {{3}}!", "Hi {{1}}, {{2}}42!", "{{1}}, order 42!"},
     "Hi Ana, order 42!", "0", {{"1", "Ana"}, {"2", "42"}}},
    {"TieOfTheSameText", {kOrder, kOrder, kOrder}, "Hi A, your order 1 is ready.", "0", {{"1", "A"}, {"2", "1"}}, "1"},
    {"TieOfOtherNames", {"Hi {{a}}!", "Hi {{b}}!"}, "Hi x!", "0", {{"a", "x"}}, "1"},
    {"TieOfOtherTexts", {"Hi {{1}}, bye", "{{1}}na, bye."}, "Hi Ana, bye", "0", {{"1", "Ana"}}},
    {"TieBelowTheBestIsNone", {"Hi {{1}}", "Hi {{2}}", "Hi {{1}}!"}, "Hi x!", "2", {{"1", "x"}}},
    {"RepeatThatDoesNotFitIsNoTie", {"{{1}} or {{1}}!", "{{1}} or {{2}}!"}, "a or b!", "1", {{"1", "a"}, {"2", "b"}}},
    {"BodyEmpty", {kOrder, ""}, "", ""},
}), test::case_name);
// clang-format on

TEST(TemplateCatalog, OnlyWhatIsItsTextAndNoMoreStandsForText) {
  const auto fits = [](auto change) {
    ContentTemplate content = a_template("Hi {{1}}!");
    change(content);
    return TemplateCatalog({content}).fit("Hi Ana!").best != nullptr;
  };
  using T = ContentTemplate;
  EXPECT_TRUE(fits([](T&) {}));
  EXPECT_TRUE(fits([](T& t) { t.type = "twilio/quick-reply"; }));
  EXPECT_TRUE(fits([](T& t) { t.type = "twilio/call-to-action"; }));
  EXPECT_TRUE(fits([](T& t) { t.other_texts = {"https://x/{{1}}"}; }));
  EXPECT_FALSE(fits([](T& t) { t.other_texts = {"https://x/{{2}}"}; }));
  EXPECT_FALSE(fits([](T& t) { t.type = "twilio/media"; }));
  EXPECT_FALSE(fits([](T& t) { t.type = "whatsapp/card"; }));
  EXPECT_FALSE(fits([](T& t) { t.has_media = true; }));
  EXPECT_FALSE(fits([](T& t) { t.status = TemplateStatus::Paused; }));
  EXPECT_FALSE(fits([](T& t) { t.status = TemplateStatus::Pending; }));
}

TEST(TemplateCatalog, FindsByTheSidInAnyCase) {
  const TemplateCatalog catalog({a_template("Hi")});
  ASSERT_NE(catalog.find(kContent), nullptr);
  EXPECT_NE(catalog.find("HX000000000000000000000000000000A1"), nullptr);
  EXPECT_EQ(catalog.find("HX000000000000000000000000000000a2"), nullptr);
  EXPECT_EQ(TemplateCatalog().find(kContent), nullptr);
  EXPECT_EQ(TemplateCatalog().fit("Hi").best, nullptr);
  EXPECT_EQ(TemplateCatalog().size(), 0U);
}

TEST(TemplateCatalog, CopiesOutliveTheOriginal) {
  TemplateCatalog copy;
  {
    const TemplateCatalog catalog({a_template("Hi {{1}}!")});
    copy = catalog;
  }
  EXPECT_NE(copy.fit("Hi Ana!").best, nullptr);
}

// The plain way: does `body` fit `text`, each hole taking at least one byte?
bool fits_plainly(std::string_view body, const std::vector<TemplatePiece>& pieces, std::size_t i) {
  if (i == pieces.size()) return body.empty();
  if (!pieces[i].hole) {
    return body.starts_with(pieces[i].text) &&
           fits_plainly(body.substr(pieces[i].text.size()), pieces, i + 1);
  }
  for (std::size_t n = 1; n <= body.size(); ++n) {
    if (fits_plainly(body.substr(n), pieces, i + 1)) return true;
  }
  return false;
}

// Texts over few letters meet each other in every way there is.
TEST(TemplateCatalog, FindsWhatTryingEachTemplateFinds) {
  Random random(20260106);
  const auto letters = [&](std::size_t max) {
    std::string text;
    for (std::size_t n = random.below(max) + 1; n > 0; --n) text += "abc "[random.below(4)];
    return text;
  };
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> texts;
    for (int i = 0; i < 80; ++i) {
      std::string text = "a" + letters(6);
      const std::uint64_t holes = random.below(4);
      for (std::uint64_t hole = 0; hole < holes; ++hole) {
        text += "{{" + std::to_string(hole + 1) + "}}" + letters(10);
      }
      texts.push_back(text + "b");
    }
    const TemplateCatalog catalog = catalog_of(texts);
    for (int i = 0; i < 80; ++i) {
      const std::string body = "a" + letters(30) + "b";
      std::size_t most = 0;
      std::vector<std::string> best;
      for (std::size_t t = 0; t < texts.size(); ++t) {
        const auto pieces = split_template(texts[t]);
        if (!fits_plainly(body, pieces, 0)) continue;
        std::size_t literal = 0;
        for (const auto& piece : pieces) literal += piece.hole ? 0 : piece.text.size();
        if (literal > most) best.clear();
        most = std::max(most, literal);
        if (literal == most) best.push_back(std::to_string(t));
      }
      const TemplateFit fit = catalog.fit(body);
      EXPECT_EQ(fit.best == nullptr ? "" : fit.best->name, best.empty() ? "" : best[0])
          << "body \"" << body << "\", round " << round;
      EXPECT_EQ(fit.tied == nullptr ? "" : fit.tied->name, best.size() < 2 ? "" : best[1])
          << "body \"" << body << "\", round " << round;
      if (fit.best != nullptr) {
        EXPECT_EQ(fill_template(fit.best->body, fit.values, {}), body);
      }
    }
  }
}

// Every order of eight words between holes: a body that holds the words fits one in the order of
// the words, but many begin to fit. Looking must end.
TEST(TemplateCatalog, GivesUpWhereTooManyAreAlike) {
  std::vector<std::string> texts;
  for (int i = 0; i < 10'000; ++i) {
    std::string text = "Hi";
    for (int bit = 0; bit < 14; ++bit) {
      text += "{{" + std::to_string(bit) + "}}" + ((i >> bit) % 2 == 0 ? "even" : "odds");
    }
    texts.push_back(text + "!");
  }
  const TemplateCatalog catalog = catalog_of(texts);
  std::string body = "Hi";
  for (int i = 0; i < 40; ++i) body += " even odds";
  const TemplateFit fit = catalog.fit(body + "!");
  EXPECT_TRUE(fit.gave_up);
  EXPECT_EQ(fit.best, nullptr);
}

}  // namespace
}  // namespace twindow::policy
