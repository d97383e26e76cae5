// SPDX-License-Identifier: Apache-2.0
#include "src/api/inbound_fields.h"

#include <algorithm>
#include <array>
#include <string>

#include "twindow/base/ascii.h"
#include "twindow/wire/url.h"

namespace twindow::api {

namespace {

using Params = std::vector<Param>;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

struct Type {
  std::string_view ending;
  std::string_view type;
};
constexpr std::array<Type, 13> kTypes{{{".jpg", "image/jpeg"},
                                       {".jpeg", "image/jpeg"},
                                       {".png", "image/png"},
                                       {".webp", "image/webp"},
                                       {".gif", "image/gif"},
                                       {".ogg", "audio/ogg"},
                                       {".mp3", "audio/mpeg"},
                                       {".amr", "audio/amr"},
                                       {".mp4", "video/mp4"},
                                       {".3gp", "video/3gpp"},
                                       {".pdf", "application/pdf"},
                                       {".vcf", "text/vcard"},
                                       {".txt", "text/plain"}}};

std::string_view type_of(std::string_view url) {
  const std::string path = lower_case(url.substr(0, url.find_first_of("?#")));
  for (const Type& row : kTypes) {
    if (path.ends_with(row.ending)) return row.type;
  }
  return "application/octet-stream";
}

Unexpected<Error> wrong(std::string_view field, std::string_view value, std::string_view expected) {
  return fail(Errc::BadInput, std::string(field) + ": '" + std::string(value) + "', expected " +
                                  std::string(expected));
}

Result<void> add_media(const std::string& value, Params& into) {
  if (!wire::parse_web_url(value)) return wrong("media", value, "an http or https URL");
  into.push_back({"NumMedia", "1"});
  into.push_back({"MediaContentType0", std::string(type_of(value))});
  into.push_back({"MediaUrl0", value});
  return {};
}

Result<void> add_button(const std::string& value, Params& into) {
  const auto parts = split(value, '|');
  if (parts.size() > 2 || parts[0].empty()) return wrong("button", value, "text or text|payload");
  into.push_back({"ButtonText", parts[0]});
  into.push_back({"ButtonPayload", parts.back()});
  into.push_back({"ButtonType", "REPLY"});
  return {};
}

Result<void> add_list(const std::string& value, Params& into) {
  const auto parts = split(value, '|');
  if (parts.size() > 3 || parts[0].empty()) {
    return wrong("list", value, "title, title|id or title|id|description");
  }
  into.push_back({"ListTitle", parts[0]});
  into.push_back({"ListId", parts.size() > 1 ? parts[1] : parts[0]});
  if (parts.size() > 2) into.push_back({"ListDescription", parts[2]});
  return {};
}

bool is_decimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool good = std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '.'; });
  return good && !text.empty() && std::ranges::count(text, '.') <= 1 && text != ".";
}

Result<void> add_location(const std::string& value, Params& into) {
  const auto parts = split(value, '|');
  const auto place = split(parts[0], ',');
  if (place.size() != 2 || parts.size() > 3 || !is_decimal(place[0]) || !is_decimal(place[1])) {
    return wrong("location", value, "latitude,longitude, such as 19.4326,-99.1332|Label|Address");
  }
  into.push_back({"Latitude", place[0]});
  into.push_back({"Longitude", place[1]});
  if (parts.size() > 1) into.push_back({"Label", parts[1]});
  if (parts.size() > 2) into.push_back({"Address", parts[2]});
  return {};
}

Result<void> add_reply(const std::string& value, Params& into) {
  if (!parse_message_sid(value)) return wrong("reply_to", value, "a message SID");
  into.push_back({"OriginalRepliedMessageSid", value});
  return {};
}

Result<void> add_forwarded(const std::string& value, Params& into) {
  if (value != "once" && value != "often" && value != "true") {
    return wrong("forwarded", value, "once or often");
  }
  into.push_back({"Forwarded", "true"});
  if (value == "often") into.push_back({"FrequentlyForwarded", "true"});
  return {};
}

Result<void> add_ad(const std::string& value, Params& into) {
  const auto parts = split(value, '|');
  if (parts.size() > 2 || !wire::parse_web_url(parts[0])) {
    return wrong("ad", value, "the ad's URL, or URL|click id");
  }
  into.push_back({"ReferralBody", "An ad"});
  into.push_back({"ReferralHeadline", "Write to us"});
  into.push_back({"ReferralSourceId", "120200000000000001"});
  into.push_back({"ReferralSourceType", "ad"});
  into.push_back({"ReferralSourceUrl", parts[0]});
  into.push_back({"ReferralCtwaClid", parts.size() > 1 ? parts[1] : "ctwa-0001"});
  return {};
}

Result<void> add_user_id(const std::string& value, Params& into) {
  const std::string id = value.starts_with("whatsapp:") ? value : "whatsapp:" + value;
  const auto parsed = parse_to(id);
  if (!parsed || parsed->form != AddressForm::UserId) {
    return wrong("user_id", value, "a business-scoped user id, such as US.1000000000000001");
  }
  into.push_back({"ExternalUserId", id});
  return {};
}

Result<void> add_reaction(const std::string& value, Params& into) {
  into.push_back({"MessageType", "reaction"});
  into.push_back({"Body", value});
  return {};
}

struct ShortForm {
  std::string_view name;
  Result<void> (*add)(const std::string& value, Params& into);
};
constexpr std::array<ShortForm, 9> kShortForms{{{"media", add_media},
                                                {"button", add_button},
                                                {"list", add_list},
                                                {"location", add_location},
                                                {"reply_to", add_reply},
                                                {"forwarded", add_forwarded},
                                                {"ad", add_ad},
                                                {"user_id", add_user_id},
                                                {"reaction", add_reaction}}};

}  // namespace

Read<std::vector<Param>> without_short_forms(const std::vector<Param>& fields) {
  Params made;
  for (const Param& field : fields) {
    const auto form = std::ranges::find(kShortForms, field.name, &ShortForm::name);
    if (form != kShortForms.end()) {
      TWINDOW_TRY(at(pointer_to({field.name}), form->add(field.value, made)));
      continue;
    }
    if (!field.name.empty() && lower(field.name.front()) == field.name.front() &&
        is_letter(field.name.front())) {
      std::string known;
      for (const ShortForm& each : kShortForms) known += " " + std::string(each.name);
      return wrong_at(pointer_to({field.name}),
                      "'" + field.name +
                          "' is none of our short forms (Twilio's parameters begin with a "
                          "capital):" +
                          known);
    }
    made.push_back(field);
  }
  return made;
}

}  // namespace twindow::api
