// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/accounts.h"

#include <algorithm>

namespace twindow::gateway {

namespace {
// Whose world it is where nobody has named an account (contract section 9).
constexpr std::string_view kUnnamedAccount = "AC00000000000000000000000000000000";
// What webhooks are signed with while nobody has named a token (contract section 9).
constexpr std::string_view kUnnamedToken = "0123456789abcdef0123456789abcdef";
}  // namespace

Accounts::Accounts(std::vector<AccountOptions> configured, std::optional<AuthToken> default_token)
    : default_token_(std::move(default_token)) {
  configure(std::move(configured));
}

void Accounts::configure(std::vector<AccountOptions> configured) {
  state_.with([&](State& state) {
    state.configured.clear();
    std::map<AccountSid, AccountOptions> sections;
    for (AccountOptions& options : configured) {
      state.configured.push_back(options.sid);
      const AccountSid sid = options.sid;
      entry(state, sid);
      sections.insert_or_assign(sid, std::move(options));
    }
    for (auto& [sid, mine] : state.entries) {
      const auto section = sections.find(sid);
      const bool named = section != sections.end();
      configure(mine, named ? std::move(section->second) : AccountOptions{.sid = sid});
    }
  });
}

// What the configuration names is taken; what it has ceased to name is forgotten; what was learned
// where it never named anything stays.
void Accounts::configure(Entry& entry, AccountOptions options) const {
  if (!options.auth_token && options.sid.text == kUnnamedAccount)
    options.auth_token = default_token_;
  if (options.auth_token) {
    entry.token = options.auth_token;
  } else if (entry.configured.auth_token) {
    entry.token.reset();
  }
  if (!options.api_keys.empty() || !entry.configured.api_keys.empty()) entry.keys.clear();
  for (const ApiKey& key : options.api_keys) entry.keys.emplace(key.sid, key.secret);
  entry.configured = std::move(options);
}

Accounts::Entry& Accounts::entry(State& state, const AccountSid& account) const {
  const auto [row, first] = state.entries.try_emplace(account);
  if (first) configure(row->second, {.sid = account});
  return row->second;
}

AuthToken Accounts::token_or_learn(const AccountSid& account, const AuthToken& offered) {
  return state_.with([&](State& state) {
    auto& token = entry(state, account).token;
    if (!token) token = offered;
    return *token;
  });
}

Result<std::optional<AuthToken>> Accounts::key_secret_or_learn(const AccountSid& account,
                                                               const std::string& key_sid,
                                                               const AuthToken& offered) {
  return state_.with([&](State& state) -> Result<std::optional<AuthToken>> {
    Entry& mine = entry(state, account);
    if (const auto known = mine.keys.find(key_sid); known != mine.keys.end()) {
      return std::optional(known->second);
    }
    if (!mine.configured.api_keys.empty()) return std::optional<AuthToken>();
    if (!mine.token) mine.token = default_token_;
    if (!mine.token) return fail(Errc::ApiKeyNeedsToken, account.text);
    mine.keys.emplace(key_sid, offered);
    return std::optional(offered);
  });
}

std::optional<AccountSid> Accounts::account_of_key(const std::string& key_sid) const {
  return state_.with([&](const State& state) -> std::optional<AccountSid> {
    for (const auto& [sid, entry] : state.entries) {
      if (entry.keys.contains(key_sid)) return sid;
    }
    if (state.entries.size() == 1) return state.entries.begin()->first;
    return std::nullopt;
  });
}

void Accounts::adopt(const AccountSid& parent, const AccountSid& account, AuthToken token,
                     bool active) {
  if (!active) all_active_ = false;
  state_.with([&](State& state) {
    Entry& mine = entry(state, account);
    mine.parent = parent;
    mine.active = active;
    if (!mine.configured.auth_token) mine.token = std::move(token);
  });
}

std::optional<AccountSid> Accounts::parent_of(const AccountSid& account) const {
  return state_.with([&](const State& state) {
    const auto found = state.entries.find(account);
    return found == state.entries.end() ? std::nullopt : found->second.parent;
  });
}

bool Accounts::is_active(const AccountSid& account) const {
  if (all_active_) return true;
  return state_.with([&](const State& state) {
    const auto found = state.entries.find(account);
    return found == state.entries.end() || found->second.active;
  });
}

void Accounts::put_key(const AccountSid& account, ApiKey key) {
  state_.with([&](State& state) {
    entry(state, account).keys.insert_or_assign(std::move(key.sid), std::move(key.secret));
  });
}

void Accounts::drop_key(const AccountSid& account, const std::string& key_sid) {
  state_.with([&](State& state) { entry(state, account).keys.erase(key_sid); });
}

AuthToken Accounts::signing_token(const AccountSid& account) const {
  return state_.with([&](const State& state) {
    const auto found = state.entries.find(account);
    if (found != state.entries.end() && found->second.token) return *found->second.token;
    return default_token_.value_or(AuthToken{std::string(kUnnamedToken)});
  });
}

std::optional<AuthToken> Accounts::configured_token(const AccountSid& account) const {
  return state_.with([&](const State& state) {
    const auto found = state.entries.find(account);
    const bool named = std::ranges::find(state.configured, account) != state.configured.end();
    return named && found != state.entries.end() ? found->second.configured.auth_token
                                                 : std::nullopt;
  });
}

bool Accounts::has_credentials(const AccountSid& account) const {
  return state_.with([&](const State& state) {
    const auto found = state.entries.find(account);
    const bool named = std::ranges::find(state.configured, account) != state.configured.end();
    if (!named || found == state.entries.end()) return false;
    const AccountOptions& options = found->second.configured;
    return options.auth_token.has_value() || !options.api_keys.empty();
  });
}

void Accounts::set_token(const AccountSid& account, const AuthToken& token) {
  state_.with([&](State& state) { entry(state, account).token = token; });
}

AccountOptions Accounts::options(const AccountSid& account) const {
  return state_.with([&](const State& state) {
    const auto found = state.entries.find(account);
    if (found == state.entries.end()) return AccountOptions{.sid = account};
    AccountOptions options = found->second.configured;
    options.auth_token = found->second.token;
    return options;
  });
}

std::vector<AccountSid> Accounts::configured() const {
  return state_.with([](const State& state) { return state.configured; });
}

}  // namespace twindow::gateway
