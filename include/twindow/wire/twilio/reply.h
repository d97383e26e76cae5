// SPDX-License-Identifier: Apache-2.0
// What every reply of the Twilio face has in common. Source: replies of api.twilio.com.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "twindow/wire/http.h"

namespace twindow::wire {

// Chosen by the suffix of the path: ".json", ".csv", and ".xml" or none.
enum class Format : std::uint8_t { Json, Xml, Csv };

std::string_view content_type(Format format);  // "application/json"

struct ReplyContext {
  std::string request_id;          // "RQ" and 32 hexadecimal digits
  std::chrono::microseconds took;  // written as seconds with three decimals
  int concurrent = 1;              // requests of the account in flight, this one included
};

// Gives it the thirteen headers that every reply has, Content-Type not among them.
void add_twilio_headers(HttpReply& reply, const ReplyContext& context);

}  // namespace twindow::wire
