// SPDX-License-Identifier: Apache-2.0
// /livez, /readyz, the page, health, version, info, reset, and what no route answers.
#include "tests/api/server_fixture.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ControlServer : public testing::Test {
 protected:
  Answer root(const std::string& path, std::string method = "GET") {
    return server.ask(server.control, {.method = std::move(method), .target = path});
  }
  Server server;
};

TEST_F(ControlServer, LivesWhateverItsPhase) {
  for (const api::Phase phase : {api::Phase::Starting, api::Phase::Ready, api::Phase::Draining}) {
    server.state.phase = phase;
    EXPECT_EQ(root("/livez").status, 200);
    EXPECT_EQ(root("/livez").body, "ok\n");
  }
}

TEST_F(ControlServer, ReadinessAndHealthFollowThePhase) {
  struct Row {
    api::Phase phase;
    int status;
    const char* readyz;
    const char* health;
  };
  for (const Row& row : {Row{api::Phase::Starting, 503, "starting\n", "starting"},
                         Row{api::Phase::Ready, 200, "ready\n", "ok"},
                         Row{api::Phase::Draining, 503, "draining\n", "draining"}}) {
    server.state.phase = row.phase;
    EXPECT_EQ(root("/readyz").status, row.status);
    EXPECT_EQ(root("/readyz").body, row.readyz);
    EXPECT_EQ(server.get("/health")["status"], row.health);
  }
}

TEST_F(ControlServer, HealthTellsModeAndUptime) {
  server.wall.time = kStart + 72s + 900ms;
  const Json health = server.get("/health");
  EXPECT_EQ(health.dump(), R"({"status":"ok","mode":"simulate","uptime":"72s"})");
}

TEST_F(ControlServer, TellsItsVersion) {
  EXPECT_EQ(server.get("/version").dump(), R"({"version":"1.2.3"})");
}

TEST_F(ControlServer, InfoDescribesAndCounts) {
  server.state.live.with([](api::LiveSettings& live) {
    live.deliver_to = {{"https://app.example.com", "http://127.0.0.1:3000"}};
  });
  server.receive(kAccount);
  server.send(kAccount);
  server.send(kSecond);
  server.advance("2s");
  const Json info = server.get("/info");
  EXPECT_EQ(info["version"], "1.2.3");
  EXPECT_EQ(info["mode"], "simulate");
  EXPECT_EQ(info["listen"], "127.0.0.1:4010");
  EXPECT_EQ(info["control"], "127.0.0.1:4011");
  EXPECT_EQ(info["store"], "memory");
  EXPECT_EQ(info["seed"], 63016);
  EXPECT_EQ(info["started"], "2026-01-05T09:00:00.000Z");
  EXPECT_EQ(info["clock"], "manual");
  EXPECT_EQ(info["accounts"], Json::array({kAccount, kSecond}));
  EXPECT_EQ(info["counts"]["messages"], 3);
  EXPECT_EQ(info["counts"]["windows"], 1);
  EXPECT_EQ(info["counts"]["callbacks"], 3) << "sent and delivered; undelivered";
  EXPECT_EQ(info["deliver_to"]["https://app.example.com"], "http://127.0.0.1:3000");
  const Json second = server.get("/info?account=" + kSecond);
  EXPECT_EQ(second["accounts"], Json::array({kSecond}));
  EXPECT_EQ(second["counts"].dump(), R"({"messages":1,"windows":0,"callbacks":1})");
  EXPECT_EQ(server.get("/info?account=" + kThird)["counts"]["messages"], 0);
}

TEST_F(ControlServer, ResetForgetsAndReseeds) {
  const std::string first = server.send();
  server.receive();
  server.advance("2s");
  const Json before = server.get("/clock?account=" + kAccount);
  EXPECT_EQ(server.ok("POST", "/reset")["reset"], Json::array({kAccount}));
  EXPECT_EQ(server.get("/info")["counts"].dump(), R"({"messages":0,"windows":0,"callbacks":0})");
  EXPECT_EQ(server.admin("GET", "/messages/" + first).status, 404);
  EXPECT_EQ(server.get("/clock?account=" + kAccount)["now"], before["now"]) << "the clock stays";
  EXPECT_EQ(server.send(), first) << "the same seed gives the same SIDs";
}

TEST_F(ControlServer, ResetOfOneAccountLeavesTheOthers) {
  server.send(kAccount);
  const std::string kept = server.send(kSecond);
  EXPECT_EQ(server.ok("POST", "/reset?account=" + kAccount)["reset"], Json::array({kAccount}));
  EXPECT_THAT(column(server.get("/messages")["messages"], "sid"), ElementsAre(kept));
  EXPECT_THAT(server.ok("POST", "/reset?account=" + kThird)["reset"], IsEmpty());
}

TEST_F(ControlServer, WhatWasOnItsWayDoesNotOutliveAReset) {
  server.send();
  server.ok("POST", "/reset");
  server.advance("1h");
  EXPECT_THAT(server.app.webhooks, IsEmpty());
  EXPECT_EQ(server.get("/info")["counts"]["messages"], 0);
}

