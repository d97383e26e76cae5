// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/send_request.h"

#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/wire/twilio/segments.h"
#include "twindow/wire/url.h"

#include "src/wire/flat_json.h"

namespace twindow::wire {

namespace {

constexpr std::size_t kBodyUnitsMax = 1600;
constexpr std::size_t kMediaMax = 10;
constexpr std::size_t kVariablesMax = 100;
constexpr std::size_t kVariableKeyMax = 16;
constexpr std::size_t kVariableValueMax = 1600;
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

Result<void> check_content_variables(std::string_view text) {
  const auto members = parse_flat_object(text);
  if (!members) return fail(Errc::ContentVariablesInvalid, members.error().what);
  if (members->size() > kVariablesMax) {
    return fail(Errc::ContentVariablesInvalid, "expected at most 100 variables");
  }
  for (const FlatMember& member : *members) {
    const auto refuse = [&](std::string_view expected) {
      return fail(Errc::ContentVariablesInvalid,
                  "\"" + member.key + "\": expected " + std::string(expected));
    };
    if (!member.text) return refuse("text, found null");
    if (utf16_length(member.key) > kVariableKeyMax) return refuse("a name of at most 16 letters");
    if (utf16_length(*member.text) > kVariableValueMax) {
      return refuse("a value of at most 1600 letters");
    }
  }
  return {};
}

Result<void> read_content(const Form& form, SendRequest& request) {
  const auto sid = form.first("ContentSid");
  if (sid) {
    request.content = parse_content_sid(*sid);
    if (!request.content) return fail(Errc::ContentSidInvalid, std::string(*sid));
  }
  if (const auto variables = form.first("ContentVariables")) {
    if (!sid) return fail(Errc::ContentSidRequired);
    TWINDOW_TRY(check_content_variables(*variables));
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
