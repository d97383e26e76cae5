// SPDX-License-Identifier: Apache-2.0
// Who wants no more messages, in memory: each send asks, also those that wait for nothing.
#include <algorithm>

#include "twindow/gateway/world.h"

namespace twindow::gateway {

// Of an earlier run.
Task<void> World::learn_opt_outs() {
  const auto all = co_await store_->opt_outs();
  if (!all) co_return;
  for (const OptOut& one : *all) opted_out_[one.user].insert(one.sender);
}

// Under every name that is known of the user now.
void World::note_opted(const ports::AccountStore::Effects& effects, const InboundMessage& message,
                       const WindowKey& pair) {
  if (effects.opted.of.empty()) return;
  std::vector<std::string> names = effects.aliases;
  names.push_back(pair.user);
  names.push_back(canonical_user(message.from));
  for (const std::string& name : names) {
    std::set<std::string>& senders = opted_out_[name];
    for (const std::string& sender : effects.opted.of) {
      if (effects.opted.out) {
        senders.insert(sender);
      } else {
        senders.erase(sender);
      }
    }
    if (senders.empty()) opted_out_.erase(name);
  }
}

// Of the sender, or of a service that the send goes through or its sender belongs to.
bool World::opted_out(const SendRequest& request, const Address* sender,
                      const std::string& user) const {
  const auto found = opted_out_.find(user);
  if (found == opted_out_.end()) return false;
  const std::set<std::string>& of = found->second;
  const Address* const from = sender != nullptr ? sender : request.from ? &*request.from : nullptr;
  if (request.service && of.contains(request.service->text)) return true;
  if (from == nullptr) return false;
  if (of.contains(from->text)) return true;
  return std::ranges::any_of(senders_.senders(), [&](const Sender& one) {
    return one.address == *from && one.service && of.contains(one.service->text);
  });
}

std::optional<ServiceSid> World::service_of(const Address& sender) const {
  const auto found = std::ranges::find(senders_.senders(), sender, &Sender::address);
  return found == senders_.senders().end() ? std::nullopt : found->service;
}

bool World::has_advanced_opt_out(const std::optional<ServiceSid>& service) const {
  return service && std::ranges::find(advanced_opt_out_, *service) != advanced_opt_out_.end();
}

}  // namespace twindow::gateway
