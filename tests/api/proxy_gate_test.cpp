// SPDX-License-Identifier: Apache-2.0
// Create-message calls in proxy mode: what Twilio sees of them, and what the app.
#include <set>

#include <gmock/gmock.h>

#include "twindow/wire/form.h"

#include "tests/api/proxy_fixture.h"
#include "tests/support/case_name.h"
#include "tests/support/compressed.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kLearning =
    "&StatusCallback=https%3A%2F%2Ftw.example.com%2Fhooks%2Fstatus%2Flearn";

TEST_F(ProxyGate, RefusesOutsideTheWindowAndTwilioSeesNothing) {
  const Answer answer = post(kSend, kPath, kGood, {{"Twindow-Campaign", "spring"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json()["code"], 63016);
  EXPECT_THAT(answer.json()["message"].get<std::string>(),
              StartsWith("Twindow: rule \"all else\""));
  EXPECT_EQ(answer.json()["more_info"], "https://www.twilio.com/docs/errors/63016");
  EXPECT_EQ(answer.header("Twindow-Decision"), "reject");
  EXPECT_EQ(answer.header("Twindow-Rule"), "all else");
  EXPECT_EQ(answer.header("Twindow-Window"), "closed; last-inbound=none");
  EXPECT_TRUE(seen.empty());
  EXPECT_EQ(twilio.lookups, 1);
  ASSERT_EQ(decisions().size(), 1u);
  EXPECT_EQ(decisions()[0]["decision"], "reject");
  EXPECT_EQ(decisions()[0]["campaign"], "spring");
  EXPECT_EQ(decisions()[0]["message_sid"], nullptr);
}

TEST_F(ProxyGate, PassesInsideTheWindowByteForByte) {
  user_wrote(kStart - 23h);
  const std::string body = "From=whatsapp:%2b14155550100&" + kTo + "&Body=H%6fla+%F0%9F%98%80&X=";
  const Answer answer = post(body);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, upstream_body);
  EXPECT_EQ(answer.header("X-Of"), "Twilio");
  EXPECT_EQ(answer.header("Twindow-Decision"), "pass");
  EXPECT_EQ(answer.header("Twindow-Rule"), "none");
  EXPECT_EQ(answer.header("Twindow-Window"), "open; expires=2026-01-05T10:00:00Z");
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].body, body);
  EXPECT_EQ(decisions()[0]["message_sid"], "SM00000000000000000000000000000001");
}

TEST_F(ProxyGate, AsksForAWindowOnce) {
  user_wrote(kStart - 1h);
  post(kSend);
  post(kSend);
  EXPECT_EQ(seen.size(), 2u);
  EXPECT_EQ(twilio.lookups, 1);
}

TEST_F(ProxyGate, LetsItPassIfTheWindowCannotBeLearned) {
  const AccountSid account{kAccount};
  known.accepted(account, known.fingerprint(account, kGood));
  server.state.worlds.open(AccountSid{kAccount});
  twilio.silent = true;
  const Answer answer = post(kSend);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("Twindow-Window"), "unknown");
}

TEST_F(ProxyGate, ReplacesNothingButTheStatusCallback) {
  user_wrote(kStart - 1h);
  post("StatusCallback=https%3A%2F%2Fapp.example.com%2Fs&" + kSend);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].body,
            "StatusCallback=https%3A%2F%2Ftw.example.com%2Fhooks%2Fstatus%2Fhttps%3A%2F%2Fapp."
            "example.com%2Fs&" +
                kSend);
}

TEST_F(ProxyGate, LeavesAStatusCallbackThatTwilioWillRefuse) {
  user_wrote(kStart - 1h);
  for (const std::string bad : {"notaurl", "ftp%3A%2F%2Fapp.example.com%2Fs", ""}) {
    seen.clear();
    const std::string body = "StatusCallback=" + bad + "&" + kSend;
    post(body);
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].body, body);
  }
}

