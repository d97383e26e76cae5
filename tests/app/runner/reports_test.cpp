// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/reports.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/app/cli/exit_code.h"
#include "src/app/json.h"

namespace twindow::app {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

Outcome passed() {
  return {.file = "a.json", .name = "a guest reads it", .account = "AC1", .took = 1250ms};
}
Outcome failed() {
  Outcome outcome{.file = "b.json", .name = "it ends in 63016 <&\x01>", .verdict = Verdict::Failed};
  outcome.miss = {.where = "b.json:42:5",
                  .step = "expect",
                  .expected = "status \"undelivered\"",
                  .actual = "\"sent\"",
                  .nearest = "SM1 to whatsapp:+15555550123 sent\n  To: expected x, found y",
                  .why = "no callback came"};
  outcome.timeline = {"09:00:00.000 <-- freeform"};
  return outcome;
}
Outcome broken(Verdict verdict) {
  return {.file = "c.json",
          .name = "c.json",
          .verdict = verdict,
          .error = "c.json:3:9: steps[0].adwance: found it, expected advance\nand more"};
}

TEST(ExitCode, IsThatOfTheGravest) {
  EXPECT_EQ(exit_code_of({}), kExitOk);
  EXPECT_EQ(exit_code_of({passed()}), kExitOk);
  EXPECT_EQ(exit_code_of({passed(), failed()}), kExitExpectation);
  EXPECT_EQ(exit_code_of({failed(), broken(Verdict::Invalid)}), kExitInvalidFile);
  EXPECT_EQ(exit_code_of({failed(), broken(Verdict::Invalid), broken(Verdict::CannotRun)}),
            kExitCannotRun);
  EXPECT_EQ(exit_code_of({broken(Verdict::Egress), broken(Verdict::CannotRun)}), kExitEgress);
}

TEST(Report, ForPeopleHasWhatIsNeededToUnderstandAFailure) {
  std::ostringstream out;
  const Terminal terminal{out, out};
  print_outcome(passed(), terminal);
  print_outcome(failed(), terminal);
  print_summary({passed(), failed()}, terminal);
  EXPECT_EQ(out.str(),
            "ok     a guest reads it (1.250 s)\n"
            "FAILED it ends in 63016 <& > (0.000 s)\n"
            "       at       b.json:42:5: expect\n"
            "       expected status \"undelivered\"\n"
            "       found    \"sent\"\n"
            "       nearest  SM1 to whatsapp:+15555550123 sent\n"
            "                  To: expected x, found y\n"
            "       why      no callback came\n"
            "       timeline\n"
            "         09:00:00.000 <-- freeform\n"
            "1 of 2 passed; 1 failed\n");
}

TEST(Report, ForCiServersIsXmlThatCanBeRead) {
  const std::string xml = junit_report({passed(), failed(), broken(Verdict::Invalid)});
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"twindow\" tests=\"3\" failures=\"1\" errors=\"1\" "
                             "time=\"1.250\">"));
  EXPECT_THAT(xml, HasSubstr("<testcase name=\"it ends in 63016 &lt;&amp; >\" "
                             "classname=\"b.json\" time=\"0.000\">"));
  EXPECT_THAT(xml, HasSubstr("<failure type=\"failed\" message=\"expected status "
                             "&quot;undelivered&quot;, found &quot;sent&quot;\">"));
  EXPECT_THAT(xml, HasSubstr("<error type=\"invalid\" message=\"c.json:3:9: "));
  EXPECT_THAT(xml, Not(HasSubstr("\x01")));
}

TEST(Report, ForGitHubNamesFileAndLine) {
  const std::string text = github_annotations({passed(), failed(), broken(Verdict::Invalid)});
  EXPECT_THAT(text, HasSubstr("::error file=b.json,line=42,title=it ends in 63016 "));
  EXPECT_THAT(text, HasSubstr("::expected status \"undelivered\", found \"sent\"%0A"));
  EXPECT_THAT(text, HasSubstr("::error file=c.json,line=3,title=c.json::c.json:3:9: "));
  EXPECT_EQ(std::ranges::count(text, '\n'), 2) << "a line each";
}

TEST(Report, ForProgramsHasEverything) {
  const Json json = Json::parse(json_report({passed(), failed()}));
  EXPECT_EQ(json["passed"], 1);
  EXPECT_EQ(json["exit_code"], 4);
  EXPECT_EQ(json["tests"][0]["seconds"], 1.25);
  EXPECT_EQ(json["tests"][1]["miss"]["at"], "b.json:42:5");
  EXPECT_EQ(json["tests"][1]["timeline"][0], "09:00:00.000 <-- freeform");
}

}  // namespace
}  // namespace twindow::app
