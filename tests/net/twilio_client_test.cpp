// SPDX-License-Identifier: Apache-2.0
// The questions to Twilio against one that plays answers from a list, and one against sockets.
#include "twindow/net/twilio_client.h"

#include <deque>
#include <functional>
#include <memory>
#include <stdexcept>
#include <variant>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "twindow/wire/basic_auth.h"
#include "twindow/wire/time_text.h"

#include "tests/net/upstream_fixture.h"
#include "tests/support/case_name.h"
#include "tests/support/run_task.h"

namespace twindow::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using wire::HttpReply;
using wire::UpstreamCall;
using wire::UpstreamFailure;
using wire::UpstreamFault;
using wire::UpstreamReply;

const AccountSid kAccount{"AC0123456789abcdef0123456789abcdef"};
const std::string kMessages = "/2010-04-01/Accounts/" + kAccount.text + "/Messages.json";
const Address kShop{Channel::WhatsApp, AddressForm::E164, "whatsapp:+14155550100"};
const Address kAna{Channel::WhatsApp, AddressForm::E164, "whatsapp:+15555550123"};
const Address kMexican{Channel::WhatsApp, AddressForm::E164, "whatsapp:+5215512345678"};
const Time kNoon = wire::parse_time("2026-01-05T12:00:00Z").value();

// A body in pieces; one that breaks off throws, as those of real connections do.
class Pieces final : public wire::BodyStream {
 public:
  Pieces(std::deque<std::string> pieces, bool breaks)
      : pieces_(std::move(pieces)), breaks_(breaks) {}
  Task<std::optional<std::string>> next() override {
    if (pieces_.empty() && breaks_) throw std::runtime_error("broke off");
    if (pieces_.empty()) co_return std::nullopt;
    std::string piece = std::move(pieces_.front());
    pieces_.pop_front();
    co_return piece;
  }

 private:
  std::deque<std::string> pieces_;
  bool breaks_;
};

// Twilio: each call takes the next answer; without one it waits for ever.
struct FakeTwilio {
  std::vector<UpstreamCall> calls = {};
  std::deque<UpstreamReply> answers = {};
  int given_up = 0;  // calls that were ended while they waited

  void says(int status, std::string body) {
    answers.push_back(HttpReply{.status = status,
                                .headers = {{"Content-Type", "application/json"}},
                                .body = std::move(body)});
  }
  void is_silent(UpstreamFault fault) {
    answers.push_back(Unexpected(UpstreamFailure{.fault = fault, .detail = "nobody there"}));
  }
  std::vector<std::string> targets() const {
    std::vector<std::string> all;
    for (const UpstreamCall& call : calls) all.push_back(call.target);
    return all;
  }

  static Task<UpstreamReply> answer(FakeTwilio& twilio, UpstreamCall call) {
    twilio.calls.push_back(std::move(call));
    if (twilio.answers.empty()) {
      asio::steady_timer never(co_await asio::this_coro::executor, 24h);
      boost::system::error_code error;
      co_await never.async_wait(asio::redirect_error(asio::use_awaitable, error));
      ++twilio.given_up;
      co_return Unexpected(UpstreamFailure{.fault = UpstreamFault::Broken, .detail = "ended"});
    }
    UpstreamReply reply = std::move(twilio.answers.front());
    twilio.answers.pop_front();
    co_return reply;
  }
};

std::string record(const std::string& sid_end, const std::string& more) {
  return R"({"sid":"SM000000000000000000000000000000)" + sid_end +
         R"(","status":"received","body":"hola",)" + more + "}";
}

std::string inbound(const std::string& sid_end, const std::string& time,
                    const std::string& from = kAna.text) {
  return record(sid_end, R"("direction":"inbound","from":")" + from + R"(","to":")" + kShop.text +
                             R"(","date_created":"Mon, 05 Jan 2026 )" + time +
                             R"( +0000","date_sent":"Mon, 05 Jan 2026 )" + time + R"( +0000")");
}

std::string outbound(const std::string& sid_end, const std::string& time) {
  return record(sid_end, R"("direction":"outbound-api","from":null,"to":")" + kAna.text +
                             R"(","date_created":"Mon, 05 Jan 2026 )" + time +
                             R"( +0000","date_sent":null)");
}

std::string page(const std::string& records, const std::string& next = "") {
  return R"({"messages":[)" + records + R"(],"next_page_uri":)" +
         (next.empty() ? "null" : "\"" + next + "\"") + "}";
}

class TwilioClientTest : public testing::Test {
 protected:
  TwilioClientTest() { options_.auth_token = AuthToken{"secret"}; }

  template <class T>
  T run(Task<T> task) {
    return test::run_task(context_, std::move(task));
  }

