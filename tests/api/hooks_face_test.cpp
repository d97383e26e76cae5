// SPDX-License-Identifier: Apache-2.0
// What the real Twilio is answered, what is believed, and what is learned.
#include "twindow/api/hooks_face.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twindow/api/proxy_face.h"
#include "twindow/wire/form.h"
#include "twindow/wire/secret.h"
#include "twindow/wire/twilio/hook_url.h"
#include "twindow/wire/twilio/signature.h"

#include "tests/api/server_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::test {
namespace {

using api::HookKind;
using api::HookOutcome;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kPublic = "https://tw.example.com";
const std::string kSid = "SM11111111111111111111111111111111";
const std::string kIn = "https://app.example.com/in";
// No part of an Account SID, so that it can be looked for.
const std::string kOurToken = "d41d8cd98f00b204e9800998ecf8427e";
const std::string kSecondToken = "fedcba9876543210fedcba9876543210";

AccountOptions account(const std::string& sid, const std::string& token) {
  AccountOptions options{.sid = AccountSid{sid}};
  if (!token.empty()) options.auth_token = AuthToken{token};
  options.inbound_url = kIn;
  return options;
}

class HooksFace : public testing::Test {
 protected:
  HooksFace() {
    server.state.public_url = kPublic;
    server.state.hook_answered = [this](const api::HookReport& report) {
      outcomes.push_back(report.outcome);
      details.emplace_back(report.detail);
    };
    face = api::make_hooks_face(server.state);
  }

  std::vector<Param> inbound_form(const std::string& of = kAccount) const {
    return {{"SmsMessageSid", kSid}, {"ProfileName", "Zo\xC3\xAB"},
            {"MessageType", type},   {"Body", ""},
            {"To", kShop},           {"MessageSid", kSid},
            {"AccountSid", of},      {"From", kAna},
            {"Novelty", "1"}};
  }
  static std::vector<Param> status_form(const std::string& status, const std::string& sid = kSid,
                                        const std::string& code = "") {
    std::vector<Param> form{{"SmsSid", sid}, {"SmsStatus", status}, {"MessageStatus", status},
                            {"To", kAna},    {"MessageSid", sid},   {"AccountSid", kAccount},
                            {"From", kShop}, {"Novelty", ""}};
    if (!code.empty()) form.push_back({"ErrorCode", code});
    return form;
  }
  static std::string status_path(const std::string& app_url = kStatusUrl) {
    return wire::hook_status_url("", app_url).value_or("");
  }

  struct Signed {
    std::string path;
    std::vector<Param> form;
    std::string url = kPublic;  // that the signature is for, without the path
    std::string token = kOurToken;
    std::string idempotency = {};
  };
  wire::HttpCall call_of(const Signed& s) const {
    wire::HttpCall call{.method = "POST", .target = s.path};
    call.headers = {{"Host", "tw.example.com"},
                    {"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"},
                    {"X-Twilio-Signature", wire::sign(s.token, s.url + s.path, s.form)},
                    {"Cookie", "c=1"}};
    if (!s.idempotency.empty()) {
      call.headers.push_back({"I-Twilio-Idempotency-Token", s.idempotency});
    }
    call.body = wire::encode_form(s.form);
    return call;
  }
  Answer ask(const Signed& s) { return server.ask(face, call_of(s)); }
  Answer inbound() { return ask({.path = "/hooks/inbound", .form = inbound_form()}); }

  bool knows_window() {
    return server
               .admin("GET", "/windows/" + wire::percent_encode(kShop) + "/" +
                                 wire::percent_encode(kAna) + "?account=" + kAccount)
               .status == 200;
  }
  void expect_nothing_happened() {
    EXPECT_TRUE(server.app.webhooks.empty());
    EXPECT_TRUE(server.worlds.all().empty());
  }
  const RelayedNews& relayed(std::size_t which) {
    return std::get<RelayedNews>(server.app.webhooks.at(which).news);
  }

