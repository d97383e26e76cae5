// SPDX-License-Identifier: Apache-2.0
// Twilio's own lists and records of messages, with what the gateway knows besides.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/message.h"
#include "twindow/model/sid.h"

namespace twindow::wire {

// A page of a list (JSON) with `messages` among its own by `date_created`, newest first, in front
// of those of the same second. Every byte of Twilio's stays. Nothing if `page` is no list of
// messages.
std::optional<std::string> merge_messages(std::string_view page,
                                          const std::vector<Message>& messages);

// With other SIDs in the places of some: {Twilio's, ours}. They are found wherever they stand, for
// the links of a record name it too.
std::string rename_messages(std::string text,
                            const std::vector<std::pair<MessageSid, MessageSid>>& names);

// What a page says of itself and of the pages beside it.
struct PageRange {
  std::optional<Time> newest = {};  // `date_created` of the first and of the last on it
  std::optional<Time> oldest = {};
  // The token in the link to the next page; nothing on the last one.
  std::optional<std::string> next_token = {};
};
std::optional<PageRange> read_page_range(std::string_view page);

// The PageToken of a query or link; empty if it has none.
std::string page_token_of(std::string_view query);

}  // namespace twindow::wire
