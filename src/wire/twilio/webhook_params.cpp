// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/webhook_params.h"

#include <algorithm>
#include <optional>

#include "twindow/base/ascii.h"
#include "twindow/model/segments.h"
#include "twindow/wire/json_writer.h"
#include "twindow/wire/secret.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/error_codes.h"

#include "src/wire/twilio/number_places.h"

namespace twindow::wire {

namespace {

constexpr std::string_view kApiVersion = "2010-04-01";

// Appends in the order of its calls.
class Params {
 public:
  Params() { params_.reserve(24); }

  void add(std::string_view name, std::string_view value) {
    params_.push_back({std::string(name), std::string(value)});
  }
  void add_if(bool wanted, std::string_view name, std::string_view value) {
    if (wanted) add(name, value);
  }

  std::vector<Param> take() { return std::move(params_); }

 private:
  std::vector<Param> params_;
};

// "2601021530" from 2026-01-02T15:30:…: YYMMDDhhmm.
std::string carrier_time(Time time) {
  const std::string iso = to_iso8601(time);
  std::string text;
  for (const std::size_t at : {2, 5, 8, 11, 14}) text += iso.substr(at, 2);
  return text;
}

std::string channel_install_sid(const AccountSid& account, std::string_view sender) {
  return "XE" + sha256_hex(account.text + ' ' + std::string(sender)).substr(0, 32);
}

std::string_view event_type(MessageStatus status) {
  switch (status) {
    case MessageStatus::Delivered:
      return "DELIVERED";
    case MessageStatus::Read:
      return "READ";
    default:  // of failures none was ever seen
      return {};
  }
}

struct Failure {
  std::string code;
  std::string_view title;
};

Failure failure_of(const Message& message) {
  const bool failed =
      message.status == MessageStatus::Failed || message.status == MessageStatus::Undelivered;
  if (!failed || !message.error_code) return {};
  const auto* info = find_error_code(*message.error_code);
  return {.code = std::to_string(*message.error_code), .title = info ? info->title : ""};
}

std::vector<Param> sms_status(const Message& message) {
  const bool receipt =
      message.status == MessageStatus::Delivered || message.status == MessageStatus::Undelivered;
  const auto status = to_text(message.status);
  const std::string code = failure_of(message).code;
  Params params;
  params.add_if(!code.empty(), "ErrorCode", code);
  if (receipt) params.add("RawDlrDoneDate", carrier_time(message.updated));
  params.add("SmsSid", message.sid.text);
  params.add("SmsStatus", status);
  params.add("MessageStatus", status);
  params.add("To", message.to.text);
  if (message.service) params.add("MessagingServiceSid", message.service->text);
  params.add("MessageSid", message.sid.text);
  params.add("AccountSid", message.account.text);
  params.add("From", message.from ? message.from->text : "");
  params.add("ApiVersion", kApiVersion);
  return params.take();
}

std::vector<Param> channel_status(const Message& message) {
  const auto status = to_text(message.status);
  const auto event = event_type(message.status);
  const Failure failure = failure_of(message);
  Params params;
  params.add_if(!event.empty(), "EventType", event);
  params.add_if(!failure.code.empty(), "ErrorCode", failure.code);
  params.add_if(!failure.title.empty(), "ErrorMessage", failure.title);
  params.add_if(!failure.title.empty(), "ChannelStatusMessage", failure.title);
  params.add("SmsSid", message.sid.text);
  params.add("SmsStatus", status);
  params.add("MessageStatus", status);
  params.add("ChannelToAddress", message.to.local());
  params.add("To", message.to.text);
  params.add("ChannelPrefix", to_text(message.to.channel));
  if (message.service) params.add("MessagingServiceSid", message.service->text);
  params.add("MessageSid", message.sid.text);
  params.add("AccountSid", message.account.text);
  params.add("StructuredMessage", message.kind == MessageKind::Template ? "true" : "false");
  params.add("From", message.from ? message.from->text : "");
  params.add("ApiVersion", kApiVersion);
  if (message.from) {
    params.add("ChannelInstallSid", channel_install_sid(message.account, message.from->text));
  }
  return params.take();
}

std::optional<std::string_view> find(const std::vector<Param>& params, std::string_view name) {
  const auto found = std::ranges::find(params, name, &Param::name);
  if (found == params.end()) return std::nullopt;
  return found->value;
}

std::string media_count(const std::vector<Param>& extra, std::string_view prefix) {
  const auto is_media = [&](const Param& param) {
    const std::string_view name = param.name;
    return name.starts_with(prefix) && parse_decimal(name.substr(prefix.size()), 99).has_value();
  };
  return std::to_string(std::ranges::count_if(extra, is_media));
}

NumberPlace place_of(const Address& address) {
  return address.form == AddressForm::E164 ? place_of_number(address.local()) : NumberPlace{};
}

// What WhatsApp would call a message that has these parameters.
std::string_view message_type(const std::vector<Param>& extra) {
  struct Row {
    std::string_view parameter;
    std::string_view type;
  };
  constexpr Row kByParameter[] = {
      // the first that is there
      {"ButtonText", "button"},    {"ButtonPayload", "button"},        {"ListId", "interactive"},
      {"FlowData", "interactive"}, {"InteractiveData", "interactive"}, {"Latitude", "location"},
  };
  for (const Row& row : kByParameter) {
    if (find(extra, row.parameter)) return row.type;
  }
  const auto media = find(extra, "MediaContentType0");
  if (!media) return find(extra, "MediaUrl0") ? "document" : "text";
  constexpr Row kByMedia[] = {
      {"image/webp", "sticker"}, {"image/", "image"},        {"audio/", "audio"},
      {"video/", "video"},       {"text/vcard", "contacts"},
  };
  for (const Row& row : kByMedia) {
    if (media->starts_with(row.parameter)) return row.type;
  }
  return "document";
}

// `params` with those of `extra` in the place of their namesakes, or behind them.
std::vector<Param> with_extra(std::vector<Param> params, const std::vector<Param>& extra) {
  const std::size_t own = params.size();
  std::vector<bool> overridden(own);
  for (const Param& param : extra) {
    const auto begin = params.begin();
    const auto place = std::find_if(begin, begin + static_cast<std::ptrdiff_t>(own),
                                    [&](const Param& each) { return each.name == param.name; });
    const auto at = static_cast<std::size_t>(place - begin);
    if (at < own && !overridden[at]) {
      overridden[at] = true;
      place->value = param.value;
    } else {
      params.push_back(param);  // a second value of one name is kept too
    }
  }
  return params;
}

std::vector<Param> sms_inbound(const InboundMessage& message) {
  const NumberPlace from = place_of(message.from);
  const NumberPlace to = place_of(message.to);
  Params params;
  params.add("ToCountry", to.country);
  params.add("ToState", to.state);
  params.add("SmsMessageSid", message.sid.text);
  params.add("NumMedia", media_count(message.extra, "MediaUrl"));
  params.add("ToCity", to.city);
  params.add("FromZip", from.zip);
  params.add("SmsSid", message.sid.text);
  params.add("FromState", from.state);
  params.add("SmsStatus", "received");
  params.add("FromCity", from.city);
  params.add("Body", message.body);
  params.add("FromCountry", from.country);
  params.add("To", message.to.text);
  params.add("ToZip", to.zip);
  params.add("NumSegments", std::to_string(count_segments(message.body)));
  params.add("ReferralNumMedia", "0");
  params.add("MessageSid", message.sid.text);
  params.add("AccountSid", message.account.text);
  params.add("From", message.from.text);
  params.add("ApiVersion", kApiVersion);
  return params.take();
}

// What newer traffic says again, as JSON.
std::string channel_metadata(std::string_view profile_name, std::string_view whatsapp_id) {
  std::string text;
  JsonWriter json(text, Spacing::Compact);
  json.begin_object().field("type", "whatsapp").key("data").begin_object();
  json.key("context").begin_object().field("ProfileName", profile_name);
  if (!whatsapp_id.empty()) json.field("WaId", whatsapp_id);
  json.end_object().end_object().end_object();
  return text;
}

// Taps repeat in the body what the user has seen.
std::string_view channel_body(const InboundMessage& message) {
  if (!message.body.empty()) return message.body;
  for (const std::string_view name : {"ButtonText", "ListTitle"}) {
    if (const auto text = find(message.extra, name)) return *text;
  }
  return {};
}

std::vector<Param> channel_inbound(const InboundMessage& message) {
  const bool number = message.from.form == AddressForm::E164;
  const std::vector<Param>& extra = message.extra;
  const std::string_view name = find(extra, "ProfileName").value_or("WhatsApp user");
  const std::string_view id =
      find(extra, "WaId").value_or(number ? message.from.local().substr(1) : "");
  const bool reply = find(extra, "OriginalRepliedMessageSid").has_value();
  const bool replied_to_us = reply && !find(extra, "OriginalRepliedMessageSender");
  Params params;
  if (replied_to_us) params.add("OriginalRepliedMessageSender", message.to.text);
  params.add("SmsMessageSid", message.sid.text);
  params.add("NumMedia", media_count(extra, "MediaUrl"));
  params.add("ProfileName", name);
  params.add("MessageType", message_type(extra));
  params.add("SmsSid", message.sid.text);
  if (!id.empty()) params.add("WaId", id);
  params.add("SmsStatus", "received");
  params.add("Body", channel_body(message));
  params.add("To", message.to.text);
  params.add("NumSegments", "1");
  params.add("ReferralNumMedia", find(extra, "ReferralMediaUrl") ? "1" : "0");
  params.add("MessageSid", message.sid.text);
  params.add("AccountSid", message.account.text);
  params.add("ChannelMetadata", channel_metadata(name, id));
  if (!number) params.add("ExternalUserId", message.from.text);
  params.add("From", message.from.text);
  params.add("ApiVersion", kApiVersion);
  return params.take();
}

}  // namespace

std::vector<Param> status_params(const Message& message) {
  return message.to.channel == Channel::Sms ? sms_status(message) : channel_status(message);
}

std::vector<Param> status_params(const StatusNews& news) {
  std::vector<Param> params = status_params(news.message);
  return news.said.empty() ? params : with_extra(std::move(params), news.said);
}

std::vector<Param> closing_soon_params(const AccountSid& account, const ClosingSoonNews& news) {
  Params params;
  params.add("Event", "window-closing-soon");
  params.add("AccountSid", account.text);
  params.add("From", news.window.user_spelling);
  params.add("To", news.window.key.sender);
  params.add("LastInbound", to_iso8601_ms(news.window.last_inbound));
  params.add("ClosesAt", to_iso8601_ms(news.closes));
  return params.take();
}

std::vector<Param> inbound_params(const InboundMessage& message) {
  return with_extra(
      message.from.channel == Channel::Sms ? sms_inbound(message) : channel_inbound(message),
      message.extra);
}

}  // namespace twindow::wire