  FakeTwilio twilio_;
  AccountOptions options_{.sid = kAccount};
  test::Context context_;
  TwilioClient client_{
      [this](UpstreamCall call) { return FakeTwilio::answer(twilio_, std::move(call)); },
      [this](const AccountSid& account) {
        return account == kAccount ? options_ : AccountOptions{.sid = account};
      }};
};

// Whom and how

TEST_F(TwilioClientTest, AsksWithTheAccountsToken) {
  twilio_.says(200, inbound("01", "12:00:00"));
  EXPECT_TRUE(run(client_.find_message(kAccount, {"SM1"}, 1s)).has_value());
  ASSERT_EQ(twilio_.calls.size(), 1u);
  const UpstreamCall& call = twilio_.calls.front();
  EXPECT_EQ(call.method, "GET");
  EXPECT_EQ(call.host, "api.twilio.com");
  EXPECT_EQ(call.body, "");
  EXPECT_EQ(wire::find_header(call.headers, "Authorization"),
            wire::basic_authorization(kAccount.text, "secret"));
  EXPECT_EQ(wire::find_header(call.headers, "Accept-Encoding"), "identity");
}

TEST_F(TwilioClientTest, AsksWithAKeyWhereThereIsNoToken) {
  options_.auth_token.reset();
  options_.api_keys = {{.sid = "SK1", .secret = AuthToken{"key"}}};
  twilio_.says(404, "{}");
  EXPECT_FALSE(run(client_.find_message(kAccount, {"SM1"}, 1s)).has_value());
  EXPECT_EQ(wire::find_header(twilio_.calls.at(0).headers, "Authorization"),
            wire::basic_authorization("SK1", "key"));
}

TEST_F(TwilioClientTest, TakesCredentialsAsTheyAreNow) {
  twilio_.says(404, "{}");
  twilio_.says(404, "{}");
  (void)run(client_.find_message(kAccount, {"SM1"}, 1s));
  options_.auth_token = AuthToken{"other"};
  (void)run(client_.find_message(kAccount, {"SM1"}, 1s));
  EXPECT_EQ(wire::find_header(twilio_.calls.at(1).headers, "Authorization"),
            wire::basic_authorization(kAccount.text, "other"));
}

TEST_F(TwilioClientTest, AsksNothingWithoutCredentials) {
  const AccountSid other{"AC0123456789abcdef0123456789abcdee"};
  const ports::PairQuery pair{other, kShop, kAna, kNoon};
  const ports::InboundQuery inbound_query{other, kShop, kNoon};
  const ports::SentQuery sent{.account = other, .to = kAna, .created_since = kNoon};
  const std::vector<Error> errors{run(client_.newest_inbound(pair, 1s)).error(),
                                  run(client_.inbound_page(inbound_query, 1s)).error(),
                                  run(client_.templates(other, 1s)).error(),
                                  run(client_.find_template(other, {"HX1"}, 1s)).error(),
                                  run(client_.whatsapp_pool(other, {"MG1"}, 1s)).error(),
                                  run(client_.senders(other, 1s)).error(),
                                  run(client_.sent_messages(sent, 1s)).error(),
                                  run(client_.find_message(other, {"SM1"}, 1s)).error()};
  for (const Error& error : errors) {
    EXPECT_EQ(error.code, Errc::NoCredentials);
    EXPECT_NE(error.detail.find("no credentials configured"), std::string::npos);
  }
  EXPECT_TRUE(twilio_.calls.empty());
}

TEST_F(TwilioClientTest, AsksInACallersNameWhereOneIsNamed) {
  const AccountSid other{"AC0123456789abcdef0123456789abcdee"};
  const std::string callers = "Basic Y2FsbGVyOnNlY3JldA==";
  const ports::Asker asker{other, callers};
  for (int i = 0; i < 4; ++i) twilio_.says(401, "{}");
  const ports::PairQuery pair{asker, kShop, kAna, kNoon};
  for (const Error& error :
       {run(client_.newest_inbound(pair, 1s)).error(), run(client_.templates(asker, 1s)).error(),
        run(client_.find_template(asker, {"HX1"}, 1s)).error(),
        run(client_.whatsapp_pool(asker, {"MG1"}, 1s)).error()}) {
    EXPECT_EQ(error.code, Errc::WrongPassword);
    EXPECT_EQ(error.detail.find("Y2FsbGVy"), std::string::npos) << "no secret is told";
  }
  ASSERT_EQ(twilio_.calls.size(), 4u);
  for (const UpstreamCall& call : twilio_.calls) {
    EXPECT_EQ(wire::find_header(call.headers, "Authorization"), callers);
  }
  EXPECT_NE(twilio_.calls[0].target.find("/Accounts/" + other.text + "/"), std::string::npos);
}

