// SPDX-License-Identifier: Apache-2.0
// The face that looks like Twilio: routes, formats, headers, and what it refuses.
#include "tests/api/twilio_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;
using testing::ValuesIn;

class TwilioFace : public TwilioTest {};

TEST_F(TwilioFace, CreateAnswers201WithTheQueuedMessage) {
  const Answer answer = create();
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  const Json json = answer.json();
  EXPECT_THAT(json["sid"].get<std::string>(), MatchesRegex("SM[0-9a-f]{32}"));
  EXPECT_EQ(json["status"], "queued");
  EXPECT_EQ(json["account_sid"], kAccount);
  EXPECT_EQ(json["to"], kAna);
  EXPECT_EQ(json["from"], kShop);
  EXPECT_EQ(json["body"], "Hola");
  EXPECT_EQ(json["date_created"], "Mon, 05 Jan 2026 09:00:00 +0000");
}

TEST_F(TwilioFace, EveryReplyHasTheHeadersOfApiTwilioCom) {
  const Answer answer = create();
  const std::string sid = answer.json()["sid"];
  EXPECT_EQ(answer.header("Twilio-Request-Id"), "RQ" + sid.substr(2));
  EXPECT_EQ(answer.header("Twilio-Concurrent-Requests"), "1");
  EXPECT_EQ(answer.header("Twilio-Request-Duration"), "0.000");
  const Answer fetched = call("GET", messages_path() + "/" + sid + ".json");
  EXPECT_THAT(fetched.header("Twilio-Request-Id"), MatchesRegex("RQ[0-9a-f]{32}"));
  EXPECT_NE(fetched.header("Twilio-Request-Id"), "RQ" + sid.substr(2));
  const Answer missing = call("GET", "/2010-04-01/Nothing.json");
  for (const Answer& any : {answer, fetched, missing}) {
    EXPECT_EQ(any.header("Twilio-Concurrent-Requests"), "1");
    EXPECT_EQ(any.header("Twilio-Request-Duration"), "0.000");
    EXPECT_EQ(any.header("X-Home-Region"), "us1");
    EXPECT_EQ(any.header("X-API-Domain"), "api.twilio.com");
    EXPECT_EQ(any.header("X-Powered-By"), "AT-5000");
    EXPECT_EQ(any.header("X-Shenanigans"), "none");
    EXPECT_EQ(any.header("Strict-Transport-Security"), "max-age=31536000");
    EXPECT_EQ(any.header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(any.header("Access-Control-Allow-Credentials"), "true");
    EXPECT_THAT(any.header("Access-Control-Allow-Methods"), StartsWith("GET, POST, DELETE"));
    EXPECT_THAT(any.header("Access-Control-Allow-Headers"), HasSubstr("Idempotency-Key"));
    EXPECT_EQ(any.header("Access-Control-Expose-Headers"), "ETag");
  }
}

TEST_F(TwilioFace, RequestIdsAreTheSameInEveryRun) {
  const auto ids = [](Server& asked) {
    std::vector<std::string> found;
    for (int i = 0; i < 3; ++i) {
      const Answer answer =
          asked.ask(asked.twilio, {.method = "GET",
                                   .target = messages_path() + ".json",
                                   .headers = {{"Authorization", basic(kAccount, kToken)}}});
      found.push_back(answer.header("Twilio-Request-Id"));
    }
    return found;
  };
  Server again;
  const auto first = ids(server);
  EXPECT_EQ(ids(again), first);
  EXPECT_NE(first[0], first[1]);
  EXPECT_NE(first[1], first[2]);
}

TEST_F(TwilioFace, FetchAnswersTheMessageAsItIsNow) {
  const std::string sid = create().json()["sid"];
  server.advance("2s");
  const Answer answer = call("GET", messages_path() + "/" + sid + ".json");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.json()["status"], "undelivered");
  EXPECT_EQ(answer.json()["error_code"], 63016);
}

TEST_F(TwilioFace, ListAnswersTheNewestFirst) {
  const std::string first = create().json()["sid"];
  const std::string second = create().json()["sid"];
  const Answer answer = call("GET", messages_path() + ".json?PageSize=1");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_THAT(column(answer.json()["messages"], "sid"), ElementsAre(second));
  const std::string next = answer.json()["next_page_uri"];
  const Answer page = call("GET", next);
  ASSERT_EQ(page.status, 200) << next;
  EXPECT_THAT(column(page.json()["messages"], "sid"), ElementsAre(first));
  EXPECT_TRUE(page.json()["next_page_uri"].is_null());
}

