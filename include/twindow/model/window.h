// SPDX-License-Identifier: Apache-2.0
// The 24-hour customer service window of WhatsApp: who may write freely to whom, and until when.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/base/limits.h"
#include "twindow/model/address.h"

namespace twindow {

// One window belongs to one business sender and one user, never to an account or a service.
struct WindowKey {
  std::string sender;  // the business address as Twilio writes it: "whatsapp:+14155550100"
  std::string user;    // canonical_user() of the other side: "+5215…" and "+525…" are one

  friend auto operator<=>(const WindowKey&, const WindowKey&) = default;
};

WindowKey window_key(const Address& sender, const Address& user);

// True if the user is one of an id, not of a number: another name, perhaps, of somebody whose
// number is known.
inline bool may_be_alias(const WindowKey& key) { return !key.user.starts_with('+'); }

struct Window {
  WindowKey key;
  Time last_inbound;          // the newest message of the user; opens the window
  std::string user_spelling;  // the user's address as last seen: what to write to
  bool closed = false;        // by hand; a newer inbound opens it again
  // When the user last came from a click-to-WhatsApp ad: perhaps a free entry point, which changes
  // what a message costs and never who may be written to.
  std::optional<Time> from_ad = {};

  Time expires() const { return last_inbound + limits::kWindowLength; }
  friend bool operator==(const Window&, const Window&) = default;
};

// `None`: there is no such thing on this channel.
enum class WindowState : std::uint8_t { None, Unknown, Closed, Open };

std::string_view to_text(WindowState state);
std::optional<WindowState> parse_window_state(std::string_view text);

// Open while `now < expires − margin`; at exactly that instant it is closed.
bool is_open(const Window& window, Time now, Duration margin);

// What was known of the window at the moment of a send; kept with the message, for "why".
struct WindowAtSend {
  WindowState state = WindowState::None;
  std::optional<Time> last_inbound = {};

  friend bool operator==(const WindowAtSend&, const WindowAtSend&) = default;
};

// What is known of one pair's window. `covered`: every inbound message of the last 24 hours has
// been seen, so that no window means a closed one.
struct WindowFact {
  std::optional<Window> window = {};
  bool covered = false;

  friend bool operator==(const WindowFact&, const WindowFact&) = default;
};

// Open if a message of the user is known that makes it so, whatever else is not known. Closed if
// everything is known, or it was closed by hand or by a 63016. Else unknown.
WindowState state_at(const WindowFact& fact, Time at, Duration margin);

// The same for a send whose sender a Messaging Service picks, a fact for each that it may pick:
// open if it is open for all of them, closed if it is closed for one, else unknown; unknown too if
// there is none. `last_inbound` is that of the pair that decides; of several the oldest.
WindowAtSend window_at(const std::vector<WindowFact>& facts, Time at, Duration margin);

}  // namespace twindow