// What goes wrong

struct FailureCase {
  std::string_view name;
  UpstreamReply reply;
  Errc want;
};

HttpReply reply_of(int status, std::string body) {
  return {.status = status, .body = std::move(body)};
}

class Failures : public TwilioClientTest, public testing::WithParamInterface<FailureCase> {};

TEST_P(Failures, AreErrorsThatNameNobody) {
  const ports::PairQuery pair{kAccount, kShop, kAna, kNoon};
  twilio_.answers = {GetParam().reply};
  const auto newest = run(client_.newest_inbound(pair, 1s));
  ASSERT_FALSE(newest.has_value());
  EXPECT_EQ(newest.error().code, GetParam().want);
  for (const std::string_view secret : {"5555550123", "4155550100", "secret", "Basic"}) {
    EXPECT_EQ(newest.error().detail.find(secret), std::string::npos) << newest.error().detail;
  }
  const ports::InboundQuery query{kAccount, kShop, kNoon};
  twilio_.answers = {GetParam().reply};
  EXPECT_EQ(run(client_.inbound_page(query, 1s)).error().code, GetParam().want);
  twilio_.answers = {GetParam().reply};
  EXPECT_EQ(run(client_.templates(kAccount, 1s)).error().code, GetParam().want);
  twilio_.answers = {GetParam().reply};
  EXPECT_EQ(run(client_.senders(kAccount, 1s)).error().code, GetParam().want);
  const ports::SentQuery sent{.account = kAccount, .to = kAna, .created_since = kNoon};
  twilio_.answers = {GetParam().reply};
  EXPECT_EQ(run(client_.sent_messages(sent, 1s)).error().code, GetParam().want);
  twilio_.answers = {GetParam().reply};
  EXPECT_EQ(run(client_.find_message(kAccount, {"SM1"}, 1s)).error().code, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Failures,
    testing::ValuesIn(std::vector<FailureCase>{
        {"Refused", reply_of(401, R"({"code": 20003})"), Errc::WrongPassword},
        {"Forbidden", reply_of(403, R"({"code": 20005})"), Errc::WrongPassword},
        {"NotThere", reply_of(404, R"({"code": 20404})"), Errc::NotFound},
        {"TooMany", reply_of(429, R"({"code": 20429})"), Errc::Unavailable},
        {"Trouble", reply_of(500, "<html>"), Errc::Unavailable},
        {"Front", reply_of(503, ""), Errc::Unavailable},
        {"Redirect", reply_of(302, ""), Errc::BadReply},
        {"BadRequest", reply_of(400, R"({"code": 20007})"), Errc::BadReply},
        {"NoJson", reply_of(200, "<html>"), Errc::BadReply},
        {"BrokenJson", reply_of(200, R"({"messages": [)"), Errc::BadReply},
        {"OtherJson", reply_of(200, "{}"), Errc::BadReply},
        {"Empty", reply_of(200, ""), Errc::BadReply},
        {"NotConnected", Unexpected(UpstreamFailure{UpstreamFault::NotConnected, false, "x"}),
         Errc::NotReached},
        {"NotTrusted", Unexpected(UpstreamFailure{UpstreamFault::NotTrusted, false, "x"}),
         Errc::BadReply},
        {"Late", Unexpected(UpstreamFailure{UpstreamFault::Late, true, "x"}), Errc::TimedOut},
        {"Broken", Unexpected(UpstreamFailure{UpstreamFault::Broken, true, "x"}), Errc::BadReply},
    }),
    test::case_name);

TEST_F(TwilioClientTest, SaysWhereAndWhichCode) {
  twilio_.says(401, R"({"code": 20003, "message": "Authenticate"})");
  const auto found = run(client_.find_message(kAccount, {"SM1"}, 1s));
  EXPECT_EQ(found.error().detail, "api.twilio.com/2010-04-01/Accounts/" + kAccount.text +
                                      "/Messages/SM1.json: Twilio answered 401 (code 20003)");
}

TEST_F(TwilioClientTest, ReadsStreamedAnswers) {
  const std::string body = inbound("01", "12:00:00");
  const std::deque<std::string> pieces{body.substr(0, 10), body.substr(10)};
  twilio_.answers.push_back(
      HttpReply{.body = std::shared_ptr<wire::BodyStream>(new Pieces(pieces, false))});
  twilio_.answers.push_back(
      HttpReply{.body = std::shared_ptr<wire::BodyStream>(new Pieces(pieces, true))});
  const std::deque<std::string> large(18, std::string(1024 * 1024, ' '));
  twilio_.answers.push_back(
      HttpReply{.body = std::shared_ptr<wire::BodyStream>(new Pieces(large, false))});
  EXPECT_TRUE(run(client_.find_message(kAccount, {"SM1"}, 9s)).has_value());
  EXPECT_EQ(run(client_.find_message(kAccount, {"SM1"}, 9s)).error().code, Errc::BadReply);
  EXPECT_EQ(run(client_.find_message(kAccount, {"SM1"}, 9s)).error().code, Errc::BadReply);
}

TEST_F(TwilioClientTest, ReadsNothingCompressed) {
  twilio_.answers.push_back(HttpReply{.headers = {{"Content-Encoding", "gzip"}}, .body = "\x1f"});
  EXPECT_EQ(run(client_.find_message(kAccount, {"SM1"}, 1s)).error().code, Errc::BadReply);
}

TEST_F(TwilioClientTest, GivesUpWhenTheTimeIsOver) {
  const ports::PairQuery pair{kAccount, kShop, kMexican, kNoon};
  const auto newest = run(client_.newest_inbound(pair, 30ms));
  EXPECT_EQ(newest.error().code, Errc::TimedOut);
  EXPECT_EQ(twilio_.calls.size(), 1u) << "no time was left for the other spelling";
  context_.restart();
  context_.poll();
  EXPECT_EQ(twilio_.given_up, 1) << "what was under way was ended";
}

TEST_F(TwilioClientTest, EndsWithWhoeverAsked) {
  asio::cancellation_signal stop;
  bool ended = false;
  Task<Result<RemoteMessage>> asked = client_.find_message(kAccount, {"SM1"}, 1h);
  const auto wait = [](Task<Result<RemoteMessage>> task) -> Task<void> {
    (void)co_await std::move(task);
  };
  asio::co_spawn(
      asio::make_strand(context_), wait(std::move(asked)),
      asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr) { ended = true; }));
  context_.poll();
  ASSERT_EQ(twilio_.calls.size(), 1u);
  stop.emit(asio::cancellation_type::terminal);
  context_.restart();
  context_.poll();
  EXPECT_TRUE(ended);
  EXPECT_EQ(twilio_.given_up, 1);
}

