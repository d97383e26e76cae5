// SPDX-License-Identifier: Apache-2.0
// Which messages are asked for, and which page of them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "twindow/model/message.h"

namespace twindow {

// Every given part must hold.
struct MessageFilter {
  std::optional<std::string> to = {};  // the address as Twilio writes it, exactly
  std::optional<std::string> from = {};
  std::optional<std::string> to_user = {};    // canonical_user() of the recipient, on any channel
  std::optional<std::string> from_user = {};  // likewise of the sender
  std::optional<std::string> to_contains = {};
  std::optional<std::string> from_contains = {};
  std::vector<std::string> words = {};   // each is part of `to`, `from`, the body or the SID
  std::optional<Time> sent_from = {};    // sent ≥; messages that were never sent do not match
  std::optional<Time> sent_before = {};  // sent <
  std::optional<Time> created_from = {};
  std::optional<Time> created_before = {};
  std::optional<std::string> body_contains = {};
  std::optional<std::string> content_contains = {};  // the SID of its template
  std::optional<MessageStatus> status = {};
  std::optional<Direction> direction = {};
  std::optional<int> error_code = {};
  bool unfinished_only = false;
  bool outbound_only = false;
  bool held_only = false;
  bool ours_only = false;  // of our making: no inbound ones, and none that Twilio has

  bool matches(const Message& message) const;

  friend bool operator==(const MessageFilter&, const MessageFilter&) = default;
};

// Newest first. At most one of `older_than` and `newer_than`; a SID that is not there (any more)
// is Errc::InvalidPageToken.
struct PageRequest {
  std::size_t limit = 50;
  std::optional<MessageSid> older_than = {};
  std::optional<MessageSid> newer_than = {};
};

struct MessagePage {
  std::vector<Message> messages;
  bool more_older = false;
  bool more_newer = false;
};

}  // namespace twindow
