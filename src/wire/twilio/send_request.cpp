// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/send_request.h"

#include "twindow/model/segments.h"
#include "twindow/wire/twilio/content_variables.h"
#include "twindow/wire/url.h"

#include "src/wire/twilio/message_params.h"
#include "src/wire/twilio/read_options.h"

namespace twindow::wire {

namespace {

using enum MessageParam;

constexpr std::size_t kBodyUnitsMax = 1600;
constexpr std::size_t kMediaMax = 10;
constexpr std::size_t kStatusCallbackMax = 4000;

Result<void> check_present(const MessageParams& params) {
  if (!params[To]) return fail(Errc::ToMissing);
  const auto from = params[From];
  const bool service = params[MessagingServiceSid] || (from && is_sid(*from, "MG"));
  if (!from && !service) return fail(Errc::FromMissing);
  if (!params[Body] && !params[MediaUrl] && !params[ContentSid]) {
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

Result<void> check_body(std::string_view body) {
  // No text has more UTF-16 units than bytes: most need no count.
  if (body.size() <= kBodyUnitsMax || utf16_length(body) <= kBodyUnitsMax) return {};
  return fail(Errc::BodyTooLong);
}

Result<std::vector<std::string>> read_media(const Form& form) {
  const auto urls = form.all("MediaUrl");
  if (urls.size() > kMediaMax) return fail(Errc::TooManyMedia);
  for (const std::string_view url : urls) {
    if (!parse_web_url(url)) return fail(Errc::MediaUrlInvalid, std::string(url));
  }
  return std::vector<std::string>(urls.begin(), urls.end());
}

Result<void> read_content(const MessageParams& params, SendRequest& request) {
  const auto sid = params[MessageParam::ContentSid];
  if (sid) {
    request.content = parse_content_sid(*sid);
    if (!request.content) return fail(Errc::ContentSidInvalid, std::string(*sid));
  }
  if (const auto variables = params[ContentVariables]) {
    if (!sid) return fail(Errc::ContentSidRequired);
    request.variables = TWINDOW_TRY(parse_content_variables(*variables));
    request.content_variables = *variables;
  }
  return {};
}

Result<void> read_status_callback(const MessageParams& params, SendRequest& request) {
  const auto url = params[StatusCallback];
  if (!url) return {};
  if (url->size() > kStatusCallbackMax || !parse_web_url(*url)) {
    return fail(Errc::StatusCallbackInvalid, std::string(*url));
  }
  request.status_callback = *url;
  return {};
}

// All that Twilio looks at once it knows that the sender is the account's.
Result<void> read_the_rest(const Form& form, const MessageParams& params, SendRequest& request) {
  TWINDOW_TRY(check_body(request.body));
  if (params[MediaUrl]) request.media_urls = TWINDOW_TRY(read_media(form));
  TWINDOW_TRY(read_content(params, request));
  TWINDOW_TRY(read_status_callback(params, request));
  return read_options(form, params, request);
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
  const MessageParams params(form);
  TWINDOW_TRY(check_present(params));
  // Not inside the braces below: a return from there leaks the members made before.
  Address to = TWINDOW_TRY(parse_to(*params[To]));
  SendRequest request{.account = account, .to = std::move(to)};

  auto service = params[MessagingServiceSid];
  if (const auto from = params[From]) {
    if (!is_sid(*from, "MG")) {
      request.from = TWINDOW_TRY(parse_from(*from));
    } else if (!service) {
      service = from;
    }
  }
  if (service) {
    request.service = parse_service_sid(*service);
    if (!request.service) return fail(Errc::ServiceSidInvalid, std::string(*service));
  }
  if (params.any_rare()) TWINDOW_TRY(read_fallback(params, request));
  if (request.from) TWINDOW_TRY(check_pair(request.to, *request.from));
  request.body = params[Body].value_or("");
  if (auto rest = read_the_rest(form, params, request); !rest) {
    request.fault.edit() = std::move(rest).error();
  }
  return request;
}

}  // namespace twindow::wire
