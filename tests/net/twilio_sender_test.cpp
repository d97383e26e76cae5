// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/twilio_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twindow/wire/basic_auth.h"

#include "tests/support/case_name.h"
#include "tests/support/run_task.h"

namespace twindow::net {
namespace {

const AccountSid kAccount{"AC0123456789abcdef0123456789abcdef"};
const MessageSid kOurs{"SM0123456789abcdef0123456789abcdef"};
const std::string kMade =
    R"({"sid": "SM00000000000000000000000000000001", "status": "queued", "to": "+15555550123",)"
    R"( "direction": "outbound-api", "date_created": "Mon, 05 Jan 2026 09:00:00 +0000"})";

class TwilioSenderTest : public testing::Test {
 protected:
  ~TwilioSenderTest() override { context.discard(); }

  ports::SendOutcome send(std::string form = "To=a") {
    TwilioSender sender([this](wire::UpstreamCall call) { return carry(std::move(call)); },
                        [this](const AccountSid&) { return account; }, status_url);
    ports::LaterSend later{kAccount, kOurs, std::move(form)};
    return test::run_task(context, sender.send(std::move(later)));
  }
  Task<wire::UpstreamReply> carry(wire::UpstreamCall call) {
    calls.push_back(std::move(call));
    co_return reply;
  }
  void answer(int status, std::string body) {
    wire::HttpReply made{.status = status};
    made.body = std::move(body);
    reply = made;
  }

  test::Context context;
  AccountOptions account{.sid = kAccount, .auth_token = AuthToken{"token"}};
  TwilioSender::StatusUrl status_url = [](std::string_view url, const MessageSid& sid) {
    return "https://tw.example.com/" + std::string(url) + "?" + sid.text;
  };
  wire::UpstreamReply reply = Unexpected(wire::UpstreamFailure{});
  std::vector<wire::UpstreamCall> calls;
};

TEST_F(TwilioSenderTest, PostsTheFormWithTheAccountsCredentials) {
  answer(201, kMade);
  const auto outcome = send("To=a&StatusCallback=https%3A%2F%2Fapp.example&Body=%7e");
  ASSERT_TRUE(std::holds_alternative<ports::Sent>(outcome));
  EXPECT_EQ(std::get<ports::Sent>(outcome).message.sid.text, "SM00000000000000000000000000000001");
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].method, "POST");
  EXPECT_EQ(calls[0].host, "api.twilio.com");
  EXPECT_EQ(calls[0].target, "/2010-04-01/Accounts/" + kAccount.text + "/Messages.json");
  EXPECT_EQ(wire::find_header(calls[0].headers, "Authorization"),
            wire::basic_authorization(kAccount.text, "token"));
  EXPECT_EQ(calls[0].body,
            "To=a&StatusCallback=https%3A%2F%2Ftw.example.com%2Fhttps%3A%2F%2Fapp."
            "example%3F" +
                kOurs.text + "&Body=%7e");
}

TEST_F(TwilioSenderTest, NeedsCredentialsAndAnAddressOfOurs) {
  const auto able = [this] {
    return TwilioSender(
               {}, [this](const AccountSid&) { return account; }, status_url)
        .can_send(kAccount);
  };
  EXPECT_TRUE(able());
  account.auth_token.reset();
  EXPECT_FALSE(able());
  EXPECT_TRUE(std::holds_alternative<ports::NotSent>(send()));
  EXPECT_TRUE(calls.empty());
  account.api_keys = {{.sid = "SK0", .secret = AuthToken{"s"}}};
  EXPECT_TRUE(able());
  status_url = nullptr;
  EXPECT_FALSE(able());
}

TEST_F(TwilioSenderTest, ALostAnswerIsPerhapsAMessage) {
  reply = Unexpected(wire::UpstreamFailure{.may_have_arrived = true, .detail = "it broke"});
  EXPECT_TRUE(std::holds_alternative<ports::PerhapsSent>(send()));
  reply = Unexpected(wire::UpstreamFailure{.may_have_arrived = false, .detail = "refused"});
  EXPECT_TRUE(std::holds_alternative<ports::NotSent>(send()));
}

struct Status {
  std::string name;
  int status;
  std::string body;
  std::size_t kind;  // of the outcome
};

class Statuses : public TwilioSenderTest, public testing::WithParamInterface<Status> {};

TEST_P(Statuses, SayWhetherTwilioHasIt) {
  answer(GetParam().status, GetParam().body);
  EXPECT_EQ(send().index(), GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(Table, Statuses,
                         testing::Values(Status{"Made", 201, kMade, 0},
                                         Status{"NoMessage", 201, "{}", 3},
                                         Status{"Refused", 400, R"({"code": 21610})", 1},
                                         Status{"Gone", 404, R"({"code": 20404})", 1},
                                         Status{"Credentials", 401, R"({"code": 20003})", 2},
                                         Status{"Busy", 429, R"({"code": 20429})", 2},
                                         Status{"Slow", 408, "", 2}, Status{"Trouble", 500, "", 3},
                                         Status{"Unavailable", 503, "", 3}),
                         test::case_name);

TEST_F(TwilioSenderTest, ARefusalHasTwiliosCode) {
  answer(400, R"({"code": 21610, "message": "…"})");
  const auto outcome = send();
  EXPECT_EQ(std::get<ports::Refused>(outcome).code, 21610);
}

}  // namespace
}  // namespace twindow::net
