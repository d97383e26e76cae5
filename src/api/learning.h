// SPDX-License-Identifier: Apache-2.0
// webhooks.learn: sends of which nobody is told are told to us.
#pragma once

#include <string>

#include "twindow/gateway/world.h"
#include "twindow/wire/form.h"

namespace twindow::api {

// The create call's body, with `learn_url` as its StatusCallback if it is a WhatsApp send without
// one, of which it is known that neither its sender nor its service nor an application would be
// told anything; else as it was.
Task<std::string> asked_to_learn(gateway::World& world, SendRequest request, const wire::Form& form,
                                 std::string body, std::string learn_url);

}  // namespace twindow::api
