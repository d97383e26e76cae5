// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/sender_book.h"

#include <algorithm>

#include "twindow/base/random.h"

namespace twindow::gateway {

namespace {

// The sender of a service that nobody described: always the same for the same service, in the
// area code 555, which is given to nobody.
Address invented_sender(const ServiceSid& service, Channel channel) {
  constexpr std::uint64_t kSubscribers = 10'000'000;
  std::string digits = std::to_string(Random(0).fork(service.text).below(kSubscribers));
  digits.insert(0, 7 - digits.size(), '0');
  const std::string prefix = channel == Channel::Sms ? "" : std::string(to_text(channel)) + ":";
  return Address{channel, AddressForm::E164, prefix + "+1555" + digits};
}

Unexpected<Error> not_owned(const Address& from) {
  if (from.channel != Channel::Sms) return fail(Errc::ChannelNotFound, from.text);
  return fail(from.form == AddressForm::E164 ? Errc::FromNotOwned : Errc::FromNotOwnedSms,
              from.text);
}

}  // namespace

SenderBook::SenderBook(const AccountOptions& defaults)
    : inbound_url_(defaults.inbound_url),
      status_callback_(defaults.status_callback),
      fallback_url_(defaults.fallback_url),
      configured_(defaults.senders),
      senders_(defaults.senders) {}

void SenderBook::configure(const AccountOptions& defaults) {
  inbound_url_ = defaults.inbound_url;
  status_callback_ = defaults.status_callback;
  fallback_url_ = defaults.fallback_url;
  if (configured_ == defaults.senders) return;
  configured_ = senders_ = defaults.senders;
}

Result<Address> SenderBook::choose(const SendRequest& request) const {
  if (request.from) {
    if (open() || request.from->text == kSandboxAddress || find(*request.from) != nullptr) {
      return *request.from;
    }
    return not_owned(*request.from);
  }
  if (open()) return invented_sender(*request.service, request.to.channel);
  bool known = false;
  for (const Sender& sender : senders_) {
    if (sender.service != request.service) continue;
    known = true;
    if (sender.address.channel == request.to.channel) return sender.address;
  }
  return fail(known ? Errc::ServiceWithoutSender : Errc::ServiceUnknown, request.service->text);
}

std::vector<Address> SenderBook::candidates(const SendRequest& request) const {
  if (request.from) return {*request.from};
  if (!request.service) return {};
  if (open()) return {invented_sender(*request.service, request.to.channel)};
  std::vector<Address> all;
  for (const Sender& sender : senders_) {
    const bool fits =
        sender.service == request.service && sender.address.channel == request.to.channel;
    if (fits) all.push_back(sender.address);
  }
  return all;
}

std::optional<bool> SenderBook::knows(const Address& from) const {
  if (open()) return std::nullopt;
  return from.text == kSandboxAddress || find(from) != nullptr;
}

std::optional<std::string> SenderBook::inbound_url(const Address& sender) const {
  const Sender* entry = find(sender);
  return entry != nullptr && entry->inbound_url ? entry->inbound_url : inbound_url_;
}

SenderBook::InboundRoute SenderBook::inbound_route(const Address& sender) const {
  const Sender* entry = find(sender);
  InboundRoute route{.url = inbound_url(sender), .fallback_url = fallback_url_};
  if (entry == nullptr) return route;
  route.method = entry->inbound_method;
  if (entry->fallback_url) route.fallback_url = entry->fallback_url;
  route.fallback_method = entry->fallback_method;
  return route;
}

std::optional<std::string> SenderBook::status_callback(const Address& sender) const {
  const Sender* entry = find(sender);
  return entry != nullptr && entry->status_callback ? entry->status_callback : status_callback_;
}

const Sender* SenderBook::find(const Address& address) const {
  const auto found = std::ranges::find(
      senders_, address.text, [](const Sender& s) -> const std::string& { return s.address.text; });
  return found == senders_.end() ? nullptr : &*found;
}

}  // namespace twindow::gateway
