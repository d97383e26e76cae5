// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/message_answers.h"

#include <array>

#include <boost/json.hpp>
#include <nlohmann/json.hpp>

#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"
#include "twindow/wire/time_text.h"

#include "src/wire/answer_json.h"

namespace twindow::wire {

namespace {

constexpr int kNumberMax = 1'000'000;  // of codes and counts

// One JSON object: the answer of every send that passes through. Boost's parser, since a tree of
// nlohmann's was a third of what such a send costs; its values lie in `room_`, where they fit.
class Record {
 public:
  // Errc::BadReply; `what` names it in the detail.
  Result<void> parse(std::string_view json, std::string_view what) {
    const auto no = [&](const char* why) {
      return fail(Errc::BadReply, "Twilio's answer is not " + std::string(what) + ": " + why);
    };
    boost::json::parse_options options;
    options.max_depth = limits::kJsonDepthMax;
    boost::json::error_code error;
    boost::json::value read = boost::json::parse(json, error, &memory_, options);
    if (error == boost::json::error::too_deep) return no("it nests too deep");
    if (error) return no("it is no JSON");
    if (!read.is_object()) return no("it is no JSON object");
    object_ = std::move(read.get_object());
    return {};
  }

  // The member, if it is a string; else empty. Stays as long as the record.
  std::string_view text(std::string_view key) const {
    const boost::json::value* const found = object_.if_contains(key);
    const auto* const text = found == nullptr ? nullptr : found->if_string();
    return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
  }

  // A number, or its decimal text: Twilio writes some of its numbers as text.
  std::optional<int> number(std::string_view key) const {
    const boost::json::value* const found = object_.if_contains(key);
    if (found == nullptr) return std::nullopt;
    if (const std::int64_t* const number = found->if_int64()) {
      if (*number < 0 || *number > kNumberMax) return std::nullopt;
      return static_cast<int>(*number);
    }
    const auto number = parse_decimal(text(key), kNumberMax);
    if (!number) return std::nullopt;
    return static_cast<int>(*number);
  }

 private:
  std::array<unsigned char, 4096> room_;
  boost::json::monotonic_resource memory_{room_.data(), room_.size()};
  boost::json::object object_{&memory_};
};

std::optional<Direction> direction_of(const Record& record) {
  const std::string_view text = record.text("direction");
  if (text == "inbound") return Direction::Inbound;
  if (text == "outbound-reply") return Direction::OutboundReply;
  if (text == "outbound-api" || text == "outbound-call") return Direction::OutboundApi;
  return std::nullopt;
}

}  // namespace

Result<RemoteMessage> read_message(std::string_view json) {
  Record record;
  TWINDOW_TRY(record.parse(json, "a message"));
  const auto sid = parse_message_sid(record.text("sid"));
  const auto status = parse_message_status(record.text("status"));
  const auto direction = direction_of(record);
  const auto created = parse_time(record.text("date_created"));
  RemoteMessage message{.sid = sid.value_or(MessageSid()), .to = std::string(record.text("to"))};
  if (!sid || !status || !direction || !created || message.to.empty()) {
    return fail(Errc::BadReply,
                "Twilio's answer is not a message: sid, status, direction, to or "
                "date_created is missing or not known");
  }
  message.direction = *direction;
  message.status = *status;
  message.error_code = record.number("error_code");
  message.from = record.text("from");
  message.service = parse_service_sid(record.text("messaging_service_sid"));
  message.body = record.text("body");
  message.num_media = record.number("num_media").value_or(0);
  message.created = *created;
  message.sent = parse_time(record.text("date_sent"));
  message.json = json;
  return message;
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
  Record body;
  if (!body.parse(json, "an error")) return std::nullopt;
  return body.number("code");
}

}  // namespace twindow::wire