TEST_F(ProxyGate, SaysItWithTheTemplateThatFits) {
  ContentTemplate content{.sid = kReminder, .name = "reminder", .language = "es"};
  content.status = TemplateStatus::Approved;
  content.type = "twilio/text";
  content.body = "Hola {{1}}, tu cita es {{2}}.";
  twilio.contents = {content};
  const Answer answer =
      post(kTo + "&" + kFrom + "&Body=Hola+Eva%2C+tu+cita+es+hoy.&SmartEncoded=true");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("Twindow-Decision"), "reroute");
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].body, kTo + "&" + kFrom + "&SmartEncoded=true&ContentSid=" + kReminder.text +
                              "&ContentVariables=%7B%221%22%3A%22Eva%22%2C%222%22%3A%22hoy%22%7D");
  EXPECT_EQ(decisions()[0]["content_sid"], kReminder.text);
}

TEST_F(ProxyGate, AnswersStrangersOnlyWhatTwilioDoes) {
  const Answer answer = post(kSend, kPath, "Basic bm90Omdvb2Q=");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.json()["code"], 20003);
  EXPECT_EQ(answer.header("Twindow-Decision"), "(none)");
  EXPECT_TRUE(seen.empty());
  EXPECT_EQ(server.state.worlds.find(AccountSid{kAccount}), nullptr);
}

TEST_F(ProxyGate, AsksForCredentialsOnceInAWhile) {
  post(kSend);
  post(kSend);
  EXPECT_EQ(twilio.credential_checks, 1);
  clock.time += 11min;
  post(kSend);
  EXPECT_EQ(twilio.credential_checks, 2);
}

TEST_F(ProxyGate, SaysSoIfCredentialsCannotBeChecked) {
  twilio.silent = true;
  const Answer answer = post(kSend);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.json()["code"], 20503);
  EXPECT_TRUE(seen.empty());
}

TEST_F(ProxyGate, HandsOnWhatIsNotItsBusiness) {
  post("To=%2B15555550123&From=%2B15005550006&Body=Hi");
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(twilio.lookups, 0);
  EXPECT_EQ(decisions()[0]["kind"], "other");
  const Answer none = server.ask(
      face, {.method = "POST", .target = kPath, .headers = {{"Host", "x"}}, .body = kSend});
  EXPECT_EQ(seen.size(), 2u) << "without credentials Twilio has the word";
  EXPECT_EQ(none.header("Twindow-Decision"), "(none)");
}

TEST_F(ProxyGate, TellsOfALostAnswer) {
  user_wrote(kStart - 1h);
  failure = wire::UpstreamFailure{
      .fault = wire::UpstreamFault::Broken, .may_have_arrived = true, .detail = "it broke"};
  const Answer answer = post(kSend);
  EXPECT_EQ(answer.status, 502);
  EXPECT_THAT(answer.json()["message"].get<std::string>(), HasSubstr("may have got this request"));
  EXPECT_EQ(answer.header("Twindow-Decision"), "pass");
  EXPECT_EQ(decisions().size(), 1u);
}

TEST_F(ProxyGate, HandsTwiliosRefusalOn) {
  user_wrote(kStart - 1h);
  upstream_status = 400;
  upstream_body = R"({"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400})";
  const Answer answer = post(kSend);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, upstream_body);
  EXPECT_EQ(decisions()[0]["message_sid"], nullptr);
}

// No way of spelling a send is a way round the window.

struct Spelling {
  std::string name;
  std::string path;
  std::string body;
};

class Spellings : public ProxyGate, public testing::WithParamInterface<Spelling> {};

TEST_P(Spellings, AreJudgedAlike) {
  const Answer answer = post(GetParam().body, GetParam().path);
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("63016"));
  EXPECT_TRUE(seen.empty());
}

const std::string kBare = "/2010-04-01/Accounts/" + kAccount + "/Messages";

