// SPDX-License-Identifier: Apache-2.0
// What became of one of Twilio's webhooks, for those who count and log.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace twindow::api {

enum class HookKind : std::uint8_t { Inbound, Status, Last_ };
inline constexpr std::array<std::string_view, static_cast<std::size_t>(HookKind::Last_)> kHookKinds{
    "inbound", "status"};

enum class HookOutcome : std::uint8_t {
  Taken,           // kept, and what was owed for it done
  Repeat,          // of a status that was taken before
  AppFailed,       // kept, but the app has not answered
  NotKept,         // the store would not
  Malformed,       // signed by Twilio, and not to be understood
  NoPublicUrl,     // nothing can be checked
  UnknownAccount,  // none of the configuration, or none with a token
  WrongSignature,
  Last_,  // not an outcome: the number of them
};
inline constexpr std::array<std::string_view, static_cast<std::size_t>(HookOutcome::Last_)>
    kHookOutcomes{"taken",     "repeat",        "app_failed",      "not_kept",
                  "malformed", "no_public_url", "unknown_account", "wrong_signature"};

// `detail`: a sentence for people, without secrets, numbers or bodies; empty if all went well. The
// view lives during the call only.
struct HookReport {
  HookKind kind;
  HookOutcome outcome;
  std::string_view detail = {};
};

}  // namespace twindow::api
