// SPDX-License-Identifier: Apache-2.0
// Messages as servers have told of them, most of them recorded in proxy mode from a fake upstream,
// and the scenario that each becomes: word for word, as the runner's own parser takes it, and with
// nobody's name in it.
#include "src/app/capture/capture.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/app/scenario_file.h"
#include "tests/support/golden.h"

namespace twindow::app {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// The beginnings of "NAME.in.json".
std::vector<std::string> names() {
  constexpr std::string_view kIn = ".in.json";
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(test::fixture_path("capture"))) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(kIn)) found.push_back(name.substr(0, name.size() - kIn.size()));
  }
  std::ranges::sort(found);
  return found;
}

Json material(const std::string& name) {
  Json json = Json::parse(test::read_fixture("capture/" + name + ".in.json"), nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << name;
  return json;
}

std::string captured(const Json& json, bool keep = false) {
  return captured_scenario(json, {.keep = keep});
}

scenario::Scenario parsed(const std::string& text) {
  auto loaded = parse_scenario(text, "captured.json", {}, {Environment{}});
  if (loaded) return loaded->scenario;
  for (const Mistake& mistake : loaded.error()) ADD_FAILURE() << to_text(mistake) << "\n" << text;
  return {};
}

class Captured : public testing::TestWithParam<std::string> {};

TEST_P(Captured, IsTheFileThatIsExpected) {
  std::string text = captured(material(GetParam()));
  ASSERT_TRUE(text.ends_with("\n"));
  text.pop_back();
  test::expect_golden("capture/" + GetParam() + ".out.jsonc", text);
}

TEST_P(Captured, IsAScenarioWithStepsAndATag) {
  for (const bool keep : {false, true}) {
    const scenario::Scenario scenario = parsed(captured(material(GetParam()), keep));
    EXPECT_THAT(scenario.steps, Not(IsEmpty()));
    EXPECT_THAT(scenario.tags, Contains("captured"));
    EXPECT_TRUE(scenario.start);
  }
}

TEST_P(Captured, NamesNobody) {
  const Json json = material(GetParam());
  const std::string text = captured(json);
  for (const char* word : {"Ana", "Pérez", "tienda", "cita", "4155550100", "5560", "556-",
                           "5550123", "0123456789abcdef"}) {
    EXPECT_THAT(text, Not(HasSubstr(word)));
  }
  if (const std::string sid = text_at(member_at(json, "message"), "sid"); !sid.empty()) {
    EXPECT_THAT(text, Not(HasSubstr(sid)));
  }
  EXPECT_THAT(captured(json, true), Not(HasSubstr("stand for others")));
}

INSTANTIATE_TEST_SUITE_P(Recorded, Captured, testing::ValuesIn(names()),
                         [](const auto& made) { return made.param; });

TEST(Capture, HasTenKindsOfFailureAndMore) { EXPECT_THAT(names(), SizeIs(testing::Ge(15U))); }

TEST(Capture, OneNumberIsOneNumberInAddressesBodiesAndQueries) {
  Json json = material("closed_window");
  const std::string user = json["message"]["to"];
  json["send"]["Body"] = "+1 (555) 556-0000 or 15555560000, and again " + user;
  ASSERT_EQ(user, "whatsapp:+15555560000");
  const std::string text = captured(json);
  EXPECT_THAT(text, HasSubstr(R"("user": "whatsapp:+15555550101")"));
  EXPECT_THAT(text, HasSubstr(R"("Body": "+15555550101 )"));
  EXPECT_THAT(text, HasSubstr(" 15555550101,"));
  EXPECT_THAT(text, HasSubstr(":+15555550101"));
}

TEST(Capture, WhatLooksLikeAVariableStaysText) {
  Json json = material("closed_window");
  json["send"]["Body"] = "${user} and ${env:HOME}";
  const scenario::Scenario scenario = parsed(captured(json, true));
  const auto& send = std::get<scenario::SendStep>(scenario.steps.front().what);
  EXPECT_THAT(send.json, HasSubstr("${user} and ${env:HOME}"));
}

TEST(Capture, TextsAreNoComments) {
  Json json = material("refused_by_the_policy");
  json["decision"]["rule"] = "one\n\"steps\": [] // two";
  EXPECT_THAT(parsed(captured(json)).steps, SizeIs(1));
}

TEST(Capture, PasswordsOfUrlsAreLeftOut) {
  Json json = material("closed_window");
  json["send"]["StatusCallback"] = "https://me:secret@app.example.com/twilio/status";
  for (const bool keep : {false, true}) {
    EXPECT_THAT(captured(json, keep), Not(HasSubstr("secret")));
  }
}

TEST(Capture, WhatIsNotKnownIsNoReasonToFail) {
  EXPECT_THAT(captured(Json{{"mode", "proxy"}}), HasSubstr("\"steps\""));
  EXPECT_THAT(captured(Json()), HasSubstr("\"steps\""));
  Json odd = material("closed_window");
  odd["message"]["error_code"] = "no number";
  odd["message"]["timeline"] = Json::array({1, Json::array(), {{"event", "status"}}});
  odd["callbacks"] = Json::array({{{"type", "status"}, {"at", "never"}}});
  EXPECT_THAT(captured(odd), HasSubstr("\"steps\""));
}

}  // namespace
}  // namespace twindow::app
