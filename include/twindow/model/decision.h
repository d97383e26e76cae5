// SPDX-License-Identifier: Apache-2.0
// What became of a create-message call before a byte of it left: passed, refused, said with a
// template instead, or held back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/message.h"
#include "twindow/model/sid.h"
#include "twindow/model/window.h"

namespace twindow {

// Twilio's "Failed to send freeform message because you are outside the allowed window".
inline constexpr int kOutsideWindow = 63016;

// A template with its variables; each value is legal in a template.
struct TemplateUse {
  ContentSid content;
  std::vector<Param> variables = {};

  friend bool operator==(const TemplateUse&, const TemplateUse&) = default;
};

struct Pass {
  friend bool operator==(const Pass&, const Pass&) = default;
};

// `Sync`: the app is answered 400. `Async`: 201, and later a status callback with the code.
enum class RejectStyle : std::uint8_t { Sync, Async };
struct Reject {
  RejectStyle style = RejectStyle::Sync;
  int code = kOutsideWindow;  // Twilio's number

  friend bool operator==(const Reject&, const Reject&) = default;
};

// Sent as this template instead of `Body` and `MediaUrl`; every other parameter is kept.
struct Reroute {
  TemplateUse with;

  friend bool operator==(const Reroute&, const Reroute&) = default;
};

// Kept until the user writes; failed with 63016 when `ttl` is over. `nudge` goes out at once; there
// is none if one went out lately.
struct Hold {
  Duration ttl;
  std::optional<TemplateUse> nudge = {};

  friend bool operator==(const Hold&, const Hold&) = default;
};

// The send passes; `would` is what the rules behind the observing one, and the checks, say.
struct Observe {
  std::variant<Pass, Reject, Reroute, Hold> would = Pass{};
  std::string rule = {};  // that said so

  friend bool operator==(const Observe&, const Observe&) = default;
};

using Verdict = std::variant<Pass, Reject, Reroute, Hold, Observe>;

// Which of them it is.
enum class Action : std::uint8_t { Pass, Reject, Reroute, Hold, Observe };
std::string_view to_text(Action action);  // "pass", "reject", "reroute", "hold", "observe"

inline Action action_of(const Verdict& verdict) { return static_cast<Action>(verdict.index()); }
inline std::string_view to_text(const Verdict& verdict) { return to_text(action_of(verdict)); }

struct Decision {
  Verdict verdict = Pass{};
  // The name of the rule that decided; "checks.opted_out" if it was a check; empty if no rule
  // matched.
  std::string rule = {};
  std::string reason = {};  // for people: the rule, the facts, what to do; no address, no body
  MessageKind kind = MessageKind::Other;
  Time judged_at = {};       // the time of the send, or its `SendAt`
  WindowAtSend window = {};  // then
  // How old the user's last message is then; empty if none is known.
  std::optional<Duration> window_age = {};

  friend bool operator==(const Decision&, const Decision&) = default;
};

}  // namespace twindow