INSTANTIATE_TEST_SUITE_P(
    All, Spellings,
    testing::Values(
        Spelling{"Plain", kPath, kSend}, Spelling{"NoSuffix", kBare, kSend},
        Spelling{"Prefix", "/api.twilio.com" + kPath, kSend},
        Spelling{"EscapedPath", "/2010-04-01/Accounts/" + kAccount + "/%4dessages%2ejson", kSend},
        Spelling{"DoubledSlash", "/2010-04-01//Accounts/" + kAccount + "/Messages.json", kSend},
        Spelling{"ClosingSlash", kPath + "/", kSend}, Spelling{"Query", kPath + "?x=1", kSend},
        Spelling{"DotSegments", "/2010-04-01/x/.././Accounts/" + kAccount + "/Messages.json",
                 kSend},
        Spelling{"EscapedDots", "/2010-04-01/%2e%2e/2010-04-01/Accounts/" + kAccount + "/Messages",
                 kSend},
        Spelling{"PathParameter", kPath + ";x=1", kSend},
        Spelling{"EscapedNul", kPath + "%00", kSend},
        Spelling{"EscapedQuery", kPath + "%3Fa", kSend},
        Spelling{"BrokenEscape", kPath + "%zz", kSend},
        Spelling{"LargeSuffix", kBare + ".JSON", kSend},
        Spelling{"SmallAccount", "/2010-04-01/Accounts/ac" + kAccount.substr(2) + "/Messages.json",
                 kSend},
        Spelling{"OlderVersion", "/2008-08-01/Accounts/" + kAccount + "/Messages.json", kSend},
        Spelling{"OlderResource", "/2010-04-01/Accounts/" + kAccount + "/SMS/Messages.json", kSend},
        Spelling{"NoVersion", "/Accounts/" + kAccount + "/Messages.json", kSend},
        Spelling{"EscapedNames", kPath, "%54o=whatsapp%3A%2B5215512345678&" + kFrom + "&B%6fdy=a"},
        Spelling{"EmptyFirst", kPath, "To=&From=&" + kSend},
        Spelling{"Media", kPath, kTo + "&" + kFrom + "&MediaUrl=https%3A%2F%2Fa.example%2Fb.png"},
        Spelling{"EmptyContentSid", kPath, kSend + "&ContentSid="},
        Spelling{"OtherSpellingOfTheUser", kPath,
                 "To=whatsapp%3A%2B525512345678&" + kFrom + "&Body=a"}),
    case_name);

// Below a message, and other resources, are no creates.
TEST_F(ProxyGate, NothingElseIsTakenForASend) {
  const std::vector<std::string> paths{
      kBare + "/SM00000000000000000000000000000001.json", kBare + "/Media",
      "/2010-04-01/Accounts/" + kAccount + "/Calls.json", "/2010-04-01/Accounts.json",
      "/2010-04-01/Accounts/" + kAccount + "/SMS.json",   "/../.."};
  for (const std::string& path : paths) {
    seen.clear();
    const Answer answer = post(kSend, path);
    EXPECT_EQ(seen.size(), 1u) << path;
    EXPECT_EQ(answer.header("Twindow-Decision"), "(none)") << path;
  }
}

TEST_F(ProxyGate, RefusesASendThatItDoesNotReadAndTwilioMight) {
  const Answer parts =
      server.ask(face, {.method = "POST",
                        .target = kPath,
                        .headers = {{"Host", "x"},
                                    {"Authorization", kGood},
                                    {"Content-Type", "Multipart/form-data; boundary=x"}},
                        .body = "--x\r\n"});
  EXPECT_EQ(parts.status, 400);
  EXPECT_EQ(parts.json()["code"], 20001);
  EXPECT_THAT(parts.body, HasSubstr("found Multipart/form-data, expected "
                                    "application/x-www-form-urlencoded"));
  const Answer query = post("", kPath + "?" + kSend);
  EXPECT_EQ(query.json()["code"], 20001);
  EXPECT_THAT(query.body, HasSubstr("To: found it in the URL"));
  EXPECT_TRUE(seen.empty());
}

