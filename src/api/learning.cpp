// SPDX-License-Identifier: Apache-2.0
#include "src/api/learning.h"

#include <utility>

#include "twindow/wire/form_edit.h"

namespace twindow::api {

Task<std::string> asked_to_learn(gateway::World& world, SendRequest request, const wire::Form& form,
                                 std::string body, std::string learn_url) {
  // What we do not understand of either is Twilio's affair. An application's URL would be
  // overruled.
  const bool says = form.has("StatusCallback") || form.has("ApplicationSid");
  if (learn_url.empty() || says || request.to.channel != Channel::WhatsApp) co_return body;
  const bool nobody = co_await world.nobody_is_told(std::move(request));
  if (!nobody) co_return body;
  co_return wire::append_form(std::move(body), {{"StatusCallback", std::move(learn_url)}});
}

}  // namespace twindow::api
