// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/reply.h"

#include <algorithm>
#include <array>
#include <charconv>
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

void append_number(std::string& out, std::int64_t number) {
  std::array<char, 20> digits;
  out.append(digits.begin(), std::to_chars(digits.begin(), digits.end(), number).ptr);
}

// "0.080"
void append_seconds(std::string& out, std::chrono::microseconds took) {
  const auto millis = std::max<std::int64_t>(took.count(), 0) / 1000;
  append_number(out, millis / 1000);
  out += '.';
  for (const int unit : {100, 10, 1}) out += static_cast<char>('0' + millis / unit % 10);
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
  std::string& lines = reply.own_headers;
  lines.reserve(lines.size() + 128);
  lines.append("Twilio-Concurrent-Requests: ");
  append_number(lines, context.concurrent);
  lines.append("\r\nTwilio-Request-Id: ").append(context.request_id);
  lines.append("\r\nTwilio-Request-Duration: ");
  append_seconds(lines, context.took);
  lines.append("\r\n");
  reply.fixed_headers = kFixed;
}

}  // namespace twindow::wire
