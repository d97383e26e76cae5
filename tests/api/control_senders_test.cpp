// SPDX-License-Identifier: Apache-2.0
// /__admin/senders: the business addresses of an account.
#include "tests/api/server_fixture.h"
#include "tests/support/run_task.h"

namespace twindow::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ControlSenders : public testing::Test {
 protected:
  ControlSenders() { server.worlds.open(AccountSid{kAccount}); }
  Server server;
};

TEST_F(ControlSenders, AnAccountWithoutListIsOpen) {
  const Json expected{{"accounts",
                       {{{"account_sid", kAccount},
                         {"open", true},
                         {"senders", Json::array()},
                         {"at_twilio", nullptr}}}}};
  EXPECT_EQ(server.get("/senders").dump(), expected.dump());
}

TEST_F(ControlSenders, AListReplacesTheFormerOne) {
  const Json full{{"address", kShop},
                  {"inbound_url", "https://app.example.com/in"},
                  {"inbound_method", "GET"},
                  {"fallback_url", "https://app.example.com/fallback"},
                  {"fallback_method", "POST"},
                  {"status_callback", kStatusUrl},
                  {"service", "MG0123456789abcdef0123456789abcdef"}};
  const Json bare{{"address", "+15005550006"}};
  const Json nulls{{"address", "+15005550006"}, {"inbound_url", nullptr},
                   {"inbound_method", "POST"},  {"fallback_url", nullptr},
                   {"fallback_method", "POST"}, {"status_callback", nullptr},
                   {"service", nullptr}};
  const Json first = server.ok("PUT", "/senders", Json{{"senders", {full, bare}}}.dump());
  const Json expected{{"accounts",
                       {{{"account_sid", kAccount},
                         {"open", false},
                         {"senders", {full, nulls}},
                         {"at_twilio", nullptr}}}}};
  EXPECT_EQ(first.dump(), expected.dump());
  EXPECT_EQ(server.get("/senders").dump(), expected.dump());
  const Json second = server.ok("PUT", "/senders", Json{{"senders", {nulls}}}.dump());
  EXPECT_EQ(second["accounts"][0]["senders"].dump(), Json::array({nulls}).dump());
}

TEST_F(ControlSenders, AnEmptyListOpensTheAccountAgain) {
  server.ok("PUT", "/senders", R"({"senders":[{"address":"+15005550006"}]})");
  EXPECT_EQ(server.get("/senders")["accounts"][0]["open"], false);
  server.ok("PUT", "/senders", R"({"senders":[]})");
  EXPECT_EQ(server.get("/senders")["accounts"][0]["open"], true);
}

TEST_F(ControlSenders, TheUrlsAreUsedFromThenOn) {
  const Json sender{{"address", kShop},
                    {"inbound_url", "https://a.example/in"},
                    {"status_callback", "https://a.example/status"}};
  server.ok("PUT", "/senders", Json{{"senders", {sender}}}.dump());
  server.receive();
  server.send(kAccount, kAna, "Hola", std::nullopt);
  server.advance("5s");
  std::vector<std::string> urls;
  for (const Webhook& webhook : server.app.webhooks) urls.push_back(webhook.url);
  EXPECT_THAT(urls, ElementsAre("https://a.example/in", "https://a.example/status",
                                "https://a.example/status"));
}

TEST_F(ControlSenders, AResetKeepsThemAndForgetsThoseOfTheRestApi) {
  server.ok("PUT", "/senders",
            R"({"senders":[{"address":"+15005550006","inbound_url":"https://a.example/in"}]})");
  gateway::World& world = server.worlds.open(AccountSid{kAccount});
  Resource bought{.kind = ResourceKind::PhoneNumber};
  bought.set("phone_number", "+15005550099");
  ASSERT_TRUE(run_task(*server.context, world.put_resource(bought)));
  const auto addresses = [&] {
    return column(server.get("/senders")["accounts"][0]["senders"], "address");
  };
  EXPECT_THAT(addresses(), ElementsAre("+15005550006", "+15005550099"));
  server.ok("POST", "/reset");
  EXPECT_THAT(addresses(), ElementsAre("+15005550006"));
  EXPECT_EQ(server.get("/senders")["accounts"][0]["senders"][0]["inbound_url"],
            "https://a.example/in");
}

TEST_F(ControlSenders, ABadListChangesNothing) {
  server.ok("PUT", "/senders", R"({"senders":[{"address":"+15005550006"}]})");
  const Answer answer = server.admin(
      "PUT", "/senders", R"({"senders":[{"address":"whatsapp:+14155550100"},{"address":"x!"}]})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json()["errors"][0]["pointer"], "/senders/1");
  const Json senders = server.get("/senders")["accounts"][0]["senders"];
  EXPECT_THAT(column(senders, "address"), ElementsAre("+15005550006"));
}

TEST_F(ControlSenders, EachAccountHasItsOwn) {
  const Json body{{"AccountSid", kSecond}, {"senders", {{{"address", kShop}}}}};
  server.ok("PUT", "/senders", body.dump());
  EXPECT_EQ(server.get("/senders")["accounts"].size(), 2U);
  const Json first = server.get("/senders?account=" + kAccount)["accounts"][0];
  EXPECT_THAT(first["senders"], IsEmpty());
  const Json second = server.get("/senders?account=" + kSecond)["accounts"][0];
  EXPECT_THAT(column(second["senders"], "address"), ElementsAre(kShop));
}

}  // namespace
}  // namespace twindow::test
