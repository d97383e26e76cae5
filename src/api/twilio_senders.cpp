// SPDX-License-Identifier: Apache-2.0
// messaging.twilio.com/v2/Channels/Senders: the WhatsApp senders of an account.
#include <algorithm>

#include "twindow/wire/form.h"
#include "twindow/wire/twilio/sender_request.h"

#include "src/api/resource_answers.h"

namespace twindow::api {

Task<Result<TwilioAnswer>> list_channel_senders(TwilioCall call) {
  const auto form = wire::parse_form(call.query);
  if (!form) co_return Unexpected(form.error());
  const auto channel = form->first("Channel");
  if (!channel) co_return fail(Errc::InvalidParameter, "Channel: expected whatsapp or rcs");
  std::vector<Resource> all = co_await call.world.resources(ResourceKind::ChannelSender);
  const std::string prefix = std::string(*channel) + ":";
  std::erase_if(
      all, [&](const Resource& sender) { return !sender.get("sender_id").starts_with(prefix); });
  std::ranges::reverse(all);
  for (Resource& sender : all) wire::complete_sender(sender);
  co_return answer_page(call, wire::kChannelSenderShape, all);
}

Task<Result<TwilioAnswer>> fetch_channel_sender(TwilioCall call) {
  std::string sid = call.captured.back();
  auto sender = co_await call.world.resource(ResourceKind::ChannelSender, std::move(sid));
  if (!sender) co_return as_of(call, sender.error());
  wire::complete_sender(*sender);
  co_return answer_one(call, wire::kChannelSenderShape, *sender);
}

Task<Result<TwilioAnswer>> create_channel_sender(TwilioCall call) {
  auto fields = wire::read_sender_fields(call.http.body, true);
  if (!fields) co_return Unexpected(std::move(fields).error());
  Resource sender{.kind = ResourceKind::ChannelSender, .fields = *std::move(fields)};
  sender.set("status", "CREATING");
  auto made = co_await call.world.put_resource(std::move(sender));
  if (!made && made.error().code == Errc::PhoneNumberTaken) {
    co_return fail(Errc::ChannelSenderInvalid, made.error().detail + " is a sender already");
  }
  if (!made) co_return as_of(call, made.error());
  wire::complete_sender(*made);
  co_return answer_one(call, wire::kChannelSenderShape, *made, 202);
}

Task<Result<TwilioAnswer>> update_channel_sender(TwilioCall call) {
  auto fields = wire::read_sender_fields(call.http.body, false);
  if (!fields) co_return Unexpected(std::move(fields).error());
  std::string sid = call.captured.back();
  auto changed = co_await call.world.change_resource(ResourceKind::ChannelSender, std::move(sid),
                                                     *std::move(fields));
  if (!changed) co_return as_of(call, changed.error());
  wire::complete_sender(*changed);
  co_return answer_one(call, wire::kChannelSenderShape, *changed, 202);
}

}  // namespace twindow::api
