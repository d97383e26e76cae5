// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/alert_book.h"

#include <algorithm>

#include "twindow/base/random.h"

namespace twindow::gateway {

namespace {

SidSource sids_of(std::uint64_t seed, const AccountSid& account) {
  return SidSource(Random(seed).fork("alerts").next(), account);
}

}  // namespace

int alert_code_of(const WebhookOutcome& outcome) {
  constexpr int kRetrievalFailure = 11200;
  constexpr int kTotalTime = 11203;
  constexpr int kConnection = 11205;
  constexpr int kInvalidRedirect = 11216;
  if (outcome.lost) return 0;
  if (outcome.alert_code != 0) return outcome.alert_code;
  if (outcome.error) {
    if (outcome.error->code == Errc::TimedOut) return kTotalTime;
    return outcome.error->code == Errc::BadReply ? kRetrievalFailure : kConnection;
  }
  if (outcome.http_status >= 400) return kRetrievalFailure;
  return outcome.http_status >= 300 ? kInvalidRedirect : 0;
}

int alert_code_of(const Error& error) {
  switch (error.code) {
    case Errc::OptedOut:
      return 21610;
    case Errc::ChannelNotFound:
    case Errc::FromNotOwned:
    case Errc::FromNotOwnedSms:
      return 14102;
    case Errc::InvalidTo:
    case Errc::ChannelMismatch:
      return 14101;
    default:
      return 12400;  // internal failure
  }
}

Alert alert_about(const WebhookRecord& record) {
  const auto& [at, webhook, outcome] = record;
  return Alert{.sid = {},
               .at = at,
               .account = webhook.account,
               .message = webhook.message,
               .webhook = webhook.id,
               .method = outcome.method,
               .url = webhook.url,
               .request_body = outcome.body_sent,
               .http_status = outcome.http_status,
               .content_type = outcome.content_type,
               .response_headers = outcome.headers,
               .response_body = outcome.reply};
}

AlertBook::AlertBook(std::uint64_t seed, const AccountSid& account, std::size_t most)
    : seed_(seed), account_(account), most_(most), sids_(sids_of(seed, account)) {}

const Alert& AlertBook::add(Alert alert) {
  alert.sid = sids_.next("NO");
  alert.account = account_;
  if (alerts_.size() == most_) alerts_.pop_front();
  return alerts_.emplace_back(std::move(alert));
}

const Alert* AlertBook::find(const std::string& sid) const {
  const auto found = std::ranges::find(alerts_, sid, &Alert::sid);
  return found == alerts_.end() ? nullptr : &*found;
}

void AlertBook::clear() {
  alerts_.clear();
  sids_ = sids_of(seed_, account_);
}

}  // namespace twindow::gateway
