// SPDX-License-Identifier: Apache-2.0
#include "src/net/webhook_delivery.h"

#include <optional>
#include <utility>

namespace twindow::net {

Result<std::shared_ptr<const WebhookRules>> WebhookRules::make(WebhookClientOptions options) {
  const auto reach = options.gateway ? EgressGuard::Reach::Far : EgressGuard::Reach::Near;
  auto guard = TWINDOW_TRY(EgressGuard::make(options.allow, reach));
  auto deliver_to = TWINDOW_TRY(DeliverTo::make(options.deliver_to));
  std::map<std::string, DeliverTo> of_accounts;
  for (const auto& [account, rules] : options.deliver_to_of) {
    auto own = TWINDOW_TRY(DeliverTo::make(rules));
    of_accounts.emplace(account, std::move(own));
  }
  return std::shared_ptr<const WebhookRules>(new WebhookRules{
      std::move(options), std::move(guard), std::move(deliver_to), std::move(of_accounts)});
}

Result<WebhookTarget> WebhookRules::target_of(const AccountSid& account,
                                              std::string_view url) const {
  const auto own = deliver_to_of.find(account.text);
  if (own != deliver_to_of.end()) {
    auto target = own->second.target_of(url);
    if (!target || target->redirected) return target;
  }
  return deliver_to.target_of(url);
}

bool WebhookDelivery::may_repeat_answered() const {
  const int status = outcome.http_status;
  if (outcome.error) return outcome.error->code == Errc::TimedOut && overrides.retry_read;
  return (status >= 500 && overrides.retry_5xx) ||
         (status >= 400 && status < 500 && overrides.retry_4xx);
}

}  // namespace twindow::net