// What the list of messages shows of a query: who the send was to, and what it has come to.
std::vector<std::string> found(Server& server, const std::string& query) {
  std::vector<std::string> all;
  const Json json = server.get("/messages?query=" + wire::percent_encode(query));
  for (const Json& one : json["messages"]) {
    all.push_back(one["to"].get<std::string>() + " " + one["status"].get<std::string>() + " " +
                  one["decision"].value("decision", "none"));
  }
  return all;
}

TEST_F(ProxyGate, WhatItDecidedIsFoundAmongTheMessages) {
  post(kSend, kPath, kGood, {{"Twindow-Campaign", "spring"}});
  post(std::string("To=whatsapp%3A%2B15555550124&") + kFrom + "&Body=Hi");
  user_wrote(kStart - 1h);
  server.get("/messages");
  server.ok("PUT", "/windows/" + wire::percent_encode(kShop) + "/" + wire::percent_encode(kAna),
            R"({"state":"open"})");
  post(kSend, kPath, kGood, {{"Twindow-Campaign", "spring"}});
  const std::string ana = kAna + " rejected reject";
  const std::string ben = "whatsapp:+15555550124 rejected reject";
  const std::string sent = kAna + " queued pass";
  const std::vector<std::pair<std::string, std::vector<std::string>>> queries{
      {"is:rejected", {ben, ana}},
      {"is:rejected to:+525512345678", {ana}},
      {"is:rejected code:63016 from:whatsapp:+14155550100", {ben, ana}},
      {"is:rejected code:21610", {}},
      {"is:rejected status:failed", {}},
      {"is:rejected is:pending", {}},
      {"campaign:spring", {sent, ana}},
      {"campaign:spring is:rejected", {ana}},
      {"campaign:autumn", {}},
      {"is:rerouted", {}},
      {"is:held", {}}};
  for (const auto& [query, expected] : queries) EXPECT_EQ(found(server, query), expected) << query;
  const Json alone = server.get("/messages/SM00000000000000000000000000000001");
  EXPECT_EQ(alone["decision"]["decision"], "pass");
}

TEST_F(ProxyGate, WhatItRefusedIsListedPageByPage) {
  for (int i = 0; i < 5; ++i) post(kSend);
  std::vector<std::string> ids;
  std::string before;
  for (int page = 0; page < 5; ++page) {
    const Json json = server.get("/messages?query=is%3Arejected&limit=2" + before);
    for (const Json& one : json["messages"]) {
      EXPECT_EQ(one["sid"], nullptr);
      ids.push_back(one["decision"]["id"].get<std::string>());
    }
    if (json["next"].is_null()) break;
    before = "&before=" + json["next"].get<std::string>();
  }
  EXPECT_EQ(ids.size(), 5u);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 5u);
  EXPECT_EQ(server.admin("GET", "/messages?query=is%3Arejected&before=SM1").status, 400);
  EXPECT_EQ(server.admin("GET", "/messages?query=is%3Arejected&before=" + kAccount + ":99").status,
            400);
}

TEST_F(ProxyGate, RefusesARecipientThatItCannotRead) {
  const Answer answer = post("To=WhatsApp%3A%2B52+155+1234&" + kFrom + "&Body=a");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json()["code"], 21211);
  EXPECT_TRUE(seen.empty());
}

TEST_F(ProxyGate, RefusesASendThatContradictsItself) {
  user_wrote(kStart - 1h);
  for (const char* const more :
       {"&To=whatsapp%3A%2B15555550199", "&From=whatsapp%3A%2B14155550199", "&To=%2B15555550123"}) {
    for (const std::string& send : {kSend + more, (more + 1) + ("&" + kSend)}) {
      const Answer answer = post(send);
      EXPECT_EQ(answer.status, 400) << send;
      EXPECT_THAT(answer.body, HasSubstr("more than once")) << send;
    }
  }
  EXPECT_TRUE(seen.empty());
  EXPECT_EQ(post(kSend + "&" + kTo).status, 201) << "the same twice is no contradiction";
}

TEST_F(ProxyGate, RefusesAPairOfTwoChannels) {
  const Answer answer = post(kTo + "&From=%2B14155550100&Body=a");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json()["code"], 21910);
  EXPECT_TRUE(seen.empty());
}

