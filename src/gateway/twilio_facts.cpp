// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/twilio_facts.h"

#include <algorithm>
#include <utility>

#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"

namespace twindow::gateway {

using namespace std::chrono_literals;

namespace {

constexpr Duration kRest = 5s;
constexpr int kUnansweredMax = 3;  // in a row: one slow answer says nothing of the others
constexpr Duration kPoolKept = 10min;
// Of a silent user who may have written since without our being told: a refusal may be wrong so
// long, and a campaign asks once for each.
constexpr Duration kBelieved = 10s;
constexpr Duration kSendersKept = 10min;
// A sender may have been registered since: before it is called missing the list is fetched again.
constexpr Duration kMissingKept = 1min;
constexpr std::chrono::milliseconds kListTime = 10s;

bool is_no_answer(const Error& error) {
  return error.code == Errc::NotReached || error.code == Errc::TimedOut ||
         error.code == Errc::Unavailable || error.code == Errc::BadReply;
}

}  // namespace

TwilioFacts::TwilioFacts(const Strand& strand, ports::TwilioApi& twilio, const Clock& clock,
                         AccountSid account, bool hears)
    : strand_(strand),
      twilio_(twilio),
      clock_(clock),
      account_(std::move(account)),
      hears_(hears) {}

bool TwilioFacts::covers(const WindowKey& pair) const {
  return senders_covered_.contains(pair.sender) || covers_alone(pair);
}

bool TwilioFacts::covers_alone(const WindowKey& pair) const {
  const auto found = covered_.find(pair);
  if (found == covered_.end()) return false;
  return found->second.heard || clock_.now() < found->second.since + kBelieved;
}

Task<void> TwilioFacts::wait_for(Waiting& waiting) {
  const auto mine = std::make_shared<Wakeup>(strand_);
  waiting.push_back(mine);
  co_await mine->wait();
}

void TwilioFacts::wake(Waiting waiting) {
  for (const auto& one : waiting) one->notify();
}

void TwilioFacts::not_answered(const Error& error) {
  if (!is_no_answer(error)) return answered();
  ++unanswered_;
  const bool rests = error.code == Errc::NotReached || unanswered_ >= kUnansweredMax;
  if (rests) rests_until_ = clock_.now() + kRest;
}

Task<bool> TwilioFacts::look_up(Address sender, Address user, Keep keep,
                                std::string authorization) {
  const WindowKey pair = window_key(sender, user);
  if (const auto other = lookups_.find(pair); other != lookups_.end()) {
    co_await wait_for(other->second);
    co_return true;
  }
  if (resting()) co_return false;
  lookups_.try_emplace(pair);
  const bool heard = hears_ && authorization.empty();
  ports::PairQuery query{.asker = {account_, std::move(authorization)},
                         .sender = std::move(sender),
                         .user = std::move(user),
                         .since = clock_.now() - limits::kWindowLength};
  auto found = co_await twilio_.newest_inbound(std::move(query), limits::kLookupTime);
  if (found) {
    answered();
  } else {
    not_answered(found.error());
  }
  Result<void> kept;
  if (found && *found) {
    kept = co_await keep(std::move(**found));
  }
  if (found && kept) covered_.insert_or_assign(pair, Covered{clock_.now(), heard});
  wake(std::move(lookups_.extract(pair).mapped()));
  co_return true;
}

const std::vector<Address>* TwilioFacts::known_pool(const ServiceSid& service) const {
  const auto known = pools_.find(service);
  const bool fresh = known != pools_.end() && clock_.now() < known->second.fetched + kPoolKept;
  return fresh ? &known->second.senders : nullptr;
}

Task<std::vector<Address>> TwilioFacts::pool(ServiceSid service, std::string authorization) {
  if (const auto* const known = known_pool(service)) co_return *known;
  std::vector<Address> stale;
  if (const auto old = pools_.find(service); old != pools_.end()) stale = old->second.senders;
  if (resting()) co_return stale;
  ports::Asker asker{account_, std::move(authorization)};
  auto fetched = co_await twilio_.whatsapp_pool(std::move(asker), service, limits::kLookupTime);
  if (!fetched) {
    not_answered(fetched.error());
    co_return stale;
  }
  answered();
  pools_[service] = {*fetched, clock_.now()};
  co_return *std::move(fetched);
}

void TwilioFacts::refresh_senders(Duration age_max) {
  const Time now = clock_.now();
  const bool fresh = senders_fetched_ && now < *senders_fetched_ + age_max;
  const bool tried = senders_tried_ && now < *senders_tried_ + kMissingKept;
  if (fresh || tried || fetching_senders_ || resting()) return;
  fetching_senders_ = true;
  senders_tried_ = now;
  start_on(strand_, fetch_senders());
}

Task<void> TwilioFacts::fetch_senders() {
  auto fetched = co_await twilio_.senders(account_, kListTime);
  fetching_senders_ = false;
  if (!fetched) co_return;
  own_senders_ = *std::move(fetched);
  senders_fetched_ = clock_.now();
}

std::optional<bool> TwilioFacts::has_sender(const Address& sender) {
  refresh_senders(kSendersKept);
  // A list without one says nothing: Twilio's account would not be used for WhatsApp, and a
  // simulator's that is open lists none.
  if (!senders_fetched_ || own_senders_.empty()) return std::nullopt;
  const bool there = std::ranges::any_of(
      own_senders_, [&](const ports::OwnSender& each) { return each.address.text == sender.text; });
  if (there) return true;
  refresh_senders(kMissingKept);
  const bool recent = clock_.now() < *senders_fetched_ + kMissingKept;
  return recent ? std::optional(false) : std::nullopt;
}

bool TwilioFacts::nobody_is_told(const std::vector<Address>& senders,
                                 const std::optional<ServiceSid>& service) {
  refresh_senders(kSendersKept);
  if (service) {
    const Time now = clock_.now();
    const auto known = services_.find(*service);
    const Duration kept =
        known != services_.end() && known->second.tells ? kSendersKept : kMissingKept;
    const bool ask = known == services_.end() || now >= known->second.tried + kept;
    if (ask && !resting()) {
      services_[*service].tried = now;
      start_on(strand_, fetch_service(*service));
    }
    const auto found = services_.find(*service);
    if (found == services_.end() || found->second.tells.value_or(true)) return false;
  }
  const auto tells_nobody = [&](const Address& sender) {
    const auto own = std::ranges::find(
        own_senders_, sender.text,
        [](const ports::OwnSender& each) -> const std::string& { return each.address.text; });
    return own != own_senders_.end() && !own->tells_statuses;
  };
  return !senders.empty() && std::ranges::all_of(senders, tells_nobody);
}

Task<void> TwilioFacts::fetch_service(ServiceSid service) {
  const auto tells = co_await twilio_.service_tells_statuses(account_, service, kListTime);
  if (tells) services_[service].tells = *tells;
}

bool TwilioFacts::refresh_due(Duration refresh) const {
  if (fetching_) return false;
  return !tried_ ||
         clock_.now() >= *tried_ + (failing_ ? std::min(refresh, Duration(30s)) : refresh);
}

bool TwilioFacts::templates_due(Duration refresh) const {
  return refresh_due(refresh) || first_list_is_fetched();
}

Task<void> TwilioFacts::refresh_templates(TemplateBook& book, Duration refresh,
                                          std::string authorization) {
  if (refresh_due(refresh)) {
    fetching_ = true;
    tried_ = clock_.now();
    if (!authorization.empty()) {
      co_await fetch_templates(book, std::move(authorization));
      co_return;
    }
    start_on(strand_, fetch_templates(book, std::string()));
  }
  if (first_list_is_fetched()) {
    co_await wait_for(for_templates_);
  }
}

Task<void> TwilioFacts::fetch_templates(TemplateBook& book, std::string authorization) {
  // In a caller's name his send waits, and only where there is nothing yet it waits so long.
  const bool again = !authorization.empty() && (synced_ || failing_);
  ports::Asker asker{account_, std::move(authorization)};
  const auto longest = again ? limits::kLookupTime : kListTime;
  auto fetched = co_await twilio_.templates(std::move(asker), longest);
  fetching_ = false;
  failing_ = !fetched;
  if (fetched) {
    synced_ = clock_.now();
    book.clear();
    for (ContentTemplate& content : *fetched) book.put(std::move(content));
  }
  wake(std::exchange(for_templates_, {}));
}

Task<std::optional<bool>> TwilioFacts::find_template(TemplateBook& book, ContentSid content,
                                                     std::string authorization) {
  if (resting()) co_return std::nullopt;
  ports::Asker asker{account_, std::move(authorization)};
  auto found = co_await twilio_.find_template(std::move(asker), content, limits::kLookupTime);
  if (!found) {
    not_answered(found.error());
    co_return std::nullopt;
  }
  answered();
  if (!*found) co_return false;
  book.put(*std::move(*found));
  co_return true;
}

void TwilioFacts::clear() {
  covered_.clear();
  senders_covered_.clear();
  pools_.clear();
  services_.clear();
  own_senders_.clear();
  senders_fetched_.reset();
  senders_tried_.reset();
}

}  // namespace twindow::gateway
