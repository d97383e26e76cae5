// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/send_request.h"

#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/wire/twilio/content_variables.h"
#include "twindow/wire/twilio/segments.h"
#include "twindow/wire/url.h"

namespace twindow::wire {

namespace {

constexpr std::size_t kBodyUnitsMax = 1600;
constexpr std::size_t kMediaMax = 10;
constexpr std::size_t kStatusCallbackMax = 4000;
constexpr std::uint32_t kValidityPeriodMax = 36'000;  // seconds

Result<void> check_present(const Form& form) {
  if (!form.first("To")) return fail(Errc::ToMissing);
  const auto from = form.first("From");
  const bool service = form.first("MessagingServiceSid") || (from && is_sid(*from, "MG"));
  if (!from && !service) return fail(Errc::FromMissing);
  if (!form.first("Body") && !form.first("MediaUrl") && !form.first("ContentSid")) {
    return fail(service ? Errc::ContentMissingService : Errc::ContentMissing);
  }
  return {};
}

Result<void> check_pair(const Address& to, const Address& from) {
  if (to.channel != from.channel) return fail(Errc::ChannelMismatch);
  if (to.text != from.text) return {};
  return fail(to.channel == Channel::Sms ? Errc::SameToAndFrom : Errc::SameToAndFromChannel,
              to.text);
}

Result<std::vector<std::string>> read_media(const Form& form) {
  const auto urls = form.all("MediaUrl");
  if (urls.size() > kMediaMax) return fail(Errc::TooManyMedia);
  for (const std::string_view url : urls) {
    if (!parse_web_url(url)) return fail(Errc::MediaUrlInvalid, std::string(url));
  }
  return std::vector<std::string>(urls.begin(), urls.end());
}

Result<void> read_content(const Form& form, SendRequest& request) {
  const auto sid = form.first("ContentSid");
  if (sid) {
    request.content = parse_content_sid(*sid);
    if (!request.content) return fail(Errc::ContentSidInvalid, std::string(*sid));
  }
  if (const auto variables = form.first("ContentVariables")) {
    if (!sid) return fail(Errc::ContentSidRequired);
    request.variables = TWINDOW_TRY(parse_content_variables(*variables));
    request.content_variables = *variables;
  }
  return {};
}

Result<void> read_status_callback(const Form& form, SendRequest& request) {
  const auto url = form.first("StatusCallback");
  if (!url) return {};
  if (url->size() > kStatusCallbackMax || !parse_web_url(*url)) {
    return fail(Errc::StatusCallbackInvalid, std::string(*url));
  }
  request.status_callback = *url;
  return {};
}

Result<void> check_validity_period(const Form& form) {
  const auto text = form.first("ValidityPeriod");
  if (!text || parse_decimal(*text, kValidityPeriodMax).value_or(0) > 0) return {};
  return fail(Errc::ValidityPeriodInvalid, std::string(*text));
}

}  // namespace

std::optional<SendRequest> read_send_request(const AccountSid& account, const Form& form) {
  const auto to = parse_to(form.first("To").value_or(""));
  if (!to) return std::nullopt;
  SendRequest request{.account = account, .to = *to};
  const auto from = form.first("From");
  const bool from_service = from && is_sid(*from, "MG");
  if (from && !from_service) {
    const auto address = parse_from(*from);
    if (address) request.from = *address;
  }
  const auto service = form.first("MessagingServiceSid");
  if (service) request.service = parse_service_sid(*service);
  if (!service && from_service) request.service = parse_service_sid(*from);
  if (!request.from && !request.service) return std::nullopt;
  request.body = form.first("Body").value_or("");
  for (const std::string_view url : form.all("MediaUrl")) request.media_urls.emplace_back(url);
  if (const auto content = form.first("ContentSid")) request.content = parse_content_sid(*content);
  if (const auto variables = form.first("ContentVariables")) {
    request.content_variables = *variables;
    request.variables = parse_content_variables(*variables).value_or(std::vector<Param>());
  }
  if (const auto url = form.first("StatusCallback")) request.status_callback = std::string(*url);
  return request;
}

Result<SendRequest> parse_send_request(const AccountSid& account, const Form& form) {
  TWINDOW_TRY(check_present(form));
  // Not inside the braces below: a return from there leaks the members made before.
  Address to = TWINDOW_TRY(parse_to(*form.first("To")));
  SendRequest request{.account = account, .to = std::move(to)};

  auto service = form.first("MessagingServiceSid");
  if (const auto from = form.first("From")) {
    if (!is_sid(*from, "MG")) {
      request.from = TWINDOW_TRY(parse_from(*from));
      TWINDOW_TRY(check_pair(request.to, *request.from));
    } else if (!service) {
      service = from;
    }
  }

  request.body = form.first("Body").value_or("");
  // No text has more UTF-16 units than bytes: most need no count.
  if (request.body.size() > kBodyUnitsMax && utf16_length(request.body) > kBodyUnitsMax) {
    return fail(Errc::BodyTooLong);
  }
  request.media_urls = TWINDOW_TRY(read_media(form));
  TWINDOW_TRY(read_content(form, request));
  if (service) {
    request.service = parse_service_sid(*service);
    if (!request.service) return fail(Errc::ServiceSidInvalid, std::string(*service));
  }
  TWINDOW_TRY(read_status_callback(form, request));
  TWINDOW_TRY(check_validity_period(form));
  return request;
}

}  // namespace twindow::wire
