// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/message_answers.h"

#include <array>

#include <nlohmann/json.hpp>

#include "twindow/wire/time_text.h"

#include "src/wire/answer_json.h"
#include "src/wire/answer_record.h"

namespace twindow::wire {

namespace {

constexpr std::array<std::string_view, 11> kFields{
    "sid",  "status",     "direction", "date_created",
    "to",   "error_code", "from",      "messaging_service_sid",
    "body", "num_media",  "date_sent"};
enum Field : std::size_t {
  kSid,
  kStatus,
  kDirection,
  kDateCreated,
  kTo,
  kErrorCode,
  kFrom,
  kMessagingServiceSid,
  kBody,
  kNumMedia,
  kDateSent
};

std::optional<Direction> direction_of(const AnswerRecord& record) {
  const std::string_view text = record.text(kDirection);
  if (text == "inbound") return Direction::Inbound;
  if (text == "outbound-reply") return Direction::OutboundReply;
  if (text == "outbound-api" || text == "outbound-call") return Direction::OutboundApi;
  return std::nullopt;
}

}  // namespace

Result<RemoteMessage> read_message(std::string_view json) {
  AnswerRecord record(kFields);
  TWINDOW_TRY(record.parse(json, "a message"));
  const auto sid = parse_message_sid(record.text(kSid));
  const auto status = parse_message_status(record.text(kStatus));
  const auto direction = direction_of(record);
  const auto created = parse_time(record.text(kDateCreated));
  RemoteMessage message{.sid = sid.value_or(MessageSid()), .to = std::string(record.text(kTo))};
  if (!sid || !status || !direction || !created || message.to.empty()) {
    return fail(Errc::BadReply,
                "Twilio's answer is not a message: sid, status, direction, to or "
                "date_created is missing or not known");
  }
  message.direction = *direction;
  message.status = *status;
  message.error_code = record.number(kErrorCode);
  message.from = record.text(kFrom);
  message.service = parse_service_sid(record.text(kMessagingServiceSid));
  message.body = record.text(kBody);
  message.num_media = record.number(kNumMedia).value_or(0);
  message.created = *created;
  message.sent = parse_time(record.text(kDateSent));
  message.json = json;
  return message;
}

Result<MadeMessage> read_made_message(std::string_view json) {
  constexpr std::array<std::string_view, 2> kWanted{"sid", "status"};
  AnswerRecord record(kWanted);
  TWINDOW_TRY(record.parse(json, "a message"));
  auto sid = parse_message_sid(record.text(0));
  const auto status = parse_message_status(record.text(1));
  if (!sid || !status) {
    return fail(Errc::BadReply,
                "Twilio's answer is not a message: sid or status is missing or not known");
  }
  return MadeMessage{*std::move(sid), *status};
}

Result<MessageAnswers> read_messages(std::string_view json) {
  constexpr const char* kKey = "messages";
  const nlohmann::json page = TWINDOW_TRY(parse_answer(json, "a list of messages"));
  if (array_of(page, kKey) == nullptr) {
    return fail(Errc::BadReply, "Twilio's answer is not a list of messages");
  }
  MessageAnswers answers{.next = next_link(page)};
  for (const std::string_view record : elements_of(json, kKey)) {
    auto message = read_message(record);
    if (message) {
      answers.messages.push_back(*std::move(message));
    } else {
      ++answers.unread;
    }
  }
  return answers;
}

std::optional<int> read_error_code(std::string_view json) {
  constexpr std::array<std::string_view, 1> kCode{"code"};
  AnswerRecord body(kCode);
  if (!body.parse(json, "an error")) return std::nullopt;
  return body.number(0);
}

}  // namespace twindow::wire
