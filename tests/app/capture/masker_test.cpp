// SPDX-License-Identifier: Apache-2.0
// What stands for numbers, SIDs, texts and URLs: the same for the same, and of the same shape.
#include "src/app/capture/masker.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twindow/model/segments.h"

#include "src/app/capture/other_letters.h"

namespace twindow::app {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

TEST(Masker, EachNumberHasAStandInOfItsOwn) {
  Masker mask(false);
  EXPECT_EQ(mask.address("whatsapp:+14155550100"), "whatsapp:+15555550100");
  EXPECT_EQ(mask.address("whatsapp:+5215512345678"), "whatsapp:+15555550101");
  EXPECT_EQ(mask.address("+5215512345678"), "+15555550101");
  EXPECT_EQ(mask.address("whatsapp:+525512345678"), "whatsapp:+15555550101")
      << "another spelling of one user";
  EXPECT_EQ(mask.address("+14155550100"), "+15555550100");
}

TEST(Masker, TheSandboxIsEverybodys) {
  Masker mask(false);
  EXPECT_EQ(mask.address("whatsapp:+14155238886"), "whatsapp:+14155238886");
}

TEST(Masker, SidsCountUpByTheirKinds) {
  Masker mask(false);
  const std::string first = "SM" + std::string(32, 'a');
  EXPECT_EQ(mask.sid(first), "SM" + std::string(31, '0') + "1");
  EXPECT_EQ(mask.sid("SM" + std::string(32, 'b')), "SM" + std::string(31, '0') + "2");
  EXPECT_EQ(mask.sid("HX" + std::string(32, 'b')), "HX" + std::string(31, '0') + "1");
  EXPECT_EQ(mask.text("see " + first).substr(4), mask.sid(first));
  EXPECT_EQ(mask.sid(""), "");
  EXPECT_EQ(mask.sid("none"), "none");
}

TEST(Masker, WordsAreConsistentAndKeepTheirCase) {
  Masker mask(false);
  const std::string made = mask.text("Ana, ANA and ana.");
  EXPECT_THAT(made, MatchesRegex("[A-Z][a-z]{2}, [A-Z]{3} [a-z]{3} [a-z]{3}\\."));
  EXPECT_EQ(made.substr(5, 3), mask.text("ANA"));
  EXPECT_EQ(made.substr(0, 3), mask.text("Ana"));
  EXPECT_NE(mask.text("Eva"), mask.text("Ana"));
}

TEST(Masker, TextsKeepTheirLengthAndTheirSegments) {
  const std::vector<std::string> texts{
      "Hola Ana, tu cita es {{1}} a las 10:30.",
      "Zoë, l'été",
      "Привет, Анна! Как дела?",
      "こんにちは、安奈さん",
      "שלום, אנה",
      "👋🏽 Ana 👩‍👩‍👧",
      "line one\nline two\ttab",
      std::string(161, 'a'),
      "€ [x] {y} ~ ^ \\ |",
      "call +52 (155) 1234-5678 now, or +52 155 1234 5678",
      "https://shop.example.com/orders/ana?name=Ana&id=123456#top",
  };
  for (const std::string& text : texts) {
    Masker mask(false);
    const std::string made = mask.text(text);
    EXPECT_EQ(code_points(made), code_points(text)) << text << "\n" << made;
    EXPECT_EQ(count_segments(made), count_segments(text)) << text << "\n" << made;
    EXPECT_THAT(made, Not(HasSubstr("Ana")));
  }
}

TEST(Masker, PlaceholdersStay) {
  Masker mask(false);
  EXPECT_THAT(mask.text("Hola {{1}}, es {{ name }}!"), MatchesRegex(".* \\{\\{1\\}\\}, .*"));
  EXPECT_THAT(mask.text("Hola {{1}}, es {{ name }}!"), HasSubstr("{{ name }}"));
}

TEST(Masker, NothingHidesInWhatOnlyLooksLikeAPlaceholderOrAnEscape) {
  for (const char* text :
       {"{{call +14155550100}}", "{{-whatsapp:+14155550100{{1}}", "https://x.y/%+14155550100",
        "https://x.y/?+14155550100=1", "https://wa.me/14155550100", "(+14155550100)"}) {
    Masker mask(false);
    mask.address("whatsapp:+14155550100");
    EXPECT_THAT(mask.text(text), Not(HasSubstr("4155550100")));
    EXPECT_THAT(mask.text(text), HasSubstr("15555550100"));
    EXPECT_THAT(mask.url(text), Not(HasSubstr("4155550100")));
  }
}

TEST(Masker, UrlsKeepTheirShape) {
  Masker mask(false);
  const std::string made = mask.url("https://tienda.mx/clientes/ana.pdf?for=Ana%20P&n=12");
  EXPECT_THAT(made, MatchesRegex("https://host1\\.example\\.com/[a-z]{8}/[a-z]{3}\\.pdf\\?for=.*"));
  EXPECT_THAT(made, HasSubstr("%20"));
  EXPECT_THAT(made, HasSubstr("&n="));
  EXPECT_THAT(mask.url("https://tienda.mx/"), HasSubstr("//host1."));
  EXPECT_THAT(mask.url("https://other.mx/"), HasSubstr("//host2."));
}

TEST(Masker, PathsLoseNumbersAndSidsOnly) {
  Masker mask(false);
  const std::string shop = mask.address("+14155550100");
  EXPECT_EQ(mask.identifiers("/twilio/status/+14155550100"), "/twilio/status/" + shop);
  EXPECT_EQ(mask.identifiers("/v1/shops/42/status"), "/v1/shops/42/status");
  EXPECT_EQ(mask.identifiers("Outside the allowed window"), "Outside the allowed window");
}

TEST(Masker, KeepsAllIfToldTo) {
  Masker mask(true);
  for (const char* text : {"whatsapp:+14155550100", "Ana", "https://tienda.mx/ana"}) {
    EXPECT_EQ(mask.address(text), text);
    EXPECT_EQ(mask.text(text), text);
    EXPECT_EQ(mask.url(text), text);
    EXPECT_EQ(mask.identifiers(text), text);
    EXPECT_EQ(mask.sid(text), text);
  }
}

TEST(Masker, BrokenTextIsNoTrouble) {
  Masker mask(false);
  for (const char* text : {"\xff\xfe", "a\xc3", "\xe2\x82", "{{", "%", "http://", "+", "SM", ""}) {
    EXPECT_EQ(code_points(mask.text(text)), code_points(text)) << text;
    mask.url(text);
    mask.address(text);
  }
  mask.url("https://x.y/%4");
}

}  // namespace
}  // namespace twindow::app
