// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/twilio_client.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "twindow/wire/twilio/content_answers.h"
#include "twindow/wire/twilio/message_answers.h"
#include "twindow/wire/twilio/webhook_settings.h"

#include "src/net/twilio_exchange.h"

namespace twindow::net {

namespace {

using ports::CredentialsVerdict;
using ports::InboundPage;
using ports::PastInbound;
using std::chrono::steady_clock;
using Longest = ports::TwilioApi::Longest;

constexpr std::size_t kPageMax = 1000;      // the largest that Twilio gives
constexpr std::size_t kContentsPage = 250;  // each a few kilobytes
constexpr std::size_t kSentPage = 100;
// One is enough if the newest come first, as they do; that is nowhere promised.
constexpr std::size_t kNewestPage = 20;

struct Inbounds {
  std::vector<PastInbound> messages = {};
  std::size_t unread = 0;
};

// The inbound ones that are not older than `since`: Twilio's filter may give the whole day.
Inbounds inbounds_of(const wire::MessageAnswers& page, Time since) {
  Inbounds found{.unread = page.unread};
  for (const RemoteMessage& message : page.messages) {
    const Time received = message.sent.value_or(message.created);
    if (message.direction != Direction::Inbound || received < since) continue;
    auto from = parse_to(message.from);
    auto to = parse_from(message.to);
    if (from && to) {
      found.messages.push_back({.sid = message.sid,
                                .from = *std::move(from),
                                .to = *std::move(to),
                                .received = received});
    } else {
      ++found.unread;
    }
  }
  return found;
}

// Of one spelling of the user.
Task<Result<std::optional<PastInbound>>> newest_of(TwilioSession session, ports::PairQuery pair) {
  const wire::ApiQuery query = wire::messages_query({.account = pair.asker.account,
                                                     .to = pair.sender.text,
                                                     .from = pair.user.text,
                                                     .sent_from = pair.since,
                                                     .page_size = kNewestPage});
  const auto body = co_await fetch_from_twilio(std::move(session), query);
  if (!body) co_return Unexpected(body.error());
  const auto page = wire::read_messages(*body);
  if (!page) co_return Unexpected(page.error());
  const Inbounds found = inbounds_of(*page, pair.since);
  // What cannot be read may be what was asked for.
  if (found.messages.empty() && found.unread > 0) {
    co_return fail(Errc::BadReply, "Twilio's list holds messages that cannot be read");
  }
  std::optional<PastInbound> newest;
  for (const PastInbound& each : found.messages) {
    if (!newest || newest->received < each.received) newest = each;
  }
  co_return newest;
}

}  // namespace

TwilioClient::TwilioClient(wire::Upstream upstream, Account account)
    : upstream_(std::move(upstream)), account_(std::move(account)) {}

Result<TwilioSession> TwilioClient::session_of(const ports::Asker& asker, Longest longest) const {
  if (asker.authorization.empty()) {
    return twilio_session(upstream_, account_(asker.account), longest);
  }
  return TwilioSession{.upstream = upstream_,
                       .authorization = asker.authorization,
                       .until = steady_clock::now() + longest};
}

Task<Result<std::optional<PastInbound>>> TwilioClient::newest_inbound(ports::PairQuery pair,
                                                                      Longest longest) {
  const auto session = session_of(pair.asker, longest);
  if (!session) co_return Unexpected(session.error());
  std::optional<PastInbound> newest;
  std::optional<Error> failure;
  const std::vector<Address> users = spellings(pair.user);
  for (const Address& user : users) {
    ports::PairQuery spelled = pair;
    spelled.user = user;
    auto found = co_await newest_of(*session, std::move(spelled));
    if (!found) {
      failure = std::move(found).error();
    } else if (*found && (!newest || newest->received < (*found)->received)) {
      newest = *std::move(found);
    }
  }
  if (!newest && failure) co_return Unexpected(*std::move(failure));
  co_return newest;
}

Task<Result<InboundPage>> TwilioClient::inbound_page(ports::InboundQuery query, Longest longest) {
  auto session = twilio_session(upstream_, account_(query.account), longest);
  if (!session) co_return Unexpected(session.error());
  wire::ApiQuery asked = wire::messages_query({.account = query.account,
                                               .to = query.sender.text,
                                               .sent_from = query.since,
                                               .page_size = kPageMax});
  if (!query.page.empty()) {
    // Ours once, but it has been away: it still leads to this list and nowhere else.
    const std::string list = asked.target.substr(0, asked.target.find('?') + 1);
    auto target = wire::page_target(query.page, asked.host);
    if (!target || !target->starts_with(list)) {
      co_return fail(Errc::InvalidPageToken, "not a page of this list");
    }
    asked.target = *std::move(target);
  }
  const auto body = co_await fetch_from_twilio(std::move(*session), asked);
  if (!body) co_return Unexpected(body.error());
  const auto page = wire::read_messages(*body);
  if (!page) co_return Unexpected(page.error());
  Inbounds found = inbounds_of(*page, query.since);
  InboundPage answer{.messages = std::move(found.messages), .unread = found.unread};
  if (page->next) {
    auto target = wire::page_target(*page->next, asked.host);
    if (!target) co_return Unexpected(target.error());
    answer.next = *std::move(target);
  }
  co_return answer;
}

Task<Result<std::vector<ContentTemplate>>> TwilioClient::templates(ports::Asker asker,
                                                                   Longest longest) {
  auto session = session_of(asker, longest);
  if (!session) co_return Unexpected(session.error());
  std::vector<ContentTemplate> all;
  const TakePage take = [&all](const std::string& body) -> Result<std::optional<std::string>> {
    wire::ContentAnswers page = TWINDOW_TRY(wire::read_contents(body));
    std::ranges::move(page.templates, std::back_inserter(all));
    return std::move(page.next);
  };
  wire::ApiQuery query = wire::contents_query(kContentsPage);
  const auto walked = co_await walk_twilio(std::move(*session), std::move(query), take);
  if (!walked) co_return Unexpected(walked.error());
  co_return all;
}

Task<Result<std::optional<ContentTemplate>>> TwilioClient::find_template(ports::Asker asker,
                                                                         ContentSid content,
                                                                         Longest longest) {
  const auto session = session_of(asker, longest);
  if (!session) co_return Unexpected(session.error());
  wire::ApiQuery query = wire::content_query(content);
  const auto record = co_await fetch_from_twilio(*session, std::move(query));
  if (!record && record.error().code == Errc::NotFound) co_return std::optional<ContentTemplate>();
  if (!record) co_return Unexpected(record.error());
  query = wire::approvals_query(content);
  const auto approvals = co_await fetch_from_twilio(*session, std::move(query));
  const bool never_submitted = !approvals && approvals.error().code == Errc::NotFound;
  if (!approvals && !never_submitted) co_return Unexpected(approvals.error());
  auto found = wire::read_content(*record, never_submitted ? std::string() : *approvals);
  if (!found) co_return Unexpected(found.error());
  co_return std::optional(*std::move(found));
}

namespace {

Task<Result<std::vector<Address>>> list_senders(TwilioSession session, wire::SenderList list,
                                                AccountSid account, ServiceSid service) {
  std::vector<Address> all;
  const TakePage take = [&](const std::string& body) -> Result<std::optional<std::string>> {
    wire::SenderAnswers page = TWINDOW_TRY(wire::read_senders(list, body));
    for (const std::string& text : page.addresses) {
      auto address = parse_from(text);
      if (address) all.push_back(*std::move(address));
    }
    return std::move(page.next);
  };
  wire::ApiQuery query = wire::senders_query(list, account, service);
  const auto walked = co_await walk_twilio(std::move(session), std::move(query), take);
  if (!walked) co_return Unexpected(walked.error());
  co_return all;
}

}  // namespace

Task<Result<std::vector<Address>>> TwilioClient::whatsapp_pool(ports::Asker asker,
                                                               ServiceSid service,
                                                               Longest longest) {
  auto session = session_of(asker, longest);
  if (!session) co_return Unexpected(session.error());
  auto pool = co_await list_senders(std::move(*session), wire::SenderList::ServicePool,
                                    asker.account, service);
  if (!pool && pool.error().code == Errc::NotFound) {
    co_return fail(Errc::ServiceUnknown, service.text);
  }
  if (!pool) co_return Unexpected(pool.error());
  std::erase_if(*pool, [](const Address& each) { return each.channel != Channel::WhatsApp; });
  co_return *std::move(pool);
}

Task<Result<std::vector<ports::OwnSender>>> TwilioClient::senders(AccountSid account,
                                                                  Longest longest) {
  const auto session = twilio_session(upstream_, account_(account), longest);
  if (!session) co_return Unexpected(session.error());
  std::vector<ports::OwnSender> all;
  for (const auto of : {wire::SettingOf::PhoneNumber, wire::SettingOf::WhatsAppSender}) {
    const TakePage take = [&](const std::string& body) -> Result<std::optional<std::string>> {
      wire::WebhookSettings page = TWINDOW_TRY(wire::read_settings(of, body));
      for (const wire::WebhookSetting& setting : page.settings) {
        auto address = parse_from(setting.address);
        if (!address) continue;
        const bool unsaid = of == wire::SettingOf::WhatsAppSender && setting.webhook.empty();
        all.push_back({*std::move(address), unsaid || !setting.status_callback.empty()});
      }
      return std::move(page.next);
    };
    wire::ApiQuery query = wire::settings_query(of, account);
    const auto walked = co_await walk_twilio(*session, std::move(query), take);
    if (!walked) co_return Unexpected(walked.error());
  }
  co_return all;
}

Task<Result<bool>> TwilioClient::service_tells_statuses(AccountSid account, ServiceSid service,
                                                        Longest longest) {
  auto session = twilio_session(upstream_, account_(account), longest);
  if (!session) co_return Unexpected(session.error());
  const wire::WebhookSetting named{.of = wire::SettingOf::Service, .sid = service.text};
  wire::ApiQuery query = wire::setting_query(named, account);
  const auto body = co_await fetch_from_twilio(std::move(*session), std::move(query));
  if (!body && body.error().code == Errc::NotFound) {
    co_return fail(Errc::ServiceUnknown, service.text);
  }
  if (!body) co_return Unexpected(body.error());
  const auto setting = wire::read_setting(wire::SettingOf::Service, *body);
  if (!setting) co_return Unexpected(setting.error());
  co_return !setting->status_callback.empty();
}

// 2xx accepts. What else Twilio says for good (401, 403, a 404 for an account that is not the
// caller's) is its answer to the caller; 408, 429, 5xx and redirects say nothing.
Task<Result<CredentialsVerdict>> TwilioClient::check_credentials(ports::CallersCredentials caller,
                                                                 Longest longest) {
  TwilioSession session{.upstream = upstream_,
                        .authorization = std::move(caller.authorization),
                        .until = steady_clock::now() + longest};
  const wire::ApiQuery query = wire::messages_query({.account = caller.account, .page_size = 1});
  auto answer = co_await ask_twilio(std::move(session), query);
  if (!answer) co_return Unexpected(std::move(answer).error());
  const int status = answer->status;
  CredentialsVerdict verdict{.accepted = status >= 200 && status < 300};
  const bool says_no = status >= 400 && status < 500 && status != 408 && status != 429;
  if (!verdict.accepted && !says_no) co_return Unexpected(error_of(*answer, query));
  verdict.answer = *std::move(answer);
  co_return verdict;
}

Task<Result<std::vector<RemoteMessage>>> TwilioClient::sent_messages(ports::SentQuery query,
                                                                     Longest longest) {
  auto session = twilio_session(upstream_, account_(query.account), longest);
  if (!session) co_return Unexpected(session.error());
  // Not by DateSent: what was just created has not been sent yet.
  wire::MessageListQuery list{
      .account = query.account, .to = query.to.text, .page_size = kSentPage};
  if (query.from) list.from = query.from->text;
  std::vector<RemoteMessage> all;
  const TakePage take = [&](const std::string& body) -> Result<std::optional<std::string>> {
    wire::MessageAnswers page = TWINDOW_TRY(wire::read_messages(body));
    // What cannot be read may be what is looked for, and saying it is not there costs a message.
    if (page.unread > 0) {
      return fail(Errc::BadReply, "Twilio's list holds messages that cannot be read");
    }
    bool any_new = false;
    for (RemoteMessage& message : page.messages) {
      if (message.created < query.created_since) continue;
      any_new = true;
      if (message.direction != Direction::Inbound) all.push_back(std::move(message));
    }
    // Newest first: behind a page of old ones are older ones.
    return any_new ? std::move(page.next) : std::nullopt;
  };
  wire::ApiQuery asked = wire::messages_query(list);
  const auto walked = co_await walk_twilio(std::move(*session), std::move(asked), take);
  if (!walked) co_return Unexpected(walked.error());
  co_return all;
}

Task<Result<RemoteMessage>> TwilioClient::find_message(AccountSid account, MessageSid sid,
                                                       Longest longest) {
  auto session = twilio_session(upstream_, account_(account), longest);
  if (!session) co_return Unexpected(session.error());
  wire::ApiQuery query = wire::message_query(account, sid);
  const auto body = co_await fetch_from_twilio(std::move(*session), std::move(query));
  if (!body) co_return Unexpected(body.error());
  auto message = wire::read_message(*body);
  if (!message) co_return Unexpected(message.error());
  co_return *std::move(message);
}

}  // namespace twindow::net
