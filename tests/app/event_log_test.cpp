// SPDX-License-Identifier: Apache-2.0
#include "src/app/event_log.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace twindow::app {
namespace {

struct Listener final : ports::EventSink {
  bool listens = true;
  std::vector<Event> heard;

  bool wanted() const override { return listens; }
  void record(const Event& event) override { heard.push_back(event); }
};

Event some_event() {
  Message message{.sid = MessageSid{"SM00000000000000000000000000000001"}, .account = {}};
  message.sender.text = "whatsapp:+14155550100";
  message.to.text = "whatsapp:+15555550123";
  message.status = MessageStatus::Undelivered;
  message.error_code = 63016;
  return {.at = {},
          .account = AccountSid{"AC00000000000000000000000000000001"},
          .what = MessageEvent{std::move(message)}};
}

TEST(EventLog, WritesALineAndHandsTheEventOn) {
  std::ostringstream out;
  Listener listener;
  {
    Log log({}, out);
    EventLog events(log, listener);
    EXPECT_TRUE(events.wanted());
    events.record(some_event());
  }
  EXPECT_NE(out.str().find("info AC00000000000000000000000000000001 message "
                           "SM00000000000000000000000000000001 undelivered 63016 "
                           "whatsapp:+14•••00 -> whatsapp:+15•••23\n"),
            std::string::npos)
      << out.str();
  EXPECT_EQ(listener.heard.size(), 1u);
}

TEST(EventLog, LeavesWhatACallHasJustMadeToTheLineOfTheCall) {
  std::ostringstream out;
  Listener listener;
  Message message{.sid = MessageSid{"SM00000000000000000000000000000001"}, .account = {}};
  message.timeline.push_back({{}, StatusReached{MessageStatus::Queued}});
  {
    Log log({}, out);
    EventLog events(log, listener);
    events.record_message({}, message);
    events.record({.at = {}, .account = {}, .what = MessageEvent{message}});
    message.direction = Direction::Inbound;
    events.record_message({}, message);
  }
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  EXPECT_EQ(listener.heard.size(), 3u);
}

TEST(EventLog, HidesWhatIsNoSidInTheirPlace) {
  Event event = some_event();
  std::get<MessageEvent>(event.what).message.sid.text = "+15555550123\n";
  const std::string line = log_line(event, Pii::Mask);
  EXPECT_NE(line.find(" message +15•••23\\x0a undelivered "), std::string::npos) << line;
  EXPECT_NE(log_line(event, Pii::Show).find("whatsapp:+14155550100"), std::string::npos);
}

TEST(EventLog, HandsNothingToThoseWhoDoNotListen) {
  std::ostringstream out;
  Listener listener;
  listener.listens = false;
  {
    Log log({}, out);
    EventLog(log, listener).record(some_event());
  }
  EXPECT_FALSE(out.str().empty());
  EXPECT_TRUE(listener.heard.empty());
}

}  // namespace
}  // namespace twindow::app
