// SPDX-License-Identifier: Apache-2.0
// What rules and checks look at: the call, and what follows from it and the facts.
#pragma once

#include <optional>
#include <string_view>

#include "twindow/policy/policy.h"
#include "twindow/policy/send_call.h"

namespace twindow::policy {

// Holds references to the call and the facts.
struct SendView {
  const SendCall& call;
  const Facts& facts;
  std::optional<std::string_view> content_sid = {};  // as sent, well-formed or not
  const ContentTemplate* content = nullptr;          // of the call's ContentSid, if it is known
  MessageKind kind = MessageKind::Other;
  Time judged_at = {};
  WindowAtSend window = {};
  // What an unknown window is taken for; else the same as `window.state`.
  WindowState window_taken_as = WindowState::None;

  bool window_open() const { return window_taken_as == WindowState::Open; }
};

SendView view_of(const WindowOptions& options, const SendCall& call, const Facts& facts);

}  // namespace twindow::policy