// The newest inbound

TEST_F(TwilioClientTest, AsksForOneSpellingWhereThereIsOne) {
  twilio_.says(200, page(inbound("01", "12:30:00")));
  const ports::PairQuery pair{kAccount, kShop, kAna, kNoon};
  const auto newest = run(client_.newest_inbound(pair, 1s));
  ASSERT_TRUE(newest.has_value() && newest->has_value());
  const ports::PastInbound want{{"SM00000000000000000000000000000001"}, kAna, kShop, kNoon + 30min};
  EXPECT_EQ(**newest, want);
  EXPECT_EQ(twilio_.targets(),
            std::vector<std::string>{kMessages +
                                     "?To=whatsapp%3A%2B14155550100&From=whatsapp%3A%2B15555550123"
                                     "&DateSent%3E=2026-01-05T12%3A00%3A00Z&PageSize=20"});
}

TEST_F(TwilioClientTest, AsksForEachSpelling) {
  twilio_.says(200, page(inbound("01", "12:30:00", "whatsapp:+5215512345678")));
  twilio_.says(200, page(inbound("02", "12:45:00", "whatsapp:+525512345678")));
  const ports::PairQuery pair{kAccount, kShop, kMexican, kNoon};
  const auto newest = run(client_.newest_inbound(pair, 1s));
  ASSERT_TRUE(newest.has_value() && newest->has_value());
  EXPECT_EQ((*newest)->from.text, "whatsapp:+525512345678");
  EXPECT_EQ((*newest)->received, kNoon + 45min);
  ASSERT_EQ(twilio_.calls.size(), 2u);
  EXPECT_NE(twilio_.calls[0].target.find("From=whatsapp%3A%2B5215512345678&"), std::string::npos);
  EXPECT_NE(twilio_.calls[1].target.find("From=whatsapp%3A%2B525512345678&"), std::string::npos);
}

TEST_F(TwilioClientTest, TakesTheNewestWhateverTheOrder) {
  twilio_.says(200, page(inbound("01", "12:10:00") + "," + inbound("02", "12:50:00") + "," +
                         inbound("03", "12:30:00")));
  const ports::PairQuery pair{kAccount, kShop, kAna, kNoon};
  EXPECT_EQ((**run(client_.newest_inbound(pair, 1s))).received, kNoon + 50min);
}

