// SPDX-License-Identifier: Apache-2.0
// How users behave in the simulator: whether they read, and what stands in the way of a message.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "twindow/base/clock.h"

namespace twindow {

struct Persona {
  // WhatsApp's read receipts are on, and the user looks `read_after` the delivery.
  bool reads = false;
  Duration read_after = std::chrono::seconds(3);
  bool skips_delivered = false;   // reads at once: no `delivered` is ever told
  std::optional<int> fails = {};  // what is sent ends with this code, as terminal_status() has it
  bool stays_sent = false;        // no receipt ever comes

  friend bool operator==(const Persona&, const Persona&) = default;
};

// Users are known by canonical_user(), on any channel; who is not in the list is `others`.
struct Personas {
  Persona others = {};
  std::map<std::string, Persona> users = {};

  const Persona& of(const std::string& user) const {
    const auto found = users.find(user);
    return found == users.end() ? others : found->second;
  }
  friend bool operator==(const Personas&, const Personas&) = default;
};

}  // namespace twindow
