// SPDX-License-Identifier: Apache-2.0
// A Twilio that is asked without HTTP: answers what it is told to, and counts.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "twindow/ports/twilio_api.h"

namespace twindow::test {

class FakeTwilio final : public ports::TwilioApi {
 public:
  // What it knows.
  std::vector<ports::PastInbound> inbound;
  std::vector<ContentTemplate> contents;
  std::map<ServiceSid, std::vector<Address>> pools;
  std::set<std::string> good_authorizations;
  std::vector<ports::OwnSender> own_senders;  // none: it does not answer that
  std::map<ServiceSid, bool> services;        // whether they tell statuses
  std::vector<RemoteMessage> sent;
  bool silent = false;                    // it does not answer
  Errc silence = Errc::NotReached;        // and so it does not
  bool has_credentials = true;            // else it can be asked with a caller's only
  std::optional<int> pages_until_silent;  // of inbound messages
  std::size_t page_size = 1000;
  std::size_t unread = 0;  // records of each page that are no message

  int pages = 0;
  std::vector<ports::InboundQuery> queries;
  int sender_lists = 0;
  int finds = 0;
  int lookups = 0;
  std::vector<std::string> asked_as;  // the callers with whose credentials
  int template_lists = 0;
  int credential_checks = 0;
  int sent_lists = 0;

  Task<Result<std::optional<ports::PastInbound>>> newest_inbound(ports::PairQuery pair,
                                                                 Longest) override {
    ++lookups;
    if (!may_ask(pair.asker)) co_return stranger();
    if (silent) co_return nobody();
    std::optional<ports::PastInbound> newest;
    for (const ports::PastInbound& one : inbound) {
      const bool fits = window_key(one.to, one.from) == window_key(pair.sender, pair.user) &&
                        one.received >= pair.since;
      if (fits && (!newest || one.received > newest->received)) newest = one;
    }
    co_return newest;
  }
  // Newest first, `page_size` a page.
  Task<Result<ports::InboundPage>> inbound_page(ports::InboundQuery query, Longest) override {
    ++pages;
    queries.push_back(query);
    if (silent || (pages_until_silent && pages > *pages_until_silent)) co_return nobody();
    std::vector<ports::PastInbound> fitting;
    for (const ports::PastInbound& one : inbound) {
      if (one.to == query.sender && one.received >= query.since) fitting.push_back(one);
    }
    std::ranges::stable_sort(fitting, std::greater(), &ports::PastInbound::received);
    const std::size_t from = query.page.empty() ? 0 : std::stoul(query.page);
    ports::InboundPage page{.unread = unread};
    for (std::size_t i = from; i < std::min(from + page_size, fitting.size()); ++i) {
      page.messages.push_back(fitting[i]);
    }
    if (from + page_size < fitting.size()) page.next = std::to_string(from + page_size);
    co_return page;
  }
  Task<Result<std::vector<ContentTemplate>>> templates(ports::Asker asker, Longest) override {
    ++template_lists;
    if (!may_ask(asker)) co_return stranger();
    if (silent) co_return nobody();
    co_return contents;
  }
  Task<Result<std::optional<ContentTemplate>>> find_template(ports::Asker asker, ContentSid content,
                                                             Longest) override {
    if (!may_ask(asker)) co_return stranger();
    if (silent) co_return nobody();
    for (const ContentTemplate& one : contents) {
      if (one.sid == content) co_return std::optional(one);
    }
    co_return std::optional<ContentTemplate>();
  }
  Task<Result<std::vector<Address>>> whatsapp_pool(ports::Asker asker, ServiceSid service,
                                                   Longest) override {
    if (!may_ask(asker)) co_return stranger();
    if (silent) co_return nobody();
    const auto found = pools.find(service);
    if (found == pools.end()) co_return fail(Errc::ServiceUnknown, service.text);
    co_return found->second;
  }
  Task<Result<std::vector<ports::OwnSender>>> senders(AccountSid, Longest) override {
    ++sender_lists;
    if (silent || own_senders.empty()) co_return nobody();
    co_return own_senders;
  }
  Task<Result<bool>> service_tells_statuses(AccountSid, ServiceSid service, Longest) override {
    if (silent) co_return nobody();
    const auto found = services.find(service);
    if (found == services.end()) co_return fail(Errc::ServiceUnknown, service.text);
    co_return found->second;
  }
  Task<Result<ports::CredentialsVerdict>> check_credentials(ports::CallersCredentials caller,
                                                            Longest) override {
    ++credential_checks;
    if (silent) co_return nobody();
    ports::CredentialsVerdict verdict{.accepted =
                                          good_authorizations.contains(caller.authorization)};
    if (!verdict.accepted) {
      verdict.answer.status = 401;
      verdict.answer.body = "{\"code\":20003,\"message\":\"Authenticate\",\"status\":401}";
    }
    co_return verdict;
  }
  Task<Result<std::vector<RemoteMessage>>> sent_messages(ports::SentQuery query, Longest) override {
    ++sent_lists;
    if (silent) co_return nobody();
    std::vector<RemoteMessage> found;
    for (const RemoteMessage& one : sent) {
      const bool fits = one.to == query.to.text && one.created >= query.created_since &&
                        (!query.from || one.from == query.from->text);
      if (fits) found.push_back(one);
    }
    co_return found;
  }
  Task<Result<RemoteMessage>> find_message(AccountSid, MessageSid sid, Longest) override {
    ++finds;
    if (silent) co_return nobody();
    const auto found = std::ranges::find(sent, sid, &RemoteMessage::sid);
    if (found == sent.end()) co_return fail(Errc::NotFound, sid.text);
    co_return *found;
  }

 private:
  bool may_ask(const ports::Asker& asker) {
    if (asker.authorization.empty()) return has_credentials;
    asked_as.push_back(asker.authorization);
    return good_authorizations.contains(asker.authorization);
  }
  Unexpected<Error> nobody() const { return fail(silence, "it does not answer"); }
  static Unexpected<Error> stranger() { return fail(Errc::NoCredentials, "nobody it knows"); }
};

}  // namespace twindow::test
