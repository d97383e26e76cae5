// SPDX-License-Identifier: Apache-2.0
// The REST resources beside Messages: what they answer, and what they mean for sends. That every
// member is as Twilio's documents say is tests/e2e/openapi.test.mjs's to show.
#include <set>

#include "tests/api/twilio_fixture.h"

namespace twindow::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

class TwilioResources : public TwilioTest {
 protected:
  Answer on(const std::string& product, std::string method, const std::string& path,
            std::string body = "") {
    host = product + ".twilio.com";
    Answer answer = call(std::move(method), path, std::move(body));
    host = "api.twilio.com";
    return answer;
  }
  static std::string form(std::vector<Param> params) { return wire::encode_form(params); }
  static std::string own(const std::string& rest) {
    return "/2010-04-01/Accounts/" + kAccount + rest;
  }
  std::string make_service(std::vector<Param> more = {}) {
    more.push_back({"FriendlyName", "Orders"});
    const Answer answer = on("messaging", "POST", "/v1/Services", form(more));
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json()["sid"];
  }
  std::string buy(const std::string& number, std::vector<Param> more = {}) {
    more.push_back({"PhoneNumber", number});
    const Answer answer = call("POST", own("/IncomingPhoneNumbers.json"), form(more));
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json()["sid"];
  }
  std::string make_content(const std::string& body = "Hi {{1}}") {
    const Json json{{"language", "en"},
                    {"friendly_name", "hi"},
                    {"variables", {{"1", "you"}}},
                    {"types", {{"twilio/text", {{"body", body}}}}}};
    const Answer answer = on("content", "POST", "/v1/Content", json.dump());
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json()["sid"];
  }
  std::string status_of(const std::string& content) {
    const Answer answer = on("content", "GET", "/v1/Content/" + content + "/ApprovalRequests");
    return answer.json()["whatsapp"]["status"];
  }
};

TEST_F(TwilioResources, AnApprovalMovesWithTheClock) {
  const std::string sid = make_content();
  EXPECT_EQ(status_of(sid), "unsubmitted");
  const std::string path = "/v1/Content/" + sid + "/ApprovalRequests/whatsapp";
  const std::string request = R"({"name":"hi","category":"UTILITY"})";
  EXPECT_EQ(on("content", "POST", path, request).json()["status"], "received");
  EXPECT_EQ(on("content", "POST", path, request).json()["code"], 92009);
  server.advance("1s");
  EXPECT_EQ(status_of(sid), "pending");
  server.advance("9s");
  EXPECT_EQ(status_of(sid), "approved");
}

TEST_F(TwilioResources, AnApprovalThatWasDecidedByHandStays) {
  const std::string sid = make_content();
  on("content", "POST", "/v1/Content/" + sid + "/ApprovalRequests/whatsapp",
     R"({"name":"hi","category":"UTILITY"})");
  server.ok("PUT", "/templates/" + sid + "/approval", R"({"whatsapp":"disabled"})");
  server.advance("1h");
  EXPECT_EQ(status_of(sid), "disabled");
}

TEST_F(TwilioResources, ApprovalsFollowTheRulesOfTheControlApi) {
  server.ok(
      "PUT", "/templates/approvals?account=" + kAccount,
      R"({"decided_after":"2s","rules":[{"name":"bad_*","status":"rejected","reason":"why"}]})");
  const std::string sid = make_content();
  on("content", "POST", "/v1/Content/" + sid + "/ApprovalRequests/whatsapp",
     R"({"name":"bad_one","category":"MARKETING"})");
  server.advance("2s");
  EXPECT_EQ(status_of(sid), "rejected");
  const Answer bad = server.admin("PUT", "/templates/approvals?account=" + kAccount,
                                  R"({"rules":[{"name":"x","status":"loved"}]})");
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(bad.body, HasSubstr("/rules/0"));
}

