// SPDX-License-Identifier: Apache-2.0
#include "src/app/capture/from_twilio.h"

#include <chrono>
#include <optional>

#include "twindow/base/limits.h"
#include "twindow/wire/form.h"
#include "twindow/wire/time_text.h"

namespace twindow::app {

namespace {

std::optional<Time> time_at(const Json& json, const char* name) {
  return wire::parse_time(text_at(json, name));
}

bool is_whatsapp(const Json& message) { return text_at(message, "to").starts_with("whatsapp:"); }

Json window_of(const Json& message, const Json& inbounds) {
  if (!is_whatsapp(message)) return {{"state", "none"}, {"last_inbound", nullptr}};
  const auto created = time_at(message, "date_created");
  for (const Json& inbound : member_at(inbounds, "messages")) {
    const auto sent = time_at(inbound, "date_sent");
    if (!sent || !created || *sent > *created) continue;
    const bool open = *created - *sent < limits::kWindowLength;
    return {{"state", open ? "open" : "closed"}, {"last_inbound", wire::to_iso8601_ms(*sent)}};
  }
  return {{"state", inbounds.is_null() ? "unknown" : "closed"}, {"last_inbound", nullptr}};
}

Json entry(Time at, const std::string& status, const Json& code) {
  return {{"at", wire::to_iso8601_ms(at)},
          {"event", "status"},
          {"status", status},
          {"error_code", code}};
}

// What it must have gone through: sent when it was, and its end when it was last changed.
Json timeline_of(const Json& message, Time created) {
  Json timeline = Json::array({entry(created, "queued", nullptr)});
  const std::string status = text_at(message, "status");
  const auto sent = time_at(message, "date_sent").value_or(created);
  const auto updated = time_at(message, "date_updated").value_or(sent);
  const Json& code = member_at(message, "error_code");
  const bool arrived = status == "delivered" || status == "read";
  if (arrived || status == "sent") timeline.push_back(entry(sent, "sent", nullptr));
  if (status == "read") timeline.push_back(entry(updated, "delivered", nullptr));
  const bool ended =
      arrived || status == "undelivered" || status == "failed" || status == "canceled";
  if (ended) timeline.push_back(entry(std::max(sent, updated), status, code));
  return timeline;
}

}  // namespace

std::string inbounds_before(const Json& message) {
  const auto created = time_at(message, "date_created").value_or(Time());
  return "/2010-04-01/Accounts/" + wire::percent_encode(text_at(message, "account_sid")) +
         "/Messages.json?From=" + wire::percent_encode(text_at(message, "to")) +
         "&To=" + wire::percent_encode(text_at(message, "from")) + "&DateSent%3C=" +
         wire::percent_encode(wire::to_iso8601(created + std::chrono::seconds(1))) + "&PageSize=20";
}

Json material_from_twilio(const Json& message, const Json& inbounds) {
  const Time created = time_at(message, "date_created").value_or(Time());
  const std::string direction = text_at(message, "direction");
  Json seen{{"sid", text_at(message, "sid")},
            {"direction", direction == "inbound" ? "inbound" : "outbound-api"},
            {"from", text_at(message, "from")},
            {"to", text_at(message, "to")},
            {"messaging_service_sid", text_at(message, "messaging_service_sid")},
            {"status", text_at(message, "status")},
            {"error_code", member_at(message, "error_code")},
            {"date_created", wire::to_iso8601_ms(created)},
            {"kind", "other"},
            {"window", window_of(message, inbounds)},
            {"timeline", timeline_of(message, created)}};
  Json send{{"Body", text_at(message, "body")}};
  const std::string media = text_at(message, "num_media");
  // Where its media came from is not told.
  if (!media.empty() && media != "0" && direction != "inbound") {
    send["MediaUrl"] = Json::array({"https://media.example.com/1.jpg"});
  }
  return {{"mode", "twilio"},          {"message", seen},   {"send", send},
          {"decision", nullptr},       {"sender", nullptr}, {"template", nullptr},
          {"callbacks", Json::array()}};
}

}  // namespace twindow::app
