// SPDX-License-Identifier: Apache-2.0
// Where Twilio's webhooks reach us, below the public URL: "/hooks/inbound" for messages, and
// "/hooks/status/{token}" for statuses. The token is the app's own StatusCallback in base64url (RFC
// 4648 section 5, no padding), or "-" where the app gave none: so a callback that comes before the
// answer of its create call, or after a restart, knows where to go. Twilio's signature covers the
// path, so nobody else can name a target.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "twindow/model/sid.h"

namespace twindow::wire {

inline constexpr std::string_view kInboundHook = "/hooks/inbound";
inline constexpr std::string_view kStatusHook = "/hooks/status/";

// The StatusCallback that Twilio is given in the place of `app_url` (empty: the app gave none).
// `public_url` has no query and no '/' at its end. Nothing if it would be longer than the 4000
// characters that Twilio takes.
std::optional<std::string> hook_status_url(std::string_view public_url, std::string_view app_url);

// The same for a message that the app knows by this SID of ours, and not by Twilio's:
// "…/hooks/status/{token}?sid=SM…".
std::optional<std::string> hook_status_url(std::string_view public_url, std::string_view app_url,
                                           const MessageSid& ours);
// That SID, of a status hook's query; nothing if there is none.
std::optional<MessageSid> read_hook_sid(std::string_view query);

// The StatusCallback of a send that has none and of which nobody is told: "/hooks/status/learn".
// What comes there is kept and goes no further.
std::string hook_learn_url(std::string_view public_url);
bool is_learn_token(std::string_view token);

// The app's URL, empty for "-". Nothing if the token is none that hook_status_url makes of an http
// or https URL.
std::optional<std::string> read_hook_token(std::string_view token);

}  // namespace twindow::wire