TEST_F(TwilioClientTest, FiltersByTheInstant) {
  // Twilio's filter may give the whole day.
  const ports::PairQuery pair{kAccount, kShop, kAna, kNoon};
  twilio_.says(200, page(inbound("01", "11:59:59")));
  EXPECT_EQ(*run(client_.newest_inbound(pair, 1s)), std::nullopt);
  twilio_.says(200, page(inbound("01", "12:00:00")));
  EXPECT_TRUE(run(client_.newest_inbound(pair, 1s))->has_value());
}

TEST_F(TwilioClientTest, CountsInboundMessagesOnly) {
  twilio_.says(200, page(outbound("01", "12:30:00")));
  const ports::PairQuery pair{kAccount, kShop, kAna, kNoon};
  EXPECT_EQ(*run(client_.newest_inbound(pair, 1s)), std::nullopt);
}

TEST_F(TwilioClientTest, FindsNothingWhereNothingIs) {
  twilio_.says(200, page(""));
  const ports::PairQuery pair{kAccount, kShop, kAna, kNoon};
  EXPECT_EQ(*run(client_.newest_inbound(pair, 1s)), std::nullopt);
}

TEST_F(TwilioClientTest, TakesWhatOneSpellingGaveIfTheOtherFails) {
  const ports::PairQuery pair{kAccount, kShop, kMexican, kNoon};
  twilio_.says(500, "");
  twilio_.says(200, page(inbound("02", "12:45:00", "whatsapp:+525512345678")));
  EXPECT_TRUE(run(client_.newest_inbound(pair, 1s))->has_value());
  twilio_.says(200, page(""));
  twilio_.is_silent(UpstreamFault::NotConnected);
  EXPECT_EQ(run(client_.newest_inbound(pair, 1s)).error().code, Errc::NotReached);
}

TEST_F(TwilioClientTest, DoesNotTakeTheUnreadableForNothing) {
  const ports::PairQuery pair{kAccount, kShop, kAna, kNoon};
  twilio_.says(200, page(R"({"sid": "new kind"})"));
  EXPECT_EQ(run(client_.newest_inbound(pair, 1s)).error().code, Errc::BadReply);
  twilio_.says(200, page(R"({"sid": "new kind"}, )" + inbound("01", "12:30:00")));
  EXPECT_TRUE(run(client_.newest_inbound(pair, 1s))->has_value());
}

// Backfill

TEST_F(TwilioClientTest, PagesThroughWhatWasSentToASender) {
  const std::string next = kMessages + "?To=x&PageSize=1000&Page=1&PageToken=PASM1";
  twilio_.says(
      200, page(inbound("01", "12:30:00") + ",{}," + inbound("04", "12:40:00", "whatsapp:nobody"),
                next));
  twilio_.says(200, page(inbound("02", "12:20:00") + "," + inbound("03", "11:00:00")));
  ports::InboundQuery query{kAccount, kShop, kNoon};
  const auto first = run(client_.inbound_page(query, 1s));
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->messages.size(), 1u);
  EXPECT_EQ(first->unread, 2u);
  ASSERT_TRUE(first->next.has_value());
  query.page = *first->next;
  const auto second = run(client_.inbound_page(query, 1s));
  ASSERT_TRUE(second.has_value());
  ASSERT_EQ(second->messages.size(), 1u) << "older than asked for";
  EXPECT_EQ(second->messages[0].received, kNoon + 20min);
  EXPECT_EQ(second->next, std::nullopt);
  EXPECT_EQ(twilio_.targets(), (std::vector<std::string>{
                                   kMessages + "?To=whatsapp%3A%2B14155550100&"
                                               "DateSent%3E=2026-01-05T12%3A00%3A00Z&PageSize=1000",
                                   next}));
}

TEST_F(TwilioClientTest, FollowsNoPageToElsewhere) {
  const ports::InboundQuery query{kAccount, kShop, kNoon};
  for (const std::string next : {"https://evil.example/x", "//evil.example/x", "x"}) {
    twilio_.says(200, page("", next));
    EXPECT_EQ(run(client_.inbound_page(query, 1s)).error().code, Errc::BadReply) << next;
  }
  const auto calls = twilio_.calls.size();
  for (const std::string token : {"https://evil.example/x", "/2010-04-01/Accounts.json", "x"}) {
    ports::InboundQuery made_up = query;
    made_up.page = token;
    EXPECT_EQ(run(client_.inbound_page(made_up, 1s)).error().code, Errc::InvalidPageToken);
  }
  EXPECT_EQ(twilio_.calls.size(), calls);
}

// Templates

std::string contents(const std::string& sid_end, const std::string& next) {
  return R"({"contents":[{"sid":"HX000000000000000000000000000000)" + sid_end +
         R"(","types":{"twilio/text":{"body":"Hi"}},"approval_requests":{"status":"approved"}}],)"
         R"("meta":{"next_page_url":)" +
         (next.empty() ? "null" : "\"" + next + "\"") + "}}";
}