  Server server{{.accounts = {account(kAccount, kOurToken), account(kSecond, kSecondToken),
                              account(kThird, "")}}};
  std::vector<HookOutcome> outcomes;
  std::vector<std::string> details;
  wire::Handler face;
  std::string type = "text";
};

TEST_F(HooksFace, OpensTheWindowAndHandsTheAppsAnswerBack) {
  server.app.http_status = 202;
  server.app.says.content_type = "text/xml; charset=utf-8";
  server.app.says.reply = "<Response><Message>hi</Message></Response>";
  server.app.says.headers = {{"Set-Cookie", "a=1"}, {"Location", "/x"}};
  const Answer answer =
      ask({.path = "/hooks/inbound", .form = inbound_form(), .idempotency = "token-1"});
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, server.app.says.reply);
  EXPECT_THAT(answer.headers,
              ElementsAre(wire::Header{"Content-Type", "text/xml; charset=utf-8"},
                          wire::Header{"Set-Cookie", "a=1"}, wire::Header{"Location", "/x"}));
  EXPECT_TRUE(knows_window());
  ASSERT_EQ(server.app.webhooks.size(), 1u);
  EXPECT_EQ(server.app.webhooks[0].url, kIn);
  EXPECT_EQ(server.app.webhooks[0].idempotency_token, "token-1");
  EXPECT_EQ(server.app.webhooks[0].auth_token.text, kOurToken);
  EXPECT_EQ(relayed(0).params, inbound_form());
  EXPECT_EQ(relayed(0).cookie, "c=1");
  EXPECT_THAT(outcomes, ElementsAre(HookOutcome::Taken));
}

TEST_F(HooksFace, WithoutAnAppAnswersWithoutWords) {
  server.accounts.configure(
      {AccountOptions{.sid = {kAccount}, .auth_token = AuthToken{kOurToken}}});
  const Answer answer = inbound();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/xml");
  EXPECT_THAT(answer.body, HasSubstr("<Response/>"));
  EXPECT_TRUE(knows_window());
}

TEST_F(HooksFace, AnAppThatDoesNotAnswerIsABadGatewayAndTheWindowIsKept) {
  server.app.http_status = 0;
  server.app.says.error = Error{Errc::TimedOut, "the app did not answer within 13000 ms"};
  const Answer answer = inbound();
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(answer.json()["code"], 20500);
  EXPECT_TRUE(knows_window());
  EXPECT_THAT(outcomes, ElementsAre(HookOutcome::AppFailed));
}

TEST_F(HooksFace, AFailingAppsAnswerIsHandedBackToo) {
  server.app.http_status = 503;
  server.app.says.reply = "later";
  const Answer answer = inbound();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "later");
}

TEST_F(HooksFace, AReactionOpensNothingAndIsHandedOn) {
  type = "reaction";
  EXPECT_EQ(inbound().status, 204);
  EXPECT_FALSE(knows_window());
  EXPECT_EQ(server.app.webhooks.size(), 1u);
}

TEST_F(HooksFace, ARepeatIsHandedOnAgain) {
  inbound();
  EXPECT_EQ(inbound().status, 204);
  EXPECT_EQ(server.app.webhooks.size(), 2u);
}

TEST_F(HooksFace, ARepeatUnderAnotherSidExtendsNothing) {
  const auto hear = [&](const std::string& sid, const std::string& token) {
    std::vector<Param> form = inbound_form();
    for (Param& param : form) {
      if (param.value == kSid) param.value = sid;
    }
    EXPECT_EQ(ask({.path = "/hooks/inbound", .form = form, .idempotency = token}).status, 204);
    return server.get("/windows?account=" + kAccount)["windows"][0]["expires"].get<std::string>();
  };
  const std::string first = hear(kSid, "token");
  server.advance("1h", kAccount);
  EXPECT_EQ(hear("SM" + std::string(32, '2'), "token"), first);
  EXPECT_EQ(server.app.webhooks.size(), 2u) << "the app is told again";
  EXPECT_NE(hear("SM" + std::string(32, '3'), "another"), first);
}

