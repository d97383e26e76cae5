// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/reply.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

using namespace std::chrono_literals;

TEST(TwilioHeaders, AreThoseOfARealReply) {
  HttpReply reply;
  reply.headers = {{"Content-Type", "application/json"}};
  add_twilio_headers(
      reply,
      {.request_id = "RQ0123456789abcdef0123456789abcdef", .took = 80'400us, .concurrent = 2});
  EXPECT_EQ(all_headers(reply),
            (Headers{
                {"Content-Type", "application/json"},
                {"Twilio-Concurrent-Requests", "2"},
                {"Twilio-Request-Id", "RQ0123456789abcdef0123456789abcdef"},
                {"Twilio-Request-Duration", "0.080"},
                {"X-Home-Region", "us1"},
                {"X-API-Domain", "api.twilio.com"},
                {"X-Powered-By", "AT-5000"},
                {"X-Shenanigans", "none"},
                {"Strict-Transport-Security", "max-age=31536000"},
                {"Access-Control-Allow-Origin", "*"},
                {"Access-Control-Allow-Credentials", "true"},
                {"Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS"},
                {"Access-Control-Allow-Headers",
                 "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, "
                 "If-Unmodified-Since, Idempotency-Key"},
                {"Access-Control-Expose-Headers", "ETag"},
            }));
}

struct DurationCase {
  std::string_view name;
  std::chrono::microseconds took;
  std::string_view want;
};

class RequestDuration : public testing::TestWithParam<DurationCase> {};

TEST_P(RequestDuration, IsSecondsWithThreeDecimals) {
  HttpReply reply;
  add_twilio_headers(reply, {.request_id = "", .took = GetParam().took, .concurrent = 1});
  const Headers headers = all_headers(reply);
  EXPECT_EQ(find_header(headers, "Twilio-Request-Duration"), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Table, RequestDuration,
                         testing::ValuesIn(std::vector<DurationCase>{
                             {"Zero", 0us, "0.000"},
                             {"BelowAMilli", 999us, "0.000"},
                             {"OneMilli", 1000us, "0.001"},
                             {"Seconds", 12'345'678us, "12.345"},
                             {"WholeSecond", 1s, "1.000"},
                             {"ClockWentBack", -5ms, "0.000"},
                         }),
                         test::case_name);

TEST(ContentType, FollowsTheFormat) {
  EXPECT_EQ(content_type(Format::Json), "application/json");
  EXPECT_EQ(content_type(Format::Xml), "application/xml");
  EXPECT_EQ(content_type(Format::Csv), "text/csv");
}

}  // namespace
}  // namespace twindow::wire
