// SPDX-License-Identifier: Apache-2.0
// Everything that `twindow serve` can be told, as plain values: checked, complete, defaults filled
// in. Made by load_config (config_load.h); what each key means is in config_settings.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/base/limits.h"
#include "twindow/model/account.h"

namespace twindow::app {

enum class Mode : std::uint8_t { Simulate, Proxy };
enum class ClockMode : std::uint8_t { Real, Manual, Auto };
enum class LogFormat : std::uint8_t { Text, JsonLines };
enum class StoreKind : std::uint8_t { Memory, Sqlite, Postgresql };

// What the simulator makes of a freeform send outside the window.
enum class WindowClosed : std::uint8_t { Undelivered, Failed, SentUndelivered };

// An address to listen at. `host` is a numeric address without brackets; port 0 means: pick one.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};
std::string to_text(const Endpoint& endpoint);  // "127.0.0.1:4010", "[::1]:4010"

struct TlsOptions {
  std::optional<Endpoint> listen = Endpoint{"127.0.0.1", 4443};  // nothing: off
  // The address was asked for; else a taken port is no reason not to start.
  bool listen_given = false;
  std::vector<std::string> names = {};
  std::vector<std::string> ips = {};
};

struct StoreOptions {
  StoreKind kind = StoreKind::Memory;
  // The path of SQLite, the URL of PostgreSQL: may hold a password.
  std::string location = {};
};

struct CallbackOptions {
  std::vector<std::string> allow = {};                 // networks, as "10.0.0.0/8"
  std::map<std::string, std::string> deliver_to = {};  // URL that is signed for -> posted to
  bool keep_alive = true;
};

struct ProfileOptions {
  WindowClosed window_closed = WindowClosed::Undelivered;
  bool reads = false;  // users without a persona read what they get on WhatsApp
};

// What the simulator bounds as Twilio does; 0 and false: nothing.
struct LimitOptions {
  std::size_t concurrent_calls = 0;
  bool sender_rates = false;
  std::size_t daily_users = 0;
  std::size_t marketing_per_user = 0;

  friend bool operator==(const LimitOptions&, const LimitOptions&) = default;
};

struct Config {
  Mode mode = Mode::Simulate;
  Endpoint listen{"127.0.0.1", 4010};
  Endpoint control{"127.0.0.1", 4011};
  std::vector<std::string> control_hosts = {};  // further names that Host may have there
  TlsOptions tls = {};
  std::optional<Endpoint> hooks = {};
  StoreOptions store = {};
  std::filesystem::path data_dir = {};
  std::optional<std::filesystem::path> policy = {};
  std::vector<std::filesystem::path> scenarios = {};
  ClockMode clock = ClockMode::Real;
  std::optional<std::uint64_t> seed = {};  // without: drawn and printed
  // What time it is at first; nobody's setting, but the test runner's. Without: the wall's.
  std::optional<Time> start = {};
  bool quiet = false;  // likewise: no banner, no log
  std::optional<std::string> upstream = {};
  std::optional<std::filesystem::path> upstream_ca = {};
  std::optional<std::string> public_url = {};
  bool learn = false;                           // webhooks.learn
  std::optional<std::string> inbound_url = {};  // for senders without one
  std::optional<std::filesystem::path> control_token_file = {};
  std::optional<AuthToken> control_token = {};  // from that file, else TWINDOW_CONTROL_TOKEN
  std::optional<std::filesystem::path> ca_cert = {};
  std::optional<std::filesystem::path> ca_key = {};
  std::size_t max_messages = limits::kMessagesMax;
  LogFormat log = LogFormat::Text;
  bool log_pii = false;
  // Each has a token if TWILIO_AUTH_TOKEN is set: that is the default of those without.
  std::vector<AccountOptions> accounts = {};
  std::optional<AuthToken> default_auth_token = {};  // TWILIO_AUTH_TOKEN
  CallbackOptions callbacks = {};
  std::vector<std::string> connect_tunnel = {};
  std::size_t idle_connections = limits::kIdleConnectionsMax;
  ProfileOptions profile = {};
  LimitOptions send_limits = {};
  // How long a create-message call is remembered that ended without Twilio's answer; 0: not at all.
  Duration lost_answer = limits::kLostAnswerTime;
  std::optional<std::string> closing_soon_url = {};
  Duration settle_after = limits::kSettleAfter;
};

}  // namespace twindow::app
