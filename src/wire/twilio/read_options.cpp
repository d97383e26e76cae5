// SPDX-License-Identifier: Apache-2.0
#include "src/wire/twilio/read_options.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "twindow/base/ascii.h"
#include "twindow/wire/time_text.h"

namespace twindow::wire {

namespace {

using enum MessageParam;

constexpr std::uint32_t kValidityPeriodMax = 36'000;  // seconds
constexpr std::uint32_t kAttemptMax = 1'000'000;

bool is_true(std::optional<std::string_view> text) {
  return text && equals_ignoring_case(*text, "true");
}

bool is_positive_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value > 0;
}

struct Flag {
  MessageParam param;
  bool SendOptions::*member;
};
constexpr auto kFlags = std::to_array<Flag>({
    {ProvideFeedback, &SendOptions::provide_feedback},
    {ForceDelivery, &SendOptions::force_delivery},
    {ShortenUrls, &SendOptions::shorten_urls},
    {SendAsMms, &SendOptions::send_as_mms},
});

struct Text {
  MessageParam param;
  std::string SendOptions::*member;
};
constexpr auto kTexts = std::to_array<Text>({
    {MaxPrice, &SendOptions::max_price},
    {TrafficType, &SendOptions::traffic_type},
    {RiskCheck, &SendOptions::risk_check},
    {MessageIntent, &SendOptions::message_intent},
    {Tags, &SendOptions::tags},
    {ApplicationSid, &SendOptions::application_sid},
});

// One of two words, of which the second is the one that changes something.
struct Choice {
  MessageParam param;
  std::string_view plain;
  std::string_view other;
  bool SendOptions::*member;
  Errc error;
};
constexpr auto kChoices = std::to_array<Choice>({
    {ContentRetention, "retain", "discard", &SendOptions::discard_content,
     Errc::ContentRetentionInvalid},
    {AddressRetention, "retain", "obfuscate", &SendOptions::obfuscate_address,
     Errc::AddressRetentionInvalid},
});

Result<void> read_choices(const MessageParams& params, SendOptions& options) {
  for (const Choice& choice : kChoices) {
    const auto text = params[choice.param];
    if (!text) continue;
    options.*choice.member = equals_ignoring_case(*text, choice.other);
    if (options.*choice.member || equals_ignoring_case(*text, choice.plain)) continue;
    return fail(choice.error, std::string(*text));
  }
  return {};
}

Result<void> read_schedule(const MessageParams& params, SendRequest& request) {
  const auto type = params[ScheduleType];
  if (!type) return {};  // SendAt alone schedules nothing
  if (!equals_ignoring_case(*type, "fixed")) {
    return fail(Errc::ScheduleTypeInvalid, std::string(*type));
  }
  const auto at = params[SendAt];
  if (!at) return fail(Errc::ScheduleTimeMissing);
  if (!request.service) return fail(Errc::ScheduleWithoutService);
  if (!request.body.empty() && !request.content_variables.empty()) {
    return fail(Errc::ScheduleMixed);
  }
  request.options.edit().send_at = parse_time(*at);
  if (!request.options->send_at) return fail(Errc::ScheduleTimeInvalid, std::string(*at));
  return {};
}

}  // namespace

Result<void> read_fallback(const MessageParams& params, SendRequest& request) {
  const auto fallback = params[FallbackFrom];
  if (!fallback) return {};
  if (request.from) return fail(Errc::FallbackWithFrom);
  if (!params[MessagingServiceSid]) return fail(Errc::FallbackWithoutService);
  request.options.edit().fallback_from = TWINDOW_TRY(parse_from(*fallback));
  return {};
}

Result<void> read_options(const Form& form, const MessageParams& params, SendRequest& request) {
  if (!params.any_rare()) return {};
  SendOptions& options = request.options.edit();
  for (const Flag& flag : kFlags) options.*flag.member = is_true(params[flag.param]);
  for (const Text& text : kTexts) options.*text.member = params[text.param].value_or("");
  if (const auto smart = params[SmartEncoded]) options.smart_encoded = is_true(smart);
  if (const auto attempt = params[Attempt]) {
    if (const auto number = parse_decimal(*attempt, kAttemptMax)) {
      options.attempt = static_cast<int>(*number);
    }
  }
  for (const std::string_view action : form.all("PersistentAction")) {
    options.persistent_action.emplace_back(action);
  }
  if (const auto sid = params[ApplicationSid]; sid && !is_sid(*sid, "AP")) {
    return fail(Errc::ApplicationSidInvalid, std::string(*sid));
  }
  if (const auto price = params[MaxPrice]; price && !is_positive_number(*price)) {
    return fail(Errc::MaxPriceInvalid, std::string(*price));
  }
  if (const auto text = params[ValidityPeriod]) {
    const std::uint32_t seconds = parse_decimal(*text, kValidityPeriodMax).value_or(0);
    if (seconds == 0) return fail(Errc::ValidityPeriodInvalid, std::string(*text));
    options.validity = std::chrono::seconds(seconds);
  }
  TWINDOW_TRY(read_choices(params, options));
  return read_schedule(params, request);
}

}  // namespace twindow::wire
