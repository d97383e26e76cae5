// SPDX-License-Identifier: Apache-2.0
// Who may speak for an account on the Twilio face.
#include "tests/api/twilio_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::test {
namespace {

using testing::HasSubstr;
using testing::TestWithParam;
using testing::ValuesIn;

const std::string kKey = "SK0123456789abcdef0123456789abcdef";

struct Row {
  const char* name;
  std::string authorization;
  const char* message;
};

const std::vector<Row> kRefused{
    {"None", "", "Authentication Error - No credentials provided"},
    {"Garbage", "what is this", "Authentication Error - No credentials provided"},
    {"Bearer", "Bearer " + kToken, "Authentication Error - No credentials provided"},
    {"BasicWithoutValue", "Basic ", "Authentication Error - No credentials provided"},
    {"NotBase64", "Basic ****", "Authentication Error - No credentials provided"},
    {"NoColon", "Basic QUMwMTIz", "Authentication Error - No credentials provided"},
    {"WrongToken", basic(kAccount, "1123456789abcdef0123456789abcdef"), "Authenticate"},
    {"TokenAndMore", basic(kAccount, kToken + "0"), "Authenticate"},
    {"EmptyPassword", basic(kAccount, ""), "Authenticate"},
    {"UnknownUsername", basic("someone", kToken), "Authentication Error - invalid username"},
    {"EmptyUsername", basic("", kToken), "Authentication Error - invalid username"},
    {"ShortAccount", basic("AC0123", kToken), "Authentication Error - invalid username"},
    {"AnotherAccount", basic(kSecond, kToken), "Authenticate"},
    {"KeyWithEmptySecret", basic(kKey, ""), "Authenticate"},
    {"UserSid", basic("US0123456789abcdef0123456789abcdef", kToken),
     "Authentication Error - invalid username"},
};

class Refused : public TwilioTest, public testing::WithParamInterface<Row> {};

TEST_P(Refused, IsA401WithAChallengeOnEveryRoute) {
  ASSERT_EQ(create().status, 201) << "the first token seen is the account's";
  const std::string target = messages_path();
  for (const char* method : {"GET", "POST"}) {
    const Answer answer = call(method, target + ".json", freeform(), GetParam().authorization);
    EXPECT_EQ(answer.status, 401) << method;
    EXPECT_EQ(answer.header("WWW-Authenticate"), "Basic realm=\"Twilio API\"");
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_THAT(answer.header("Twilio-Request-Id"), testing::MatchesRegex("RQ[0-9a-f]{32}"));
    const Json json = answer.json();
    EXPECT_EQ(json["code"], 20003);
    EXPECT_EQ(json["status"], 401);
    EXPECT_EQ(json["message"], GetParam().message);
  }
  EXPECT_EQ(server.get("/info")["counts"]["messages"], 1) << "the refused ones made nothing";
}

INSTANTIATE_TEST_SUITE_P(TwilioAuth, Refused, ValuesIn(kRefused), case_name);

class TwilioAuth : public TwilioTest {};

TEST_F(TwilioAuth, ARefusalWithoutSuffixIsXml) {
  const Answer answer = call("POST", messages_path(), freeform(), "");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.header("Content-Type"), "application/xml");
  EXPECT_THAT(answer.body, HasSubstr("<Code>20003</Code>"));
}

TEST_F(TwilioAuth, TheSchemeMayHaveAnyLetterCase) {
  const std::string value = basic(kAccount, kToken).substr(6);
  EXPECT_EQ(call("POST", messages_path() + ".json", freeform(), "basic " + value).status, 201);
  EXPECT_EQ(call("POST", messages_path() + ".json", freeform(), "BASIC " + value).status, 201);
}

TEST_F(TwilioAuth, AKeyNeedsTheAccountsTokenFirst) {
  const std::string key = basic(kKey, "a secret");
  const Answer early = call("POST", messages_path() + ".json", freeform(), key);
  EXPECT_EQ(early.status, 401);
  EXPECT_THAT(early.json()["message"].get<std::string>(), HasSubstr("auth token"));
  ASSERT_EQ(create().status, 201);
  EXPECT_EQ(call("POST", messages_path() + ".json", freeform(), key).status, 201);
  const Answer other = call("POST", messages_path() + ".json", freeform(), basic(kKey, "another"));
  EXPECT_EQ(other.status, 401) << "the first secret seen is the key's";
}

TEST_F(TwilioAuth, RefusalsDoNotTeachATokenOrMakeAnAccount) {
  EXPECT_EQ(call("GET", messages_path() + ".json", "", basic(kAccount, "")).status, 401);
  EXPECT_EQ(call("GET", messages_path() + ".json", "", basic(kSecond, "x")).status, 401);
  EXPECT_TRUE(server.worlds.all().empty());
  EXPECT_EQ(create().status, 201);
}

// `eval "$(twindow sdk-snippet env)"` sets the server's variable too.
TEST(TwilioAuthVariable, ClosesNoAccountToItsFirstCaller) {
  ServerOptions options;
  options.default_token = AuthToken{kToken};
  Server server(std::move(options));
  const std::string own(32, 'b');
  const auto list = [&](const std::string& user, const std::string& password,
                        const std::string& account) {
    return server
        .ask(server.twilio,
             {.method = "GET",
              .target = "/2010-04-01/Accounts/" + account + "/Messages.json",
              .headers = {{"Host", "127.0.0.1:4010"}, {"Authorization", basic(user, password)}}})
        .status;
  };
  EXPECT_EQ(list(kAccount, own, kAccount), 200);
  EXPECT_EQ(list(kAccount, kToken, kAccount), 401);
  EXPECT_EQ(list(kNobody, own, kNobody), 401) << "that of the control API has the variable's";
  EXPECT_EQ(list(kNobody, kToken, kNobody), 200);
  EXPECT_EQ(list(kKey, own, kSecond), 200) << "a key, and what is signed has the variable's token";
  EXPECT_EQ(list(kSecond, own, kSecond), 401);
  EXPECT_EQ(list(kSecond, kToken, kSecond), 200);
}

TEST(TwilioAuthConfigured, TokensAndKeysAreThoseOfTheConfiguration) {
  ServerOptions options;
  options.accounts.push_back({.sid = AccountSid{kAccount},
                              .auth_token = AuthToken{kToken},
                              .api_keys = {{kKey, AuthToken{"the secret"}}}});
  Server server(std::move(options));
  const auto status = [&](const std::string& authorization) {
    return server
        .ask(server.twilio, {.method = "GET",
                             .target = messages_path() + ".json",
                             .headers = {{"Authorization", authorization}}})
        .status;
  };
  EXPECT_EQ(status(basic(kAccount, "1123456789abcdef0123456789abcdef")), 401);
  EXPECT_EQ(status(basic(kAccount, kToken)), 200);
  EXPECT_EQ(status(basic(kKey, "the secret")), 200);
  EXPECT_EQ(status(basic(kKey, "the Secret")), 401);
  EXPECT_EQ(status(basic("SK1123456789abcdef0123456789abcdef", "the secret")), 401);
}

}  // namespace
}  // namespace twindow::test
