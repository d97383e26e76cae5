// SPDX-License-Identifier: Apache-2.0
#include "src/app/capture/captured_given.h"

#include <algorithm>

#include "twindow/wire/time_text.h"

#include "src/app/capture/captured_news.h"

namespace twindow::app {

namespace {

constexpr std::string_view kWhatsApp = "whatsapp:";
constexpr std::string_view kSandbox = "whatsapp:+14155238886";

const Json& about(const Json& material) {
  const Json& message = member_at(material, "message");
  return message.is_null() ? member_at(material, "decision") : message;
}

bool is_inbound(const Json& material) { return text_at(about(material), "direction") == "inbound"; }

// A template that nobody knows by now: with a placeholder for each variable of the send.
Json stand_in(const std::string& sid, const Json& material) {
  const Json variables =
      Json::parse(text_at(member_at(material, "send"), "ContentVariables"), nullptr, false);
  std::string body = "Hello";
  if (variables.is_object()) {
    for (const auto& [name, value] : variables.items()) body += " {{" + name + "}}";
  }
  return {{"sid", sid}, {"friendly_name", "unknown"}, {"language", "en"}, {"body", body}};
}

// Whatever else it has, this is the text that its placeholders are in.
Json given_template(const Json& content, Masker& mask) {
  Json made{{"sid", mask.sid(text_at(content, "sid"))},
            {"friendly_name", mask.text(text_at(content, "friendly_name"))},
            {"language", text_at(content, "language")}};
  std::string body = text_at(content, "body");
  if (body.empty()) body = "Hello";
  made["types"] = {{"twilio/text", {{"body", escaped(mask.text(body))}}}};
  if (const Json& samples = member_at(content, "variables"); !samples.empty()) {
    made["variables"] = masked_texts(samples, mask);
  }
  const Json& approval = member_at(content, "approval");
  const std::string status = text_at(approval, "whatsapp");
  made["approval"] = {{"whatsapp", status.empty() ? "approved" : status}};
  const std::string category = text_at(approval, "category");
  if (!category.empty()) made["approval"]["category"] = category;
  return made;
}

Json given_sender(const Json& material, const CapturedAddresses& addresses,
                  CapturedTargets& targets, Masker& mask) {
  const Json& known = member_at(material, "sender");
  Json sender{{"address", "${shop}"}};
  for (const char* url : {"inbound_url", "status_callback"}) {
    if (const std::string text = text_at(known, url); !text.empty()) {
      sender[url] = targets.aim(text);
      if (std::string_view(url) == "status_callback") targets.will_be_told();
    }
  }
  std::string service = addresses.service;
  if (service.empty()) service = mask.sid(text_at(known, "service"));
  if (!service.empty()) sender["service"] = service;
  return sender;
}

}  // namespace

Json masked_texts(const Json& json, Masker& mask) {
  if (json.is_string()) return escaped(mask.text(json.get<std::string>()));
  Json made = json;
  for (auto& [name, value] : made.items()) value = masked_texts(value, mask);
  return made;
}

Json CapturedAddresses::vars() const { return {{"shop", shop}, {"user", user}}; }

CapturedAddresses captured_addresses(const Json& material, Masker& mask) {
  const Json& message = about(material);
  const bool inbound = is_inbound(material);
  std::string shop = text_at(message, inbound ? "to" : "from");
  const std::string user = text_at(message, inbound ? "from" : "to");
  std::string service = text_at(message, "messaging_service_sid");
  // The policy's ledger has the service where the sender was still to be chosen.
  if (shop.starts_with("MG")) service = std::exchange(shop, {});
  if (shop.empty()) shop = text_at(member_at(material, "sender"), "address");
  if (shop.empty()) shop = user.starts_with(kWhatsApp) ? "whatsapp:+15555550100" : "+15555550100";
  CapturedAddresses made;
  made.shop = mask.address(shop);
  made.user = mask.address(user);
  made.service = mask.sid(service);
  return made;
}

std::string CapturedTargets::aim(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == url.npos) return url;
  const auto end = std::min(url.find_first_of("/?#", scheme + 3), url.size());
  std::string origin = url.substr(0, end);
  // Who else may know the password, this file shall not.
  if (const auto at = origin.rfind('@'); at != origin.npos) {
    origin = origin.substr(0, scheme + 3) + origin.substr(at + 1);
  }
  auto place = std::ranges::find(origins_, origin);
  if (place == origins_.end()) place = origins_.insert(origins_.end(), origin);
  const auto number = place - origins_.begin();
  std::string path = url.substr(end);
  if (!path.starts_with('/')) path.insert(0, "/");
  // The path is the app's own name of a place; what a query says may be about somebody.
  const auto query = std::min(path.find_first_of("?#"), path.size());
  std::string masked = mask_.identifiers(path.substr(0, query));
  if (query < path.size()) {
    const std::string whole = mask_.url("http://x/" + path.substr(query));
    masked += mask_.keeps() ? path.substr(query) : whole.substr(whole.find_first_of("?#"));
  }
  return (number == 0 ? "app" : "app" + std::to_string(number + 1)) + ":" + escaped(masked);
}

Json CapturedTargets::json() const {
  Json made = Json::object();
  for (std::size_t i = 0; i < std::max<std::size_t>(origins_.size(), 1); ++i) {
    const std::string number = i == 0 ? "" : std::to_string(i + 1);
    const bool real = mask_.keeps() && i < origins_.size();
    const std::string name = "https://app" + number + ".example.com";
    made["app" + number] = {{"deliver_to", "${env:APP_URL|http://127.0.0.1:3000}"},
                            {"sign_as", real ? origins_[i] : name}};
  }
  return made;
}

Json captured_given(const Json& material, const CapturedAddresses& addresses,
                    CapturedTargets& targets, Masker& mask) {
  const Json& message = about(material);
  Json given = Json::object();
  // Whoever writes from the Sandbox has no list of senders to be missing from.
  if (addresses.shop != kSandbox) {
    given["senders"] = Json::array({given_sender(material, addresses, targets, mask)});
  }
  std::string content = text_at(member_at(material, "send"), "ContentSid");
  if (content.empty()) content = text_at(message, "content_sid");
  if (!content.empty()) {
    const Json& known = member_at(material, "template");
    given["templates"] =
        Json::array({given_template(known.is_null() ? stand_in(content, material) : known, mask)});
  }
  const auto last = wire::parse_time(text_at(member_at(message, "window"), "last_inbound"));
  const std::string since =
      text_at(message, member_at(material, "message").is_null() ? "at" : "date_created");
  const auto created = wire::parse_time(since);
  if (last && created && *last <= *created && !is_inbound(material)) {
    Json window{{"sender", "${shop}"}, {"user", "${user}"}};
    window["last_inbound"] = *last == *created ? "-0s" : "-" + span_text(*created - *last);
    // Closed before its end: by hand, or since Twilio has said so.
    const bool early = *created - *last < std::chrono::hours(24) &&
                       text_at(member_at(message, "window"), "state") == "closed";
    if (early) window["state"] = "closed";
    given["windows"] = Json::array({std::move(window)});
  }
  return given;
}

}  // namespace twindow::app
