// SPDX-License-Identifier: Apache-2.0
// The query language of the message list: "to:+1555… is:undelivered code:63016 hello".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "twindow/model/decision.h"
#include "twindow/model/error.h"
#include "twindow/model/message_filter.h"

namespace twindow::api {

struct MessageQuery {
  MessageFilter messages = {};
  // What the ledger knows of sends: the decision on them, and the campaign they are part of.
  std::optional<Action> decision = {};
  std::optional<std::string> campaign = {};

  bool asks_ledger() const { return decision || campaign; }
};

// Words apart by spaces, all of which must hold; quotes keep spaces together. Errc::BadInput for
// a word that cannot be read, with what was expected.
Result<MessageQuery> parse_message_query(std::string_view text);

}  // namespace twindow::api
