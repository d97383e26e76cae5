// SPDX-License-Identifier: Apache-2.0
#include "src/app/capture/captured_send.h"

#include <algorithm>
#include <array>

#include "twindow/base/ascii.h"

#include "src/app/capture/captured_news.h"

namespace twindow::app {

namespace {

using Mask = std::string (*)(const std::string&, Masker&);

std::string as_it_is(const std::string& text, Masker& /*mask*/) { return text; }
std::string as_text(const std::string& text, Masker& mask) { return mask.text(text); }
std::string as_url(const std::string& text, Masker& mask) { return mask.url(text); }
std::string as_identifier(const std::string& text, Masker& mask) { return mask.identifiers(text); }
std::string as_sid(const std::string& text, Masker& mask) { return mask.sid(text); }

// An object of texts keeps its names; what is none is masked as it stands, and stays none.
std::string as_variables(const std::string& text, Masker& mask) {
  const Json json = Json::parse(text, nullptr, false);
  if (mask.keeps() || !json.is_object()) return mask.text(text);
  Json made = json;
  for (auto& [name, value] : made.items()) {
    if (value.is_string()) value = mask.text(value.get<std::string>());
  }
  return made.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// STOP, START and their kin do something; "join two-words" leads into the Sandbox.
std::string as_words_of_a_user(const std::string& text, Masker& mask) {
  constexpr auto kKeywords = std::to_array<std::string_view>(
      {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "START",
       "YES", "UNSTOP", "HELP", "INFO"});
  const bool keyword = std::ranges::any_of(
      kKeywords, [&](std::string_view word) { return equals_ignoring_case(word, text); });
  return keyword || text.starts_with("join ") ? text : mask.text(text);
}

struct Row {
  const char* name;
  Mask mask;
};

// What is not here is not part of a captured send.
constexpr auto kSend = std::to_array<Row>({{"Body", as_text},
                                           {"MediaUrl", as_url},
                                           {"ContentSid", as_sid},
                                           {"ContentVariables", as_variables},
                                           {"PersistentAction", as_text},
                                           {"ScheduleType", as_it_is},
                                           {"SendAt", as_it_is},
                                           {"ValidityPeriod", as_it_is}});

// What says which message it is, and what follows from the rest.
constexpr auto kMadeAnew = std::to_array<std::string_view>(
    {"AccountSid", "ApiVersion", "MessageSid", "NumSegments", "SmsMessageSid", "SmsSid",
     "SmsStatus", "From", "To", "WaId", "MessagingServiceSid"});
constexpr auto kWords = std::to_array<std::string_view>(
    {"MessageType", "ButtonType", "MediaContentType0", "NumMedia", "ReferralSourceType",
     "Forwarded", "FrequentlyForwarded", "ReferralNumMedia"});

// What the app itself has put into its buttons and lists, and goes by.
constexpr auto kOfTheApp = std::to_array<std::string_view>({"ButtonPayload", "ListId"});

bool has(const auto& names, const std::string& name) {
  return std::ranges::find(names, std::string_view(name)) != std::ranges::end(names);
}

Json masked(const Json& value, Mask with, Masker& mask) {
  if (value.is_array()) {
    Json made = Json::array();
    for (const Json& one : value) made.push_back(masked(one, with, mask));
    return made;
  }
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  return escaped(with(text, mask));
}

}  // namespace

Json captured_send(const Json& material, const CapturedAddresses& addresses,
                   CapturedTargets& targets, Masker& mask) {
  const Json& given = member_at(material, "send");
  Json send = Json::object();
  const bool by_service = !addresses.service.empty();
  send[by_service ? "MessagingServiceSid" : "From"] = by_service ? addresses.service : "${shop}";
  send["To"] = "${user}";
  for (const Row& row : kSend) {
    const Json& value = member_at(given, row.name);
    if (value.is_null() || value == "") continue;
    send[row.name] = masked(value, row.mask, mask);
  }
  // Nothing is left of it: redacted, or refused at once.
  const bool says =
      send.contains("Body") || send.contains("MediaUrl") || send.contains("ContentSid");
  if (!says) {
    const std::string content = text_at(member_at(material, "decision"), "content_sid");
    if (content.empty()) {
      send["Body"] = "The text is not known";
    } else {
      send["ContentSid"] = mask.sid(content);
    }
  }
  if (const std::string url = text_at(given, "StatusCallback"); !url.empty()) {
    send["StatusCallback"] = targets.aim(url);
    targets.will_be_told();
  }
  return send;
}

Json captured_inbound(const Json& material, Masker& mask) {
  Json fields{{"From", "${user}"}, {"To", "${shop}"}};
  for (const auto& [name, value] : member_at(material, "send").items()) {
    if (has(kMadeAnew, name) || !value.is_string()) continue;
    Mask with = has(kWords, name) ? as_it_is : as_text;
    if (has(kOfTheApp, name)) with = as_identifier;
    if (name == "Body") with = as_words_of_a_user;
    if (name.find("Url") != name.npos) with = as_url;
    if (name.ends_with("Sid")) with = as_sid;
    fields[name] = masked(value, with, mask);
  }
  return fields;
}

}  // namespace twindow::app
