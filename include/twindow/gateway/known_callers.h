// SPDX-License-Identifier: Apache-2.0
// Whose credentials are good: those that Twilio has accepted a short while ago. What a gateway in
// proxy mode answers by itself it tells nobody else (contract section 10).
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/base/guarded.h"
#include "twindow/base/limits.h"
#include "twindow/model/sid.h"

namespace twindow::gateway {

// Thread-safe. Keeps no credentials, only a salted hash of the account and the Authorization header
// together: credentials that are good for one account say nothing about another. Bounded; where
// there is no room the acceptance that is longest ago goes, and costs one question more.
class KnownCallers {
 public:
  // A cryptographic hash of text, as text of one length: wire::sha256_hex.
  using Hash = std::function<std::string(std::string_view)>;

  struct Options {
    Duration good_for = limits::kKnownCallerTime;
    std::size_t callers_max = limits::kKnownCallersMax;
    std::size_t callers_per_account_max = limits::kKnownCallersPerAccountMax;
  };

  // `salt` is drawn at the start by a generator for secrets, and never leaves the process. `clock`
  // outlives this.
  KnownCallers(const Clock& clock, Hash hash, std::string salt, Options options);
  KnownCallers(const Clock& clock, Hash hash, std::string salt)
      : KnownCallers(clock, std::move(hash), std::move(salt), Options()) {}

  // The caller as others may keep it: the hash. Differs between runs. Empty: no credentials.
  struct Fingerprint {
    std::string text = {};
  };
  Fingerprint fingerprint(const AccountSid& account, std::string_view authorization) const;

  // True if Twilio accepted the credentials for this account less than `good_for` ago. How long it
  // takes depends on the number of the account's callers alone.
  bool knows(const AccountSid& account, const Fingerprint& caller) const;

  // Twilio has answered a call with these credentials for this account with 2xx.
  void accepted(const AccountSid& account, const Fingerprint& caller);

  // Twilio has refused them: a token that was changed is worth nothing at once.
  void refused(const AccountSid& account, const Fingerprint& caller);

  std::size_t size() const;

 private:
  struct Caller {
    std::string hash;
    Time accepted;
  };
  struct State {
    std::map<AccountSid, std::vector<Caller>> accounts = {};  // the longest ago first
    std::size_t callers = 0;
  };
  bool is_fresh(const Caller& caller, Time now) const;
  void make_room(State& state, const AccountSid& account, Time now) const;
  static void forget(State& state, const AccountSid& account, std::size_t place);

  const Clock& clock_;
  const Hash hash_;
  const std::string salt_;
  const Options options_;
  Guarded<State> state_;
};

}  // namespace twindow::gateway