TEST_F(HooksFace, AcknowledgesAStatusAndTellsTheApp) {
  const Answer answer = ask({.path = status_path("https://app.example.com/s?a=b#rc=2"),
                             .form = status_form("delivered"),
                             .idempotency = "token-2"});
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.body, "");
  server.advance("1s", kAccount);
  ASSERT_EQ(server.app.webhooks.size(), 1u);
  EXPECT_EQ(server.app.webhooks[0].url, "https://app.example.com/s?a=b#rc=2");
  EXPECT_EQ(server.app.webhooks[0].idempotency_token, "token-2");
  EXPECT_EQ(relayed(0).params, status_form("delivered"));
  EXPECT_EQ(relayed(0).cookie, "") << "those are for conversations";
}

TEST_F(HooksFace, MovesTheMessageAndClosesItsWindow) {
  server.receive();
  const std::string sid = server.send();
  EXPECT_EQ(ask({.path = status_path(), .form = status_form("undelivered", sid, "63016")}).status,
            204);
  const Json message = server.get("/messages/" + sid);
  EXPECT_EQ(message["status"], "undelivered");
  EXPECT_EQ(message["error_code"], 63016);
  const Json window = server.get("/windows?account=" + kAccount)["windows"][0];
  EXPECT_EQ(window["state"], "closed");
}

TEST_F(HooksFace, ARepeatedStatusIsAcknowledgedAndToldOnce) {
  for (const std::string& token : {std::string("t"), std::string()}) {
    outcomes.clear();
    server.app.webhooks.clear();
    const Signed news{.path = status_path(), .form = status_form("sent"), .idempotency = token};
    EXPECT_EQ(ask(news).status, 204);
    EXPECT_EQ(ask(news).status, 204);
    server.advance("1s", kAccount);
    EXPECT_EQ(ask(news).status, 204);
    EXPECT_EQ(ask({.path = status_path(), .form = status_form("read"), .idempotency = token + "2"})
                  .status,
              204);
    server.advance("1s", kAccount);
    EXPECT_EQ(server.app.webhooks.size(), 2u) << token;
    EXPECT_THAT(outcomes, ElementsAre(HookOutcome::Taken, HookOutcome::Repeat, HookOutcome::Repeat,
                                      HookOutcome::Taken));
  }
}

TEST_F(HooksFace, WithoutAnAppsUrlAStatusIsKept) {
  EXPECT_EQ(ask({.path = "/hooks/status/-", .form = status_form("sent")}).status, 204);
  server.advance("1s", kAccount);
  EXPECT_TRUE(server.app.webhooks.empty());
}

TEST_F(HooksFace, WhatWasAskedForToLearnFromGoesToNobody) {
  server.ok("PUT", "/senders",
            R"({"AccountSid":")" + kAccount + R"(","senders":[{"address":")" + kShop +
                R"(","status_callback":"https://app.example.com/default"}]})");
  EXPECT_EQ(ask({.path = "/hooks/status/learn", .form = status_form("sent")}).status, 204);
  server.advance("1s", kAccount);
  EXPECT_TRUE(server.app.webhooks.empty());
  EXPECT_EQ(ask({.path = "/hooks/status/-", .form = status_form("delivered")}).status, 204);
  server.advance("1s", kAccount);
  EXPECT_EQ(server.app.webhooks.size(), 1u) << "the sender's";
}

TEST_F(HooksFace, EveryAccountHasATokenOfItsOwn) {
  EXPECT_EQ(ask({.path = "/hooks/inbound", .form = inbound_form(kSecond)}).status, 403);
  EXPECT_EQ(
      ask({.path = "/hooks/inbound", .form = inbound_form(kSecond), .token = kSecondToken}).status,
      204);
  EXPECT_EQ(server.app.webhooks.at(0).auth_token.text, kSecondToken);
}

struct DisbeliefCase {
  std::string name;
  std::string of;
  std::string url;
  std::string token;
  HookOutcome want;
};

