// SPDX-License-Identifier: Apache-2.0
// /__admin/callbacks: every try to tell the app something.
#include "tests/api/server_fixture.h"

namespace twindow::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ControlCallbacks : public testing::Test {
 protected:
  std::vector<std::string> walk(const std::string& filter, int limit) {
    std::vector<std::string> all;
    std::string before;
    for (int page = 0; page < 100; ++page) {
      const Json json = server.get("/callbacks?limit=" + std::to_string(limit) + filter + before);
      for (std::string& id : column(json["callbacks"], "id")) all.push_back(std::move(id));
      if (json["next"].is_null()) return all;
      before = "&before=" + json["next"].get<std::string>();
    }
    ADD_FAILURE() << "the list has no end";
    return all;
  }
  Server server;
};

TEST_F(ControlCallbacks, ACallbackHasTheDocumentedFields) {
  const std::string sid = server.send();
  server.advance("2s");
  const Json list = server.get("/callbacks");
  ASSERT_EQ(list["callbacks"].size(), 1U);
  EXPECT_TRUE(list["next"].is_null());
  Json one = list["callbacks"][0];
  const std::string id = one["id"];
  EXPECT_THAT(id, testing::MatchesRegex("CB[0-9a-f]{32}"));
  const Json expected{{"id", id},
                      {"account_sid", kAccount},
                      {"message_sid", sid},
                      {"type", "status"},
                      {"method", "POST"},
                      {"at", "2026-01-05T09:00:02.000Z"},
                      {"message_status", "undelivered"},
                      {"url", kStatusUrl},
                      {"posted_to", kStatusUrl},
                      {"signed_url", ""},
                      {"signature", ""},
                      {"tries", 1},
                      {"status", 204},
                      {"latency_ms", 0},
                      {"outcome", "answered"},
                      {"error", nullptr}};
  EXPECT_EQ(one.dump(2), expected.dump(2));
  Json alone = server.get("/callbacks/" + id);
  EXPECT_EQ(alone["request"].dump(), R"({"body":""})");
  EXPECT_EQ(alone["response"].dump(), R"({"content_type":"","body":""})");
  alone.erase("request");
  alone.erase("response");
  EXPECT_EQ(alone, one);
}

TEST_F(ControlCallbacks, AnInboundOneHasNoStatus) {
  server.ok("PUT", "/senders",
            R"({"senders":[{"address":"whatsapp:+14155550100","inbound_url":"https://a.example"}],)"
            R"("AccountSid":")" +
                kAccount + "\"}");
  server.receive();
  const Json one = server.get("/callbacks")["callbacks"][0];
  EXPECT_EQ(one["type"], "inbound");
  EXPECT_TRUE(one["message_status"].is_null());
  EXPECT_EQ(one["url"], "https://a.example");
}

TEST_F(ControlCallbacks, PagesLoseNothingAndDoubleNothing) {
  for (int round = 0; round < 2; ++round) {
    for (const std::string& account : {kSecond, kAccount, kThird, kAccount}) server.send(account);
    server.advance("2s");
  }
  const std::vector<std::string> all = walk("", 1000);
  ASSERT_EQ(all.size(), 8U);
  for (const int limit : {1, 2, 3, 7, 8}) EXPECT_EQ(walk("", limit), all) << limit;
  const std::string one = "&account=" + kAccount;
  ASSERT_EQ(walk(one, 1000).size(), 4U);
  for (const int limit : {1, 2, 3}) EXPECT_EQ(walk(one, limit), walk(one, 1000)) << limit;
}

TEST_F(ControlCallbacks, AMessageNarrowsTheList) {
  server.receive();
  const std::string first = server.send();
  server.send();
  server.advance("5s");
  ASSERT_EQ(walk("", 1000).size(), 4U);
  const Json list = server.get("/callbacks?message=" + first);
  EXPECT_THAT(column(list["callbacks"], "message_status"), ElementsAre("delivered", "sent"));
  for (const int limit : {1, 2}) {
    EXPECT_EQ(walk("&message=" + first, limit).size(), 2U) << limit;
  }
  EXPECT_THAT(server.get("/callbacks?message=" + kUnknownSid)["callbacks"], IsEmpty());
}

TEST_F(ControlCallbacks, ResendIsANewTryOfTheSameNews) {
  server.app.http_status = 500;
  const std::string sid = server.send();
  server.advance("2s");
  const std::string id = server.get("/callbacks")["callbacks"][0]["id"];
  server.app.http_status = 204;
  server.advance("1h");
  const Json again = server.ok("POST", "/callbacks/" + id + "/resend");
  EXPECT_NE(again["id"], id);
  EXPECT_EQ(again["status"], 204);
  EXPECT_EQ(again["message_sid"], sid);
  EXPECT_EQ(again["at"], "2026-01-05T10:00:02.000Z");
  ASSERT_EQ(server.app.webhooks.size(), 2U);
  EXPECT_EQ(server.app.webhooks[0].idempotency_token, server.app.webhooks[1].idempotency_token);
  EXPECT_EQ(server.app.webhooks[1].auth_token.text, server.app.webhooks[0].auth_token.text);
  EXPECT_THAT(server.app.statuses(), ElementsAre("undelivered 63016", "undelivered 63016"));
  EXPECT_THAT(column(server.get("/callbacks")["callbacks"], "id"),
              ElementsAre(again["id"].get<std::string>(), id));
  EXPECT_EQ(server.get("/messages/" + sid)["callbacks"].size(), 2U);
}

TEST_F(ControlCallbacks, UnknownOnesAreTold) {
  server.send();
  for (const auto& [method, path] : std::vector<std::pair<std::string, std::string>>{
           {"GET", "/callbacks/CB0123"}, {"POST", "/callbacks/CB0123/resend"}}) {
    const Answer answer = server.admin(method, path);
    EXPECT_EQ(answer.status, 404);
    EXPECT_THAT(answer.detail(), HasSubstr("CB0123"));
  }
}

TEST_F(ControlCallbacks, AnotherAccountsAreNotThere) {
  server.send(kAccount);
  server.send(kSecond);
  server.advance("2s");
  const Json list = server.get("/callbacks?account=" + kAccount);
  ASSERT_EQ(list["callbacks"].size(), 1U);
  const std::string id = list["callbacks"][0]["id"];
  EXPECT_EQ(server.admin("GET", "/callbacks/" + id + "?account=" + kSecond).status, 404);
  EXPECT_EQ(server.admin("POST", "/callbacks/" + id + "/resend?account=" + kSecond).status, 404);
  EXPECT_EQ(server.admin("GET", "/callbacks/" + id).status, 200);
}

}  // namespace
}  // namespace twindow::test
