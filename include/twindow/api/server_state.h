// SPDX-License-Identifier: Apache-2.0
// What the faces know of the server they belong to.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "twindow/api/hook_report.h"
#include "twindow/base/clock.h"
#include "twindow/base/guarded.h"
#include "twindow/gateway/accounts.h"
#include "twindow/gateway/event_bus.h"
#include "twindow/gateway/worlds.h"
#include "twindow/model/account.h"
#include "twindow/model/decision.h"
#include "twindow/model/error.h"

namespace twindow::api {

enum class Phase : std::uint8_t { Starting, Ready, Draining };

// What a new configuration file changes while the server runs.
struct LiveSettings {
  std::map<std::string, std::string> deliver_to = {};
  std::vector<std::string> control_hosts = {};  // more names under which the control API is asked
};

// Owned by the program for its whole life; the faces hold references. Thread-safe: what is no
// atomic and not guarded is set before the servers start.
struct ServerState {
  gateway::Worlds& worlds;
  gateway::Accounts& accounts;
  gateway::EventBus& events;
  const Clock& wall;
  std::string version;
  std::string mode = "simulate";
  std::string store = "memory";
  std::string api_address = {};      // "127.0.0.1:4010", with the real port
  std::string control_address = {};  // "127.0.0.1:4011"
  std::string tls_address = {};      // "127.0.0.1:4443"; empty: TLS is off
  // Proxy mode: where Twilio reaches us, without a '/' at its end; empty: nowhere.
  std::string public_url = {};
  std::string hooks_address = {};  // "0.0.0.0:4012"; empty: /hooks is served at api_address
  // Demanded for the control API, as `Authorization: Bearer`; without one it is open.
  std::optional<AuthToken> control_token = {};
  std::uint64_t seed = 0;
  Time started = {};
  // The CA's certificate as PEM; makes the CA if there is none. Thread-safe.
  std::function<Result<std::string>()> ca_certificate = {};
  // The text of /metrics; without it there is no such page. Thread-safe.
  std::function<Task<std::string>()> metrics = {};
  // Told of each create-message call of an account's own: why it was refused, or nothing.
  // Thread-safe; never blocks.
  std::function<void(std::optional<Errc>)> send_decided = {};
  // Told of each decision of a policy on such a call. Thread-safe; never blocks.
  std::function<void(Action)> send_judged = {};
  // The policy in force, its replacement by another, and by that of the start (the file's, the
  // built-in one or none): the mistakes of the text. May be null. Thread-safe.
  struct PolicyMistake {
    std::string place;  // "policy:3:13"
    std::string what;
  };
  std::function<std::optional<std::string>()> policy_text = {};
  std::function<Task<std::vector<PolicyMistake>>(std::string text)> set_policy = {};
  std::function<Task<std::vector<PolicyMistake>>()> restore_policy = {};
  // The scenarios of the accounts, as they were given; and another one, with which the world of an
  // account begins (gateway/world_setup.h). `choose` says of which account, told what the scenario
  // itself names. Null in proxy mode. Thread-safe.
  using ChooseAccount = std::function<Result<AccountSid>(const std::optional<AccountSid>& own)>;
  struct ScenarioTaken {
    AccountSid account = {};
    std::string name = {};
    std::vector<PolicyMistake> mistakes = {};  // if it is none
    std::optional<Error> error = {};           // Conflict, or what `choose` has said
  };
  std::function<std::map<AccountSid, std::string>()> scenario_texts = {};
  std::function<Task<ScenarioTaken>(std::string text, ChooseAccount choose)> set_scenario = {};
  // A message as a scenario file, made of what is known of it (JSON); `keep`: with all that is
  // personal. Pure; may be null.
  std::function<std::string(const std::string& material, bool keep)> capture = {};
  // Told of each of Twilio's webhooks. Thread-safe; never blocks.
  std::function<void(const HookReport&)> hook_answered = {};
  // API calls of an account at once; more are 429. 0: no bound.
  std::atomic<std::size_t> concurrent_calls_max = 0;
  Guarded<LiveSettings> live = {};
  std::atomic<std::size_t> event_streams = 0;  // that are being read
  std::atomic<Phase> phase = Phase::Starting;
};

}  // namespace twindow::api