// Sends that are made twice.

const wire::Headers kKey{{"Idempotency-Key", "job 1"}};
const wire::UpstreamFailure kLost{
    .fault = wire::UpstreamFault::Broken, .may_have_arrived = true, .detail = "it broke"};
const MessageSid kFound{"SM" + std::string(32, 'f')};

RemoteMessage found_message() {
  RemoteMessage message{.sid = kFound, .from = kShop, .to = kAna, .body = "Hola"};
  message.created = kStart;
  message.json = R"({"sid": ")" + kFound.text + "\"}";
  return message;
}

TEST_F(ProxyGate, AKeyIsAnsweredAsItWasFirst) {
  user_wrote(kStart - 1h);
  const Answer first = post(kSend, kPath, kGood, kKey);
  const Answer again = post(kSend, kPath, kGood, kKey);
  EXPECT_EQ(seen.size(), 1u);
  EXPECT_EQ(again.status, first.status);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.header("X-Of"), "Twilio");
  EXPECT_EQ(again.header("Twindow-Decision"), "pass");
  EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
  EXPECT_EQ(first.header("Idempotent-Replayed"), "(none)");
  post(kSend, kPath, kGood, {{"I-Twilio-Idempotency-Token", "job 2"}});
  EXPECT_EQ(seen.size(), 2u);
}

TEST_F(ProxyGate, AKeyTellsNobodyWhomTwilioNoLongerKnows) {
  user_wrote(kStart - 1h);
  post(kSend, kPath, kGood, kKey);
  clock.time += 11min;
  twilio.good_authorizations.clear();
  EXPECT_EQ(post(kSend, kPath, kGood, kKey).status, 401);
}

TEST_F(ProxyGate, TheSameTwiceIsTwoMessagesIfItWasAnswered) {
  user_wrote(kStart - 1h);
  post(kSend);
  post(kSend);
  EXPECT_EQ(seen.size(), 2u);
  EXPECT_EQ(twilio.sent_lists, 0);
}

class LostAnswer : public ProxyGate {
 protected:
  LostAnswer() {
    user_wrote(kStart - 1h);
    failure = kLost;
    EXPECT_EQ(post(kSend).status, 502);
    EXPECT_EQ(seen.size(), 1u);
    failure.reset();
  }
};

TEST_F(LostAnswer, IsAnsweredWithTheMessageThatTwilioHasMade) {
  twilio.sent = {found_message()};
  const Answer answer = post(kSend);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, found_message().json);
  EXPECT_EQ(answer.header("Twindow-Decision"), "pass");
  EXPECT_EQ(seen.size(), 1u) << "it was not sent again";
  EXPECT_EQ(decisions()[0]["message_sid"], kFound.text);
  post(kSend);
  EXPECT_EQ(seen.size(), 2u) << "the next one is another message";
}

TEST_F(LostAnswer, IsSentAgainIfTwilioHasMadeNone) {
  RemoteMessage other = found_message();
  other.created = kStart - 10min;
  twilio.sent = {other};
  const Answer answer = post(kSend);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, upstream_body);
  EXPECT_EQ(twilio.sent_lists, 1);
  EXPECT_EQ(seen.size(), 2u);
}

TEST_F(LostAnswer, WaitsForBetterTimesIfThatCannotBeLearned) {
  twilio.silent = true;
  const Answer answer = post(kSend);
  EXPECT_EQ(answer.status, 504);
  EXPECT_EQ(answer.json()["code"], 20504);
  EXPECT_EQ(seen.size(), 1u);
  twilio.silent = false;
  EXPECT_EQ(post(kSend).status, 201);
  EXPECT_EQ(twilio.sent_lists, 2);
}

