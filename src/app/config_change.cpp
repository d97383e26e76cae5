// SPDX-License-Identifier: Apache-2.0
#include "src/app/config_change.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace twindow::app {

namespace {

bool same_secret(const std::optional<AuthToken>& a, const std::optional<AuthToken>& b) {
  return a.has_value() == b.has_value() && (!a || a->text == b->text);
}

bool same_key(const ApiKey& a, const ApiKey& b) {
  return a.sid == b.sid && same_secret(a.secret, b.secret);
}

bool same_account(const AccountOptions& a, const AccountOptions& b) {
  return a.sid == b.sid && same_secret(a.auth_token, b.auth_token) &&
         std::ranges::equal(a.api_keys, b.api_keys, same_key) && a.inbound_url == b.inbound_url &&
         a.status_callback == b.status_callback && a.senders == b.senders && a.test == b.test &&
         a.advanced_opt_out == b.advanced_opt_out && a.fallback_url == b.fallback_url;
}

// One for each setting (a test compares), and for the accounts. `take` is null where a change needs
// a restart.
struct Part {
  std::string_view key;
  bool (*same)(const Config& a, const Config& b);
  void (*take)(Config& to, const Config& from) = nullptr;
};

// clang-format off
constexpr std::array kParts{
    Part{"mode", [](const Config& a, const Config& b) { return a.mode == b.mode; }},
    Part{"listen", [](const Config& a, const Config& b) { return a.listen == b.listen; }},
    Part{"control", [](const Config& a, const Config& b) { return a.control == b.control; }},
    Part{"control.hosts", [](const Config& a, const Config& b) { return a.control_hosts == b.control_hosts; },
         [](Config& to, const Config& from) { to.control_hosts = from.control_hosts; }},
    Part{"tls", [](const Config& a, const Config& b) { return a.tls.listen == b.tls.listen; }},
    Part{"tls.names", [](const Config& a, const Config& b) { return a.tls.names == b.tls.names; }},
    Part{"tls.ips", [](const Config& a, const Config& b) { return a.tls.ips == b.tls.ips; }},
    Part{"hooks", [](const Config& a, const Config& b) { return a.hooks == b.hooks; }},
    Part{"store", [](const Config& a, const Config& b) {
           return a.store.kind == b.store.kind && a.store.location == b.store.location; }},
    Part{"data", [](const Config& a, const Config& b) { return a.data_dir == b.data_dir; }},
    Part{"policy", [](const Config& a, const Config& b) { return a.policy == b.policy; }},
    Part{"scenario", [](const Config& a, const Config& b) { return a.scenarios == b.scenarios; }},
    Part{"clock", [](const Config& a, const Config& b) { return a.clock == b.clock; }},
    Part{"seed", [](const Config& a, const Config& b) { return a.seed == b.seed; }},
    Part{"upstream", [](const Config& a, const Config& b) { return a.upstream == b.upstream; }},
    Part{"upstream_ca", [](const Config& a, const Config& b) { return a.upstream_ca == b.upstream_ca; }},
    Part{"public_url", [](const Config& a, const Config& b) { return a.public_url == b.public_url; }},
    Part{"webhooks.learn", [](const Config& a, const Config& b) { return a.learn == b.learn; }},
    Part{"inbound_url", [](const Config& a, const Config& b) { return a.inbound_url == b.inbound_url; },
         [](Config& to, const Config& from) { to.inbound_url = from.inbound_url; }},
    Part{"control_token_file", [](const Config& a, const Config& b) {
           return a.control_token_file == b.control_token_file &&
                  same_secret(a.control_token, b.control_token); }},
    Part{"ca_cert", [](const Config& a, const Config& b) { return a.ca_cert == b.ca_cert; }},
    Part{"ca_key", [](const Config& a, const Config& b) { return a.ca_key == b.ca_key; }},
    Part{"max_messages", [](const Config& a, const Config& b) { return a.max_messages == b.max_messages; }},
    Part{"log", [](const Config& a, const Config& b) { return a.log == b.log; }},
    Part{"log_pii", [](const Config& a, const Config& b) { return a.log_pii == b.log_pii; }},
    Part{"accounts", [](const Config& a, const Config& b) {
           return std::ranges::equal(a.accounts, b.accounts, same_account); },
         [](Config& to, const Config& from) { to.accounts = from.accounts; }},
    Part{"callbacks.allow", [](const Config& a, const Config& b) { return a.callbacks.allow == b.callbacks.allow; },
         [](Config& to, const Config& from) { to.callbacks.allow = from.callbacks.allow; }},
    Part{"callbacks.deliver_to", [](const Config& a, const Config& b) { return a.callbacks.deliver_to == b.callbacks.deliver_to; },
         [](Config& to, const Config& from) { to.callbacks.deliver_to = from.callbacks.deliver_to; }},
    Part{"callbacks.connection", [](const Config& a, const Config& b) { return a.callbacks.keep_alive == b.callbacks.keep_alive; },
         [](Config& to, const Config& from) { to.callbacks.keep_alive = from.callbacks.keep_alive; }},
    Part{"connect.tunnel", [](const Config& a, const Config& b) { return a.connect_tunnel == b.connect_tunnel; }},
    Part{"limits.idle_connections", [](const Config& a, const Config& b) { return a.idle_connections == b.idle_connections; }},
    Part{"idempotency.lost_answer", [](const Config& a, const Config& b) { return a.lost_answer == b.lost_answer; }},
    Part{"webhooks.closing_soon", [](const Config& a, const Config& b) { return a.closing_soon_url == b.closing_soon_url; },
         [](Config& to, const Config& from) { to.closing_soon_url = from.closing_soon_url; }},
    Part{"ledger.settle_after", [](const Config& a, const Config& b) { return a.settle_after == b.settle_after; }},
    Part{"limits.concurrent_calls", [](const Config& a, const Config& b) { return a.send_limits.concurrent_calls == b.send_limits.concurrent_calls; },
         [](Config& to, const Config& from) { to.send_limits.concurrent_calls = from.send_limits.concurrent_calls; }},
    Part{"limits.sender_rates", [](const Config& a, const Config& b) { return a.send_limits.sender_rates == b.send_limits.sender_rates; },
         [](Config& to, const Config& from) { to.send_limits.sender_rates = from.send_limits.sender_rates; }},
    Part{"limits.daily_users", [](const Config& a, const Config& b) { return a.send_limits.daily_users == b.send_limits.daily_users; },
         [](Config& to, const Config& from) { to.send_limits.daily_users = from.send_limits.daily_users; }},
    Part{"limits.marketing_per_user", [](const Config& a, const Config& b) { return a.send_limits.marketing_per_user == b.send_limits.marketing_per_user; },
         [](Config& to, const Config& from) { to.send_limits.marketing_per_user = from.send_limits.marketing_per_user; }},
    Part{"profile.reads", [](const Config& a, const Config& b) { return a.profile.reads == b.profile.reads; },
         [](Config& to, const Config& from) { to.profile.reads = from.profile.reads; }},
    Part{"profile.window_closed", [](const Config& a, const Config& b) { return a.profile.window_closed == b.profile.window_closed; },
         [](Config& to, const Config& from) { to.profile.window_closed = from.profile.window_closed; }},
};
// clang-format on

}  // namespace

ConfigChange take_changes(Config& in_force, const Config& read) {
  ConfigChange change;
  for (const Part& part : kParts) {
    if (part.same(in_force, read)) continue;
    auto& keys = part.take != nullptr ? change.taken : change.pending;
    keys.emplace_back(part.key);
    if (part.take != nullptr) part.take(in_force, read);
  }
  return change;
}

}  // namespace twindow::app