TEST_F(TwilioFace, ListRefusesBadPages) {
  EXPECT_EQ(call("GET", messages_path() + ".json?PageSize=1001").json()["code"], 20007);
  EXPECT_EQ(call("GET", messages_path() + ".json?PageSize=x").status, 400);
  const Answer token = call("GET", messages_path() + ".json?PageToken=PA" + kUnknownSid);
  EXPECT_EQ(token.status, 400);
}

TEST_F(TwilioFace, XmlOrNoSuffixAnswersXml) {
  const std::string sid = create().json()["sid"];
  for (const std::string suffix : {"", ".xml"}) {
    const Answer made = call("POST", messages_path() + suffix, freeform());
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(made.header("Content-Type"), "application/xml");
    EXPECT_THAT(made.body, HasSubstr("<TwilioResponse><Message>"));
    const Answer fetched = call("GET", messages_path() + "/" + sid + suffix);
    EXPECT_EQ(fetched.status, 200);
    EXPECT_THAT(fetched.body, HasSubstr("<Sid>" + sid + "</Sid>"));
    const Answer refused = call("POST", messages_path() + suffix, "To=" + std::string("x"));
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.header("Content-Type"), "application/xml");
    EXPECT_THAT(refused.body, HasSubstr("<RestException>"));
  }
}

TEST_F(TwilioFace, AcceptPlaysNoPart) {
  const Answer answer = server.ask(
      server.twilio,
      {.method = "POST",
       .target = messages_path(),
       .headers = {{"Authorization", basic(kAccount, kToken)}, {"Accept", "application/json"}},
       .body = freeform()});
  EXPECT_EQ(answer.header("Content-Type"), "application/xml");
}

struct MissingRow {
  const char* name;
  std::string method;
  std::string target;
  std::string named;  // what the message names
};

const std::vector<MissingRow> kMissing{
    {"Version", "GET", "/2011-04-01/Accounts", "/2011-04-01/Accounts"},
    {"Resource", "GET", "/2010-04-01/Accounts/" + kAccount + "/Calls.json", "/Calls.json"},
    {"BelowAMessage", "GET", messages_path() + "/" + kUnknownSid + "/Parts.json", "/Parts.json"},
    {"QueryIsNotNamed", "GET", "/v1/Services?PageSize=5", "/v1/Services was not found"},
    {"EmptySid", "GET", messages_path() + "/.json", "/Messages/.json"},
    {"TrailingSlash", "POST", messages_path() + "/", "/Messages/"},
    {"DoubleSlash", "POST", "//2010-04-01/Accounts/" + kAccount + "/Messages.json", "Messages"},
    {"BadAccount", "POST", messages_path("AC0123") + ".json", "/Accounts/AC0123/Messages.json"},
    {"AccountOfOtherKind", "POST", messages_path("SM0123456789abcdef0123456789abcdef") + ".json",
     "/Accounts/SM0123456789abcdef0123456789abcdef/"},
    {"BrokenEscape", "GET", messages_path("AC%zz") + ".json", "AC%zz"},
    {"PathMindsCase", "POST", "/2010-04-01/accounts/" + kAccount + "/Messages.json", "/accounts/"},
};

class Missing : public TwilioTest, public testing::WithParamInterface<MissingRow> {};

TEST_P(Missing, IsA404ThatNamesThePathAndSaysNotSimulated) {
  const MissingRow& row = GetParam();
  const Answer answer = call(row.method, row.target);
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, HasSubstr("20404"));
  EXPECT_THAT(answer.body, HasSubstr(row.named));
  EXPECT_THAT(answer.body, HasSubstr("does not simulate"));
  EXPECT_TRUE(server.worlds.all().empty()) << "an unknown path makes no account";
}

INSTANTIATE_TEST_SUITE_P(TwilioFace, Missing, ValuesIn(kMissing), case_name);

TEST_F(TwilioFace, AMessageThatIsNotThereIsA404ThatNamesIt) {
  for (const std::string& sid : {kUnknownSid, std::string("SM0123"), std::string("hello")}) {
    const std::string path = messages_path() + "/" + sid + ".json";
    const Answer answer = call("GET", path);
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.json()["code"], 20404);
    EXPECT_EQ(answer.json()["message"], "The requested resource " + path + " was not found");
  }
}

