// SPDX-License-Identifier: Apache-2.0
// What becomes of a send, by name: the scripts of WhatsApp through Twilio that people meet.
// Sources: Twilio's error dictionary and status guide; the delays are invented.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "twindow/policy/script.h"

namespace twindow::app {

struct ScenarioPreset {
  std::optional<ScriptResponse> respond = {};  // or
  std::vector<policy::ScriptedCallback> callbacks = {};
};

// "delivered", "read", "undelivered:63016", "failed:63018", "stuck:sent", "happy_read", …; nothing
// if there is none of that name.
std::optional<ScenarioPreset> find_preset(std::string_view name);

// Those with callbacks, and those that answer the call; with CODE where one is to be named.
const std::vector<std::string>& callback_presets();
const std::vector<std::string>& response_presets();

}  // namespace twindow::app
