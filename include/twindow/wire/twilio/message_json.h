// SPDX-License-Identifier: Apache-2.0
// A message as the 2010 API shows it.
#pragma once

#include <string>
#include <string_view>

#include "twindow/model/message.h"

namespace twindow::wire {

// Keys, their order and the spacing as captured from api.twilio.com. `error_message` is the title
// of the code in error_codes.h; `num_segments` is "0" while a service's message has not left, and
// `price` null. A create reply has no feedback URI, fetch, update and list do.
void append_message_json(std::string& out, const Message& message, bool with_feedback_uri);
std::string message_json(const Message& message, bool with_feedback_uri);

// The reply where the path has no ".json": a document with one <Message>; null is an empty element.
std::string message_xml(const Message& message, bool with_feedback_uri = false);
void append_message_xml(std::string& out, const Message& message, bool with_feedback_uri);

// And where it ends in ".csv" (RFC 4180): a line of names, and one for each message; null is an
// empty field.
std::string message_csv(const Message& message);
std::string_view message_csv_head();
void append_message_csv(std::string& out, const Message& message);

}  // namespace twindow::wire
