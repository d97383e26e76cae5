// SPDX-License-Identifier: Apache-2.0
// A message as the 2010 API shows it.
#pragma once

#include <string>

#include "twindow/model/message.h"

namespace twindow::wire {

// Keys, their order and the spacing as captured from api.twilio.com. `error_message` is the title
// of the code in error_codes.h; `price` is always null; `num_segments` is "0" while a service's
// message has not left. A create reply has no feedback URI, fetch, update and list do.
void append_message_json(std::string& out, const Message& message, bool with_feedback_uri);
std::string message_json(const Message& message, bool with_feedback_uri);

// The reply where the path has no ".json": a document with one <Message>; null is an empty element.
std::string message_xml(const Message& message);

}  // namespace twindow::wire