TEST_F(ControlServer, ThePageTellsHowToConnect) {
  const Answer page = root("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(page.header("Content-Security-Policy"), HasSubstr("default-src 'none'"));
  EXPECT_THAT(page.body, HasSubstr("http://127.0.0.1:4010"));
  EXPECT_THAT(page.body, HasSubstr("http://127.0.0.1:4011/__admin"));
  EXPECT_THAT(page.body, HasSubstr("simulate"));
}

TEST_F(ControlServer, UnknownCallsAre404AndNameTheDocument) {
  for (const char* path : {"/__admin", "/__admin/", "/__admin/nothing", "/__admin/messages/a/b",
                           "/__admin/windows/a", "/nothing", "/__admin/health/"}) {
    const Answer answer = root(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_THAT(answer.detail(), HasSubstr(std::string("GET ") + path));
    EXPECT_THAT(answer.detail(), HasSubstr("docs/CONTROL_API.md"));
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
  }
}

TEST_F(ControlServer, AnotherMethodIs405) {
  const std::vector<std::pair<std::string, std::string>> calls{
      {"POST", "/health"},
      {"DELETE", "/messages"},
      {"GET", "/reset"},
      {"PUT", "/messages/count"},
      {"PUT", "/callbacks"},
      {"GET", "/callbacks/CB1/resend"},
      {"PATCH", "/windows/a/b"},
      {"GET", "/windows/import"},
      {"POST", "/senders"},
      {"DELETE", "/clock"},
      {"GET", "/clock/advance"},
      {"POST", "/events"},
      {"GET", "/simulate/inbound-message"},
  };
  for (const auto& [method, path] : calls) {
    const Answer answer = server.admin(method, path);
    EXPECT_EQ(answer.status, 405) << method << " " << path;
    EXPECT_EQ(answer.json()["errors"][0]["title"], "Method not allowed");
    EXPECT_THAT(answer.detail(), HasSubstr(method + " /__admin" + path));
  }
}

TEST_F(ControlServer, HeadIsAnsweredAsGet) {
  EXPECT_EQ(root("/livez", "HEAD").status, 200);
  EXPECT_EQ(server.admin("HEAD", "/health").status, 200);
  EXPECT_EQ(server.admin("HEAD", "/messages/" + kUnknownSid).status, 404);
}

TEST_F(ControlServer, AnswersAreNotStored) {
  EXPECT_EQ(server.admin("GET", "/health").header("Cache-Control"), "no-store");
  EXPECT_EQ(server.admin("GET", "/nothing").header("Cache-Control"), "no-store");
  EXPECT_EQ(root("/livez").header("Cache-Control"), "no-store");
}

TEST_F(ControlServer, ThePageShowsTlsOnlyIfItIsOn) {
  const auto page = [this] {
    return server
        .ask(server.control, {.method = "GET", .target = "/", .headers = {{"Host", "127.0.0.1"}}})
        .body;
  };
  EXPECT_THAT(page(), testing::Not(HasSubstr("https://")));
  server.state.tls_address = "127.0.0.1:4443";
  EXPECT_THAT(page(), HasSubstr("https://127.0.0.1:4443"));
}

TEST_F(ControlServer, HandsOutTheCaCertificate) {
  server.state.ca_certificate = []() -> Result<std::string> { return std::string("PEM\n"); };
  const Answer answer = server.ask(
      server.control,
      {.method = "GET", .target = "/__admin/ca.crt", .headers = {{"Host", "127.0.0.1"}}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "PEM\n");
  EXPECT_EQ(answer.header("Content-Type"), "application/x-x509-ca-cert");
}

TEST_F(ControlServer, SaysWhyThereIsNoCa) {
  server.state.ca_certificate = []() -> Result<std::string> {
    return fail(Errc::Unavailable, "/nowhere/ca.key: Permission denied");
  };
  const Answer answer = server.ask(
      server.control,
      {.method = "GET", .target = "/__admin/ca.crt", .headers = {{"Host", "127.0.0.1"}}});
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.body.find("/nowhere/ca.key"), std::string::npos);
}

Task<std::vector<api::ServerState::PolicyMistake>> no_mistakes() {
  co_return std::vector<api::ServerState::PolicyMistake>();
}

TEST(ControlPolicy, IsThatOfAllAccountsAndCanBeTakenAway) {
  Server server;
  std::optional<std::string> in_force;
  server.state.policy_text = [&] { return in_force; };
  server.state.set_policy = [&](std::string text) {
    in_force = std::move(text);
    return no_mistakes();
  };
  server.state.restore_policy = [&] {
    in_force.reset();
    return no_mistakes();
  };
  for (const std::string method : {"PUT", "DELETE"}) {
    const Answer refused = server.admin(method, "/policy?account=" + kAccount, "{\"version\":1}");
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.detail(), HasSubstr("the policy is that of all accounts"));
    EXPECT_FALSE(in_force);
  }
  EXPECT_EQ(server.admin("PUT", "/policy", "{\"version\":1}").status, 200);
  EXPECT_EQ(in_force, "{\"version\":1}");
  EXPECT_EQ(server.admin("PUT", "/policy").status, 400) << "without a policy";
  EXPECT_EQ(server.admin("DELETE", "/policy").status, 204);
  EXPECT_EQ(server.admin("GET", "/policy").status, 404);
}

TEST(ControlExplain, TakesVariablesAsAnObjectToo) {
  Server server;
  const std::string sid = "HX0123456789abcdef0123456789abcdef";
  server.admin(
      "POST", "/templates?account=" + kAccount,
      R"({"sid":")" + sid + R"(","language":"es","types":{"twilio/text":{"body":"Hola {{1}}"}}})");
  const auto explained = [&](const Json& variables) {
    const Json said{
        {"From", kShop}, {"To", kAna}, {"ContentSid", sid}, {"ContentVariables", variables}};
    return server.ok("POST", "/explain", said.dump()).dump();
  };
  EXPECT_EQ(explained(Json{{"1", "Ana"}}), explained(R"({"1":"Ana"})"));
  EXPECT_THAT(explained(Json{{"1", "Ana"}}), HasSubstr(R"("decision":"pass")"));
  EXPECT_THAT(explained(Json{{"2", "Ana"}}), HasSubstr("63028"));
}

}  // namespace
}  // namespace twindow::test
