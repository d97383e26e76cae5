// SPDX-License-Identifier: Apache-2.0
// What was decided about a create-message call, as it is kept: who asks later "why was this not
// sent?" finds the rule and the facts of that moment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "twindow/base/clock.h"
#include "twindow/model/address.h"
#include "twindow/model/decision.h"
#include "twindow/model/message.h"
#include "twindow/model/message_status.h"
#include "twindow/model/sid.h"
#include "twindow/model/window.h"

namespace twindow {

struct LedgerEntry {
  std::uint64_t place = 0;  // grows with each entry of the account; the store gives it
  Time at = {};
  std::optional<MessageSid> message = {};  // none: refused at once
  std::string from = {};                   // the address, or the service's SID
  std::string to = {};
  Action action = Action::Pass;
  std::optional<Action> would = {};        // of Observe: what would have become of it
  std::optional<int> code = {};            // of a reject, also of one that would have been
  std::optional<ContentSid> content = {};  // of a reroute, likewise
  std::string rule = {};
  std::string reason = {};
  MessageKind kind = MessageKind::Other;
  WindowAtSend window = {};
  std::optional<Duration> window_age = {};
  std::string campaign = {};                   // the request header Twindow-Campaign
  std::optional<MessageStatus> ended_as = {};  // the final status, once it is known
  std::optional<int> error_code = {};          // with it

  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

// The entry for a decision on `request`; no message yet.
LedgerEntry ledger_entry(const Decision& decision, const SendRequest& request, Time at,
                         std::string campaign);

}  // namespace twindow
