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

constexpr std::size_t kStickyMax = 1'000'000;  // pairs of a service and a recipient

constexpr int kRankLast = 3;

// Which of a service's senders come first. Source: twilio.com/docs/messaging/services.
int rank_of(const Address& sender, const Address& to, bool geomatch) {
  constexpr std::size_t kAreaCodeEnd = 5;  // of "+1415…"; only there has the code one length
  switch (sender.form) {
    case AddressForm::ShortCode:
      return 0;
    case AddressForm::E164: {
      const bool north_american = sender.text.starts_with("+1") && to.text.starts_with("+1");
      const bool same_area =
          north_american && sender.text.substr(0, kAreaCodeEnd) == to.text.substr(0, kAreaCodeEnd);
      return geomatch && same_area ? 1 : 2;
    }
    default:
      return kRankLast;
  }
}

bool can_reach(const Address& sender, const Address& to) {
  if (sender.channel != to.channel) return false;
  return sender.form != AddressForm::Alphanumeric || !to.text.starts_with("+1");
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
      set_(defaults.senders),
      senders_(defaults.senders) {}

void SenderBook::configure(const AccountOptions& defaults) {
  inbound_url_ = defaults.inbound_url;
  status_callback_ = defaults.status_callback;
  fallback_url_ = defaults.fallback_url;
  if (configured_ == defaults.senders) return;
  configured_ = set_ = senders_ = defaults.senders;
}

void SenderBook::restore() {
  senders_ = set_;
  services_.clear();
  turns_.clear();
  sticky_.clear();
}

void SenderBook::put(Sender sender) {
  const auto known = std::ranges::find(senders_, sender.address, &Sender::address);
  if (known == senders_.end()) {
    senders_.push_back(std::move(sender));
    return;
  }
  if (!sender.service) sender.service = std::move(known->service);
  *known = std::move(sender);
}

void SenderBook::erase(const Address& address) {
  std::erase_if(senders_, [&](const Sender& one) { return one.address == address; });
}

void SenderBook::put_service(const ServiceSid& service, ServiceSettings settings) {
  services_.insert_or_assign(service, std::move(settings));
}

void SenderBook::erase_service(const ServiceSid& service) {
  services_.erase(service);
  for (Sender& sender : senders_) {
    if (sender.service == service) sender.service.reset();
  }
}

void SenderBook::join(const Address& address, std::optional<ServiceSid> service) {
  const auto known = std::ranges::find(senders_, address, &Sender::address);
  if (known != senders_.end()) known->service = std::move(service);
}

const Address& SenderBook::pick(const SendRequest& request, const Pool& pool) {
  if (pool.size() == 1) return pool.front()->address;
  const ServiceSid& service = *request.service;
  const ServiceSettings* const described = settings(service);
  const bool sticky = described == nullptr || described->sticky;
  const bool geomatch = described == nullptr || described->geomatch;
  std::pair<ServiceSid, std::string> who{service, canonical_user(request.to)};
  if (sticky) {
    const auto had = sticky_.find(who);
    const bool there = had != sticky_.end() && std::ranges::any_of(pool, [&](const Sender* one) {
                         return one->address == had->second;
                       });
    if (there) return had->second;
  }
  int best = kRankLast;
  Pool first;
  for (const Sender* one : pool) {
    const int rank = rank_of(one->address, request.to, geomatch);
    if (rank > best) continue;
    if (rank < best) first.clear();
    best = rank;
    first.push_back(one);
  }
  const Address& chosen = first[turns_[service]++ % first.size()]->address;
  if (!sticky) return chosen;
  if (sticky_.size() >= kStickyMax) sticky_.clear();
  return sticky_.insert_or_assign(std::move(who), chosen).first->second;
}

Result<Address> SenderBook::choose(const SendRequest& request) {
  if (request.from) {
    if (open() || request.from->text == kSandboxAddress || find(*request.from) != nullptr) {
      return *request.from;
    }
    return not_owned(*request.from);
  }
  if (open()) return invented_sender(*request.service, request.to.channel);
  bool known = services_.contains(*request.service);
  Pool pool;
  for (const Sender& sender : senders_) {
    if (sender.service != request.service) continue;
    known = true;
    if (can_reach(sender.address, request.to)) pool.push_back(&sender);
  }
  if (!pool.empty()) return pick(request, pool);
  return fail(known ? Errc::ServiceWithoutSender : Errc::ServiceUnknown, request.service->text);
}

std::vector<Address> SenderBook::candidates(const SendRequest& request) const {
  if (request.from) return {*request.from};
  if (!request.service) return {};
  if (open()) return {invented_sender(*request.service, request.to.channel)};
  std::vector<Address> all;
  for (const Sender& sender : senders_) {
    const bool fits = sender.service == request.service && can_reach(sender.address, request.to);
    if (fits) all.push_back(sender.address);
  }
  return all;
}

std::optional<bool> SenderBook::knows(const Address& from) const {
  if (open()) return std::nullopt;
  return from.text == kSandboxAddress || find(from) != nullptr;
}

const ServiceSettings* SenderBook::settings(const ServiceSid& service) const {
  const auto found = services_.find(service);
  return found == services_.end() ? nullptr : &found->second;
}

const ServiceSettings* SenderBook::hears_for(const Sender* sender) const {
  if (sender == nullptr || !sender->service) return nullptr;
  const ServiceSettings* const service = settings(*sender->service);
  return service == nullptr || service->defers_inbound ? nullptr : service;
}

std::optional<std::string> SenderBook::inbound_url(const Address& sender) const {
  const Sender* entry = find(sender);
  if (const ServiceSettings* const service = hears_for(entry)) return service->inbound_url;
  return entry != nullptr && entry->inbound_url ? entry->inbound_url : inbound_url_;
}

SenderBook::InboundRoute SenderBook::inbound_route(const Address& sender) const {
  const Sender* entry = find(sender);
  InboundRoute route{.url = inbound_url(sender), .fallback_url = fallback_url_};
  const auto take = [&](const auto& said) {
    route.method = said.inbound_method;
    if (said.fallback_url) route.fallback_url = said.fallback_url;
    route.fallback_method = said.fallback_method;
  };
  if (const ServiceSettings* const service = hears_for(entry)) {
    take(*service);
  } else if (entry != nullptr) {
    take(*entry);
  }
  return route;
}

std::optional<SenderBook::StatusRoute> SenderBook::status_route(
    const Address& sender, const std::optional<ServiceSid>& service) const {
  const ServiceSettings* const described = service ? settings(*service) : nullptr;
  if (described != nullptr && described->status_callback) {
    return StatusRoute{*described->status_callback};
  }
  const Sender* entry = find(sender);
  if (entry != nullptr && entry->status_callback) {
    return StatusRoute{*entry->status_callback, entry->status_method};
  }
  if (!status_callback_) return std::nullopt;
  return StatusRoute{*status_callback_};
}

const Sender* SenderBook::find(const Address& address) const {
  const auto found = std::ranges::find(
      senders_, address.text, [](const Sender& s) -> const std::string& { return s.address.text; });
  return found == senders_.end() ? nullptr : &*found;
}

}  // namespace twindow::gateway
