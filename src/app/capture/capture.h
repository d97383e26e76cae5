// SPDX-License-Identifier: Apache-2.0
// A message that was, as a scenario that makes it be again (contract section 1). Pure: the same
// material, the same text.
#pragma once

#include <string>

#include "src/app/json.h"

namespace twindow::app {

// What is known of a message, in the shapes of the control API (docs/CONTROL_API.md):
//   "mode"       "simulate", "proxy", or "twilio" (asked of Twilio afterwards)
//   "message"    as GET /__admin/messages/{sid}; null for a send that was refused at once
//   "send"       the parameters of its create, or of the inbound webhook: texts, lists of texts
//   "decision"   of the policy, or null
//   "callbacks"  [] as GET /__admin/callbacks/{id}, the oldest first
//   "sender"     {"address","inbound_url","status_callback","service"} or null
//   "template"   as of GET /__admin/templates, or null
// What is absent is not known. Answers a whole file, with comments, that parse_scenario takes.
struct CaptureOptions {
  bool keep = false;  // numbers, names, bodies and SIDs as they were
};
std::string captured_scenario(const Json& material, CaptureOptions options);

}  // namespace twindow::app
