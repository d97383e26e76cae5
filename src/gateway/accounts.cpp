// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/accounts.h"

namespace twindow::gateway {

namespace {
// What webhooks are signed with while nobody has named a token (contract section 9).
constexpr std::string_view kUnnamedToken = "0123456789abcdef0123456789abcdef";
}  // namespace

Accounts::Accounts(std::vector<AccountOptions> configured, std::optional<AuthToken> default_token)
    : default_token_(std::move(default_token)) {
  std::map<AccountSid, Entry> entries;
  for (AccountOptions& options : configured) {
    configured_.push_back(options.sid);
    Entry made;
    for (const ApiKey& key : options.api_keys) made.keys.emplace(key.sid, key.secret);
    made.options = std::move(options);
    if (!made.options.auth_token) made.options.auth_token = default_token_;
    const AccountSid sid = made.options.sid;
    entries.insert_or_assign(sid, std::move(made));
  }
  entries_.with([&](auto& mine) { mine = std::move(entries); });
}

Accounts::Entry& Accounts::entry(std::map<AccountSid, Entry>& entries,
                                 const AccountSid& account) const {
  const auto [row, first] = entries.try_emplace(account);
  if (first) row->second.options = {.sid = account, .auth_token = default_token_};
  return row->second;
}

AuthToken Accounts::token_or_learn(const AccountSid& account, const AuthToken& offered) {
  return entries_.with([&](auto& entries) {
    auto& token = entry(entries, account).options.auth_token;
    if (!token) token = offered;
    return *token;
  });
}

Result<std::optional<AuthToken>> Accounts::key_secret_or_learn(const AccountSid& account,
                                                               const std::string& key_sid,
                                                               const AuthToken& offered) {
  return entries_.with([&](auto& entries) -> Result<std::optional<AuthToken>> {
    Entry& mine = entry(entries, account);
    if (const auto known = mine.keys.find(key_sid); known != mine.keys.end()) {
      return std::optional(known->second);
    }
    if (!mine.options.api_keys.empty()) return std::optional<AuthToken>();
    if (!mine.options.auth_token) return fail(Errc::ApiKeyNeedsToken, account.text);
    mine.keys.emplace(key_sid, offered);
    return std::optional(offered);
  });
}

AuthToken Accounts::signing_token(const AccountSid& account) const {
  return entries_.with([&](const auto& entries) {
    const auto found = entries.find(account);
    if (found != entries.end() && found->second.options.auth_token) {
      return *found->second.options.auth_token;
    }
    return default_token_.value_or(AuthToken{std::string(kUnnamedToken)});
  });
}

AccountOptions Accounts::options(const AccountSid& account) const {
  return entries_.with([&](const auto& entries) {
    const auto found = entries.find(account);
    return found == entries.end() ? AccountOptions{.sid = account} : found->second.options;
  });
}

std::vector<AccountSid> Accounts::configured() const { return configured_; }

}  // namespace twindow::gateway