TEST_F(TwilioClientTest, ReadsAllPagesOfTemplates) {
  twilio_.says(200, contents("01", "https://content.twilio.com/v1/ContentAndApprovals?Page=1"));
  twilio_.says(200, contents("02", ""));
  const auto all = run(client_.templates(kAccount, 1s));
  ASSERT_TRUE(all.has_value());
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[1].sid.text, "HX00000000000000000000000000000002");
  EXPECT_EQ((*all)[1].status, TemplateStatus::Approved);
  EXPECT_EQ(twilio_.targets(), (std::vector<std::string>{"/v1/ContentAndApprovals?PageSize=250",
                                                         "/v1/ContentAndApprovals?Page=1"}));
  EXPECT_EQ(twilio_.calls[1].host, "content.twilio.com");
}

TEST_F(TwilioClientTest, TakesNoHalfListOfTemplates) {
  twilio_.says(200, contents("01", "https://content.twilio.com/v1/ContentAndApprovals?Page=1"));
  twilio_.says(429, "");
  EXPECT_EQ(run(client_.templates(kAccount, 1s)).error().code, Errc::Unavailable);
  twilio_.says(200, contents("01", "https://evil.example/v1/ContentAndApprovals?Page=1"));
  EXPECT_EQ(run(client_.templates(kAccount, 1s)).error().code, Errc::BadReply);
}

TEST_F(TwilioClientTest, EndsAListThatHasNoEnd) {
  for (int i = 0; i < limits::kTwilioPagesMax + 5; ++i) {
    twilio_.says(200, contents("01", "https://content.twilio.com/v1/ContentAndApprovals?Page=1"));
  }
  EXPECT_EQ(run(client_.templates(kAccount, 9s)).error().code, Errc::BadReply);
  EXPECT_EQ(twilio_.calls.size(), std::size_t{limits::kTwilioPagesMax});
}

const std::string kContent =
    R"({"sid":"HX00000000000000000000000000000001","types":{"twilio/text":{"body":"Hi"}}})";

TEST_F(TwilioClientTest, FindsOneTemplateWithItsApproval) {
  twilio_.says(200, kContent);
  twilio_.says(200, R"({"whatsapp":{"status":"paused","category":"UTILITY"}})");
  const auto found = run(client_.find_template(kAccount, {"HX1"}, 1s));
  ASSERT_TRUE(found.has_value() && found->has_value());
  EXPECT_EQ((*found)->status, TemplateStatus::Paused);
  EXPECT_EQ(twilio_.targets(),
            (std::vector<std::string>{"/v1/Content/HX1", "/v1/Content/HX1/ApprovalRequests"}));
}

TEST_F(TwilioClientTest, KnowsThatATemplateIsNotThere) {
  twilio_.says(404, R"({"code": 20404})");
  const auto found = run(client_.find_template(kAccount, {"HX1"}, 1s));
  ASSERT_TRUE(found.has_value());
  EXPECT_FALSE(found->has_value());
}

TEST_F(TwilioClientTest, TakesATemplateWithoutApprovalsForUnsubmitted) {
  twilio_.says(200, kContent);
  twilio_.says(404, "");
  const auto found = run(client_.find_template(kAccount, {"HX1"}, 1s));
  ASSERT_TRUE(found.has_value() && found->has_value());
  EXPECT_EQ((*found)->status, TemplateStatus::Unsubmitted);
}

TEST_F(TwilioClientTest, DoesNotKnowATemplateWhoseApprovalIsNotTold) {
  twilio_.says(200, kContent);
  twilio_.says(500, "");
  EXPECT_EQ(run(client_.find_template(kAccount, {"HX1"}, 1s)).error().code, Errc::Unavailable);
  twilio_.says(401, "");
  EXPECT_EQ(run(client_.find_template(kAccount, {"HX1"}, 1s)).error().code, Errc::WrongPassword);
}

// Senders

TEST_F(TwilioClientTest, ListsThePoolOfAService) {
  twilio_.says(200, R"({"senders":[{"sender":"whatsapp:+14155550100"},{"sender":"rcs:acme"}],
      "meta":{"next_page_url":"https://messaging.twilio.com/v1/Services/MG1/ChannelSenders?Page=1"}})");
  twilio_.says(200, R"({"senders":[{"sender":"whatsapp:+14155550101"},{"sender":"whatsapp:x"}],
      "meta":{"next_page_url":null}})");
  const auto pool = run(client_.whatsapp_pool(kAccount, {"MG1"}, 1s));
  ASSERT_TRUE(pool.has_value());
  ASSERT_EQ(pool->size(), 2u);
  EXPECT_EQ((*pool)[0], kShop);
  EXPECT_EQ((*pool)[1].text, "whatsapp:+14155550101");
  EXPECT_EQ(twilio_.calls[0].host, "messaging.twilio.com");
}

