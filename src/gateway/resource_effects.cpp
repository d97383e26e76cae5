// SPDX-License-Identifier: Apache-2.0
#include "src/gateway/resource_effects.h"

#include <array>
#include <charconv>

namespace twindow::gateway {

namespace {

std::optional<std::string> url_of(const Resource& resource, std::string_view field) {
  const std::string_view url = resource.get(field);
  return url.empty() ? std::nullopt : std::optional(std::string(url));
}

// What was never said is Twilio's default.
HttpMethod method_of(const Resource& resource, std::string_view field) {
  return parse_http_method(resource.get(field)).value_or(HttpMethod::Post);
}

// Seconds. What no number can be is none: the API has checked it.
std::optional<Duration> seconds_of(const Resource& resource, std::string_view field) {
  const std::string_view text = resource.get(field);
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

struct SenderFields {
  ResourceKind kind;
  std::string_view address;
  std::string_view inbound_url;
  std::string_view inbound_method;
  std::string_view fallback_url;
  std::string_view fallback_method;
  std::string_view status_callback;
  std::string_view status_method;
};
constexpr std::array kSenderFields{
    SenderFields{ResourceKind::PhoneNumber, "phone_number", "sms_url", "sms_method",
                 "sms_fallback_url", "sms_fallback_method", "status_callback",
                 "status_callback_method"},
    SenderFields{ResourceKind::ShortCode, "short_code", "sms_url", "sms_method", "sms_fallback_url",
                 "sms_fallback_method", "status_callback", "status_callback_method"},
    SenderFields{ResourceKind::ChannelSender, "sender_id", "callback_url", "callback_method",
                 "fallback_url", "fallback_method", "status_callback_url",
                 "status_callback_method"},
    SenderFields{ResourceKind::PoolAlphaSender, "alpha_sender", "", "", "", "", "", ""},
    SenderFields{ResourceKind::PoolDestinationAlphaSender, "alpha_sender", "", "", "", "", "", ""},
};

const SenderFields* fields_of(ResourceKind kind) {
  for (const SenderFields& row : kSenderFields) {
    if (row.kind == kind) return &row;
  }
  return nullptr;
}

constexpr std::string_view kSample = "sample.";

}  // namespace

std::string_view address_field(ResourceKind kind) {
  const SenderFields* const row = fields_of(kind);
  return row == nullptr ? std::string_view() : row->address;
}

std::optional<ResourceKind> kind_of(const Address& address) {
  if (address.channel != Channel::Sms) return ResourceKind::ChannelSender;
  if (address.form == AddressForm::E164) return ResourceKind::PhoneNumber;
  if (address.form == AddressForm::ShortCode) return ResourceKind::ShortCode;
  return std::nullopt;
}

ResourceKind pool_of(const Address& address) {
  const auto kind = kind_of(address);
  if (kind == ResourceKind::ChannelSender) return ResourceKind::PoolChannelSender;
  if (kind == ResourceKind::PhoneNumber) return ResourceKind::PoolPhoneNumber;
  if (kind == ResourceKind::ShortCode) return ResourceKind::PoolShortCode;
  return ResourceKind::PoolAlphaSender;
}

std::optional<ResourceKind> member_of(ResourceKind pool) {
  switch (pool) {
    case ResourceKind::PoolPhoneNumber:
      return ResourceKind::PhoneNumber;
    case ResourceKind::PoolShortCode:
      return ResourceKind::ShortCode;
    case ResourceKind::PoolChannelSender:
      return ResourceKind::ChannelSender;
    default:
      return std::nullopt;
  }
}

std::optional<Sender> sender_of(const Resource& resource) {
  const SenderFields* const row = fields_of(resource.kind);
  if (row == nullptr) return std::nullopt;
  if (resource.kind == ResourceKind::ChannelSender &&
      !resource.get("status").starts_with("ONLINE")) {
    return std::nullopt;
  }
  auto address = parse_from(resource.get(row->address));
  if (!address) return std::nullopt;
  Sender sender{.address = *std::move(address)};
  sender.inbound_url = url_of(resource, row->inbound_url);
  sender.inbound_method = method_of(resource, row->inbound_method);
  sender.fallback_url = url_of(resource, row->fallback_url);
  sender.fallback_method = method_of(resource, row->fallback_method);
  sender.status_callback = url_of(resource, row->status_callback);
  sender.status_method = method_of(resource, row->status_method);
  if (is_pool(resource.kind)) sender.service = ServiceSid{resource.parent};
  return sender;
}

Resource described(ResourceKind kind, const Sender& sender) {
  Resource resource{.kind = kind};
  const SenderFields* const row = fields_of(kind);
  if (row == nullptr) return resource;
  resource.set(row->address, sender.address.text);
  if (!row->inbound_url.empty()) {
    resource.set(row->inbound_url, sender.inbound_url.value_or(""));
    resource.set(row->inbound_method, to_text(sender.inbound_method));
    resource.set(row->fallback_url, sender.fallback_url.value_or(""));
    resource.set(row->fallback_method, to_text(sender.fallback_method));
    resource.set(row->status_callback, sender.status_callback.value_or(""));
    resource.set(row->status_method, to_text(sender.status_method));
  }
  if (kind == ResourceKind::ChannelSender) resource.set("status", "ONLINE");
  return resource;
}

ServiceSettings settings_of(const Resource& service) {
  const auto unless_false = [&](std::string_view field) { return service.get(field) != "false"; };
  return {.inbound_url = url_of(service, "inbound_request_url"),
          .inbound_method = method_of(service, "inbound_method"),
          .fallback_url = url_of(service, "fallback_url"),
          .fallback_method = method_of(service, "fallback_method"),
          .status_callback = url_of(service, "status_callback"),
          .validity = seconds_of(service, "validity_period"),
          .defers_inbound = service.is("use_inbound_webhook_on_number"),
          .sticky = unless_false("sticky_sender"),
          .geomatch = unless_false("area_code_geomatch"),
          .smart_encoding = unless_false("smart_encoding")};
}

void write_template(Resource& content, const ContentTemplate& plain) {
  content.set("friendly_name", plain.name);
  content.set("language", plain.language);
  content.set("category", plain.category);
  content.set("status", to_text(plain.status));
  content.set("shown_type", plain.type);
  content.set("body", plain.body);
  content.set("has_media", plain.has_media ? "true" : "false");
  std::erase_if(content.fields, [](const Param& field) {
    return field.name == "other_text" || field.name.starts_with(kSample);
  });
  for (const std::string& text : plain.other_texts) content.fields.push_back({"other_text", text});
  for (const Param& sample : plain.samples) {
    content.fields.push_back({std::string(kSample) + sample.name, sample.value});
  }
}

ContentTemplate template_of(const Resource& content) {
  ContentTemplate plain{
      .sid = ContentSid{content.sid},
      .name = std::string(content.get("friendly_name")),
      .language = std::string(content.get("language")),
      .category = std::string(content.get("category")),
      .status = parse_template_status(content.get("status")).value_or(TemplateStatus::Unsubmitted),
      .type = std::string(content.get("shown_type")),
      .body = std::string(content.get("body")),
      .has_media = content.is("has_media")};
  for (const Param& field : content.fields) {
    if (field.name == "other_text") plain.other_texts.push_back(field.value);
    if (field.name.starts_with(kSample)) {
      plain.samples.push_back({field.name.substr(kSample.size()), field.value});
    }
  }
  return plain;
}

bool fits(std::string_view pattern, std::string_view text) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  text.remove_prefix(star);
  pattern.remove_prefix(star + 1);
  // The shortest that the star can stand for is enough, but for the last one.
  const auto next = pattern.find('*');
  if (next == std::string_view::npos)
    return text.ends_with(pattern) && pattern.size() <= text.size();
  const std::string_view piece = pattern.substr(0, next);
  const auto found = text.find(piece);
  if (found == std::string_view::npos) return false;
  return fits(pattern.substr(next), text.substr(found + piece.size()));
}

}  // namespace twindow::gateway