class Disbelief : public HooksFace, public testing::WithParamInterface<DisbeliefCase> {};

TEST_P(Disbelief, LearnsNothing) {
  const DisbeliefCase& c = GetParam();
  server.accounts.token_or_learn(AccountSid{kNobody}, AuthToken{kOurToken});
  const Answer answer =
      ask({.path = "/hooks/inbound", .form = inbound_form(c.of), .url = c.url, .token = c.token});
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.json()["code"], 20403);
  EXPECT_THAT(outcomes, ElementsAre(c.want));
  for (const std::string& told : {answer.body, details.at(0)}) {
    EXPECT_THAT(told, Not(HasSubstr(kOurToken)));
    EXPECT_THAT(told, Not(HasSubstr(kAna)));
  }
  expect_nothing_happened();
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, Disbelief, testing::ValuesIn(std::vector<DisbeliefCase>{
    {"OtherHost", kAccount, "https://tw.example.org", kOurToken, HookOutcome::WrongSignature},
    {"OtherScheme", kAccount, "http://tw.example.com", kOurToken, HookOutcome::WrongSignature},
    {"OtherPort", kAccount, "https://tw.example.com:8443", kOurToken, HookOutcome::WrongSignature},
    {"OtherPath", kAccount, "https://tw.example.com/x", kOurToken, HookOutcome::WrongSignature},
    {"OtherToken", kAccount, kPublic, kSecondToken, HookOutcome::WrongSignature},
    {"EmptyToken", kAccount, kPublic, "", HookOutcome::WrongSignature},
    {"AnotherAccountsToken", kSecond, kPublic, kOurToken, HookOutcome::WrongSignature},
    {"AccountWithoutToken", kThird, kPublic, kOurToken, HookOutcome::UnknownAccount},
    {"AccountWhoseTokenWasLearned", kNobody, kPublic, kOurToken, HookOutcome::UnknownAccount},
    {"UnknownAccount", "AC" + std::string(32, '9'), kPublic, kOurToken, HookOutcome::UnknownAccount},
    {"NoAccount", "", kPublic, kOurToken, HookOutcome::UnknownAccount},
    {"EmptyAccount", "AC", kPublic, kOurToken, HookOutcome::UnknownAccount},
}), case_name);
// clang-format on

TEST_F(HooksFace, AcceptsTheStandardPortWritten) {
  EXPECT_EQ(ask({.path = "/hooks/inbound", .form = inbound_form(), .url = kPublic + ":443"}).status,
            204);
}

TEST_F(HooksFace, TheQueryIsSigned) {
  EXPECT_EQ(ask({.path = "/hooks/inbound?a=%2F&b", .form = inbound_form()}).status, 204);
  wire::HttpCall call = call_of({.path = "/hooks/inbound?a=1", .form = inbound_form()});
  call.target = "/hooks/inbound?a=2";
  EXPECT_EQ(server.ask(face, call).status, 403);
}

TEST_F(HooksFace, TheStatusTokenIsSigned) {
  wire::HttpCall call = call_of({.path = status_path(), .form = status_form("sent")});
  call.target = status_path("https://evil.example.com");
  EXPECT_EQ(server.ask(face, call).status, 403);
  expect_nothing_happened();
}

TEST_F(HooksFace, EveryParameterIsSigned) {
  wire::HttpCall call = call_of({.path = "/hooks/inbound", .form = inbound_form()});
  call.body += "&OptOutType=STOP";
  EXPECT_EQ(server.ask(face, call).status, 403);
  call = call_of({.path = "/hooks/inbound", .form = inbound_form()});
  call.headers.erase(call.headers.begin() + 2);
  EXPECT_EQ(server.ask(face, call).status, 403) << "without a signature";
}

