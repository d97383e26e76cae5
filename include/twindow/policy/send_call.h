// SPDX-License-Identifier: Apache-2.0
// A create-message call and the facts that it is judged by: all that a decision depends on.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/content_template.h"
#include "twindow/model/message.h"
#include "twindow/model/window.h"

namespace twindow::policy {

class TemplateCatalog;

// The call, as Twilio reads it and as it was sent.
struct SendCall {
  SendRequest request;
  // Every parameter, decoded, in order, repetitions and empty values too.
  std::vector<Param> params = {};
  // The members of `ContentVariables`, numbers and booleans as text, or what is wrong with it.
  Result<std::vector<Param>> variables = std::vector<Param>();
  std::optional<Time> send_at = {};  // of a scheduled send

  // The first value that is not empty, which is the one that Twilio reads. Lives as the call does.
  std::optional<std::string_view> param(std::string_view name) const;
};

// Read at one instant, in one place. Pointers may be null and live until the decision is made.
struct Facts {
  Time now = {};
  // One for each sender that may send it; empty if they are not known.
  std::vector<WindowFact> windows = {};
  // The account's templates; null: never fetched.
  const TemplateCatalog* templates = nullptr;
  std::optional<Time> templates_stale_since = {};  // the Content API cannot be reached since then
  // The content of the call where `templates` lacks it: fetched alone, or known not to exist.
  const ContentTemplate* content = nullptr;
  bool content_absent = false;
  bool opted_out = false;
  std::optional<bool> sender_known = {};  // is one of the account's; empty: the list is not known
  std::size_t held = 0;                   // messages held for the pair
  std::optional<Time> last_nudge = {};    // of the pair
  // An unknown window was not looked up: Twilio has just not answered, and is not asked for a
  // while.
  bool twilio_silent = false;
};

}  // namespace twindow::policy