TEST_F(TwilioFace, TheRootTellsWhereOneIs) {
  const Answer answer = call("GET", "/", "", "");
  EXPECT_EQ(answer.status, 404);
  const std::string message = answer.json()["message"];
  EXPECT_THAT(message, HasSubstr("Twindow"));
  EXPECT_THAT(message, HasSubstr("simulate"));
  EXPECT_THAT(message, HasSubstr("http://127.0.0.1:4011"));
}

TEST_F(TwilioFace, AnotherMethodIs405) {
  const std::string one = messages_path() + "/" + kUnknownSid + ".json";
  const std::vector<std::pair<std::string, std::string>> calls{
      {"PUT", messages_path() + ".json"},   {"DELETE", messages_path() + ".json"},
      {"PATCH", messages_path() + ".json"}, {"PUT", one},
      {"post", messages_path() + ".json"},
  };
  for (const auto& [method, target] : calls) {
    const Answer answer = call(method, target);
    EXPECT_EQ(answer.status, 405) << method << " " << target;
    EXPECT_EQ(answer.json()["code"], 20004);
  }
}

TEST_F(TwilioFace, TheHostItStandsForMayPrefixThePath) {
  host = "127.0.0.1:4010";
  const Answer made = call("POST", "/api.twilio.com" + messages_path() + ".json", freeform());
  ASSERT_EQ(made.status, 201);
  const std::string sid = made.json()["sid"];
  const std::string missing = messages_path() + "/" + kUnknownSid + ".json";
  const Answer answer = call("GET", "/api.twilio.com" + missing);
  EXPECT_EQ(answer.json()["message"], "The requested resource " + missing + " was not found");
  EXPECT_EQ(call("GET", "/api.twilio.com" + messages_path() + "/" + sid + ".json").status, 200);
}

TEST_F(TwilioFace, AnAbsoluteTargetIsUnderstood) {
  const std::string base = "https://api.twilio.com";
  const Answer made = call("POST", base + messages_path() + ".json", freeform());
  ASSERT_EQ(made.status, 201);
  const Answer listed = call("GET", base + messages_path() + ".json?PageSize=1");
  EXPECT_EQ(listed.status, 200);
  EXPECT_EQ(listed.json()["page_size"], 1);
}

TEST_F(TwilioFace, OtherProductsAreNamedInTheirError) {
  for (const auto& [named, target, want] :
       {std::tuple{"verify.twilio.com", "/v2/Services", "verify.twilio.com/v2/Services"},
        std::tuple{"127.0.0.1:4010", "/verify.twilio.com/v2/Services",
                   "verify.twilio.com/v2/Services"},
        std::tuple{"127.0.0.1:4010", "/v1/Content/HX1/Translations?PageSize=1",
                   "content.twilio.com/v1/Content/HX1/Translations"},
        std::tuple{"pricing.dublin.ie1.twilio.com", "/v2/Voice/Countries",
                   "pricing.dublin.ie1.twilio.com/v2/Voice/Countries"}}) {
    host = named;
    const Answer answer = call("GET", target);
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.json()["code"], 20404);
    EXPECT_EQ(answer.json()["message"], std::string("The requested resource ") + want +
                                            " was not found: Twindow does not simulate it");
  }
}

TEST_F(TwilioFace, EdgesAndRegionsOfTheApiAreTheApi) {
  host = "api.dublin.ie1.twilio.com";
  EXPECT_EQ(create().status, 201);
}

TEST_F(TwilioFace, IsNoProxyForOtherSites) {
  const Answer answer = call("GET", "http://example.com/a");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.json()["code"], 20403);
  EXPECT_THAT(answer.body, HasSubstr("NO_PROXY"));
}

TEST_F(TwilioFace, HeadIsAnsweredAsGet) {
  const std::string sid = create().json()["sid"];
  EXPECT_EQ(call("HEAD", messages_path() + "/" + sid + ".json").status, 200);
  EXPECT_EQ(call("HEAD", messages_path() + ".json").status, 200);
  EXPECT_EQ(call("HEAD", messages_path() + "/" + kUnknownSid + ".json").status, 404);
}

TEST_F(TwilioFace, PathSegmentsMayBeEncoded) {
  const std::string account = "%41%43" + kAccount.substr(2);
  const Answer made =
      call("POST", "/2010%2D04-01/Accounts/" + account + "/M%65ssages.json", freeform());
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.json()["account_sid"], kAccount);
  const std::string sid = made.json()["sid"];
  EXPECT_EQ(call("GET", messages_path() + "/%53M" + sid.substr(2) + ".json").status, 200);
  const Answer slash = call("GET", "/2010-04-01%2FAccounts/" + kAccount + "/Messages.json");
  EXPECT_EQ(slash.status, 404) << "an encoded slash separates nothing";
}

