// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/reply.h"

#include <algorithm>
#include <string_view>

namespace twindow::wire {

namespace {

constexpr std::string_view kFixed =
    "X-Home-Region: us1\r\n"
    "X-API-Domain: api.twilio.com\r\n"
    "X-Powered-By: AT-5000\r\n"
    "X-Shenanigans: none\r\n"
    "Strict-Transport-Security: max-age=31536000\r\n"
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Allow-Credentials: true\r\n"
    "Access-Control-Allow-Methods: GET, POST, DELETE, OPTIONS\r\n"
    "Access-Control-Allow-Headers: Accept, Authorization, Content-Type, If-Match, "
    "If-Modified-Since, If-None-Match, If-Unmodified-Since, Idempotency-Key\r\n"
    "Access-Control-Expose-Headers: ETag\r\n";

// "0.080"
std::string seconds_text(std::chrono::microseconds took) {
  const auto millis = std::max<std::int64_t>(took.count(), 0) / 1000;
  std::string text = std::to_string(millis / 1000) + ".000";
  auto digits = millis % 1000;
  for (std::size_t at = text.size() - 1; digits > 0; --at, digits /= 10) {
    text[at] = static_cast<char>('0' + digits % 10);
  }
  return text;
}

}  // namespace

std::string_view content_type(Format format) {
  switch (format) {
    case Format::Json:
      return "application/json";
    case Format::Xml:
      return "application/xml";
    case Format::Csv:
      return "text/csv";
  }
  return "application/json";
}

void add_twilio_headers(HttpReply& reply, const ReplyContext& context) {
  reply.headers.reserve(reply.headers.size() + 3);
  reply.headers.push_back({"Twilio-Concurrent-Requests", std::to_string(context.concurrent)});
  reply.headers.push_back({"Twilio-Request-Id", context.request_id});
  reply.headers.push_back({"Twilio-Request-Duration", seconds_text(context.took)});
  reply.fixed_headers = kFixed;
}

}  // namespace twindow::wire
