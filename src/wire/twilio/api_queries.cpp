// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/api_queries.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "twindow/base/ascii.h"
#include "twindow/wire/form.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/url.h"

#include "src/wire/answer_json.h"

namespace twindow::wire {

namespace {

constexpr std::string_view kApi = "api.twilio.com";
constexpr std::string_view kContent = "content.twilio.com";
constexpr std::string_view kMessaging = "messaging.twilio.com";

std::string account_path(const AccountSid& account, std::string_view rest) {
  return "/2010-04-01/Accounts/" + percent_encode(account.text) + std::string(rest);
}

struct SenderRow {
  SenderList list;
  const char* array;
  const char* member;
};
constexpr std::array kSenders{
    SenderRow{SenderList::PhoneNumbers, "incoming_phone_numbers", "phone_number"},
    SenderRow{SenderList::WhatsAppSenders, "senders", "sender_id"},
    SenderRow{SenderList::ServicePool, "senders", "sender"},
};

bool is_plain(char c) { return !is_control(c) && c != ' ' && c != '\\' && c != '#'; }

}  // namespace

ApiQuery messages_query(const MessageListQuery& list) {
  std::string target = account_path(list.account, "/Messages.json?");
  if (list.to) target += "To=" + percent_encode(*list.to) + "&";
  if (list.from) target += "From=" + percent_encode(*list.from) + "&";
  if (list.sent_from) {
    target += "DateSent%3E=" + percent_encode(to_iso8601(*list.sent_from)) + "&";
  }
  target += "PageSize=" + std::to_string(list.page_size);
  return {std::string(kApi), std::move(target)};
}

ApiQuery message_query(const AccountSid& account, const MessageSid& message) {
  return {std::string(kApi),
          account_path(account, "/Messages/" + percent_encode(message.text) + ".json")};
}

ApiQuery contents_query(std::size_t page_size) {
  return {std::string(kContent), "/v1/ContentAndApprovals?PageSize=" + std::to_string(page_size)};
}

ApiQuery content_query(const ContentSid& content) {
  return {std::string(kContent), "/v1/Content/" + percent_encode(content.text)};
}

ApiQuery approvals_query(const ContentSid& content) {
  ApiQuery query = content_query(content);
  query.target += "/ApprovalRequests";
  return query;
}

ApiQuery senders_query(SenderList list, const AccountSid& account, const ServiceSid& service) {
  constexpr std::string_view kPage = "PageSize=1000";
  std::string target;
  switch (list) {
    case SenderList::PhoneNumbers:
      target = account_path(account, "/IncomingPhoneNumbers.json?");
      return {std::string(kApi), target.append(kPage)};
    case SenderList::WhatsAppSenders:
      target = "/v2/Channels/Senders?Channel=whatsapp&";
      break;
    case SenderList::ServicePool:
      target = "/v1/Services/" + percent_encode(service.text) + "/ChannelSenders?";
      break;
  }
  return {std::string(kMessaging), target.append(kPage)};
}

Result<SenderAnswers> read_senders(SenderList list, std::string_view json) {
  const nlohmann::json page = TWINDOW_TRY(parse_answer(json, "a list of senders"));
  const SenderRow& row = kSenders[static_cast<std::size_t>(list)];
  const nlohmann::json* records = array_of(page, row.array);
  if (records == nullptr) return fail(Errc::BadReply, "Twilio's answer is not a list of senders");
  SenderAnswers answers{.next = next_link(page)};
  for (const nlohmann::json& record : *records) {
    if (!record.is_object()) continue;
    std::string address = text_of(record, row.member);
    if (!address.empty()) answers.addresses.push_back(std::move(address));
  }
  return answers;
}

Result<std::string> page_target(std::string_view link, std::string_view host) {
  const auto no = [] {
    return fail(Errc::BadReply, "Twilio's answer names a next page that is not on the same host");
  };
  std::string_view target = link;
  if (!link.starts_with('/')) {
    const auto url = parse_web_url(link);
    if (!url || !url->secure() || !url->userinfo.empty() || url->port_number() != 443 ||
        !equals_ignoring_case(url->host, host)) {
      return no();
    }
    target = url->target;
  }
  // "//evil.example" is a host without a scheme.
  if (!target.starts_with('/') || target.starts_with("//")) return no();
  if (!std::ranges::all_of(target, is_plain)) return no();
  return std::string(target);
}

}  // namespace twindow::wire
