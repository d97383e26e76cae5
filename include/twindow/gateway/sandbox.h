// SPDX-License-Identifier: Apache-2.0
// WhatsApp's Sandbox: a number of Twilio's that all accounts share, for users who have joined.
// Source: twilio.com/docs/whatsapp/sandbox.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/content_template.h"
#include "twindow/model/error.h"
#include "twindow/model/sid.h"

namespace twindow::gateway {

// Belongs to one account's world. Users are known by canonical_user().
class Sandbox {
 public:
  explicit Sandbox(const AccountSid& account);

  // "brave-otter": what users of this account write behind "join".
  const std::string& join_code() const { return join_code_; }

  struct Member {
    std::string user;
    Time until;
    friend bool operator==(const Member&, const Member&) = default;
  };

  // What a message says to the Sandbox itself.
  enum class Word : std::uint8_t { Joins, WrongCode, Leaves, None };
  Word word_of(std::string_view body) const;

  void join(const std::string& user, Time now);  // for three days
  void leave(const std::string& user) { members_.erase(user); }
  bool has(const std::string& user, Time now) const;
  std::optional<Time> since(const std::string& user) const;  // empty: never, or has left
  std::vector<Member> members(Time now) const;

  // One message in three seconds. Errc::SandboxTooFast.
  Result<void> admit(Time now);
  void clear();

 private:
  std::string join_code_;
  std::map<std::string, Time> members_;  // since when
  Time next_send_ = Time::min();
};

// The templates that are ready made there, approved and all; null for any other.
const ContentTemplate* sandbox_template(const ContentSid& sid);

}  // namespace twindow::gateway
