// SPDX-License-Identifier: Apache-2.0
// Lists of messages: the query that asks for one, and the flat envelope that answers it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "twindow/model/message_filter.h"
#include "twindow/model/sid.h"

namespace twindow::wire {

struct ListQuery {
  MessageFilter filter = {};
  PageRequest page = {};
  std::size_t page_number = 0;      // only ever shown: the token says where a page begins
  std::string echoed_filters = {};  // "To=%2B1…&DateSent%3E=…", encoded, in the order given
};

// Of the text behind '?': To, From, DateSent, DateSent<, DateSent> (the operator encoded or not),
// PageSize (1 to 1000, 50 if absent), Page, PageToken. Unknown names and empty values are ignored.
//
// Times: DateSent=day is that UTC day, and so is its midnight, which is how the SDKs write a day;
// DateSent<=day includes all of that day, DateSent>=day begins with it. An instant counts as the
// second it lies in, for these are what a reply shows. Page without PageToken is page 0.
//
// Errc::PageSizeTooLarge, InvalidPageToken, InvalidParameter.
Result<ListQuery> parse_list_query(std::string_view raw_query);

// The envelope, with each message as append_message_json() writes it. No key more and none less:
// the SDKs for Java and C# read all of them, those for Python and PHP fail on another.
std::string message_list_json(const AccountSid& account, const ListQuery& query,
                              const MessagePage& page);

// The same where the path has no ".json", the envelope as attributes; and for ".csv", without any.
std::string message_list_xml(const AccountSid& account, const ListQuery& query,
                             const MessagePage& page);
std::string message_list_csv(const MessagePage& page);

}  // namespace twindow::wire
