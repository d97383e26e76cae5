// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/message_json.h"

#include <optional>

#include "twindow/wire/json_writer.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/error_codes.h"

#include "src/wire/xml.h"

namespace twindow::wire {

namespace {

using MaybeText = std::optional<std::string_view>;

// What both spellings of a message say, so that they cannot differ.
struct Fields {
  std::string created, updated;
  std::optional<std::string> sent;
  std::string num_segments, num_media;
  MaybeText from, service, price_unit, error_message;
  std::string path;  // of the resource, without a suffix
};

Fields fields_of(const Message& message) {
  Fields f;
  f.created = to_rfc2822(message.created);
  // A message is most often written right after it was made.
  f.updated = message.updated == message.created ? f.created : to_rfc2822(message.updated);
  if (message.sent) f.sent = to_rfc2822(*message.sent);
  f.num_segments = message.service && !message.sent ? "0" : std::to_string(message.num_segments);
  f.num_media = std::to_string(message.media_urls.size());
  if (message.from) f.from = message.from->text;
  if (message.service) f.service = message.service->text;
  if (message.to.channel == Channel::Sms) f.price_unit = "USD";
  if (message.error_code) {
    if (const auto* info = find_error_code(*message.error_code)) f.error_message = info->title;
  }
  f.path.reserve(128);
  f.path.append("/2010-04-01/Accounts/").append(message.account.text);
  f.path.append("/Messages/").append(message.sid.text);
  return f;
}

}  // namespace

void append_message_json(std::string& out, const Message& message, bool with_feedback_uri) {
  const Fields f = fields_of(message);
  JsonWriter json(out, Spacing::Spaced);
  json.begin_object()
      .field("body", message.body)
      .field("num_segments", f.num_segments)
      .field("direction", to_text(message.direction))
      .field("from", f.from)
      .field("date_updated", f.updated)
      .field("price", nullptr)
      .field("error_message", f.error_message)
      .key("uri")
      .joined({f.path, ".json"})
      .field("account_sid", message.account.text)
      .field("num_media", f.num_media)
      .field("to", message.to.text)
      .field("date_created", f.created)
      .field("status", to_text(message.status))
      .field("sid", message.sid.text)
      .field("date_sent", f.sent)
      .field("messaging_service_sid", f.service)
      .field("error_code", message.error_code)
      .field("price_unit", f.price_unit)
      .field("api_version", "2010-04-01")
      .key("subresource_uris")
      .begin_object()
      .key("media")
      .joined({f.path, "/Media.json"});
  if (with_feedback_uri) json.key("feedback").joined({f.path, "/Feedback.json"});
  json.end_object().end_object();
}

std::string message_json(const Message& message, bool with_feedback_uri) {
  std::string out;
  out.reserve(1024 + message.body.size());
  append_message_json(out, message, with_feedback_uri);
  return out;
}

std::string message_xml(const Message& message) {
  const Fields f = fields_of(message);
  const auto code = message.error_code ? std::to_string(*message.error_code) : std::string();
  std::string out(kXmlHead);
  out.reserve(1280 + message.body.size());
  out += "<TwilioResponse><Message>";
  append_xml_element(out, "Sid", message.sid.text);
  append_xml_element(out, "DateCreated", f.created);
  append_xml_element(out, "DateUpdated", f.updated);
  append_xml_element(out, "DateSent", f.sent);
  append_xml_element(out, "AccountSid", message.account.text);
  append_xml_element(out, "To", message.to.text);
  append_xml_element(out, "From", f.from);
  append_xml_element(out, "MessagingServiceSid", f.service);
  append_xml_element(out, "Body", message.body);
  append_xml_element(out, "Status", to_text(message.status));
  append_xml_element(out, "NumSegments", f.num_segments);
  append_xml_element(out, "NumMedia", f.num_media);
  append_xml_element(out, "Direction", to_text(message.direction));
  append_xml_element(out, "ApiVersion", "2010-04-01");
  append_xml_element(out, "Price", std::nullopt);
  append_xml_element(out, "PriceUnit", f.price_unit);
  append_xml_element(out, "ErrorCode", code);
  append_xml_element(out, "ErrorMessage", f.error_message);
  append_xml_element(out, "Uri", f.path);
  out += "<SubresourceUris>";
  append_xml_element(out, "Media", f.path + "/Media");
  out += "</SubresourceUris></Message></TwilioResponse>";
  return out;
}

}  // namespace twindow::wire
