// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/message_answers.h"

#include <nlohmann/json.hpp>

#include "twindow/base/ascii.h"
#include "twindow/wire/time_text.h"

#include "src/wire/answer_json.h"

namespace twindow::wire {

namespace {

using Json = nlohmann::json;

constexpr std::uint32_t kNumberMax = 1'000'000;  // of codes and counts

// A number, or its decimal text: Twilio writes some of its numbers as text.
std::optional<int> number_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  std::optional<std::uint32_t> number;
  if (found->is_number_unsigned() && found->get<std::uint64_t>() <= kNumberMax) {
    number = found->get<std::uint32_t>();
  } else if (found->is_string()) {
    number = parse_decimal(found->get_ref<const std::string&>(), kNumberMax);
  }
  if (!number) return std::nullopt;
  return static_cast<int>(*number);
}

std::optional<Direction> direction_of(const Json& object) {
  const std::string text = text_of(object, "direction");
  if (text == "inbound") return Direction::Inbound;
  if (text == "outbound-reply") return Direction::OutboundReply;
  if (text == "outbound-api" || text == "outbound-call") return Direction::OutboundApi;
  return std::nullopt;
}

}  // namespace

Result<RemoteMessage> read_message(std::string_view json) {
  const Json record = TWINDOW_TRY(parse_answer(json, "a message"));
  const auto sid = parse_message_sid(text_of(record, "sid"));
  const auto status = parse_message_status(text_of(record, "status"));
  const auto direction = direction_of(record);
  const auto created = parse_time(text_of(record, "date_created"));
  RemoteMessage message{.sid = sid.value_or(MessageSid()), .to = text_of(record, "to")};
  if (!sid || !status || !direction || !created || message.to.empty()) {
    return fail(Errc::BadReply,
                "Twilio's answer is not a message: sid, status, direction, to or "
                "date_created is missing or not known");
  }
  message.direction = *direction;
  message.status = *status;
  message.error_code = number_of(record, "error_code");
  message.from = text_of(record, "from");
  message.service = parse_service_sid(text_of(record, "messaging_service_sid"));
  message.body = text_of(record, "body");
  message.num_media = number_of(record, "num_media").value_or(0);
  message.created = *created;
  message.sent = parse_time(text_of(record, "date_sent"));
  message.json = json;
  return message;
}

Result<MessageAnswers> read_messages(std::string_view json) {
  constexpr const char* kKey = "messages";
  const Json page = TWINDOW_TRY(parse_answer(json, "a list of messages"));
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
  const auto body = parse_answer(json, "an error");
  if (!body) return std::nullopt;
  return number_of(*body, "code");
}

}  // namespace twindow::wire