TEST_F(TwilioResources, TemplatesOfTheControlApiAreContents) {
  server.admin("POST", "/templates?account=" + kAccount,
               R"({"sid":"HX000000000000000000000000000000aa","language":"es",
                   "types":{"twilio/text":{"body":"Hola {{1}}"}},
                   "approval":{"whatsapp":"approved","category":"UTILITY"}})");
  const Answer found = on("content", "GET", "/v1/Content/HX000000000000000000000000000000aa");
  ASSERT_EQ(found.status, 200) << found.body;
  EXPECT_EQ(found.json()["types"]["twilio/text"]["body"], "Hola {{1}}");
  EXPECT_EQ(status_of("HX000000000000000000000000000000aa"), "approved");
  make_content();
  EXPECT_THAT(server.get("/templates?account=" + kAccount)["templates"], SizeIs(2));
}

TEST_F(TwilioResources, PagesLeadFromOneToTheNext) {
  for (int i = 0; i < 5; ++i) make_service();
  Json page = on("messaging", "GET", "/v1/Services?PageSize=2").json();
  std::vector<std::string> seen = column(page["services"], "sid");
  EXPECT_EQ(page["meta"]["key"], "services");
  EXPECT_TRUE(page["meta"]["previous_page_url"].is_null());
  while (!page["meta"]["next_page_url"].is_null()) {
    const std::string next = page["meta"]["next_page_url"];
    EXPECT_THAT(next, testing::StartsWith("https://messaging.twilio.com/v1/Services?PageSize=2"));
    page = on("messaging", "GET", next.substr(next.find("/v1"))).json();
    for (const std::string& sid : column(page["services"], "sid")) seen.push_back(sid);
  }
  EXPECT_THAT(seen, SizeIs(5));
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 5u);
  const std::string previous = page["meta"]["previous_page_url"];
  EXPECT_THAT(on("messaging", "GET", previous.substr(previous.find("/v1"))).json()["services"],
              SizeIs(2));
  EXPECT_EQ(on("messaging", "GET", "/v1/Services?PageSize=1001").json()["code"], 20007);
  EXPECT_EQ(on("messaging", "GET", "/v1/Services?PageToken=PAMG1").json()["code"], 21481);
}

TEST_F(TwilioResources, LinksLeadBackToWhereTheAppCameFrom) {
  make_service();
  host = "127.0.0.1:4010";
  const Json by_path = call("GET", "/v1/Services").json();
  EXPECT_THAT(by_path["meta"]["url"].get<std::string>(),
              testing::StartsWith("http://127.0.0.1:4010/v1/Services"));
  const Json by_prefix = call("GET", "/messaging.twilio.com/v1/Services").json();
  EXPECT_THAT(by_prefix["services"][0]["links"]["phone_numbers"].get<std::string>(),
              testing::StartsWith("http://127.0.0.1:4010/messaging.twilio.com/v1/Services/MG"));
}

TEST_F(TwilioResources, ANumberIsInOneServiceOnly) {
  const std::string service = make_service();
  const std::string other = make_service();
  const std::string number = buy("+14155550100");
  const auto pool = [](const std::string& sid) { return "/v1/Services/" + sid + "/PhoneNumbers"; };
  const std::string member = form({{"PhoneNumberSid", number}});
  EXPECT_EQ(on("messaging", "POST", pool(service), member).status, 201);
  EXPECT_EQ(on("messaging", "POST", pool(service), member).json()["code"], 21710);
  EXPECT_EQ(on("messaging", "POST", pool(other), member).json()["code"], 21712);
  const std::string unknown = form({{"PhoneNumberSid", "PN" + std::string(32, 'f')}});
  EXPECT_EQ(on("messaging", "POST", pool(service), unknown).json()["code"], 20404);
  EXPECT_EQ(on("messaging", "POST", pool(service), form({{"PhoneNumberSid", "x"}})).status, 400);
  EXPECT_EQ(call("DELETE", own("/IncomingPhoneNumbers/" + number + ".json")).status, 204);
  EXPECT_THAT(on("messaging", "GET", pool(service)).json()["phone_numbers"], IsEmpty())
      << "a number that is given up leaves its service";
}

