// SPDX-License-Identifier: Apache-2.0
#include "src/app/config_settings.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "twindow/base/duration_text.h"

#include "src/app/config_values.h"
#include "src/app/connect_rule.h"

namespace twindow::app {

namespace {

template <class Target, class Value>
bool assign(Target& target, std::optional<Value> value) {
  if (!value) return false;
  target = *std::move(value);
  return true;
}

template <class Target, class Value>
bool choose(Target& target, std::string_view text,
            std::initializer_list<std::pair<std::string_view, Value>> choices) {
  for (const auto& [name, value] : choices) {
    if (name != text) continue;
    target = value;
    return true;
  }
  return false;
}

bool assign_count(std::size_t& target, std::string_view text) {
  const auto count = parse_count(text);
  if (!count || *count == 0) return false;
  target = static_cast<std::size_t>(*count);
  return true;
}

bool assign_bound(std::size_t& target, std::string_view text) {
  const auto count = parse_count(text);
  if (count) target = static_cast<std::size_t>(*count);
  return count.has_value();
}

bool assign_duration(Duration& target, std::string_view text, Duration least) {
  const auto duration = parse_duration(text);
  if (!duration || *duration < least) return false;
  target = *duration;
  return true;
}

bool assign_url(std::optional<std::string>& target, std::string_view text) {
  if (!is_http_url(text)) return false;
  target = std::string(text);
  return true;
}

bool assign_tls(TlsOptions& target, std::string_view text) {
  target.listen_given = true;
  target.listen.reset();
  return text == "off" || assign(target.listen, parse_endpoint(text));
}

template <class Target>
bool assign_path(Target& target, std::string_view text) {
  if (text.empty()) return false;
  target = std::filesystem::path(text);
  return true;
}

bool append_if(bool fits, std::vector<std::string>& list, std::string_view text) {
  if (fits) list.emplace_back(text);
  return fits;
}

constexpr std::string_view kAddress = "an address and a port, such as \"127.0.0.1:4010\"";
constexpr std::string_view kUrl = "an http or https URL, such as \"https://app.example.com/in\"";
constexpr std::string_view kOrigin =
    "an http or https URL without a path, such as "
    "\"https://tw.example.com\"";
constexpr std::string_view kBaseUrl =
    "an http or https URL without a query, such as "
    "\"https://tw.example.com\"";
constexpr std::string_view kFile = "the path of a file";
constexpr std::string_view kHost = "a host name, such as \"tw.example.com\"";
constexpr std::string_view kTunnel =
    "a host, such as \"example.com\", \"example.com:8443\" or \"*.example.com\"";
constexpr std::string_view kDuration = "a duration, such as \"60s\"";
constexpr std::string_view kCount = "a whole number from 1";
constexpr std::string_view kBound = "a whole number, or 0 for no bound";

// clang-format off
constexpr std::array kSettings{
    // key, flag, variable, shape, value name, expected, help, default, choices, path?, later?, set, clear
    Setting{"mode", "--mode", "TWINDOW_MODE", Shape::Text, "MODE", "simulate or proxy",
            "simulate: be Twilio. proxy: stand before the real one", "simulate", "simulate|proxy", false, false,
            [](Config& c, std::string_view t) {
              return choose<Mode, Mode>(c.mode, t, {{"simulate", Mode::Simulate}, {"proxy", Mode::Proxy}}); },
            nullptr},
    Setting{"listen", "--listen", "TWINDOW_LISTEN", Shape::Text, "ADDR:PORT", kAddress,
            "Where the Twilio API is served; port 0 picks one", "127.0.0.1:4010", "", false, false,
            [](Config& c, std::string_view t) { return assign(c.listen, parse_endpoint(t)); }, nullptr},
    Setting{"control", "--control", "TWINDOW_CONTROL", Shape::Text, "ADDR:PORT",
            "an address and a port, such as \"127.0.0.1:4011\"",
            "Where the control API and the page are served", "127.0.0.1:4011", "", false, false,
            [](Config& c, std::string_view t) { return assign(c.control, parse_endpoint(t)); }, nullptr},
    Setting{"control.hosts", "", "", Shape::TextList, "NAME", kHost,
            "Further names under which the control API may be called", "", "", false, false,
            [](Config& c, std::string_view t) { return append_if(is_host_name(t), c.control_hosts, t); },
            [](Config& c) { c.control_hosts.clear(); }},
    Setting{"tls", "--tls", "TWINDOW_TLS", Shape::Text, "ADDR:PORT",
            "an address and a port, such as \"127.0.0.1:4443\", or off",
            "Where the Twilio API is served over TLS, or off", "127.0.0.1:4443", "", false, false,
            [](Config& c, std::string_view t) { return assign_tls(c.tls, t); }, nullptr},
    Setting{"tls.names", "", "", Shape::TextList, "NAME", kHost,
            "Further names for which certificates may be made", "", "", false, false,
            [](Config& c, std::string_view t) { return append_if(is_host_name(t), c.tls.names, t); },
            [](Config& c) { c.tls.names.clear(); }},
    Setting{"tls.ips", "", "", Shape::TextList, "IP", "an IP address, such as \"192.0.2.7\"",
            "Further addresses for which certificates may be made", "", "", false, false,
            [](Config& c, std::string_view t) { return append_if(is_ip_address(t), c.tls.ips, t); },
            [](Config& c) { c.tls.ips.clear(); }},
    Setting{"hooks", "--hooks", "TWINDOW_HOOKS", Shape::Text, "ADDR:PORT",
            "an address and a port, such as \"0.0.0.0:4012\"",
            "A listener of its own for Twilio's webhooks: /hooks and /livez (proxy mode)", "", "", false, false,
            [](Config& c, std::string_view t) { return assign(c.hooks, parse_endpoint(t)); }, nullptr},
    Setting{"store", "--store", "TWINDOW_STORE", Shape::Text, "STORE",
            "memory, sqlite:PATH or postgresql://…",
            "memory, sqlite:PATH or postgresql://…: where messages and windows are kept; sqlite: alone "
            "is DIR/twindow.db of --data", "memory", "", false, false,
            [](Config& c, std::string_view t) { return assign(c.store, parse_store(t)); }, nullptr},
    Setting{"data", "--data", "TWINDOW_DATA", Shape::Text, "DIR", "the path of a folder",
            "The CA, the control token and SQLite files [$XDG_STATE_HOME/twindow, else "
            "~/.local/state/twindow]", "", "", true, false,
            [](Config& c, std::string_view t) { return assign_path(c.data_dir, t); }, nullptr},
    Setting{"policy", "--policy", "TWINDOW_POLICY", Shape::Text, "FILE", kFile,
            "The rules for sends outside the window", "", "", true, false,
            [](Config& c, std::string_view t) { return assign_path(c.policy, t); }, nullptr},
    Setting{"scenario", "--scenario", "TWINDOW_SCENARIO", Shape::TextList, "FILE", kFile,
            "What the simulator knows and does from the start (repeatable)", "", "", true, false,
            [](Config& c, std::string_view t) {
              if (!t.empty()) c.scenarios.emplace_back(t);
              return !t.empty(); },
            [](Config& c) { c.scenarios.clear(); }},
    Setting{"clock", "--clock", "TWINDOW_CLOCK", Shape::Text, "CLOCK", "real, manual or auto",
            "real: ticks. manual: moves when told. auto: jumps to what is due", "real",
            "real|manual|auto", false, false,
            [](Config& c, std::string_view t) {
              return choose<ClockMode, ClockMode>(c.clock, t, {{"real", ClockMode::Real},
                  {"manual", ClockMode::Manual}, {"auto", ClockMode::Auto}}); },
            nullptr},
    Setting{"seed", "--seed", "TWINDOW_SEED", Shape::Integer, "N", "a whole number from 0",
            "Same seed and inputs, same SIDs and outcomes [drawn and printed]", "", "", false, false,
            [](Config& c, std::string_view t) { return assign(c.seed, parse_count(t)); }, nullptr},
    Setting{"upstream", "--upstream", "TWINDOW_UPSTREAM", Shape::Text, "URL", kOrigin,
            "One server that stands for all of Twilio's (proxy mode)", "", "", false, false,
            [](Config& c, std::string_view t) { return assign(c.upstream, parse_origin(t)); }, nullptr},
    Setting{"upstream_ca", "", "", Shape::Text, "FILE", kFile,
            "Certificates (PEM) to trust there, beside the system's", "", "", true, false,
            [](Config& c, std::string_view t) { return assign_path(c.upstream_ca, t); }, nullptr},
    Setting{"public_url", "--public-url", "TWINDOW_PUBLIC_URL", Shape::Text, "URL", kBaseUrl,
            "Where Twilio reaches this server's /hooks (proxy mode)", "", "", false, false,
            [](Config& c, std::string_view t) { return assign(c.public_url, parse_base_url(t)); }, nullptr},
    Setting{"webhooks.learn", "", "", Shape::Boolean, "", "true or false",
            "Have the statuses of WhatsApp sends that Twilio would tell nobody told to us (proxy mode)",
            "false", "", false, false,
            [](Config& c, std::string_view t) { return assign(c.learn, parse_switch(t)); }, nullptr},
    Setting{"inbound_url", "--inbound-url", "TWINDOW_INBOUND_URL", Shape::Text, "URL", kUrl,
            "The webhook for inbound messages to senders without their own", "", "", false, false,
            [](Config& c, std::string_view t) { return assign_url(c.inbound_url, t); }, nullptr},
    Setting{"control_token_file", "--control-token-file", "TWINDOW_CONTROL_TOKEN_FILE", Shape::Text,
            "FILE", kFile, "The token that the control API demands [none in simulate mode]", "", "", true, false,
            [](Config& c, std::string_view t) { return assign_path(c.control_token_file, t); }, nullptr},
    Setting{"ca_cert", "--ca-cert", "TWINDOW_CA_CERT", Shape::Text, "FILE", kFile,
            "The CA that signs certificates, instead of our own", "", "", true, false,
            [](Config& c, std::string_view t) { return assign_path(c.ca_cert, t); }, nullptr},
    Setting{"ca_key", "--ca-key", "TWINDOW_CA_KEY", Shape::Text, "FILE", kFile,
            "The key of that CA", "", "", true, false,
            [](Config& c, std::string_view t) { return assign_path(c.ca_key, t); }, nullptr},
    Setting{"max_messages", "--max-messages", "TWINDOW_MAX_MESSAGES", Shape::Integer, "N", kCount,
            "Messages kept; the oldest finished go first", "100000", "", false, false,
            [](Config& c, std::string_view t) { return assign_count(c.max_messages, t); }, nullptr},
    Setting{"log", "--log", "TWINDOW_LOG", Shape::Text, "FORMAT", "text or json",
            "text or json: the form of the log on stderr", "text", "text|json", false, false,
            [](Config& c, std::string_view t) {
              return choose<LogFormat, LogFormat>(c.log, t, {{"text", LogFormat::Text}, {"json", LogFormat::JsonLines}}); },
            nullptr},
    Setting{"log_pii", "--log-pii", "TWINDOW_LOG_PII", Shape::Boolean, "", "true or false",
            "Show phone numbers and bodies in the log", "false", "", false, false,
            [](Config& c, std::string_view t) { return assign(c.log_pii, parse_switch(t)); }, nullptr},
    Setting{"callbacks.allow", "", "", Shape::TextList, "NETWORK", "a network, such as \"10.0.0.0/8\"",
            "Networks that webhooks may be sent to, beside the ones allowed anyway", "", "", false, false,
            [](Config& c, std::string_view t) { return append_if(is_network(t), c.callbacks.allow, t); },
            [](Config& c) { c.callbacks.allow.clear(); }},
    Setting{"callbacks.deliver_to", "--deliver-to", "TWINDOW_DELIVER_TO", Shape::TextMap, "URL=URL",
            "two URLs without a query, such as "
            "\"https://app.example.com=http://127.0.0.1:3000\"",
            "Sign webhooks for the left, post them to the right (repeatable)", "", "", false, false,
            [](Config& c, std::string_view t) {
              auto delivery = parse_delivery(t);
              if (delivery) c.callbacks.deliver_to.insert_or_assign(delivery->first, delivery->second);
              return delivery.has_value(); },
            [](Config& c) { c.callbacks.deliver_to.clear(); }},
    Setting{"callbacks.connection", "", "", Shape::Text, "", "keep-alive or close",
            "Whether connections to the app are kept for the next webhook", "keep-alive",
            "keep-alive|close", false, false,
            [](Config& c, std::string_view t) {
              return choose<bool, bool>(c.callbacks.keep_alive, t, {{"keep-alive", true}, {"close", false}}); },
            nullptr},
    Setting{"connect.tunnel", "", "", Shape::TextList, "NAME", kTunnel,
            "Hosts to which CONNECT opens a tunnel", "", "", false, false,
            [](Config& c, std::string_view t) {
              return append_if(parse_tunnel_entry(t).has_value(), c.connect_tunnel, t); },
            [](Config& c) { c.connect_tunnel.clear(); }},
    Setting{"limits.idle_connections", "", "", Shape::Integer, "N", kCount,
            "Connections kept open while nothing is asked", "20000", "", false, false,
            [](Config& c, std::string_view t) { return assign_count(c.idle_connections, t); }, nullptr},
    Setting{"idempotency.lost_answer", "", "", Shape::Text, "", kDuration,
            "How long a send is remembered that got no answer from Twilio; 0s: not at all (proxy mode)", "60s",
            "", false, false,
            [](Config& c, std::string_view t) { return assign_duration(c.lost_answer, t, Duration()); }, nullptr},
    Setting{"webhooks.closing_soon", "", "", Shape::Text, "URL", kUrl,
            "Told, signed as Twilio's webhooks are, when a window closes soon (the policy's window.warn_before)",
            "", "", false, false,
            [](Config& c, std::string_view t) { return assign_url(c.closing_soon_url, t); }, nullptr},
    Setting{"ledger.settle_after", "", "", Shape::Text, "DURATION", "a duration from 1s, such as \"10m\"",
            "How long nothing is heard of a message before Twilio is asked what became of it (proxy mode)",
            "10m", "", false, false,
            [](Config& c, std::string_view t) { return assign_duration(c.settle_after, t, std::chrono::seconds(1)); }, nullptr},
    Setting{"limits.concurrent_calls", "", "", Shape::Integer, "N", kBound,
            "API calls of an account at once; more are 429 (simulate mode)", "0", "", false, false,
            [](Config& c, std::string_view t) { return assign_bound(c.send_limits.concurrent_calls, t); }, nullptr},
    Setting{"limits.sender_rates", "", "", Shape::Boolean, "", "true or false",
            "Senders send at Twilio's rates, what is over waits in their queue (simulate mode)", "false", "",
            false, false,
            [](Config& c, std::string_view t) { return assign(c.send_limits.sender_rates, parse_switch(t)); }, nullptr},
    Setting{"limits.daily_users", "", "", Shape::Integer, "N", kBound,
            "WhatsApp users that a sender writes to first in 24 hours; more fail with 63038 (simulate mode)", "0",
            "", false, false,
            [](Config& c, std::string_view t) { return assign_bound(c.send_limits.daily_users, t); }, nullptr},
    Setting{"limits.marketing_per_user", "", "", Shape::Integer, "N", kBound,
            "Marketing templates for one user in 24 hours; more are 63049 (simulate mode)", "0", "", false, false,
            [](Config& c, std::string_view t) { return assign_bound(c.send_limits.marketing_per_user, t); }, nullptr},
    Setting{"profile.reads", "", "", Shape::Boolean, "", "true or false",
            "Users without a persona read what they get on WhatsApp (simulate mode)", "false", "", false, false,
            [](Config& c, std::string_view t) { return assign(c.profile.reads, parse_switch(t)); }, nullptr},
    Setting{"profile.window_closed", "", "", Shape::Text, "", "undelivered, failed or sent_undelivered",
            "What becomes of a freeform WhatsApp send outside the window", "undelivered",
            "undelivered|failed|sent_undelivered", false, false,
            [](Config& c, std::string_view t) {
              return choose<WindowClosed, WindowClosed>(c.profile.window_closed, t,
                  {{"undelivered", WindowClosed::Undelivered}, {"failed", WindowClosed::Failed},
                   {"sent_undelivered", WindowClosed::SentUndelivered}}); },
            nullptr},
};
// clang-format on

}  // namespace

std::span<const Setting> settings() { return kSettings; }

const Setting* find_setting(std::string_view key) {
  const auto found = std::ranges::find(kSettings, key, &Setting::key);
  return found == kSettings.end() ? nullptr : &*found;
}

}  // namespace twindow::app
