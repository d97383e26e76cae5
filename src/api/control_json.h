// SPDX-License-Identifier: Apache-2.0
// What the control API shows, as JSON (docs/CONTROL_API.md has the shapes).
#pragma once

#include "twindow/gateway/world.h"
#include "twindow/model/event.h"

#include "src/api/control_call.h"

namespace twindow::api {

Json to_json(const Message& message);
Json to_json_with_timeline(const Message& message);  // and why
Json to_json(const WebhookRecord& record);
Json to_json_with_bodies(const WebhookRecord& record);
Json to_json(const AccountSid& account, const gateway::WindowView& view);
Json to_json(const AccountSid& account, const LedgerEntry& entry);
Json to_json(const AccountSid& account, const gateway::BackfillView& view);
Json to_json(const Alert& alert);
Json to_json_with_exchange(const Alert& alert);
Json to_json(const Event& event);
Json window_json(const WindowAtSend& window);

std::string event_type(const Event& event);  // "message.undelivered", "callback", …

Json iso(const std::optional<Time>& time);  // text or null

}  // namespace twindow::api
