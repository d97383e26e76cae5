// SPDX-License-Identifier: Apache-2.0
// The resources below a message: its media, and the feedback on it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/error.h"
#include "twindow/model/message.h"
#include "twindow/wire/twilio/reply.h"

namespace twindow::wire {

// One record; Csv is written as XML. Source: Twilio's OpenAPI document.
std::string media_record(const Message& message, const MediaItem& item, Format format);

// The page that `raw_query` (the text behind '?') asks for: DateCreated, DateCreated<,
// DateCreated>, PageSize (1 to 1000, 50 if absent), Page, PageToken. The envelope is that of a list
// of messages. Errc::PageSizeTooLarge, InvalidPageToken, InvalidParameter.
Result<std::string> media_list(const Message& message, std::string_view raw_query, Format format);

// What an app has said of it: `message` has feedback. Csv is written as XML.
std::string feedback_record(const Message& message, Format format);

}  // namespace twindow::wire
