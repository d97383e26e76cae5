// SPDX-License-Identifier: Apache-2.0
// What is below a message: /Media, and /Feedback.
#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/wire/form.h"
#include "twindow/wire/twilio/media_json.h"

#include "src/api/twilio_call.h"

namespace twindow::api {

namespace {

Unexpected<Error> not_there(const TwilioCall& call) {
  return fail(Errc::NotFound, std::string(call.path));
}

bool names_a_format(const TwilioCall& call) {
  return call.format != wire::Format::Xml || call.path.ends_with(".xml");
}

Task<Result<Message>> message_of(const TwilioCall& call) {
  auto sid = parse_message_sid(call.captured.at(1));
  if (!sid) co_return not_there(call);
  Result<Message> message = co_await call.world.find(*std::move(sid));
  if (!message) co_return not_there(call);
  co_return message;
}

}  // namespace

Task<Result<TwilioAnswer>> list_media(TwilioCall call) {
  const Result<Message> message = co_await message_of(call);
  if (!message) co_return Unexpected(message.error());
  Result<std::string> body = wire::media_list(*message, call.query, call.format);
  if (!body) co_return Unexpected(std::move(body).error());
  co_return TwilioAnswer{.body = *std::move(body)};
}

// Without a suffix the bytes are asked for, not the record; as at Twilio they are elsewhere.
Task<Result<TwilioAnswer>> fetch_media(TwilioCall call) {
  const Result<Message> message = co_await message_of(call);
  if (!message) co_return Unexpected(message.error());
  const auto found = std::ranges::find_if(
      message->media, [&](const MediaItem& item) { return item.sid.text == call.captured.at(2); });
  if (found == message->media.end()) co_return not_there(call);
  if (names_a_format(call)) {
    co_return TwilioAnswer{.body = wire::media_record(*message, *found, call.format)};
  }
  co_return TwilioAnswer{
      .status = 307, .headers = "Location: " + found->url + "\r\n", .typed = false};
}

Task<Result<TwilioAnswer>> delete_media(TwilioCall call) {
  auto sid = parse_message_sid(call.captured.at(1));
  auto item = parse_media_sid(call.captured.at(2));
  if (!sid || !item) co_return not_there(call);
  const Result<void> removed = co_await call.world.remove_media(*std::move(sid), *std::move(item));
  if (!removed && removed.error().code == Errc::NotFound) co_return not_there(call);
  if (!removed) co_return Unexpected(removed.error());
  co_return TwilioAnswer{.status = 204, .typed = false};
}

Task<Result<TwilioAnswer>> give_feedback(TwilioCall call) {
  auto sid = parse_message_sid(call.captured.at(1));
  if (!sid) co_return not_there(call);
  const auto form = wire::parse_form(call.http.body);
  if (!form) co_return Unexpected(form.error());
  const std::string outcome(form->first("Outcome").value_or("confirmed"));
  const bool confirmed = equals_ignoring_case(outcome, "confirmed");
  if (!confirmed && !equals_ignoring_case(outcome, "unconfirmed")) {
    co_return fail(Errc::InvalidParameter, "Outcome: expected confirmed or unconfirmed");
  }
  const Result<Message> told = co_await call.world.give_feedback(*std::move(sid), confirmed);
  if (!told && told.error().code == Errc::NotFound) co_return not_there(call);
  if (!told) co_return Unexpected(told.error());
  co_return TwilioAnswer{.body = wire::feedback_record(*told, call.format)};
}

}  // namespace twindow::api