TEST_F(TwilioResources, AServiceThatIsMadeClosesTheListOfSenders) {
  ASSERT_EQ(create(freeform("+12125550123", "+14155550100")).status, 201);
  const std::string service = make_service();
  EXPECT_EQ(create(freeform("+12125550123", "+14155550100")).json()["code"], 21606);
  const auto through = [&](const std::string& sid) {
    return create(form({{"To", "+12125550123"}, {"MessagingServiceSid", sid}, {"Body", "hi"}}));
  };
  EXPECT_EQ(through(service).json()["code"], 21704);
  EXPECT_EQ(through("MG" + std::string(32, 'f')).json()["code"], 21701);
}

TEST_F(TwilioResources, SendersOfTheControlApiAreResources) {
  server.ok("PUT", "/senders?account=" + kAccount,
            R"({"senders":[{"address":"+14155550100","inbound_url":"https://a.example.com/in",
                 "service":"MG000000000000000000000000000000aa"},
                {"address":"whatsapp:+14155550101"}]})");
  const Json numbers = call("GET", own("/IncomingPhoneNumbers.json")).json();
  ASSERT_THAT(numbers["incoming_phone_numbers"], SizeIs(1));
  const Json number = numbers["incoming_phone_numbers"][0];
  EXPECT_EQ(number["sms_url"], "https://a.example.com/in");
  EXPECT_EQ(number["friendly_name"], "(415) 555-0100");
  const Json pool =
      on("messaging", "GET", "/v1/Services/MG000000000000000000000000000000aa/PhoneNumbers").json();
  EXPECT_THAT(column(pool["phone_numbers"], "sid"), ElementsAre(number["sid"]));
  const Json senders = on("messaging", "GET", "/v2/Channels/Senders?Channel=whatsapp").json();
  EXPECT_THAT(column(senders["senders"], "sender_id"), ElementsAre("whatsapp:+14155550101"));
  const std::string sid = number["sid"];
  const Answer changed = call("POST", own("/IncomingPhoneNumbers/" + sid + ".json"),
                              form({{"SmsUrl", "https://b.example.com/in"}}));
  EXPECT_EQ(changed.json()["sms_url"], "https://b.example.com/in");
  const Json shown = server.get("/senders?account=" + kAccount)["accounts"][0]["senders"][0];
  EXPECT_EQ(shown["inbound_url"], "https://b.example.com/in");
  EXPECT_EQ(shown["service"], "MG000000000000000000000000000000aa") << "it stays in its service";
}

TEST_F(TwilioResources, AChannelSenderSendsOnceItIsOnline) {
  buy("+14155550100");
  const Answer made =
      on("messaging", "POST", "/v2/Channels/Senders", R"({"sender_id":"whatsapp:+14155550101"})");
  ASSERT_EQ(made.status, 202) << made.body;
  const std::string send = freeform(kAna, "whatsapp:+14155550101");
  EXPECT_EQ(create(send).json()["code"], 63007);
  server.advance("5s");
  EXPECT_EQ(create(send).status, 201);
}

TEST_F(TwilioResources, ResetForgetsThem) {
  make_service();
  make_content();
  server.ok("POST", "/reset", "{}");
  EXPECT_THAT(on("messaging", "GET", "/v1/Services").json()["services"], IsEmpty());
  EXPECT_THAT(on("content", "GET", "/v1/Content").json()["contents"], IsEmpty());
}

TEST_F(TwilioResources, WhatIsNotThereIsNamedWithoutTheVersion) {
  const std::string sid = "MG" + std::string(32, 'f');
  const Answer answer = on("messaging", "GET", "/v1/Services/" + sid);
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.json()["message"], "The requested resource /Services/" + sid + " was not found");
  EXPECT_EQ(on("messaging", "PUT", "/v1/Services/" + sid).json()["code"], 20004);
}

TEST_F(TwilioResources, TheApiWritesXmlToo) {
  buy("+14155550100");
  const Answer list = call("GET", own("/IncomingPhoneNumbers"));
  EXPECT_EQ(list.header("Content-Type"), "application/xml");
  EXPECT_THAT(list.body, HasSubstr("<IncomingPhoneNumbers firstpageuri=\""));
  EXPECT_THAT(list.body, HasSubstr("<PhoneNumber>+14155550100</PhoneNumber>"));
  EXPECT_THAT(list.body, HasSubstr("<Capabilities><Voice>true</Voice>"));
}

}  // namespace
}  // namespace twindow::test
