// SPDX-License-Identifier: Apache-2.0
// Who may speak for which account. Accounts are open: the first credentials seen for one become
// its own, unless the configuration has named them.
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "twindow/base/guarded.h"
#include "twindow/model/account.h"

namespace twindow::gateway {

// Thread-safe. Hands out secrets so that the caller can compare them in constant time; keeps no
// list of refused ones.
class Accounts {
 public:
  // `default_token` (the variable TWILIO_AUTH_TOKEN) is the token of the account of 32
  // zeros, and of one whose first caller shows an API key, from which none can be learned. What was
  // signed before anybody has called is signed with it.
  Accounts(std::vector<AccountOptions> configured, std::optional<AuthToken> default_token);

  // The token of `account`; if none is known yet, `offered` becomes it.
  AuthToken token_or_learn(const AccountSid& account, const AuthToken& offered);

  // The secret of an API key of `account`; if the key is not known and the account's keys are not
  // configured, `offered` becomes it. Empty if the configuration names keys and this is none.
  // Errc::ApiKeyNeedsToken while the account's token is unknown: nothing could be signed.
  Result<std::optional<AuthToken>> key_secret_or_learn(const AccountSid& account,
                                                       const std::string& key_sid,
                                                       const AuthToken& offered);

  // Whose key that is: who was seen with it, or the only account that is known. Nothing else.
  std::optional<AccountSid> account_of_key(const std::string& key_sid) const;

  // A subaccount with its token; its parent's credentials are good for it too. `parent` itself is
  // nobody's subaccount.
  // Inactive (suspended, closed): its own credentials are refused.
  void adopt(const AccountSid& parent, const AccountSid& account, AuthToken token, bool active);
  // Whether calls of that account are answered; those of its parent are.
  bool is_active(const AccountSid& account) const;
  // Of an account whose keys were made here; as if it had been configured.
  void put_key(const AccountSid& account, ApiKey key);
  void drop_key(const AccountSid& account, const std::string& key_sid);
  std::optional<AccountSid> parent_of(const AccountSid& account) const;

  // What webhooks of the account are signed with; `fallback` if nobody has named a token.
  AuthToken signing_token(const AccountSid& account) const;

  // The token that the configuration gives the account. Nothing for an account that it does not
  // name, whatever was learned since: only this one proves that a webhook is Twilio's.
  std::optional<AuthToken> configured_token(const AccountSid& account) const;

  // The configuration names the account, with a token or a key: Twilio can be asked with them.
  bool has_credentials(const AccountSid& account) const;

  // A new configuration. The tokens and keys that it names are taken; where it names none any
  // more, the next credentials are learned; what was learned where it never named any stays.
  void configure(std::vector<AccountOptions> configured);

  // A scenario says so: from now on this is the account's token, whoever has called before.
  void set_token(const AccountSid& account, const AuthToken& token);

  AccountOptions options(const AccountSid& account) const;  // as configured; a learned token too
  std::vector<AccountSid> configured() const;

 private:
  struct Entry {
    AccountOptions configured;
    std::optional<AuthToken> token;  // configured or learned
    std::map<std::string, AuthToken> keys;
    std::optional<AccountSid> parent = {};
    bool active = true;
  };
  struct State {
    std::unordered_map<AccountSid, Entry> entries;
    std::vector<AccountSid> configured;
  };
  Entry& entry(State& state, const AccountSid& account) const;
  void configure(Entry& entry, AccountOptions options) const;

  std::optional<AuthToken> default_token_;
  Guarded<State> state_;
  std::atomic<bool> all_active_ = true;  // no account was ever suspended: nobody need be asked
};

}  // namespace twindow::gateway