TEST_F(LostAnswer, IsNotAnsweredWithAMessageThatAnotherCallHas) {
  RemoteMessage known_one = found_message();
  known_one.sid = MessageSid{"SM00000000000000000000000000000001"};
  post(kSend + "&X=1");  // another request, answered with that SID
  twilio.sent = {known_one};
  EXPECT_EQ(post(kSend).status, 201);
  EXPECT_EQ(seen.size(), 3u);
}

TEST_F(LostAnswer, IsForgottenAfterAWhile) {
  clock.time += 61s;
  EXPECT_EQ(post(kSend).status, 201);
  EXPECT_EQ(twilio.sent_lists, 0);
}

TEST_F(LostAnswer, IsAnothersIfItSaysSomethingElse) {
  EXPECT_EQ(post(kTo + "&" + kFrom + "&Body=Adios").status, 201);
  EXPECT_EQ(twilio.sent_lists, 0);
}

TEST_F(ProxyGate, ReadsAlongWhereTwilioCompresses) {
  user_wrote(kStart - 1h);
  upstream_body = test::compressed(upstream_body);
  upstream_coding = "gzip";
  const Answer answer = post(kSend);
  EXPECT_EQ(answer.body, upstream_body) << "handed on as it came";
  EXPECT_EQ(decisions()[0]["message_sid"], "SM00000000000000000000000000000001");
}

// An account that the configuration does not name: a subaccount, with its parent's credentials.

const std::string kSubPath = "/2010-04-01/Accounts/" + kSecond + "/Messages.json";

TEST_F(ProxyGate, ASubaccountsWindowIsLookedUpInItsCallersName) {
  twilio.has_credentials = false;
  const Answer refused = post(kSend, kSubPath);
  EXPECT_EQ(refused.status, 400) << refused.body;
  EXPECT_EQ(refused.json()["code"], 63016);
  EXPECT_EQ(refused.header("Twindow-Window"), "closed; last-inbound=none");
  EXPECT_TRUE(seen.empty());
  EXPECT_THAT(twilio.asked_as, testing::Each(kGood));
  EXPECT_EQ(twilio.lookups, 1);
  user_wrote(kStart - 1h);
  server.ok("POST", "/reset");
  EXPECT_EQ(post(kSend, kSubPath).status, 201);
}

TEST_F(ProxyGate, AStrangersCredentialsAskForNothing) {
  twilio.has_credentials = false;
  EXPECT_EQ(post(kSend, kSubPath).status, 400) << "the world is there by now";
  twilio.asked_as.clear();
  EXPECT_EQ(post(kSend, kSubPath, "Basic bm90Omdvb2Q=").status, 401);
  EXPECT_THAT(twilio.asked_as, testing::IsEmpty());
  EXPECT_EQ(twilio.lookups, 1);
}

TEST_F(ProxyGate, WhatIsConfiguredIsNotAskedForInAnybodysName) {
  post(kSend);
  EXPECT_EQ(twilio.lookups, 1);
  EXPECT_THAT(twilio.asked_as, testing::IsEmpty());
}

// A service that may pick one of several senders.

TEST_F(ProxyGate, AServicesWindowIsOpenOnlyIfItIsForAllItMayPick) {
  const ServiceSid service{"MG00000000000000000000000000000001"};
  twilio.pools[service] = {*parse_from(kShop), *parse_from("whatsapp:+14155550101")};
  user_wrote(kStart - 1h);
  const std::string send = kTo + "&MessagingServiceSid=" + service.text + "&Body=a";
  EXPECT_EQ(post(send).status, 400);
  twilio.inbound.push_back({.sid = MessageSid{"SM" + std::string(32, 'c')},
                            .from = *parse_to(kAna),
                            .to = *parse_from("whatsapp:+14155550101"),
                            .received = kStart - 2h});
  server.ok("POST", "/reset");
  EXPECT_EQ(post(send).status, 201);
}

// Senders at Twilio

