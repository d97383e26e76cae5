// SPDX-License-Identifier: Apache-2.0
// webhooks.learn: sends of which nobody is told are told to us.
#pragma once

#include <string>
#include <string_view>

#include "twindow/model/message.h"
#include "twindow/wire/form.h"

namespace twindow::api {

// A WhatsApp send without a StatusCallback of its own, or an application's: if it is known that
// neither its sender nor its service tells anybody of it (World::nobody_is_told), it shall be told
// to us. An empty `learn_url`: nothing shall.
bool may_learn(const SendRequest& request, const wire::Form& form, std::string_view learn_url);

// The create call's body with `learn_url` as its StatusCallback.
std::string asked_to_learn(std::string body, std::string_view learn_url);

}  // namespace twindow::api
