// SPDX-License-Identifier: Apache-2.0
// /metrics, and what the faces tell those who count: routes, decisions, readers of the events.
#include <algorithm>
#include <memory>

#include "tests/api/twilio_fixture.h"

namespace twindow::test {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;

class ControlMetrics : public TwilioTest {
 protected:
  ControlMetrics() {
    server.state.metrics = [this]() -> Task<std::string> {
      const std::size_t streams = server.state.event_streams;
      co_return "event_streams " + std::to_string(streams) + "\n";
    };
    server.state.send_decided = [this](std::optional<Errc> refusal) {
      decisions.push_back(refusal);
    };
  }
  wire::HttpReply control(const std::string& target, std::string method = "GET",
                          const std::string& asked = "127.0.0.1:4011") {
    return server.reply_of(
        server.control,
        {.method = std::move(method), .target = target, .headers = {{"Host", asked}}});
  }
  wire::HttpReply twilio(std::string method, const std::string& target) {
    return server.reply_of(server.twilio, {.method = std::move(method),
                                           .target = target,
                                           .headers = {{"Host", "api.twilio.com"},
                                                       {"Authorization", basic(kAccount, kToken)}},
                                           .body = freeform()});
  }

  std::vector<std::optional<Errc>> decisions;
};

TEST_F(ControlMetrics, IsThePageOfTheProgram) {
  for (const char* method : {"GET", "HEAD"}) {
    const Answer page = server.as_answer(control("/metrics", method));
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.body, "event_streams 0\n");
    EXPECT_EQ(page.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_EQ(page.header("Cache-Control"), "no-store");
  }
}

TEST_F(ControlMetrics, IsOnTheControlPortOnly) {
  EXPECT_EQ(call("GET", "/metrics").status, 404);
  EXPECT_EQ(call("GET", "/metrics").json()["code"], 20404);
  EXPECT_EQ(server.admin("GET", "/metrics").status, 404) << "/__admin/metrics";
  EXPECT_EQ(control("/metrics", "POST").status, 404);
}

TEST_F(ControlMetrics, IsNotForForeignPages) {
  EXPECT_EQ(control("/metrics", "GET", "evil.example.com").status, 403);
}

TEST_F(ControlMetrics, IsMissingInAServerThatCountsNothing) {
  server.state.metrics = nullptr;
  EXPECT_EQ(control("/metrics").status, 404);
}

TEST_F(ControlMetrics, AnswersNameTheRouteThatMatched) {
  const std::string messages = "/2010-04-01/Accounts/{AccountSid}/Messages";
  const std::string path = messages_path();
  EXPECT_EQ(twilio("POST", path + ".json").route, messages);
  EXPECT_EQ(twilio("GET", path + ".json?PageSize=1").route, messages);
  EXPECT_EQ(twilio("GET", path + "/" + kUnknownSid + ".xml").route, messages + "/{Sid}");
  EXPECT_EQ(twilio("DELETE", path).route, messages) << "405";
  EXPECT_EQ(twilio("GET", messages_path(kSecond)).route, messages) << "401";
  EXPECT_EQ(twilio("GET", messages_path("AC1")).route, "");
  EXPECT_EQ(twilio("GET", "/nothing").route, "");
  EXPECT_EQ(twilio("GET", "/__admin/clock").route, "") << "the Host is no name for it";
  for (const char* known : {"/", "/livez", "/readyz", "/metrics", "/__admin/clock"}) {
    EXPECT_EQ(control(known).route, known);
  }
  EXPECT_EQ(control("/__admin/messages/" + kUnknownSid).route, "/__admin/messages/{sid}");
  EXPECT_EQ(control("/__admin/clock", "DELETE").route, "/__admin/clock");
  EXPECT_EQ(control("/__admin/nothing").route, "");
}

TEST_F(ControlMetrics, EveryRouteIsListed) {
  EXPECT_THAT(api::twilio_routes(),
              IsSupersetOf({"/2010-04-01/Accounts/{AccountSid}/Messages",
                            "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}"}));
  EXPECT_THAT(api::control_routes(),
              IsSupersetOf({"/", "/livez", "/readyz", "/metrics", "/__admin/messages/{sid}",
                            "/__admin/windows/{sender}/{user}", "/__admin/events"}));
}

TEST_F(ControlMetrics, EverySendIsDecidedOnce) {
  EXPECT_EQ(create().status, 201);
  EXPECT_EQ(create(freeform("nobody")).status, 400);
  server.ok("PUT", "/senders?account=" + kAccount,
            R"({"senders":[{"address":"whatsapp:+14155550101"}]})");
  EXPECT_EQ(create().status, 400);
  EXPECT_EQ(call("POST", messages_path(), freeform(), basic(kAccount, "wrong")).status, 401);
  EXPECT_EQ(call("GET", messages_path() + ".json").status, 200);
  EXPECT_THAT(decisions, ElementsAre(std::nullopt, Errc::InvalidTo, Errc::ChannelNotFound));
}

TEST_F(ControlMetrics, ReadersOfTheEventsAreCountedWhileTheyRead) {
  {
    const wire::HttpReply first = control("/__admin/events");
    const wire::HttpReply second = control("/__admin/events");
    EXPECT_EQ(server.state.event_streams, 2u);
  }
  EXPECT_EQ(server.state.event_streams, 0u);
}

}  // namespace
}  // namespace twindow::test
