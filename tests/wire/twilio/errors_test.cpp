// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/errors.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

std::string body_of(const HttpReply& reply) { return std::get<std::string>(reply.body); }

std::vector<Errc> every_errc() {
  std::vector<Errc> all;
  for (int i = 0; i < static_cast<int>(Errc::Last_); ++i) all.push_back(static_cast<Errc>(i));
  return all;
}

TEST(Problem, IsWrittenAsTwilioWritesIt) {
  const HttpReply reply = problem(Error{Errc::InvalidTo, "+1555"});
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(body_of(reply),
            R"({"code": 21211, "message": "The 'To' number +1555 is not a valid phone number.", )"
            R"("more_info": "https://www.twilio.com/docs/errors/21211", "status": 400})");
  EXPECT_EQ(reply.headers, (Headers{{"Content-Type", "application/json"}}));
}

TEST(Problem, OfMissingCredentialsIsCompactAndChallenges) {
  const HttpReply reply = problem(Error{Errc::NoCredentials});
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(body_of(reply),
            R"({"code":20003,"detail":"Your AccountSid or AuthToken was incorrect.","message":)"
            R"("Authentication Error - No credentials provided","more_info":)"
            R"("https://www.twilio.com/docs/errors/20003","status":401})");
  EXPECT_EQ(find_header(reply.headers, "WWW-Authenticate"), "Basic realm=\"Twilio API\"");
}

TEST(Problem, OfAWrongPasswordSaysNoMoreThanTwilio) {
  EXPECT_EQ(body_of(problem(Error{Errc::WrongPassword})),
            R"({"code":20003,"message":"Authenticate","more_info":)"
            R"("https://www.twilio.com/docs/errors/20003","status":401})");
}

TEST(Problem, CanBeXml) {
  const HttpReply reply = problem(Error{Errc::InvalidTo, "<&>"}, Format::Xml);
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(find_header(reply.headers, "Content-Type"), "application/xml");
  EXPECT_EQ(body_of(reply),
            "<?xml version='1.0' encoding='UTF-8'?>\n"
            "<TwilioResponse><RestException><Code>21211</Code><Message>The 'To' number "
            "&lt;&amp;&gt; is not a valid phone number.</Message>"
            "<MoreInfo>https://www.twilio.com/docs/errors/21211</MoreInfo><Status>400</Status>"
            "</RestException></TwilioResponse>");
}

TEST(Problem, IsValidForEveryErrcWhateverTheDetail) {
  for (const Errc code : every_errc()) {
    const HttpReply reply = problem(Error{code, "a \"b\"\n{} \xff"});
    const auto json = nlohmann::json::parse(body_of(reply), nullptr, false);
    ASSERT_TRUE(json.is_object()) << body_of(reply);
    EXPECT_EQ(json.at("status"), reply.status);
    EXPECT_GE(reply.status, 400);
    EXPECT_EQ(json.at("more_info"),
              "https://www.twilio.com/docs/errors/" + std::to_string(json.at("code").get<int>()));
    EXPECT_FALSE(json.at("message").get<std::string>().empty());
    EXPECT_EQ(find_header(reply.headers, "WWW-Authenticate").has_value(), reply.status == 401);
  }
}

struct CodeCase {
  std::string_view name;
  Errc errc;
  int http;
  int code;
};

class TwilioErrorOf : public testing::TestWithParam<CodeCase> {};

TEST_P(TwilioErrorOf, IsTheDictionarys) {
  EXPECT_EQ(twilio_error(GetParam().errc).http, GetParam().http);
  EXPECT_EQ(twilio_error(GetParam().errc).code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(Table, TwilioErrorOf,
                         testing::ValuesIn(std::vector<CodeCase>{
                             {"ToMissing", Errc::ToMissing, 400, 21604},
                             {"FromMissing", Errc::FromMissing, 400, 21603},
                             {"ContentMissing", Errc::ContentMissing, 400, 21602},
                             {"ContentMissingService", Errc::ContentMissingService, 400, 21619},
                             {"SameToAndFrom", Errc::SameToAndFrom, 400, 21266},
                             {"SameOnChannel", Errc::SameToAndFromChannel, 400, 63031},
                             {"FromNotOwned", Errc::FromNotOwned, 400, 21606},
                             {"FromNotOwnedSms", Errc::FromNotOwnedSms, 400, 21659},
                             {"ChannelNotFound", Errc::ChannelNotFound, 400, 63007},
                             {"ChannelMismatch", Errc::ChannelMismatch, 400, 21910},
                             {"NotFinal", Errc::NotFinal, 409, 20009},
                             {"NotCancelable", Errc::NotCancelable, 400, 30409},
                             {"NotFound", Errc::NotFound, 404, 20404},
                             {"TooLarge", Errc::BodyTooLarge, 413, 20413},
                             {"Unreachable", Errc::Unreachable, 502, 20500},
                             {"TimedOut", Errc::TimedOut, 504, 20504},
                             {"Unavailable", Errc::Unavailable, 503, 20503},
                         }),
                         test::case_name);

TEST(Problem, NamesThePathThatWasNotFound) {
  EXPECT_EQ(message_text(Error{Errc::NotFound, "/2010-04-01/x.json"}),
            "The requested resource /2010-04-01/x.json was not found");
  EXPECT_NE(message_text(Error{Errc::NotSimulated, "/v1/x"}).find("does not simulate"),
            std::string::npos);
}

}  // namespace
}  // namespace twindow::wire