TEST_F(TwilioFace, AnUnknownTemplateIs21655) {
  const Answer answer = create(wire::encode_form(
      {{"To", kAna}, {"From", kShop}, {"ContentSid", "HX0123456789abcdef0123456789abcdef"}}));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json()["code"], 21655);
}

TEST_F(TwilioFace, ABodyThatIsNoFormIsRefused) {
  const Answer answer = create("To=%zz");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json()["code"], 20001);
  EXPECT_THAT(answer.header("Twilio-Request-Id"), MatchesRegex("RQ[0-9a-f]{32}"));
}

TEST_F(TwilioFace, TheControlApiIsBehindItsOwnPrefixOnly) {
  const Answer answer = server.ask(server.twilio, {.method = "GET", .target = "/__admin/health"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json()["status"], "ok");
  EXPECT_EQ(answer.header("Twilio-Request-Id"), "(none)");
  EXPECT_EQ(call("GET", "/__admin/health").status, 404) << "under Twilio's name it is not there";
  EXPECT_THAT(call("GET", "/__administrator").body, HasSubstr("does not simulate"));
  EXPECT_THAT(call("GET", "/livez").body, HasSubstr("does not simulate"));
}

struct SenderRow {
  const char* name;
  std::string to;
  std::string key;
  std::string value;
  int code;  // 0: it is sent
};

const std::string kService = "MG0123456789abcdef0123456789abcdef";
const std::string kOtherService = "MG1123456789abcdef0123456789abcdef";

const std::vector<SenderRow> kSenders{
    {"OfTheList", kAna, "From", kShop, 0},
    {"WhatsAppOfNobody", kAna, "From", "whatsapp:+14155550199", 63007},
    {"Sandbox", kAna, "From", "whatsapp:+14155238886", 0},
    {"SmsOfTheList", "+15558675310", "From", "+15005550006", 0},
    {"NumberOfNobody", "+15558675310", "From", "+14155550199", 21606},
    {"NameOfNobody", "+15558675310", "From", "ACME", 21659},
    {"ShortCodeOfNobody", "+15558675310", "From", "22395", 21659},
    {"UnknownService", kAna, "MessagingServiceSid", kOtherService, 21701},
    {"ServiceWithSender", kAna, "MessagingServiceSid", kService, 0},
    {"ServiceWithoutSenderOfTheChannel", "+15558675310", "MessagingServiceSid", kService, 21704},
};

class ClosedList : public TwilioTest, public testing::WithParamInterface<SenderRow> {};

TEST_P(ClosedList, AdmitsItsOwnOnly) {
  const Json list{{"AccountSid", kAccount},
                  {"senders", Json::array({{{"address", kShop}, {"service", kService}},
                                           {{"address", "+15005550006"}}})}};
  server.ok("PUT", "/senders", list.dump());
  const SenderRow& row = GetParam();
  const Answer answer =
      create(wire::encode_form({{"To", row.to}, {row.key, row.value}, {"Body", "Hola"}}));
  if (row.code == 0) {
    EXPECT_EQ(answer.status, 201) << answer.body;
  } else {
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.json()["code"], row.code) << answer.body;
  }
}

INSTANTIATE_TEST_SUITE_P(TwilioFace, ClosedList, ValuesIn(kSenders), case_name);

TEST(TwilioRefusal, HasTwiliosShape) {
  const std::vector<std::pair<int, int>> codes{{400, 20001}, {405, 20004}, {408, 20001},
                                               {413, 20413}, {431, 20001}, {500, 20500},
                                               {503, 20503}, {504, 20504}};
  for (const auto& [status, code] : codes) {
    const Answer answer = Server::as_answer(api::refuse(status, "too \"much\""));
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.json()["code"], code);
    EXPECT_EQ(answer.json()["status"], status);
    EXPECT_EQ(answer.json()["message"], "too \"much\"");
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
  }
}

TEST(TwilioFaceInRealTime, DurationIsWallTime) {
  ServerOptions options;
  options.clock = gateway::ClockMode::Real;
  Server server(std::move(options));
  const Answer answer =
      server.ask(server.twilio, {.method = "GET",
                                 .target = messages_path() + ".json",
                                 .headers = {{"Authorization", basic(kAccount, kToken)}}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.header("Twilio-Request-Duration"), MatchesRegex("0\\.[0-9]{3}"));
}

}  // namespace
}  // namespace twindow::test