TEST_F(TwilioClientTest, KnowsThatAServiceIsNotThere) {
  twilio_.says(404, "");
  EXPECT_EQ(run(client_.whatsapp_pool(kAccount, {"MG1"}, 1s)).error(),
            (Error{Errc::ServiceUnknown, "MG1"}));
}

TEST_F(TwilioClientTest, ListsTheSendersOfTheAccount) {
  twilio_.says(200, R"({"incoming_phone_numbers":[{"phone_number":"+14155550100"}],
      "next_page_uri":null})");
  twilio_.says(200, R"({"senders":[{"sender_id":"whatsapp:+14155550100","status":"OFFLINE"},
      {"sender_id":"whatsapp:+14155550101","webhook":{"callback_url":"https://a/in"}},
      {"sender_id":"whatsapp:+14155550102","webhook":{"status_callback_url":"https://a/s"}}],
      "meta":{"next_page_url":null}})");
  const auto senders = run(client_.senders(kAccount, 1s));
  ASSERT_TRUE(senders.has_value());
  const Address number{Channel::Sms, AddressForm::E164, "+14155550100"};
  const std::vector<ports::OwnSender> want{{number, false},
                                           {kShop, true},  // not said
                                           {*parse_from("whatsapp:+14155550101"), false},
                                           {*parse_from("whatsapp:+14155550102"), true}};
  EXPECT_EQ(*senders, want);
}

