// SPDX-License-Identifier: Apache-2.0
// What the gateway asks Twilio itself, in proxy mode: what was said before we listened, which
// templates and senders there are, whose credentials are good, and what became of a message.
//
// All of it only looks; nothing is changed, and everything may be asked again. Each call takes the
// wall time in which it must be done, all of its pages and requests together, and resumes then at
// the latest. Thread-safe; called on a strand, or on a context with one thread, and resumes there.
// Ended early, a call ends what it has under way.
//
// Errors, unless a call says more: Errc::NoCredentials (the account has none configured: nothing
// was sent), WrongPassword (Twilio refuses those), NotFound, NotReached, TimedOut, Unavailable
// (Twilio cannot answer now: 429, 5xx), BadReply. The detail names host, path and Twilio's code,
// and never a number, a body or a secret.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/base/task.h"
#include "twindow/model/content_template.h"
#include "twindow/model/error.h"
#include "twindow/model/message.h"
#include "twindow/model/remote_message.h"
#include "twindow/model/twilio_answer.h"

namespace twindow::ports {

// An inbound message that Twilio has on record.
struct PastInbound {
  MessageSid sid;
  Address from;  // as the user is spelled there
  Address to;
  Time received;  // its date_sent, in whole seconds

  friend bool operator==(const PastInbound&, const PastInbound&) = default;
};

// Who wants to know. The account's configured credentials are used; where a caller is named, his,
// for this call alone: they are neither kept nor written anywhere.
struct Asker {
  Asker(AccountSid of, std::string callers = {})
      : account(std::move(of)), authorization(std::move(callers)) {}

  AccountSid account;
  std::string authorization;  // the value of a caller's Authorization header; empty: none
};

struct PairQuery {
  Asker asker;
  Address sender;  // ours
  Address user;
  Time since;  // counts itself
};

struct InboundQuery {
  AccountSid account;
  Address sender;
  Time since;             // counts itself
  std::string page = {};  // InboundPage::next of the page before; empty: the first
};

struct InboundPage {
  std::vector<PastInbound> messages = {};  // in Twilio's order: newest first
  std::size_t unread = 0;                  // records that were no message; nothing is known of them
  // Names the next page to InboundQuery; nothing on the last one. Opaque; good for this account.
  std::optional<std::string> next = {};
};

struct SentQuery {
  AccountSid account;
  Address to;
  std::optional<Address> from = {};  // none: whichever sender a service has chosen, or has not yet
  // By the time of creation, Twilio's clock and whole seconds: allow for both. Counts itself.
  Time created_since;
};

// A sender that the account has at Twilio.
struct OwnSender {
  Address address;
  // What becomes of a send is told to a URL of its own, for sends without a StatusCallback; true
  // also where Twilio did not say. Nothing for phone numbers, which have no such thing for
  // messages.
  bool tells_statuses = false;

  friend bool operator==(const OwnSender&, const OwnSender&) = default;
};

struct CallersCredentials {
  AccountSid account;         // of the path that the caller asks for
  std::string authorization;  // the value of the caller's Authorization header
};

// Twilio's word on somebody's credentials. If they are not accepted, `answer` is Twilio's own and
// can be handed back as it is.
struct CredentialsVerdict {
  bool accepted = false;
  TwilioAnswer answer = {};
};

class TwilioApi {
 public:
  using Longest = std::chrono::milliseconds;  // wall time

  virtual ~TwilioApi() = default;

  // The newest message of the user to the sender, by whichever spelling; nothing if there is none.
  // If one spelling can be asked for and another cannot, what was found counts; an error if
  // nothing was.
  virtual Task<Result<std::optional<PastInbound>>> newest_inbound(PairQuery pair,
                                                                  Longest longest) = 0;

  // One page of all that was sent to the sender; up to 1000 messages, fewer than Twilio's page has
  // where they are older than `since`. Errc::InvalidPageToken for a page that is no page.
  virtual Task<Result<InboundPage>> inbound_page(InboundQuery query, Longest longest) = 0;

  // All templates of the account with WhatsApp's word on each.
  virtual Task<Result<std::vector<ContentTemplate>>> templates(Asker asker, Longest longest) = 0;
  // One of them; nothing if Twilio knows that there is none.
  virtual Task<Result<std::optional<ContentTemplate>>> find_template(Asker asker,
                                                                     ContentSid content,
                                                                     Longest longest) = 0;

  // The WhatsApp senders in the pool of a Messaging Service: it may pick any of them.
  // Errc::ServiceUnknown.
  virtual Task<Result<std::vector<Address>>> whatsapp_pool(Asker asker, ServiceSid service,
                                                           Longest longest) = 0;

  // The account's phone numbers and its WhatsApp senders, those that are not online too. Short
  // codes, alphanumeric senders and other channels are in no such list.
  virtual Task<Result<std::vector<OwnSender>>> senders(AccountSid account, Longest longest) = 0;

  // Whether a service tells statuses of sends without a StatusCallback to a URL of its own.
  // Errc::ServiceUnknown.
  virtual Task<Result<bool>> service_tells_statuses(AccountSid account, ServiceSid service,
                                                    Longest longest) = 0;

  // One small request with the caller's own credentials. An error, of any code, means that
  // nothing was learned: Twilio did not answer, or did not say.
  virtual Task<Result<CredentialsVerdict>> check_credentials(CallersCredentials caller,
                                                             Longest longest) = 0;

  // Messages of ours to somebody, newest first.
  virtual Task<Result<std::vector<RemoteMessage>>> sent_messages(SentQuery query,
                                                                 Longest longest) = 0;

  // One message as it is now. Errc::NotFound.
  virtual Task<Result<RemoteMessage>> find_message(AccountSid account, MessageSid sid,
                                                   Longest longest) = 0;
};

}  // namespace twindow::ports
