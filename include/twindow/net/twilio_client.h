// SPDX-License-Identifier: Apache-2.0
// Asks Twilio what the gateway wants to know, with the account's own credentials.
#pragma once

#include <functional>

#include "twindow/model/account.h"
#include "twindow/ports/twilio_api.h"
#include "twindow/wire/upstream.h"

namespace twindow::net {

struct TwilioSession;

class TwilioClient final : public ports::TwilioApi {
 public:
  // What is configured of an account now; asked before each call, since it may change. The auth
  // token is used, or the first API key where there is none. Thread-safe.
  using Account = std::function<AccountOptions(const AccountSid&)>;

  TwilioClient(wire::Upstream upstream, Account account);

  Task<Result<std::optional<ports::PastInbound>>> newest_inbound(ports::PairQuery pair,
                                                                 Longest longest) override;
  Task<Result<ports::InboundPage>> inbound_page(ports::InboundQuery query,
                                                Longest longest) override;
  Task<Result<std::vector<ContentTemplate>>> templates(ports::Asker asker,
                                                       Longest longest) override;
  Task<Result<std::optional<ContentTemplate>>> find_template(ports::Asker asker, ContentSid content,
                                                             Longest longest) override;
  Task<Result<std::vector<Address>>> whatsapp_pool(ports::Asker asker, ServiceSid service,
                                                   Longest longest) override;
  Task<Result<std::vector<ports::OwnSender>>> senders(AccountSid account, Longest longest) override;
  Task<Result<bool>> service_tells_statuses(AccountSid account, ServiceSid service,
                                            Longest longest) override;
  Task<Result<ports::CredentialsVerdict>> check_credentials(ports::CallersCredentials caller,
                                                            Longest longest) override;
  Task<Result<std::vector<RemoteMessage>>> sent_messages(ports::SentQuery query,
                                                         Longest longest) override;
  Task<Result<RemoteMessage>> find_message(AccountSid account, MessageSid sid,
                                           Longest longest) override;

 private:
  Result<TwilioSession> session_of(const ports::Asker& asker, Longest longest) const;

  wire::Upstream upstream_;
  Account account_;
};

}  // namespace twindow::net
