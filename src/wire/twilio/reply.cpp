// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/reply.h"

#include <algorithm>
#include <array>

namespace twindow::wire {

namespace {

struct FixedHeader {
  std::string_view name;
  std::string_view value;
};

constexpr std::array kFixed{
    FixedHeader{"X-Home-Region", "us1"},
    FixedHeader{"X-API-Domain", "api.twilio.com"},
    FixedHeader{"X-Powered-By", "AT-5000"},
    FixedHeader{"X-Shenanigans", "none"},
    FixedHeader{"Strict-Transport-Security", "max-age=31536000"},
    FixedHeader{"Access-Control-Allow-Origin", "*"},
    FixedHeader{"Access-Control-Allow-Credentials", "true"},
    FixedHeader{"Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS"},
    FixedHeader{"Access-Control-Allow-Headers",
                "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, "
                "If-Unmodified-Since, Idempotency-Key"},
    FixedHeader{"Access-Control-Expose-Headers", "ETag"},
};

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
  reply.headers.reserve(reply.headers.size() + kFixed.size() + 3);
  reply.headers.push_back({"Twilio-Concurrent-Requests", std::to_string(context.concurrent)});
  reply.headers.push_back({"Twilio-Request-Id", context.request_id});
  reply.headers.push_back({"Twilio-Request-Duration", seconds_text(context.took)});
  for (const FixedHeader& header : kFixed) {
    reply.headers.push_back({std::string(header.name), std::string(header.value)});
  }
}

}  // namespace twindow::wire
