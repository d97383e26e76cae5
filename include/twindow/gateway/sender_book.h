// SPDX-License-Identifier: Apache-2.0
// The business addresses of one account, and where their news go.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "twindow/model/account.h"
#include "twindow/model/message.h"

namespace twindow::gateway {

// "whatsapp:+14155238886" is always the Sandbox. Source: twilio.com/docs/whatsapp/sandbox.
inline constexpr std::string_view kSandboxAddress = "whatsapp:+14155238886";

// The book is open while it holds no sender: then every well-formed address is the account's, and
// every well-formed service has one WhatsApp and one SMS sender. The first entry closes it.
class SenderBook {
 public:
  // `defaults` gives the URLs of senders that have none of their own.
  explicit SenderBook(const AccountOptions& defaults);

  bool open() const { return senders_.empty(); }
  const std::vector<Sender>& senders() const { return senders_; }
  void replace(std::vector<Sender> senders) { senders_ = std::move(senders); }
  // The configuration has changed. Its senders replace those of the book only if they are others
  // than it had before: what was set by hand since stays.
  void configure(const AccountOptions& defaults);
  void restore() { senders_ = configured_; }  // as the configuration has it

  // The address that a request will be sent from: its own `From`, checked, or the service's
  // sender for the recipient's channel. Errc::ChannelNotFound, FromNotOwned, FromNotOwnedSms,
  // ServiceUnknown, ServiceWithoutSender.
  Result<Address> choose(const SendRequest& request) const;

  // All from which Twilio may send it: one for a `From`, those of the channel for a service.
  std::vector<Address> candidates(const SendRequest& request) const;
  // Whether `from` is one of the account's; empty while the book is open.
  std::optional<bool> knows(const Address& from) const;

  std::optional<std::string> inbound_url(const Address& sender) const;
  // Where a user's message to `sender` goes, and where it goes if that fails.
  struct InboundRoute {
    std::optional<std::string> url = {};
    HttpMethod method = HttpMethod::Post;
    std::optional<std::string> fallback_url = {};
    HttpMethod fallback_method = HttpMethod::Post;
  };
  InboundRoute inbound_route(const Address& sender) const;
  std::optional<std::string> status_callback(const Address& sender) const;

 private:
  const Sender* find(const Address& address) const;

  std::optional<std::string> inbound_url_;
  std::optional<std::string> status_callback_;
  std::optional<std::string> fallback_url_;
  std::vector<Sender> configured_;
  std::vector<Sender> senders_;
};

}  // namespace twindow::gateway
