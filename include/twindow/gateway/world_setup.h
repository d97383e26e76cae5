// SPDX-License-Identifier: Apache-2.0
// What a scenario gives a world to begin with (contract section 8: `given`, `on`, clock and seed).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twindow/gateway/timekeeper.h"
#include "twindow/model/account.h"
#include "twindow/model/content_template.h"
#include "twindow/policy/script.h"

namespace twindow::gateway {

// A content as the Content API shows it, where that is more than sending needs: JSON.
struct ContentText {
  std::string types = {};      // {"twilio/text": {"body": "Hi {{1}}"}}
  std::string variables = {};  // {"1": "Ana"}
};

struct WorldSetup {
  struct GivenTemplate {
    ContentTemplate content;
    ContentText text;
  };
  struct GivenWindow {
    Address sender;
    Address user;
    Duration since_now = {};      // of the user's last message; not later than now
    std::optional<Time> at = {};  // or its time
    bool closed = false;          // by hand
  };
  struct GivenOptOut {
    Address sender;
    Address user;
  };

  std::optional<std::uint64_t> seed = {};
  std::optional<Time> start = {};
  std::optional<ClockMode> clock = {};
  // For senders without one of their own; nothing: as the configuration has it.
  std::optional<std::string> inbound_url = {};
  std::optional<std::string> status_callback = {};
  std::vector<Sender> senders = {};  // none: whoever was there stays
  std::vector<GivenTemplate> templates = {};
  std::vector<GivenWindow> windows = {};
  std::vector<GivenOptOut> opt_outs = {};
  std::vector<policy::ScriptRule> rules = {};
};

// `Begin`: all of it; the world begins with it if it has no message yet. `Refresh`: senders,
// templates and rules alone, since what has happened meanwhile shall stay.
enum class SetUp : std::uint8_t { Begin, Refresh };

}  // namespace twindow::gateway
