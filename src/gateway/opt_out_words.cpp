// SPDX-License-Identifier: Apache-2.0
#include "src/gateway/opt_out_words.h"

#include <algorithm>
#include <array>

#include "twindow/base/ascii.h"

namespace twindow::gateway {

namespace {

// Source: Twilio's help pages on the opt-out keywords; the whole body, in any case.
constexpr std::array<std::string_view, 9> kStop{
    "stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"};
constexpr std::array<std::string_view, 3> kStart{"start", "yes", "unstop"};
constexpr std::array<std::string_view, 2> kHelp{"help", "info"};

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

// The area codes of toll-free numbers, whose words the network reads.
bool is_toll_free(const Address& sender) {
  constexpr std::array<std::string_view, 7> kCodes{"+1800", "+1833", "+1844", "+1855",
                                                   "+1866", "+1877", "+1888"};
  return std::ranges::any_of(kCodes,
                             [&](std::string_view code) { return sender.text.starts_with(code); });
}

struct Row {
  OptOutWord word;
  std::string_view type;
  std::string_view reply;
};
// The texts are those that users have shown, of Twilio's default handling.
constexpr std::array<Row, 4> kRows{{
    {OptOutWord::None, "", ""},
    {OptOutWord::Stop, "STOP",
     "You have successfully been unsubscribed. You will not receive any more messages from this "
     "number. Reply START to resubscribe."},
    {OptOutWord::Start, "START",
     "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
     "Reply STOP to unsubscribe. Msg&Data Rates May Apply."},
    {OptOutWord::Help, "HELP", "Reply STOP to unsubscribe. Msg&Data Rates May Apply."},
}};

}  // namespace

std::string_view to_text(OptOutWord word) { return kRows[static_cast<std::size_t>(word)].type; }

std::string_view reply_to(OptOutWord word) { return kRows[static_cast<std::size_t>(word)].reply; }

OptOutWord opt_out_word(const InboundMessage& message, bool by_words) {
  const std::string_view marked = param(message, "OptOutType");
  for (const Row& row : kRows) {
    if (!marked.empty() && row.type == marked) return row.word;
  }
  if (!by_words) return OptOutWord::None;
  const std::string_view body = trimmed(message.body);
  if (is_one_of(body, kStop)) return OptOutWord::Stop;
  if (is_one_of(body, kHelp)) return OptOutWord::Help;
  const bool start = is_one_of(body, kStart);
  if (!start || (equals_ignoring_case(body, "yes") && is_toll_free(message.to))) {
    return OptOutWord::None;
  }
  return OptOutWord::Start;
}

ports::AccountStore::Effects::Opted opted_by(OptOutWord word, const InboundMessage& message,
                                             const std::optional<ServiceSid>& service) {
  if (word != OptOutWord::Stop && word != OptOutWord::Start) return {};
  ports::AccountStore::Effects::Opted opted{.out = word == OptOutWord::Stop,
                                            .of = {message.to.text}};
  const auto named = parse_service_sid(param(message, "MessagingServiceSid"));
  const auto& covers = named ? named : service;
  if (covers) opted.of.push_back(covers->text);
  return opted;
}

}  // namespace twindow::gateway
