// SPDX-License-Identifier: Apache-2.0
// Sentences about the facts of a decision. They name no address and no text of the send.
#pragma once

#include <string>

#include "twindow/policy/policy.h"
#include "twindow/policy/send_view.h"

namespace twindow::policy {

// "the window closed at 2026-01-06T09:00:00Z: the user last wrote 25 h 0 min before".
std::string window_text(const SendView& view, const WindowOptions& options);

std::string utc_text(Time time);  // "2026-01-06T09:00:00Z"

}  // namespace twindow::policy
