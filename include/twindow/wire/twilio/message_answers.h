// SPDX-License-Identifier: Apache-2.0
// Messages as Twilio's 2010 API answers them: one, and pages of lists. Total functions over
// whatever comes. Source: Twilio's OpenAPI document, captured replies.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/error.h"
#include "twindow/model/remote_message.h"

namespace twindow::wire {

// A message needs a SID, a status, a direction, `to` and `date_created`; Errc::BadReply without.
Result<RemoteMessage> read_message(std::string_view json);

// Of the answer to a create: what is kept of it beside what was asked for.
struct MadeMessage {
  MessageSid sid;
  MessageStatus status = MessageStatus::Queued;
};
Result<MadeMessage> read_made_message(std::string_view json);  // Errc::BadReply without the two

struct MessageAnswers {
  std::vector<RemoteMessage> messages = {};  // in Twilio's order: newest first
  std::size_t unread = 0;                    // records that are no message as above
  std::optional<std::string> next = {};      // the link, as it came; nothing on the last page
};
Result<MessageAnswers> read_messages(std::string_view json);  // Errc::BadReply: no list at all

// Of an error's body: 20003. Nothing if it has none.
std::optional<int> read_error_code(std::string_view json);

}  // namespace twindow::wire
