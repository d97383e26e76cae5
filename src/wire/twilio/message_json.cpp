// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/message_json.h"

#include <initializer_list>
#include <optional>
#include <string_view>

#include "twindow/wire/json_writer.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/error_codes.h"

#include "src/wire/xml.h"

namespace twindow::wire {

namespace {

using MaybeText = std::optional<std::string_view>;

// What both spellings of a message say, so that they cannot differ.
struct Fields {
  std::string created, updated_text, sent_text;
  std::string_view updated;
  MaybeText sent;
  std::string num_segments, num_media, error_code;  // short: no allocation
  MaybeText from, service, price_unit, error_message;
  std::string path;  // of the resource, without a suffix
};

void read_fields(const Message& message, Fields& f) {
  f.created = to_rfc2822(message.created);
  // A message is most often written right after it was made.
  if (message.updated != message.created) f.updated_text = to_rfc2822(message.updated);
  f.updated = message.updated == message.created ? f.created : f.updated_text;
  if (message.sent) f.sent = f.sent_text = to_rfc2822(*message.sent);
  f.num_segments = message.service && !message.sent ? "0" : std::to_string(message.num_segments);
  f.num_media = std::to_string(message.media_urls.size());
  if (message.from) f.from = message.from->text;
  if (message.service) f.service = message.service->text;
  if (message.to.channel == Channel::Sms) f.price_unit = "USD";
  f.error_code = message.error_code ? std::to_string(*message.error_code) : "null";
  if (message.error_code) {
    if (const auto* info = find_error_code(*message.error_code)) f.error_message = info->title;
  }
  f.path.reserve(128);
  f.path.append("/2010-04-01/Accounts/").append(message.account.text);
  f.path.append("/Messages/").append(message.sid.text);
}

// Between the quotes of the template below: `text`, where it holds what JSON escapes.
void append_value(std::string& out, MaybeText text) {
  if (text) {
    append_json_string(out, *text);
  } else {
    out += "null";
  }
}

}  // namespace

// The spelling of api.twilio.com, as one template: most of it is always the same, and most values
// (SIDs, dates, numbers, our own words) hold nothing that JSON escapes.
void append_message_json(std::string& out, const Message& message, bool with_feedback_uri) {
  Fields f;
  read_fields(message, f);
  const auto append = [&out](std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) out.append(part);
  };
  out += R"({"body": )";
  append_json_string(out, message.body);
  append({R"(, "num_segments": ")", f.num_segments, R"(", "direction": ")",
          to_text(message.direction), R"(", "from": )"});
  append_value(out, f.from);
  append({R"(, "date_updated": ")", f.updated, R"(", "price": null, "error_message": )"});
  append_value(out, f.error_message);
  append({R"(, "uri": ")", f.path, R"(.json", "account_sid": ")", message.account.text,
          R"(", "num_media": ")", f.num_media, R"(", "to": )"});
  append_value(out, message.to.text);
  append({R"(, "date_created": ")", f.created, R"(", "status": ")", to_text(message.status),
          R"(", "sid": ")", message.sid.text, R"(", "date_sent": )"});
  append_value(out, f.sent);
  out += R"(, "messaging_service_sid": )";
  append_value(out, f.service);
  append({R"(, "error_code": )", f.error_code, R"(, "price_unit": )"});
  append_value(out, f.price_unit);
  append({R"(, "api_version": "2010-04-01", "subresource_uris": {"media": ")", f.path,
          R"(/Media.json")"});
  if (with_feedback_uri) append({R"(, "feedback": ")", f.path, R"(/Feedback.json")"});
  out += "}}";
}

std::string message_json(const Message& message, bool with_feedback_uri) {
  std::string out;
  out.reserve(1024 + message.body.size());
  append_message_json(out, message, with_feedback_uri);
  return out;
}

std::string message_xml(const Message& message) {
  Fields f;
  read_fields(message, f);
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
