// SPDX-License-Identifier: Apache-2.0
// The Messages resource in proxy mode, with messages that Twilio does not have.
#include <gmock/gmock.h>

#include "twindow/wire/time_text.h"

#include "tests/api/proxy_fixture.h"
#include "tests/support/compressed.h"
#include "tests/support/run_task.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kMessages = "/2010-04-01/Accounts/" + kAccount + "/Messages";

class LocalMessages : public ProxyGate {
 protected:
  LocalMessages() { use(reject_async()); }

  void use(policy::RuleAction action) {
    policy::Policy made{.rules = {{.name = "closed", .match = {}, .action = std::move(action)}}};
    auto shared = std::make_shared<const policy::Policy>(made);
    run_task(*server.context, server.state.worlds.open(AccountSid{kAccount}).set_policy(shared));
  }
  static policy::RuleAction reject_async() {
    return policy::RejectAction{.style = RejectStyle::Async};
  }
  std::string made(const std::string& body = kSend +
                                             "&StatusCallback=https%3A%2F%2Fa.example%2Fs") {
    const Answer answer = post(body);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json()["sid"];
  }
  void pass(Duration time) {
    ASSERT_TRUE(
        run_task(*server.context, server.state.worlds.open(AccountSid{kAccount}).advance(time)));
  }
  Answer get(const std::string& below) { return call("GET", kMessages + below); }
  // A record of Twilio's, as its lists hold it.
  static std::string record(int number, Time created) {
    return R"({"sid": "SM0000000000000000000000000000000)" + std::to_string(number) +
           R"(", "status": "delivered", "direction": "outbound-api", "to": "+15555550123", )" +
           R"("date_created": ")" + wire::to_rfc2822(created) + "\"}";
  }
  static std::string page(const std::string& records, const std::string& next = "null") {
    return "{\"messages\": [" + records + "], \"next_page_uri\": " + next + "}";
  }
  std::vector<std::string> sids(const Answer& answer) {
    return column(answer.json()["messages"], "sid");
  }
};

TEST_F(LocalMessages, AnAsyncRejectIsAMessageForTheApp) {
  const std::string sid = made();
  EXPECT_TRUE(seen.empty());
  EXPECT_EQ(get("/" + sid + ".json").json()["status"], "queued");
  pass(2s);
  const Answer fetched = get("/" + sid + ".json");
  EXPECT_EQ(fetched.status, 200);
  EXPECT_EQ(fetched.json()["status"], "undelivered");
  EXPECT_EQ(fetched.json()["error_code"], 63016);
  EXPECT_THAT(get("/" + sid).body, HasSubstr("<Status>undelivered</Status>"));
  EXPECT_EQ(get("/" + sid + "/Media.json").json()["media_list"].size(), 0u);
  EXPECT_EQ(get("/" + sid + "/Media/ME" + std::string(32, '0') + ".json").status, 404);
  EXPECT_TRUE(seen.empty()) << "Twilio sees nothing";
}

TEST_F(LocalMessages, IsToldToNobodyElse) {
  const std::string sid = made();
  const Answer answer = call("GET", kMessages + "/" + sid + ".json", "", "Basic bm90Omdvb2Q=");
  EXPECT_EQ(answer.status, 401);
  EXPECT_TRUE(seen.empty());
}

TEST_F(LocalMessages, IsRedactedAndDeletedHere) {
  const std::string sid = made();
  const std::string target = kMessages + "/" + sid + ".json";
  EXPECT_EQ(call("DELETE", target).status, 409) << "it is not final";
  EXPECT_EQ(call("POST", target, "Status=canceled").json()["code"], 30409);
  EXPECT_EQ(call("POST", target, "Body=other").json()["code"], 30400);
  pass(2s);
  EXPECT_EQ(call("POST", target, "Body=").json()["body"], "");
  EXPECT_EQ(call("DELETE", target).status, 204);
  upstream_status = 404;
  EXPECT_EQ(get("/" + sid + ".json").status, 404);
  EXPECT_EQ(seen.size(), 1u) << "then it is Twilio's to say";
}

TEST_F(LocalMessages, WhatIsTwiliosGoesThereUntouched) {
  made();
  upstream_status = 200;
  const Answer answer = get("/SM" + std::string(32, '7') + ".json?x=1");
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].target, kMessages + "/SM" + std::string(32, '7') + ".json?x=1");
  EXPECT_EQ(answer.body, upstream_body);
}

TEST_F(LocalMessages, StandInListsWhereTheirTimeIs) {
  pass(30s);
  const std::string sid = made();
  upstream_status = 200;
  upstream_body = page(record(1, kStart + 1min) + ",  " + record(2, kStart));
  const Answer answer = get(".json?PageSize=50");
  EXPECT_THAT(sids(answer), ElementsAre("SM00000000000000000000000000000001", sid,
                                        "SM00000000000000000000000000000002"));
  EXPECT_THAT(answer.body, HasSubstr(record(1, kStart + 1min))) << "Twilio's are as they came";
}

