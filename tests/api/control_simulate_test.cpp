// SPDX-License-Identifier: Apache-2.0
// /__admin/simulate: a user writes, a status is reported.
#include "twindow/wire/form.h"

#include "tests/api/server_fixture.h"

namespace twindow::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

constexpr auto kInboundUrl = "https://app.example.com/inbound";

ServerOptions with_inbound_url() {
  ServerOptions options;
  options.accounts.push_back({.sid = AccountSid{kAccount}, .inbound_url = kInboundUrl});
  return options;
}

class ControlSimulate : public testing::Test {
 protected:
  Answer inbound(const Json& said) {
    return server.admin("POST", "/simulate/inbound-message", said.dump());
  }
  Answer status(const Json& said) {
    return server.admin("POST", "/simulate/message-status", said.dump());
  }
  Server server{with_inbound_url()};
};

TEST_F(ControlSimulate, NobodyWritesToASenderThatIsNotTheAccounts) {
  server.ok("PUT", "/senders?account=" + kAccount,
            R"({"senders":[{"address":"whatsapp:+14155550199"},{"address":"+15005550006"}]})");
  const Answer refused = inbound({{"From", kAna}, {"To", kShop}, {"Body", "hola"}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.detail(), HasSubstr(kShop + " is no sender of the account; these are: "
                                                  "whatsapp:+14155550199 +15005550006"));
  EXPECT_EQ(refused.json()["errors"][0]["pointer"], "/To");
  EXPECT_THAT(server.get("/messages")["messages"], IsEmpty());
  EXPECT_EQ(inbound({{"From", kAna}, {"To", "whatsapp:+14155550199"}}).status, 200);
  EXPECT_EQ(inbound({{"From", kAna}, {"To", "whatsapp:+14155238886"}}).status, 200)
      << "the Sandbox is everybody's";
}

TEST_F(ControlSimulate, AnInboundMessageOpensTheWindowAndIsToldToTheApp) {
  const Answer answer = inbound({{"From", kAna}, {"To", kShop}, {"Body", "hola"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  const Json json = answer.json();
  EXPECT_THAT(json["MessageSid"].get<std::string>(), MatchesRegex("SM[0-9a-f]{32}"));
  EXPECT_EQ(json["AccountSid"], kAccount);
  EXPECT_EQ(json["window"]["state"], "open");
  EXPECT_EQ(json["window"]["user"], "+525512345678");
  EXPECT_EQ(json["webhook"]["url"], kInboundUrl);
  EXPECT_EQ(json["webhook"]["status"], 204);
  EXPECT_TRUE(json["webhook"]["error"].is_null());
  EXPECT_THAT(json["replies"], IsEmpty());
  ASSERT_EQ(server.app.webhooks.size(), 1U);
  const auto& told = std::get<InboundNews>(server.app.webhooks[0].news).message;
  EXPECT_EQ(told.body, "hola");
  EXPECT_EQ(told.from.text, kAna);
}

TEST_F(ControlSimulate, WhatTwilioAnswersToItsWordsIsAReplyToo) {
  for (const std::string word : {"STOP", "START", "HELP"}) {
    const Json json =
        inbound({{"From", "+15555550123"}, {"To", "+15005550006"}, {"Body", word}}).json();
    ASSERT_EQ(json["replies"].size(), 1U) << word;
    EXPECT_EQ(json["replies"][0]["direction"], "outbound-reply");
    EXPECT_EQ(json["replies"][0]["to"], "+15555550123");
    const std::string sid = json["replies"][0]["sid"];
    EXPECT_EQ(server.get("/messages/" + sid)["body"], json["replies"][0]["body"]) << word;
  }
}

TEST_F(ControlSimulate, AFormIsAsGoodAsJson) {
  const std::string form =
      wire::encode_form({{"From", kAna}, {"To", kShop}, {"Body", "a & b"}, {"ProfileName", "Ana"}});
  const Answer answer = server.admin("POST", "/simulate/inbound-message", form);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto& told = std::get<InboundNews>(server.app.webhooks[0].news).message;
  EXPECT_EQ(told.body, "a & b");
  EXPECT_THAT(told.extra, ElementsAre(Param{"ProfileName", "Ana"}));
}

TEST_F(ControlSimulate, FurtherParametersArePassedOnInOrder) {
  const Answer answer = inbound({{"From", kAna},
                                 {"ButtonText", "Yes"},
                                 {"To", kShop},
                                 {"AccountSid", kAccount},
                                 {"Latitude", 19.4},
                                 {"Forwarded", true}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto& told = std::get<InboundNews>(server.app.webhooks[0].news).message;
  EXPECT_THAT(told.extra, ElementsAre(Param{"ButtonText", "Yes"}, Param{"Latitude", "19.4"},
                                      Param{"Forwarded", "true"}));
}

TEST_F(ControlSimulate, AnSmsHasNoWindow) {
  const Answer answer = inbound({{"From", "+15558675310"}, {"To", "+15005550006"}, {"Body", "hi"}});
  ASSERT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.json()["window"].is_null());
}

TEST_F(ControlSimulate, WithoutInboundUrlNobodyIsTold) {
  Server quiet;
  const Json said{{"From", kAna}, {"To", kShop}};
  const Json json = quiet.ok("POST", "/simulate/inbound-message", said.dump());
  EXPECT_TRUE(json["webhook"].is_null());
  EXPECT_EQ(json["window"]["state"], "open");
  EXPECT_THAT(quiet.app.webhooks, IsEmpty());
}

TEST_F(ControlSimulate, TheAppsRefusalIsShown) {
  server.app.http_status = 500;
  const Answer answer = inbound({{"From", kAna}, {"To", kShop}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json()["webhook"]["status"], 500);
}

TEST_F(ControlSimulate, ASidOfOnesOwnIsKeptAndItsRepeatExtendsNothing) {
  const Json said{{"From", kAna}, {"To", kShop}, {"MessageSid", kUnknownSid}};
  EXPECT_EQ(inbound(said).json()["MessageSid"], kUnknownSid);
  server.advance("1h");
  const Answer repeat = inbound(said);
  EXPECT_EQ(repeat.status, 200);
  EXPECT_TRUE(repeat.json()["window"].is_null());
  EXPECT_EQ(server.app.webhooks.size(), 2U) << "a repeat is told again";
  EXPECT_EQ(server.get("/windows")["windows"][0]["last_inbound"], "2026-01-05T09:00:00.000Z");
  EXPECT_EQ(server.get("/messages")["messages"].size(), 1U);
}

TEST_F(ControlSimulate, AStatusMovesTheMessageAndIsTold) {
  const std::string sid = server.send();
  const Answer answer =
      status({{"MessageSid", sid}, {"MessageStatus", "failed"}, {"ErrorCode", 63024}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  const Json json = answer.json();
  EXPECT_EQ(json["moved"], true);
  EXPECT_EQ(json["message"]["status"], "failed");
  EXPECT_EQ(json["message"]["error_code"], 63024);
  EXPECT_EQ(json["webhook"]["status"], 204);
  EXPECT_THAT(server.app.statuses(), ElementsAre("failed 63024"));
}

TEST_F(ControlSimulate, LateNewsIsRecordedOnly) {
  const std::string sid = server.send();
  status({{"MessageSid", sid}, {"MessageStatus", "delivered"}});
  const Answer late = status({{"MessageSid", sid}, {"MessageStatus", "sent"}});
  EXPECT_EQ(late.status, 200);
  EXPECT_EQ(late.json()["moved"], false);
  EXPECT_TRUE(late.json()["webhook"].is_null());
  EXPECT_EQ(late.json()["message"]["status"], "delivered");
  EXPECT_THAT(server.app.statuses(), ElementsAre("delivered"));
  const Json timeline = server.get("/messages/" + sid)["timeline"];
  EXPECT_EQ(timeline.back()["moved"], false);
  EXPECT_EQ(timeline.back()["text"], "sent (late: the message had moved on)");
}

TEST_F(ControlSimulate, AStatusWithoutCallbackUrlHasNoWebhook) {
  const std::string sid = server.send(kAccount, kAna, "Hola", std::nullopt);
  const Answer answer = status({{"MessageSid", sid}, {"MessageStatus", "sent"}});
  EXPECT_EQ(answer.json()["moved"], true);
  EXPECT_TRUE(answer.json()["webhook"].is_null());
}

TEST_F(ControlSimulate, AStatusIsForAnyAccountsMessage) {
  server.send(kAccount);
  const std::string sid = server.send(kSecond);
  const Answer answer = status({{"MessageSid", sid}, {"MessageStatus", "sent"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json()["message"]["account_sid"], kSecond);
}

TEST_F(ControlSimulate, AStatusOfNoMessageIs404) {
  const Answer answer = status({{"MessageSid", kUnknownSid}, {"MessageStatus", "sent"}});
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.detail(), HasSubstr(kUnknownSid));
}

}  // namespace
}  // namespace twindow::test
