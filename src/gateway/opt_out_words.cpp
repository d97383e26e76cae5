// SPDX-License-Identifier: Apache-2.0
#include "src/gateway/opt_out_words.h"

#include <algorithm>
#include <array>
#include <optional>

#include "twindow/base/ascii.h"

namespace twindow::gateway {

namespace {

// Source: Twilio's help pages on the opt-out keywords; the whole body, in any case.
constexpr std::array<std::string_view, 9> kStop{
    "stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"};
constexpr std::array<std::string_view, 3> kStart{"start", "yes", "unstop"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

template <class Words>
bool is_one_of(std::string_view text, const Words& words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return equals_ignoring_case(text, word); });
}

std::string_view param(const InboundMessage& message, std::string_view name) {
  const auto found = std::ranges::find(message.extra, name, &Param::name);
  return found == message.extra.end() ? std::string_view() : std::string_view(found->value);
}

std::optional<bool> wants_out(const InboundMessage& message, bool by_words) {
  const std::string_view marked = param(message, "OptOutType");
  if (marked == "STOP") return true;
  if (marked == "START") return false;
  if (!by_words || message.to.channel != Channel::Sms) return std::nullopt;
  const std::string_view body = trimmed(message.body);
  if (is_one_of(body, kStop)) return true;
  if (is_one_of(body, kStart)) return false;
  return std::nullopt;
}

}  // namespace

ports::AccountStore::Effects::Opted opted_by(const InboundMessage& message, bool by_words) {
  const auto out = wants_out(message, by_words);
  if (!out) return {};
  ports::AccountStore::Effects::Opted opted{.out = *out, .of = {message.to.text}};
  const auto service = parse_service_sid(param(message, "MessagingServiceSid"));
  if (service) opted.of.push_back(service->text);
  return opted;
}

}  // namespace twindow::gateway
