// SPDX-License-Identifier: Apache-2.0
// The files of scenarios/ keep the outline of the contract's section 8, so that what is written
// today can be played once there is a runner. What a step says inside is not looked at.
#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/case_name.h"
#include "tests/support/golden.h"

namespace twindow::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::array kVerbs{"inbound", "send",     "await", "advance", "trigger",
                            "window",  "template", "fault", "http",    "expect"};
constexpr std::array kClockModes{"real", "manual", "auto"};
constexpr std::ptrdiff_t kWordsMin = 4;  // fewer are a label, not a sentence

bool is_text(const json& value) { return value.is_string() && !value.get<std::string>().empty(); }

bool is_sentence(const json& value) {
  if (!is_text(value)) return false;
  const auto text = value.get<std::string>();
  return std::ranges::count(text, ' ') + 1 >= kWordsMin;
}

// The value of `key`, or null.
json at(const json& object, const char* key) {
  return object.is_object() ? object.value(key, json()) : json();
}

std::string step_fault(const json& step) {
  if (!step.is_object()) return "expected an object";
  if (step.size() != 1) return "expected one verb, found " + std::to_string(step.size());
  const std::string& verb = step.begin().key();
  if (std::ranges::find(kVerbs, verb) == kVerbs.end()) return "no verb \"" + verb + "\"";
  return {};
}

// What is wrong with a scenario, each with the file's name and, where there is one, the step's
// number, counted from 1.
std::vector<std::string> faults_of(const std::string& file, const std::string& text) {
  const json scenario = json::parse(text, nullptr, false, true);
  if (scenario.is_discarded()) return {file + ": expected JSON, comments allowed"};
  if (!scenario.is_object()) return {file + ": expected an object"};
  std::vector<std::string> faults;
  const auto expect = [&](bool holds, const std::string& what) {
    if (!holds) faults.push_back(file + ": " + what);
  };
  expect(at(scenario, "version") == 1, "version: expected 1");
  expect(is_sentence(at(scenario, "name")), "name: expected a sentence");
  const json tags = at(scenario, "tags");
  expect(tags.is_array() && std::ranges::all_of(tags, is_text), "tags: expected a list of words");
  const json mode = at(at(scenario, "clock"), "mode");
  expect(std::ranges::find(kClockModes, mode) != kClockModes.end(),
         "clock.mode: expected real, manual or auto");
  const json steps = at(scenario, "steps");
  expect(steps.is_array() && !steps.empty(), "steps: expected a list of at least one");
  for (std::size_t i = 0; steps.is_array() && i < steps.size(); ++i) {
    const std::string fault = step_fault(steps[i]);
    expect(fault.empty(), "step " + std::to_string(i + 1) + ": " + fault);
  }
  return faults;
}

TEST(ScenarioFiles, KeepTheOutlineOfTheContract) {
  int read = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(TWINDOW_SOURCE_DIR) / "scenarios")) {
    if (entry.path().extension() != ".json") continue;
    const std::string file = "scenarios/" + entry.path().filename().string();
    EXPECT_THAT(faults_of(file, read_file(entry.path())), testing::IsEmpty());
    ++read;
  }
  EXPECT_GT(read, 0) << "no scenario was found";
}

// A scenario that is good but for what a case puts into it.
struct Outline {
  std::string version = "1";
  std::string name = R"("a send outside the window fails")";
  std::string tags = R"(["63016"])";
  std::string mode = R"("auto")";
  std::string steps = R"([{"advance": "25h"}, {"send": {}}])";
};

std::string text_of(const Outline& outline) {
  return "// a comment\n{\"version\": " + outline.version + ", \"name\": " + outline.name +
         ", \"tags\": " + outline.tags + ", \"clock\": {\"mode\": " + outline.mode +
         "}, \"steps\": " + outline.steps + " /* the end */ }";
}

struct ScenarioCase {
  std::string_view name;
  Outline outline;
  std::vector<std::string> faults;
};
void PrintTo(const ScenarioCase& row, std::ostream* out) { *out << row.name; }

class ScenarioOutline : public testing::TestWithParam<ScenarioCase> {};

TEST_P(ScenarioOutline, IsJudgedByFileAndStep) {
  EXPECT_EQ(faults_of("a.json", text_of(GetParam().outline)), GetParam().faults);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, ScenarioOutline, testing::ValuesIn(std::vector<ScenarioCase>{
    {"Good", {}, {}},
    {"NoTagsInTheList", {.tags = "[]"}, {}},
    {"NotJson", {.version = "one"}, {"a.json: expected JSON, comments allowed"}},
    {"OtherVersion", {.version = "2"}, {"a.json: version: expected 1"}},
    {"VersionAsText", {.version = R"("1")"}, {"a.json: version: expected 1"}},
    {"LabelForName", {.name = R"("reminder test")"}, {"a.json: name: expected a sentence"}},
    {"NameIsNoText", {.name = "63016"}, {"a.json: name: expected a sentence"}},
    {"TagsAsText", {.tags = R"("63016")"}, {"a.json: tags: expected a list of words"}},
    {"TagIsNoText", {.tags = R"(["63016", 63016])"}, {"a.json: tags: expected a list of words"}},
    {"UnknownClock", {.mode = R"("virtual")"}, {"a.json: clock.mode: expected real, manual or auto"}},
    {"NoClock", {.mode = "null"}, {"a.json: clock.mode: expected real, manual or auto"}},
    {"NoSteps", {.steps = "[]"}, {"a.json: steps: expected a list of at least one"}},
    {"StepsAsObject", {.steps = R"({"send": {}})"}, {"a.json: steps: expected a list of at least one"}},
    {"StepAsText", {.steps = R"(["send"])"}, {"a.json: step 1: expected an object"}},
    {"UnknownVerb", {.steps = R"([{"send": {}}, {"sleep": "1s"}])"}, {R"(a.json: step 2: no verb "sleep")"}},
    {"TwoVerbs", {.steps = R"([{"send": {}, "expect": {}}])"}, {"a.json: step 1: expected one verb, found 2"}},
    {"NoVerb", {.steps = R"([{"send": {}}, {}])"}, {"a.json: step 2: expected one verb, found 0"}},
    {"TwoFaults", {.version = "2", .steps = "[1]"}, {"a.json: version: expected 1", "a.json: step 1: expected an object"}},
}), case_name);
// clang-format on

}  // namespace
}  // namespace twindow::test