TEST_F(TwilioClientTest, KnowsWhetherAServiceTellsStatuses) {
  twilio_.says(200, R"({"sid":"MG1","status_callback":"https://a/s"})");
  twilio_.says(200, R"({"sid":"MG1","status_callback":null})");
  twilio_.says(404, "");
  const auto first = run(client_.service_tells_statuses(kAccount, {"MG1"}, 1s));
  const auto second = run(client_.service_tells_statuses(kAccount, {"MG1"}, 1s));
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_TRUE(*first);
  EXPECT_FALSE(*second);
  EXPECT_EQ(run(client_.service_tells_statuses(kAccount, {"MG1"}, 1s)).error().code,
            Errc::ServiceUnknown);
}

// Credentials

struct VerdictCase {
  std::string_view name;
  UpstreamReply reply;
  std::optional<bool> want;  // nothing: an error
  Errc error = Errc::Internal;
};

class Verdicts : public TwilioClientTest, public testing::WithParamInterface<VerdictCase> {};

TEST_P(Verdicts, AreTwiliosWord) {
  options_.auth_token.reset();  // the account's own are not needed
  twilio_.answers = {GetParam().reply};
  const ports::CallersCredentials caller{kAccount, "Basic Zm9vOmJhcg=="};
  const auto verdict = run(client_.check_credentials(caller, 1s));
  EXPECT_EQ(twilio_.targets(), std::vector<std::string>{kMessages + "?PageSize=1"});
  EXPECT_EQ(wire::find_header(twilio_.calls[0].headers, "Authorization"), "Basic Zm9vOmJhcg==");
  ASSERT_EQ(verdict.has_value(), GetParam().want.has_value());
  if (!verdict) {
    EXPECT_EQ(verdict.error().code, GetParam().error);
    return;
  }
  EXPECT_EQ(verdict->accepted, GetParam().want);
  EXPECT_EQ(verdict->answer.status, GetParam().reply->status);
  EXPECT_EQ(verdict->answer.body, std::get<std::string>(GetParam().reply->body));
}

INSTANTIATE_TEST_SUITE_P(Table, Verdicts,
                         testing::ValuesIn(std::vector<VerdictCase>{
                             {"Good", reply_of(200, page("")), true},
                             {"GoodWhateverIsInIt", reply_of(200, "?"), true},
                             {"Wrong", reply_of(401, R"({"code":20003})"), false},
                             {"Suspended", reply_of(403, R"({"code":20005})"), false},
                             {"SomebodyElses", reply_of(404, R"({"code":20404})"), false},
                             {"Busy", reply_of(429, ""), std::nullopt, Errc::Unavailable},
                             {"Slow", reply_of(408, ""), std::nullopt, Errc::BadReply},
                             {"Trouble", reply_of(500, ""), std::nullopt, Errc::Unavailable},
                             {"Redirect", reply_of(307, ""), std::nullopt, Errc::BadReply},
                             {"NobodyThere",
                              Unexpected(UpstreamFailure{UpstreamFault::NotConnected, false, "x"}),
                              std::nullopt, Errc::NotReached},
                         }),
                         test::case_name);

TEST_F(TwilioClientTest, HandsBackTwiliosRefusalWhole) {
  twilio_.answers.push_back(
      HttpReply{.status = 401,
                .headers = {{"Content-Type", "application/json"},
                            {"WWW-Authenticate", "Basic realm=\"Twilio API\""}},
                .body = "{}"});
  const ports::CallersCredentials caller{kAccount, "Basic x"};
  const auto verdict = run(client_.check_credentials(caller, 1s));
  const TwilioAnswer want{
      401,
      {{"Content-Type", "application/json"}, {"WWW-Authenticate", "Basic realm=\"Twilio API\""}},
      "{}"};
  ASSERT_TRUE(verdict.has_value());
  EXPECT_EQ(verdict->answer, want);
}

TEST_F(TwilioClientTest, LearnsNothingInTime) {
  const ports::CallersCredentials caller{kAccount, "Basic x"};
  EXPECT_EQ(run(client_.check_credentials(caller, 20ms)).error().code, Errc::TimedOut);
  EXPECT_EQ(run(client_.check_credentials(caller, 0ms)).error().code, Errc::TimedOut);
  EXPECT_EQ(twilio_.calls.size(), 1u);
}

// Sent messages

TEST_F(TwilioClientTest, ListsWhatWasCreatedSince) {
  const std::string second = outbound("02", "12:00:00");
  const std::string next = kMessages + "?Page=1&PageToken=PASM1";
  twilio_.says(200, page(outbound("01", "12:30:00") + "," + inbound("07", "12:20:00"), next));
  twilio_.says(200, page(second + "," + outbound("03", "11:59:59"), next));
  twilio_.says(200, page(outbound("04", "11:00:00"), next));
  const ports::SentQuery query{
      .account = kAccount, .to = kAna, .from = kShop, .created_since = kNoon};
  const auto sent = run(client_.sent_messages(query, 1s));
  ASSERT_TRUE(sent.has_value());
  ASSERT_EQ(sent->size(), 2u);
  EXPECT_EQ((*sent)[1].json, second);
  EXPECT_EQ((*sent)[1].created, kNoon);
  EXPECT_EQ(twilio_.calls.size(), 3u) << "behind a page of old ones are older ones";
  EXPECT_EQ(twilio_.calls[0].target, kMessages +
                                         "?To=whatsapp%3A%2B15555550123&"
                                         "From=whatsapp%3A%2B14155550100&PageSize=100");
}

TEST_F(TwilioClientTest, ListsWhatAServiceSent) {
  twilio_.says(200, page(outbound("01", "12:30:00")));
  const ports::SentQuery query{.account = kAccount, .to = kAna, .created_since = kNoon};
  EXPECT_EQ(run(client_.sent_messages(query, 1s))->size(), 1u);
  EXPECT_EQ(twilio_.calls[0].target, kMessages + "?To=whatsapp%3A%2B15555550123&PageSize=100");
}

TEST_F(TwilioClientTest, DoesNotCallASentMessageMissingThatItCannotRead) {
  twilio_.says(200, page("{}"));
  const ports::SentQuery query{.account = kAccount, .to = kAna, .created_since = kNoon};
  EXPECT_EQ(run(client_.sent_messages(query, 1s)).error().code, Errc::BadReply);
}

// Over sockets

class TwilioClientOverSockets : public test::UpstreamTest {};

TEST_F(TwilioClientOverSockets, LosesNoMoreThanACallThatIsLate) {
  start([](const Request& request) -> std::vector<Step> {
    if (request.head.find("SM1") != std::string::npos) return {test::ScriptedUpstream::hold()};
    return {test::ScriptedUpstream::send(test::ScriptedUpstream::ok(inbound("02", "12:00:00")))};
  });
  TwilioClient twilio(client_->upstream(), [](const AccountSid& account) {
    return AccountOptions{.sid = account, .auth_token = AuthToken{"secret"}};
  });
  test::Context context;
  const auto late = test::run_task(context, twilio.find_message(kAccount, {"SM1"}, 200ms));
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, Errc::TimedOut);
  upstream_->release();  // the server looks at its connections again
  EXPECT_TRUE(upstream_->wait_for_open(0)) << "that of the late call is closed";
  for (int i = 0; i < 3; ++i) {
    const auto found = test::run_task(context, twilio.find_message(kAccount, {"SM2"}, 30s));
    ASSERT_TRUE(found.has_value()) << found.error().detail;
    EXPECT_EQ(found->sid.text, "SM00000000000000000000000000000002");
  }
  threads_.stop();  // they may still be letting go of a strand of `context`
}

}  // namespace
}  // namespace twindow::net
