// SPDX-License-Identifier: Apache-2.0
#include "src/api/learning.h"

#include <utility>

#include "twindow/wire/form_edit.h"

namespace twindow::api {

bool may_learn(const SendRequest& request, const wire::Form& form, std::string_view learn_url) {
  if (learn_url.empty() || request.to.channel != Channel::WhatsApp) return false;
  // What we do not understand of either is Twilio's affair. An application's URL would be
  // overruled.
  return !form.has("StatusCallback") && !form.has("ApplicationSid");
}

std::string asked_to_learn(std::string body, std::string_view learn_url) {
  return wire::append_form(std::move(body), {{"StatusCallback", std::string(learn_url)}});
}

}  // namespace twindow::api