TEST_F(LocalMessages, StandOnOnePageOnly) {
  pass(1h);
  const std::string sid = made();
  upstream_status = 200;
  const std::string next =
      "\"" + kMessages + ".json?PageSize=1&Page=1&PageToken=PASM00000000000000000000000000000001\"";
  // Between the last of the first page and the first of the second.
  upstream_body = page(record(1, kStart + 2h), next);
  EXPECT_THAT(sids(get(".json?PageSize=1")), ElementsAre("SM00000000000000000000000000000001"));
  upstream_body = page(record(2, kStart));
  const std::string second =
      ".json?PageSize=1&Page=1&PageToken=PASM00000000000000000000000000000001";
  EXPECT_THAT(sids(get(second)), ElementsAre(sid, "SM00000000000000000000000000000002"));
  upstream_body = page("");
  EXPECT_THAT(sids(get(".json")), ElementsAre(sid)) << "an empty list of Twilio's";
}

TEST_F(LocalMessages, PassTheSameFilters) {
  const std::string sid = made();
  upstream_status = 200;
  upstream_body = page("");
  EXPECT_THAT(sids(get(".json?To=whatsapp:%2B5215512345678")), ElementsAre(sid));
  EXPECT_THAT(sids(get(".json?To=%2B15555550123")), ElementsAre());
  EXPECT_THAT(sids(get(".json?From=whatsapp:%2B14155550100")), ElementsAre(sid));
  EXPECT_THAT(sids(get(".json?DateSent%3E=2026-01-05")), ElementsAre()) << "it was never sent";
}

TEST_F(LocalMessages, AreMergedIntoWhatIsCompressed) {
  const std::string sid = made();
  upstream_status = 200;
  upstream_body = compressed(page(record(1, kStart - 1h)));
  upstream_coding = "gzip";
  const Answer answer = get(".json");
  EXPECT_THAT(sids(answer), ElementsAre(sid, "SM00000000000000000000000000000001"));
  EXPECT_EQ(answer.header("Content-Encoding"), "(none)");
}

class HeldMessages : public LocalMessages {
 protected:
  HeldMessages() { use(policy::HoldAction{}); }
  std::string released() {
    const std::string sid = made();
    user_writes();
    EXPECT_EQ(sender.sent.size(), 1u);
    return sid;
  }
  void user_writes() {
    InboundMessage said{.account = AccountSid{kAccount},
                        .sid = MessageSid{"SM" + std::string(32, 'd')},
                        .from = *parse_to(kAna),
                        .to = *parse_from(kShop),
                        .body = "hola"};
    auto& world = server.state.worlds.open(AccountSid{kAccount});
    run_task(*server.context, hear(world, said));
    pass(0s);
  }
  static Task<void> hear(gateway::World& world, InboundMessage said) {
    gateway::World::Told told;
    [[maybe_unused]] const auto heard =
        co_await world.hear_inbound(std::move(said), std::move(told));
  }
  const std::string upstream = FakeSender::upstream_sid(1).text;
};

TEST_F(HeldMessages, AreSentAsTheAppHasSentThem) {
  const std::string body = kSend + "&StatusCallback=https%3A%2F%2Fa.example%2Fs&X=%7e";
  made(body);
  user_writes();
  ASSERT_EQ(sender.sent.size(), 1u);
  EXPECT_EQ(sender.sent[0].form, body);
  EXPECT_TRUE(seen.empty()) << "not through the app's own way";
}

TEST_F(HeldMessages, CanBeCanceled) {
  const std::string sid = made();
  const Answer answer = call("POST", kMessages + "/" + sid + ".json", "Status=canceled");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json()["status"], "canceled");
  EXPECT_EQ(get("/" + sid + ".json").json()["status"], "canceled");
}

TEST_F(HeldMessages, AreFetchedByTheSidThatTheAppKnows) {
  const std::string sid = released();
  upstream_status = 200;
  upstream_body = R"({"sid": ")" + upstream + R"(", "uri": "/x/)" + upstream + R"(.json"})";
  EXPECT_EQ(get("/" + sid + ".json").body,
            R"({"sid": ")" + upstream + R"(", "uri": "/x/)" + upstream + R"(.json"})")
      << "this is no message";
  upstream_body = R"({"sid": ")" + upstream +
                  R"(", "status": "delivered", "direction": "outbound-api", "to": "a", )" +
                  R"("date_created": "Mon, 05 Jan 2026 09:00:00 +0000", "uri": "/x/)" + upstream +
                  R"(.json"})";
  const Answer fetched = get("/" + sid + ".json");
  EXPECT_EQ(seen.back().target, kMessages + "/" + upstream + ".json");
  EXPECT_EQ(fetched.json()["sid"], sid);
  EXPECT_EQ(fetched.json()["uri"], "/x/" + sid + ".json");
  const Answer by_twilios = get("/" + upstream + ".json");
  EXPECT_EQ(by_twilios.json()["sid"], sid) << "the app always sees ours";
  upstream_body = page(upstream_body);
  EXPECT_THAT(sids(get(".json")), ElementsAre(sid)) << "once";
}

}  // namespace
}  // namespace twindow::test
