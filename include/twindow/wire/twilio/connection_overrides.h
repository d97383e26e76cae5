// SPDX-License-Identifier: Apache-2.0
// How Twilio is to call one webhook, as the fragment of its URL says:
//
//   https://hooks.example.com/cb#ct=2000&rt=5000&tt=12000&rc=3&rp=5xx,ct,rt&sni=y&e=ashburn,dublin
//
// Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace twindow::wire {

struct ConnectionOverrides {
  using Time = std::chrono::milliseconds;

  std::optional<Time> connect_time = {};  // ct: of each try
  std::optional<Time> read_time = {};     // rt: for the answer of each try
  std::optional<Time> total_time = {};    // tt: of all tries
  int retries = 1;                        // rc
  // rp: after what a try is repeated.
  bool retry_4xx = false;
  bool retry_5xx = false;
  bool retry_connect = true;
  bool retry_read = false;
  bool sni = true;

  // What makes the webhook impossible: Twilio's number (11240, 11243) and a text. 0: nothing.
  int problem = 0;
  std::string problem_text = {};
};

// Of the fragment of `url`. Numbers beyond their ranges and names that are not known stay what they
// are without them.
ConnectionOverrides read_connection_overrides(std::string_view url);

}  // namespace twindow::wire
