// SPDX-License-Identifier: Apache-2.0
// The business addresses of one account, and where their news go.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "twindow/model/account.h"
#include "twindow/model/message.h"

namespace twindow::gateway {

// "whatsapp:+14155238886" is always the Sandbox. Source: twilio.com/docs/whatsapp/sandbox.
inline constexpr std::string_view kSandboxAddress = "whatsapp:+14155238886";

// What is known of a Messaging Service beside its senders.
struct ServiceSettings {
  std::optional<std::string> inbound_url = {};
  HttpMethod inbound_method = HttpMethod::Post;
  std::optional<std::string> fallback_url = {};
  HttpMethod fallback_method = HttpMethod::Post;
  std::optional<std::string> status_callback = {};
  std::optional<Duration> validity = {};  // the longest its sends may wait, whatever they say
  bool defers_inbound = false;  // use_inbound_webhook_on_number: the sender's own URL, not this one
  bool sticky = true;           // a recipient keeps the sender
  bool geomatch = true;         // a sender of the recipient's area code first
  bool smart_encoding = true;   // for sends that do not say
};

// The book is open while it holds no sender and no service: then every well-formed address is the
// account's, and every well-formed service has one WhatsApp and one SMS sender. The first entry
// closes it.
class SenderBook {
 public:
  // `defaults` gives the URLs of senders that have none of their own.
  explicit SenderBook(const AccountOptions& defaults);

  bool open() const { return senders_.empty() && services_.empty(); }
  // The service will choose among senders that nobody has described here.
  bool pool_is_elsewhere(const SendRequest& request) const {
    return !request.from && request.service && open();
  }
  const std::vector<Sender>& senders() const { return senders_; }
  // These are the senders from now on; they stay when the book is restored.
  void replace(std::vector<Sender> senders) { senders_ = set_ = std::move(senders); }
  // The configuration has changed. Its senders replace those of the book only if they are others
  // than it had before: what was set by hand since stays.
  void configure(const AccountOptions& defaults);
  void restore();  // without what was put, erased and joined since: as configured, or replaced

  // Added, or in the place of the one with its address, whose service it keeps.
  void put(Sender sender);
  void erase(const Address& address);
  void put_service(const ServiceSid& service, ServiceSettings settings);
  void erase_service(const ServiceSid& service);  // its senders stay, without a service
  void join(const Address& address, std::optional<ServiceSid> service);

  // The address that a request will be sent from: its own `From`, checked, or one of the service's
  // senders for the recipient's channel: the one that the recipient had before, else a short code,
  // else a number of the area code, else the next in turn; an alphanumeric sender only where there
  // is nothing else, and not to the US and Canada, which know none. Errc::ChannelNotFound,
  // FromNotOwned, FromNotOwnedSms, ServiceUnknown, ServiceWithoutSender.
  Result<Address> choose(const SendRequest& request);

  // All from which Twilio may send it: one for a `From`, those of the channel for a service.
  std::vector<Address> candidates(const SendRequest& request) const;
  // Whether `from` is one of the account's; empty while the book is open.
  std::optional<bool> knows(const Address& from) const;

  // Who is told. A service that the API has described comes before its sender: it may want nobody
  // to be told of what comes in.
  std::optional<std::string> inbound_url(const Address& sender) const;
  // Where a user's message to `sender` goes, and where it goes if that fails.
  struct InboundRoute {
    std::optional<std::string> url = {};
    HttpMethod method = HttpMethod::Post;
    std::optional<std::string> fallback_url = {};
    HttpMethod fallback_method = HttpMethod::Post;
  };
  InboundRoute inbound_route(const Address& sender) const;
  // Where the statuses of its messages go; empty: nowhere.
  struct StatusRoute {
    std::string url;
    HttpMethod method = HttpMethod::Post;
    friend bool operator==(const StatusRoute&, const StatusRoute&) = default;
  };
  std::optional<StatusRoute> status_route(const Address& sender,
                                          const std::optional<ServiceSid>& service = {}) const;

  const Sender* find(const Address& address) const;
  // What the API has said of a service; null: nothing. Until the book changes.
  const ServiceSettings* settings(const ServiceSid& service) const;

 private:
  // Of the service that answers for what comes in, in the place of its sender.
  const ServiceSettings* hears_for(const Sender* sender) const;
  using Pool = std::vector<const Sender*>;
  const Address& pick(const SendRequest& request, const Pool& pool);

  std::optional<std::string> inbound_url_;
  std::optional<std::string> status_callback_;
  std::optional<std::string> fallback_url_;
  std::vector<Sender> configured_;
  std::vector<Sender> set_;  // as configured, or what replaced them since
  std::vector<Sender> senders_;
  std::map<ServiceSid, ServiceSettings> services_;  // those that the API has described
  std::map<ServiceSid, std::size_t> turns_;         // whose turn it is
  std::map<std::pair<ServiceSid, std::string>, Address> sticky_;  // by canonical recipient
};

}  // namespace twindow::gateway
