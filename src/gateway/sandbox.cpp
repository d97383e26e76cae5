// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/sandbox.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "twindow/base/ascii.h"
#include "twindow/base/random.h"

namespace twindow::gateway {

namespace {

using namespace std::chrono_literals;

constexpr Duration kMembership = 72h;
constexpr Duration kBetweenSends = 3s;

constexpr std::array<std::string_view, 16> kFirst{
    "brave", "calm", "clear", "eager", "early", "fair", "fresh", "glad",
    "happy", "kind", "light", "quick", "quiet", "warm", "wild",  "wise"};
constexpr std::array<std::string_view, 16> kSecond{
    "acorn", "brook", "cloud", "comet", "crane", "delta", "ember", "fjord",
    "grove", "heron", "maple", "otter", "pearl", "raven", "stone", "wave"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

ContentTemplate ready_made(std::string sid, std::string name, std::string category,
                           std::string body, std::vector<Param> samples) {
  return {.sid = {std::move(sid)},
          .name = std::move(name),
          .language = "en",
          .category = std::move(category),
          .status = TemplateStatus::Approved,
          .type = "twilio/text",
          .body = std::move(body),
          .samples = std::move(samples)};
}

}  // namespace

Sandbox::Sandbox(const AccountSid& account) {
  Random random = Random(0).fork("sandbox").fork(account.text);
  join_code_ = std::string(kFirst[random.below(kFirst.size())]) + "-" +
               std::string(kSecond[random.below(kSecond.size())]);
}

Sandbox::Word Sandbox::word_of(std::string_view body) const {
  constexpr std::string_view kJoin = "join";
  const std::string_view text = trimmed(body);
  if (equals_ignoring_case(text, "stop")) return Word::Leaves;
  const bool joins = text.size() > kJoin.size() + 1 && text[kJoin.size()] == ' ' &&
                     equals_ignoring_case(text.substr(0, kJoin.size()), kJoin);
  if (!joins) return Word::None;
  const std::string_view code = trimmed(text.substr(kJoin.size()));
  return equals_ignoring_case(code, join_code_) ? Word::Joins : Word::WrongCode;
}

void Sandbox::join(const std::string& user, Time now) { members_[user] = now; }

bool Sandbox::has(const std::string& user, Time now) const {
  const auto found = members_.find(user);
  return found != members_.end() && now < found->second + kMembership;
}

std::optional<Time> Sandbox::since(const std::string& user) const {
  const auto found = members_.find(user);
  return found == members_.end() ? std::nullopt : std::optional<Time>(found->second);
}

std::vector<Sandbox::Member> Sandbox::members(Time now) const {
  std::vector<Member> all;
  for (const auto& [user, since] : members_) {
    if (now < since + kMembership) all.push_back({user, since + kMembership});
  }
  return all;
}

Result<void> Sandbox::admit(Time now) {
  if (now < next_send_) return fail(Errc::SandboxTooFast);
  next_send_ = now + kBetweenSends;
  return {};
}

void Sandbox::clear() {
  members_.clear();
  next_send_ = Time::min();
}

// SIDs and variables as Twilio's page lists them; the words between are ours.
const ContentTemplate* sandbox_template(const ContentSid& sid) {
  static const std::array<ContentTemplate, 3> kReadyMade{
      ready_made("HXb5b62575e6e4ff6129ad7c8efe1f983e", "appointment_reminder", "UTILITY",
                 "Your appointment is coming up on {{1}} at {{2}}.", {{"1", "12/1"}, {"2", "3pm"}}),
      ready_made("HX350d429d32e64a552466cafecbe95f3c", "order_notification", "UTILITY",
                 "Your order {{1}} has shipped and will be there on {{2}}.",
                 {{"1", "of 1 jacket"}, {"2", "12/3"}}),
      ready_made("HX229f5a04fd0510ce1b071852155d3e75", "verification_code", "AUTHENTICATION",
                 "{{1}} is your verification code.", {{"1", "409173"}})};
  const auto found = std::ranges::find(kReadyMade, sid, &ContentTemplate::sid);
  return found == kReadyMade.end() ? nullptr : &*found;
}

}  // namespace twindow::gateway
