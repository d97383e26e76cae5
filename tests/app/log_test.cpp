// SPDX-License-Identifier: Apache-2.0
#include "src/app/log.h"

#include <regex>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "src/app/json.h"

namespace twindow::app {
namespace {

wire::CallLogEntry some_call() {
  using namespace std::chrono_literals;
  return {.plane = "api",
          .peer = "127.0.0.1",
          .method = "GET",
          .target = "/M.json?To=%2B15555550123&Body=hola",
          .status = 201,
          .bytes_in = 150,
          .bytes_out = 810,
          .took = 1234us};
}

TEST(Log, WritesCallsAsTextWithNumbersMasked) {
  std::ostringstream out;
  { Log({}, out).call_log()(some_call()); }
  const std::regex line(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info api 127\.0\.0\.1 GET )"
                        "/M\\.json\\?To=%2B15•••23&Body=••• 201 in 150 out 810 bytes, 1\\.2 ms\n");
  EXPECT_TRUE(std::regex_match(out.str(), line)) << out.str();
}

TEST(Log, NamesWhatACallHasMade) {
  std::ostringstream out;
  wire::CallLogEntry entry = some_call();
  entry.subject = "SM00000000000000000000000000000001";
  { Log({}, out).call(entry); }
  EXPECT_NE(out.str().find(" 201 SM00000000000000000000000000000001 in 150 "), std::string::npos)
      << out.str();
  std::ostringstream json;
  { Log({.format = LogFormat::JsonLines}, json).call(entry); }
  const Json line = Json::parse(json.str(), nullptr, false);
  ASSERT_FALSE(line.is_discarded()) << json.str();
  EXPECT_EQ(text_at(line, "subject"), "SM00000000000000000000000000000001");
}

TEST(Log, MasksEachTargetAnew) {
  std::ostringstream out;
  {
    Log log({}, out);
    wire::CallLogEntry entry = some_call();
    for (const char* target : {"/a?To=%2B15555550123", "/a?To=%2B15555550123", "/b"}) {
      entry.target = target;
      log.call(entry);
    }
  }
  const std::string text = out.str();
  EXPECT_NE(text.find("GET /b 201"), std::string::npos) << text;
  EXPECT_EQ(text.find("0123"), std::string::npos) << text;
}

TEST(Log, WritesCallsAsJsonLines) {
  std::ostringstream out;
  { Log({.format = LogFormat::JsonLines}, out).call(some_call()); }
  const Json line = Json::parse(out.str(), nullptr, false);
  ASSERT_FALSE(line.is_discarded()) << out.str();
  EXPECT_EQ(text_at(line, "level"), "info");
  EXPECT_EQ(text_at(line, "plane"), "api");
  EXPECT_EQ(text_at(line, "target"), "/M.json?To=%2B15•••23&Body=•••");
  EXPECT_EQ(text_at(line, "status"), "201");
  EXPECT_EQ(text_at(line, "took_us"), "1234");
  EXPECT_FALSE(text_at(line, "time").empty());
}

TEST(Log, MasksTextsUnlessToldToShow) {
  std::ostringstream masked;
  { Log({}, masked).warning("no answer for +15555550123"); }
  EXPECT_NE(masked.str().find("warning no answer for +15•••23\n"), std::string::npos)
      << masked.str();
  std::ostringstream shown;
  { Log({.pii = Pii::Show}, shown).error("no answer for +15555550123"); }
  EXPECT_NE(shown.str().find("error no answer for +15555550123\n"), std::string::npos)
      << shown.str();
}

TEST(Log, KeepsALineALineAndJsonJson) {
  std::ostringstream out;
  { Log({.format = LogFormat::JsonLines}, out).info("a \"quoted\"\nline \xff {}"); }
  const Json line = Json::parse(out.str(), nullptr, false);
  ASSERT_FALSE(line.is_discarded()) << out.str();
  EXPECT_EQ(text_at(line, "text"), "a \"quoted\"\\x0aline \xEF\xBF\xBD {}");
}

TEST(Log, WritesEverythingBeforeItIsGone) {
  std::ostringstream out;
  {
    Log log({}, out);
    for (int i = 0; i < 1000; ++i) log.info("line");
  }
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1000);
}

}  // namespace
}  // namespace twindow::app
