// SPDX-License-Identifier: Apache-2.0
// The query language of the message list: "to:+1555… is:undelivered code:63016 hello".
#pragma once

#include <string_view>

#include "twindow/model/error.h"
#include "twindow/model/message_filter.h"

namespace twindow::api {

// Words apart by spaces, all of which must hold; quotes keep spaces together. Errc::BadInput for
// a word that cannot be read, with what was expected.
Result<MessageFilter> parse_message_query(std::string_view text);

}  // namespace twindow::api
