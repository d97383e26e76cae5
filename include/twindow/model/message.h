// SPDX-License-Identifier: Apache-2.0
// A message, in either direction, and what happened to it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/base/rare.h"
#include "twindow/model/address.h"
#include "twindow/model/error.h"
#include "twindow/model/message_status.h"
#include "twindow/model/send_options.h"
#include "twindow/model/sid.h"
#include "twindow/model/window.h"

namespace twindow {

struct ScriptPlan;

enum class Direction : std::uint8_t { Inbound, OutboundApi, OutboundReply };
std::string_view to_text(Direction direction);  // "inbound", "outbound-api", "outbound-reply"

// `Freeform` is every WhatsApp send that is not an approved template; other channels have `Other`.
enum class MessageKind : std::uint8_t { Freeform, Template, Other };
std::string_view to_text(MessageKind kind);  // "freeform", "template", "other"

// A parameter of a webhook or form: Twilio's spelling of the name, and the decoded value.
struct Param {
  std::string name;
  std::string value;

  friend bool operator==(const Param&, const Param&) = default;
};

// What the app asked for in one create call, read as Twilio reads it. At least one of `from` and
// `service`; at least one of `body`, `media_urls` and `content`.
struct SendRequest {
  AccountSid account;
  Address to;
  std::optional<Address> from = {};
  std::optional<ServiceSid> service = {};
  std::string body = {};
  std::vector<std::string> media_urls = {};
  std::optional<ContentSid> content = {};
  std::string content_variables = {};  // JSON text as sent
  std::vector<Param> variables = {};   // and what it says
  std::optional<std::string> status_callback = {};
  std::string form = {};  // the call's body, where it may be sent later
  Rare<SendOptions> options = {};
  // What is wrong with it, found before its sender was known: Twilio complains of that one first.
  Rare<Error> fault = {};
  // Of a scenario: what becomes of it; null: what follows from the state of things.
  std::shared_ptr<const ScriptPlan> script = {};
  Direction direction = Direction::OutboundApi;
};

MessageKind kind_of(const SendRequest& request);

// What it is by the last part of its path's name: "image/jpeg" for
// "https://cdn.example.com/a.JPG?b". Twilio asks whoever has it; nobody is asked here.
// "application/octet-stream" if nothing is told.
std::string_view content_type_of(std::string_view media_url);

// Timeline: what happened to a message, in order.
struct StatusReached {
  MessageStatus status;
  std::optional<int> error_code = {};
  bool moved = true;  // false: late news, recorded only
  friend bool operator==(const StatusReached&, const StatusReached&) = default;
};
struct WebhookTried {
  std::string webhook;    // its id in the callback journal
  int http_status = 0;    // 0: no answer
  std::string note = {};  // what went wrong, with what to do about it; empty if nothing did
  friend bool operator==(const WebhookTried&, const WebhookTried&) = default;
};
struct TimelineEntry {
  Time at;
  std::variant<StatusReached, WebhookTried> what;
  friend bool operator==(const TimelineEntry&, const TimelineEntry&) = default;
};

// A picture, a video, a document or a recording of a message. `url` is where its bytes are: of an
// outbound one the app's own.
struct MediaItem {
  MediaSid sid;
  std::string url;
  std::string content_type = {};  // "image/jpeg"
  Time created = {};

  friend bool operator==(const MediaItem&, const MediaItem&) = default;
};

// What the app says of a message it has sent: that its user has acted on it.
struct Feedback {
  bool confirmed = false;
  Time created = {};
  Time updated = {};

  friend bool operator==(const Feedback&, const Feedback&) = default;
};

struct Message {
  MessageSid sid;
  AccountSid account;
  Direction direction = Direction::OutboundApi;
  MessageKind kind = MessageKind::Other;
  // What the API shows: empty until a service has chosen its sender.
  std::optional<Address> from = {};
  // Who really sends, known from the start; windows and webhooks go by this one.
  Address sender = {};
  Address to = {};
  std::optional<ServiceSid> service = {};
  std::string body = {};
  std::vector<MediaItem> media = {};
  std::optional<ContentSid> content = {};
  std::string content_variables = {};
  std::optional<std::string> status_callback = {};
  MessageStatus status = MessageStatus::Queued;
  std::optional<int> error_code = {};
  Time created = {};
  Time updated = {};
  std::optional<Time> sent = {};  // when it was handed on; for inbound, received
  int num_segments = 1;
  // In hundred-thousandths of a dollar: -750 is "-0.00750". Known once it was handed on.
  std::optional<int> price = {};
  WindowAtSend window = {};
  std::vector<TimelineEntry> timeline = {};
  // Held back until its user writes, at most until then: Twilio is not known to have it.
  std::optional<Time> held_until = {};
  // Of a held one: when it was first sent on. From then on Twilio may have it.
  std::optional<Time> released = {};
  // Of a held one in front of the real Twilio: the body of the call that sends it.
  std::string form = {};
  // In front of the real Twilio: its SID there. Another one than ours if it was held; none if
  // Twilio has not got it.
  std::optional<MessageSid> upstream_sid = {};
  Rare<SendOptions> options = {};
  Rare<Feedback> feedback = {};
};

// The segments that its sending counts: 1 on channels and with media, else those of its text.
int segments_of(const Message& message);

// A status that a message has come to, as the upstream reports it.
struct StatusUpdate {
  MessageSid sid;
  MessageStatus status;
  std::optional<int> error_code = {};
  std::optional<int> price = {};  // Message::price, if it is known by then
};

// A message of a user to one of our senders. `extra` holds every parameter that has no field
// here, in order; nothing that came is dropped.
struct InboundMessage {
  AccountSid account;
  MessageSid sid;
  Address from;
  Address to;
  std::string body = {};
  std::vector<Param> extra = {};
};

}  // namespace twindow
