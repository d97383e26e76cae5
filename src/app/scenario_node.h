// SPDX-License-Identifier: Apache-2.0
// Reading the values of a scenario file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/address.h"
#include "twindow/scenario/scenario.h"

#include "src/app/config_node.h"
#include "src/app/policy_node.h"

namespace twindow::app {

using Targets = std::vector<scenario::Target>;

// A text that is not empty; empty, and noted, if it is none.
std::string read_text_value(const ConfigNode& node, std::string_view what);

// "app:/twilio/inbound" with the target's name in the place of "app:", or an http(s) URL. Nothing,
// and noted, if it is neither.
std::optional<std::string> read_url(const ConfigNode& node, const Targets& targets);

std::optional<Address> read_address(const ConfigNode& node, bool sender);
std::optional<Address> read_whatsapp(const ConfigNode& node, bool sender);

// True for a text that is known only when the scenario is played: "${reply.to}".
bool is_reference(const ConfigNode& node);

// As parse_duration; negative ones are refused.
std::optional<Duration> read_time_span(const ConfigNode& node, Duration most);

std::optional<std::uint64_t> read_number(const ConfigNode& node, std::uint64_t least,
                                         std::uint64_t most, std::string_view what);

// Conditions on a message, as the control API takes them; its JSON text.
scenario::Match read_message_match(const ConfigNode& node);

// A value, or an object of one operator, as JSON text.
std::optional<std::string> read_expectation(const ConfigNode& node);

// Members with Twilio's names: a capitalized name that is no misspelling of one of `known`, and not
// one of `ours`, is believed to be a parameter of Twilio's.
bool is_parameter(const std::string& name, const std::vector<std::string>& known);

}  // namespace twindow::app
