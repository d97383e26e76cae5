// SPDX-License-Identifier: Apache-2.0
// Who may speak for which account. Accounts are open: the first credentials seen for one become
// its own, unless the configuration has named them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "twindow/base/guarded.h"
#include "twindow/model/account.h"

namespace twindow::gateway {

// Thread-safe. Hands out secrets so that the caller can compare them in constant time; keeps no
// list of refused ones.
class Accounts {
 public:
  // `default_token` (the variable TWILIO_AUTH_TOKEN) is the token of every account that the
  // configuration gives none.
  Accounts(std::vector<AccountOptions> configured, std::optional<AuthToken> default_token);

  // The token of `account`; if none is known yet, `offered` becomes it.
  AuthToken token_or_learn(const AccountSid& account, const AuthToken& offered);

  // The secret of an API key of `account`; if the key is not known and the account's keys are not
  // configured, `offered` becomes it. Empty if the configuration names keys and this is none.
  // Errc::ApiKeyNeedsToken while the account's token is unknown: nothing could be signed.
  Result<std::optional<AuthToken>> key_secret_or_learn(const AccountSid& account,
                                                       const std::string& key_sid,
                                                       const AuthToken& offered);

  // What webhooks of the account are signed with; `fallback` if nobody has named a token.
  AuthToken signing_token(const AccountSid& account) const;

  AccountOptions options(const AccountSid& account) const;  // as configured, or empty
  std::vector<AccountSid> configured() const;

 private:
  struct Entry {
    AccountOptions options;
    std::map<std::string, AuthToken> keys;
  };
  Entry& entry(std::map<AccountSid, Entry>& entries, const AccountSid& account) const;

  std::optional<AuthToken> default_token_;
  std::vector<AccountSid> configured_;
  Guarded<std::map<AccountSid, Entry>> entries_;
};

}  // namespace twindow::gateway