TEST_F(HooksFace, ReadsJsonWhoseHashIsSigned) {
  const std::string body = R"({"AccountSid":")" + kAccount + R"(","MessageSid":")" + kSid +
                           R"(","MessageStatus":"sent"})";
  const std::string path = status_path() + "?bodySHA256=" + wire::sha256_hex(body);
  wire::HttpCall call{.method = "POST", .target = path};
  call.headers = {{"Content-Type", "application/json"},
                  {"X-Twilio-Signature", wire::sign_json(kOurToken, kPublic + path)}};
  call.body = body;
  EXPECT_EQ(server.ask(face, call).status, 204);
  call.body += " ";
  EXPECT_EQ(server.ask(face, call).status, 403);
}

TEST_F(HooksFace, WithoutAPublicUrlBelievesNobody) {
  server.state.public_url.clear();
  const Answer answer = ask({.path = "/hooks/inbound", .form = inbound_form(), .url = ""});
  EXPECT_EQ(answer.status, 403);
  EXPECT_THAT(answer.body, HasSubstr("--public-url"));
  EXPECT_THAT(outcomes, ElementsAre(HookOutcome::NoPublicUrl));
  expect_nothing_happened();
}

TEST_F(HooksFace, IsFoundBelowThePathOfThePublicUrl) {
  server.state.public_url = kPublic + "/tw";
  const Signed news{.path = "/hooks/inbound", .form = inbound_form(), .url = kPublic + "/tw"};
  EXPECT_EQ(ask(news).status, 204) << "a proxy has cut it off";
  wire::HttpCall call = call_of(news);
  call.target = "/tw/hooks/inbound";
  EXPECT_EQ(server.ask(face, call).status, 204);
  EXPECT_TRUE(api::is_hook(server.state, "/tw/hooks/x"));
  EXPECT_FALSE(api::is_hook(server.state, "/twhooks/x"));
}

TEST_F(HooksFace, SaysWhatItDoesNotUnderstand) {
  auto form = inbound_form();
  form.pop_back();
  std::erase_if(form, [](const Param& param) { return param.name == "From"; });
  EXPECT_EQ(ask({.path = "/hooks/inbound", .form = form}).status, 400);
  EXPECT_EQ(ask({.path = "/hooks/status/nonsense", .form = status_form("sent")}).status, 400);
  EXPECT_EQ(ask({.path = status_path(), .form = status_form("")}).status, 400);
  wire::HttpCall broken = call_of({.path = "/hooks/inbound", .form = inbound_form()});
  broken.body = "a=%zz";
  EXPECT_EQ(server.ask(face, broken).status, 400);
  EXPECT_EQ(server.ask(face, {.method = "GET", .target = "/hooks/inbound"}).status, 405);
  EXPECT_EQ(server.ask(face, {.method = "POST", .target = "/hooks/status/a/b"}).status, 404);
  EXPECT_EQ(server.ask(face, {.method = "POST", .target = "/hooks"}).status, 404);
  EXPECT_EQ(server.ask(face, {.method = "GET", .target = "/2010-04-01"}).status, 404);
  EXPECT_EQ(server.ask(face, {.method = "GET", .target = "/livez"}).body, "ok\n");
  expect_nothing_happened();
}

TEST_F(HooksFace, IsPartOfTheProxysPortUnlessItHasOneOfItsOwn) {
  std::vector<std::string> forwarded;
  const wire::Handler proxy = api::make_proxy_face(
      server.state, [&forwarded](wire::UpstreamCall call) -> Task<wire::UpstreamReply> {
        forwarded.push_back(call.host + call.target);
        co_return wire::HttpReply{.status = 418};
      });
  const wire::HttpCall call = call_of({.path = "/hooks/inbound", .form = inbound_form()});
  EXPECT_EQ(server.ask(proxy, call).status, 204);
  wire::HttpCall twilios = call;
  twilios.headers[0].value = "api.twilio.com";
  EXPECT_EQ(server.ask(proxy, twilios).status, 418) << "named by its host";
  server.state.hooks_address = "127.0.0.1:4012";
  EXPECT_EQ(server.ask(proxy, call).status, 404);
  EXPECT_THAT(forwarded, ElementsAre("api.twilio.com/hooks/inbound"));
}

}  // namespace
}  // namespace twindow::test
