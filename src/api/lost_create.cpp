// SPDX-License-Identifier: Apache-2.0
#include "src/api/lost_create.h"

#include <utility>
#include <vector>

#include "twindow/base/limits.h"

namespace twindow::api {

Task<Result<std::optional<RemoteMessage>>> find_lost_message(ports::TwilioApi& twilio,
                                                             gateway::World& world,
                                                             SendRequest request, Time since) {
  ports::SentQuery query{.account = request.account,
                         .to = request.to,
                         .from = request.from,
                         .created_since = since - limits::kTwilioClockSlack};
  const auto sent = co_await twilio.sent_messages(std::move(query), limits::kLookupTime);
  if (!sent) co_return Unexpected(sent.error());
  std::optional<RemoteMessage> lost;
  for (const RemoteMessage& message : *sent) {
    const Result<Message> answered = co_await world.find(message.sid);
    if (answered) continue;
    const bool says_the_same = !request.body.empty() && message.body == request.body;
    if (!lost || says_the_same) lost = message;
    if (says_the_same) break;
  }
  co_return lost;
}

}  // namespace twindow::api