TEST_F(ProxyGate, ASenderThatTheAccountHasNotIsRefusedOnceThatIsKnown) {
  user_wrote(kStart - 1h);
  EXPECT_EQ(post(kSend).status, 201) << "nothing is claimed before the list has come";
  twilio.own_senders = {{*parse_from("whatsapp:+14155550177"), false}};
  later("1m");
  EXPECT_EQ(post(kSend).status, 201);
  const Answer refused = post(kSend);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.json()["code"], 63007);
  EXPECT_EQ(twilio.sender_lists, 2);
  EXPECT_EQ(server.get("/senders")["accounts"][0]["at_twilio"],
            Json::array({"whatsapp:+14155550177"}));
}

TEST_F(ProxyGate, ASenderIsCalledMissingByAListOfThisMinuteOnly) {
  user_wrote(kStart - 1h);
  twilio.own_senders = {{*parse_from("whatsapp:+14155550177"), false}};
  post(kSend);
  EXPECT_EQ(post(kSend).status, 400);
  twilio.own_senders = {{*parse_from(kShop), false}};  // registered since
  later("1m");
  EXPECT_EQ(post(kSend).status, 201);
  EXPECT_EQ(post(kSend).status, 201);
  twilio.silent = true;  // what is known stays
  later("1h");
  EXPECT_EQ(post(kSend).status, 201);
}

TEST_F(ProxyGate, TheSandboxAndWhatIsConfiguredNeedNoList) {
  twilio.own_senders = {{*parse_from("whatsapp:+14155550177"), false}};
  server.ok("PUT", "/senders",
            R"({"AccountSid":")" + kAccount + R"(","senders":[{"address":")" + kShop + R"("}]})");
  user_wrote(kStart - 1h);
  EXPECT_EQ(post(kSend).status, 201);
  EXPECT_EQ(post(kSend).status, 201);
  const std::string other = kTo + "&From=whatsapp%3A%2B14155550177&Body=Hi";
  EXPECT_EQ(post(other).json()["code"], 63007);
  EXPECT_EQ(twilio.sender_lists, 0);
}

// webhooks.learn

TEST_F(ProxyGate, LearnsFromSendsOfWhichNobodyIsTold) {
  learn();
  user_wrote(kStart - 1h);
  twilio.own_senders = {{*parse_from(kShop), false}};
  post(kSend);  // fetches the list
  post(kSend);
  EXPECT_EQ(seen.back().body, kSend + kLearning);
  for (const char* const more : {"&StatusCallback=https%3A%2F%2Fa%2Fs", "&StatusCallback=",
                                 "&ApplicationSid=AP0123456789abcdef0123456789abcdef"}) {
    post(kSend + more);
    EXPECT_EQ(seen.back().body, kSend + more);
  }
  const std::string sms = "To=%2B15005550123&From=%2B14155550100&Body=Hi";
  post(sms);
  EXPECT_EQ(seen.back().body, sms);
}

TEST_F(ProxyGate, LearnsNothingWhereSomebodyIsToldOrMayBe) {
  user_wrote(kStart - 1h);
  twilio.own_senders = {{*parse_from(kShop), false}};
  post(kSend);
  post(kSend);
  EXPECT_EQ(seen.back().body, kSend) << "it is off";
  learn();
  twilio.own_senders = {{*parse_from(kShop), true}};
  later("10m");
  post(kSend);
  post(kSend);
  EXPECT_EQ(seen.back().body, kSend) << "the sender tells somebody";
}

TEST_F(ProxyGate, LearnsFromAServiceIfNeitherItNorItsSendersTell) {
  learn();
  user_wrote(kStart - 1h);
  const ServiceSid service{"MG0123456789abcdef0123456789abcdef"};
  twilio.pools[service] = {*parse_from(kShop)};
  twilio.own_senders = {{*parse_from(kShop), false}};
  twilio.services[service] = true;
  const std::string send = kTo + "&MessagingServiceSid=" + service.text + "&Body=Hola";
  post(send);
  post(send);
  EXPECT_EQ(seen.back().body, send) << "the service tells somebody";
  twilio.services[service] = false;
  later("10m");
  post(send);
  post(send);
  EXPECT_EQ(seen.back().body, send + kLearning);
}

}  // namespace
}  // namespace twindow::test
