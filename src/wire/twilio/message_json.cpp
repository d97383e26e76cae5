// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/message_json.h"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "twindow/wire/json_writer.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/error_codes.h"

#include "src/wire/csv.h"
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
  std::string price_text, masked_to;
  MaybeText from, service, price, price_unit, error_message;
  std::string_view to, body;
  std::string path;  // of the resource, without a suffix
};

// "-0.00750"
std::string price_text(int hundred_thousandths) {
  constexpr int kDollar = 100'000;
  const int size = std::abs(hundred_thousandths);
  std::string fraction = std::to_string(size % kDollar);
  fraction.insert(0, 5 - fraction.size(), '0');
  return (hundred_thousandths < 0 ? "-" : "") + std::to_string(size / kDollar) + "." + fraction;
}

// Its last four characters hidden: "+1555867XXXX".
std::string masked(std::string_view address) {
  const std::size_t hidden = std::min<std::size_t>(4, address.size());
  return std::string(address.substr(0, address.size() - hidden)) + std::string(hidden, 'X');
}

// A service's message has no segments before it is sent, but for one with media that waits for its
// time.
std::string segments_text(const Message& message) {
  const bool waits = message.service && !message.sent && message.direction != Direction::Inbound;
  const bool scheduled_media = !message.media.empty() && message.options->send_at;
  return waits && !scheduled_media ? "0" : std::to_string(message.num_segments);
}

void read_fields(const Message& message, Fields& f) {
  f.created = to_rfc2822(message.created);
  // A message is most often written right after it was made.
  if (message.updated != message.created) f.updated_text = to_rfc2822(message.updated);
  f.updated = message.updated == message.created ? f.created : f.updated_text;
  if (message.sent) f.sent = f.sent_text = to_rfc2822(*message.sent);
  f.num_segments = segments_text(message);
  f.num_media = std::to_string(message.media.size());
  if (message.from) f.from = message.from->text;
  if (message.service) f.service = message.service->text;
  if (message.to.channel == Channel::Sms || message.price) f.price_unit = "USD";
  if (message.price) f.price = f.price_text = price_text(*message.price);
  f.to = message.to.text;
  if (message.options->obfuscate_address && is_final(message.status)) {
    f.to = f.masked_to = masked(message.to.text);
  }
  // What a template says is filled in once a sender was chosen.
  const bool unfilled = message.content && message.service && !message.from;
  f.body = unfilled ? std::string_view() : std::string_view(message.body);
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
  append_json_string(out, f.body);
  append({R"(, "num_segments": ")", f.num_segments, R"(", "direction": ")",
          to_text(message.direction), R"(", "from": )"});
  append_value(out, f.from);
  append({R"(, "date_updated": ")", f.updated, R"(", "price": )"});
  append_value(out, f.price);
  out += R"(, "error_message": )";
  append_value(out, f.error_message);
  append({R"(, "uri": ")", f.path, R"(.json", "account_sid": ")", message.account.text,
          R"(", "num_media": ")", f.num_media, R"(", "to": )"});
  append_value(out, f.to);
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

void append_message_xml(std::string& out, const Message& message, bool with_feedback_uri) {
  Fields f;
  read_fields(message, f);
  const auto code = message.error_code ? std::to_string(*message.error_code) : std::string();
  out += "<Message>";
  append_xml_element(out, "Sid", message.sid.text);
  append_xml_element(out, "DateCreated", f.created);
  append_xml_element(out, "DateUpdated", f.updated);
  append_xml_element(out, "DateSent", f.sent);
  append_xml_element(out, "AccountSid", message.account.text);
  append_xml_element(out, "To", f.to);
  append_xml_element(out, "From", f.from);
  append_xml_element(out, "MessagingServiceSid", f.service);
  append_xml_element(out, "Body", f.body);
  append_xml_element(out, "Status", to_text(message.status));
  append_xml_element(out, "NumSegments", f.num_segments);
  append_xml_element(out, "NumMedia", f.num_media);
  append_xml_element(out, "Direction", to_text(message.direction));
  append_xml_element(out, "ApiVersion", "2010-04-01");
  append_xml_element(out, "Price", f.price);
  append_xml_element(out, "PriceUnit", f.price_unit);
  append_xml_element(out, "ErrorCode", code);
  append_xml_element(out, "ErrorMessage", f.error_message);
  append_xml_element(out, "Uri", f.path);
  out += "<SubresourceUris>";
  append_xml_element(out, "Media", f.path + "/Media");
  if (with_feedback_uri) append_xml_element(out, "Feedback", f.path + "/Feedback");
  out += "</SubresourceUris></Message>";
}

std::string message_xml(const Message& message, bool with_feedback_uri) {
  std::string out(kXmlHead);
  out.reserve(1280 + message.body.size());
  out += "<TwilioResponse>";
  append_message_xml(out, message, with_feedback_uri);
  out += "</TwilioResponse>";
  return out;
}

std::string_view message_csv_head() {
  return "Sid,DateCreated,DateUpdated,DateSent,AccountSid,To,From,MessagingServiceSid,Body,Status,"
         "NumSegments,NumMedia,Direction,ApiVersion,Price,PriceUnit,ErrorCode,ErrorMessage,Uri\r\n";
}

void append_message_csv(std::string& out, const Message& message) {
  Fields f;
  read_fields(message, f);
  const auto code = message.error_code ? std::to_string(*message.error_code) : std::string();
  const std::initializer_list<MaybeText> fields{message.sid.text,
                                                f.created,
                                                f.updated,
                                                f.sent,
                                                message.account.text,
                                                f.to,
                                                f.from,
                                                f.service,
                                                f.body,
                                                to_text(message.status),
                                                f.num_segments,
                                                f.num_media,
                                                to_text(message.direction),
                                                "2010-04-01",
                                                f.price,
                                                f.price_unit,
                                                code,
                                                f.error_message,
                                                f.path};
  bool first = true;
  for (const MaybeText& field : fields) {
    if (!first) out += ',';
    first = false;
    append_csv_field(out, field.value_or(""));
  }
  out += "\r\n";
}

std::string message_csv(const Message& message) {
  std::string out(message_csv_head());
  append_message_csv(out, message);
  return out;
}

}  // namespace twindow::wire
