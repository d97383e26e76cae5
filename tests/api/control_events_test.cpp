// SPDX-License-Identifier: Apache-2.0
// /__admin/events: server-sent events as they happen.
#include "tests/api/server_fixture.h"

namespace twindow::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class ControlEvents : public testing::Test {
 protected:
  ControlEvents() { server.worlds.open(AccountSid{kAccount}); }

  // Opens a stream and reads its greeting.
  std::shared_ptr<wire::BodyStream> open(const std::string& query = "") {
    wire::HttpReply reply =
        server.reply_of(server.control, {.method = "GET", .target = "/__admin/events" + query});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(wire::find_header(reply.headers, "Content-Type"), "text/event-stream");
    EXPECT_EQ(wire::find_header(reply.headers, "Cache-Control"), "no-store");
    auto stream = std::get<std::shared_ptr<wire::BodyStream>>(reply.body);
    EXPECT_THAT(next(*stream), StartsWith(": "));
    return stream;
  }
  std::string next(wire::BodyStream& stream) {
    const std::optional<std::string> piece = server.next_of(stream);
    return piece.value_or("(over)");
  }
  // The next event's type and data.
  std::pair<std::string, Json> event(wire::BodyStream& stream) {
    const std::string text = next(stream);
    const auto type_at = text.find("event: ");
    const auto data_at = text.find("\ndata: ");
    EXPECT_NE(type_at, std::string::npos) << text;
    EXPECT_NE(data_at, std::string::npos) << text;
    EXPECT_TRUE(text.ends_with("\n\n")) << text;
    if (type_at == std::string::npos || data_at == std::string::npos) return {text, Json()};
    return {text.substr(type_at + 7, data_at - type_at - 7),
            Json::parse(text.substr(data_at + 7), nullptr, false)};
  }

  Server server;
};

TEST_F(ControlEvents, TellsWhatHappensInOrder) {
  const auto stream = open();
  server.receive();
  const std::string sid = server.send();
  server.advance("5s");
  server.ok("POST", "/reset");
  std::vector<std::string> types;
  std::vector<int> ids;
  for (int i = 0; i < 9; ++i) {
    const auto [type, data] = event(*stream);
    types.push_back(type);
    ids.push_back(data["id"]);
    EXPECT_EQ(data["type"], type);
    EXPECT_EQ(data["account_sid"], kAccount);
  }
  EXPECT_THAT(types,
              ElementsAre("message.inbound", "window.opened", "message.queued", "message.sent",
                          "callback", "message.delivered", "callback", "clock.advanced", "reset"));
  for (std::size_t i = 1; i < ids.size(); ++i) EXPECT_EQ(ids[i], ids[i - 1] + 1);
}

TEST_F(ControlEvents, AnEventIsWrittenAsDocumented) {
  const auto stream = open("?type=message");
  const std::string sid = server.send();
  const std::string text = next(*stream);
  EXPECT_THAT(text, testing::MatchesRegex("id: [0-9]+\nevent: message.queued\ndata: .*\n\n"));
  EXPECT_THAT(text, HasSubstr(R"("at":"2026-01-05T09:00:00.000Z","account_sid":")" + kAccount));
  EXPECT_THAT(text, HasSubstr(R"("type":"message.queued","message":{"sid":")" + sid));
}

TEST_F(ControlEvents, TheTypeIsAPrefix) {
  const auto messages = open("?type=message");
  const auto undelivered = open("?type=message.undelivered");
  const auto windows = open("?type=window.");
  server.send();
  server.advance("2s");
  server.ok("PUT", "/windows/" + kShop + "/" + kAna, R"({"state":"closed"})");
  EXPECT_EQ(event(*messages).first, "message.queued");
  EXPECT_EQ(event(*messages).first, "message.undelivered");
  EXPECT_EQ(event(*undelivered).first, "message.undelivered");
  const auto [type, data] = event(*windows);
  EXPECT_EQ(type, "window.closed");
  EXPECT_EQ(data["window"]["user"], "+525512345678");
}

TEST_F(ControlEvents, OneAccountIsHeardAlone) {
  const auto stream = open("?type=message&account=" + kSecond);
  server.send(kAccount);
  const std::string sid = server.send(kSecond);
  EXPECT_EQ(event(*stream).second["message"]["sid"], sid);
}

TEST_F(ControlEvents, SettingTheClockIsTold) {
  const auto stream = open("?type=clock.set");
  server.advance("1s");
  server.ok("PUT", "/clock", R"({"now":"2026-01-05T10:00:00Z"})");
  const auto [type, data] = event(*stream);
  EXPECT_EQ(type, "clock.set");
  EXPECT_EQ(data["now"], "2026-01-05T10:00:00.000Z");
  EXPECT_EQ(data["text"], "set");
}

TEST_F(ControlEvents, EndsWhenTheBusIsClosed) {
  const auto stream = open();
  server.send();
  server.events.close();
  EXPECT_THAT(next(*stream), HasSubstr("message.queued")) << "what was there is told first";
  EXPECT_EQ(next(*stream), "(over)");
  const auto late = open();
  EXPECT_EQ(next(*late), "(over)") << "nor does a later one begin";
}

TEST_F(ControlEvents, ASlowReaderHearsHowManyItMissed) {
  const auto stream = open("?type=message");
  const int made = static_cast<int>(limits::kEventQueueMax) + 7;
  for (int i = 0; i < made; ++i) {
    server.events.record({.at = kStart, .account = AccountSid{kAccount}, .what = ResetEvent{}});
  }
  server.send();
  const auto [type, data] = event(*stream);
  EXPECT_EQ(type, "lagged");
  EXPECT_EQ(data["type"], "lagged");
  EXPECT_EQ(data["missed"], 8);
}

TEST_F(ControlEvents, NobodyListeningNothingIsKept) {
  { const auto stream = open(); }
  server.send();
  EXPECT_FALSE(server.events.wanted());
  const auto stream = open("?type=message");
  const std::string sid = server.send();
  EXPECT_EQ(event(*stream).second["message"]["sid"], sid);
}

}  // namespace
}  // namespace twindow::test
