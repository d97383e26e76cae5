// SPDX-License-Identifier: Apache-2.0
// What the account has beside messages and windows, and what that means for sends.
#include <algorithm>
#include <set>

#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

#include "src/gateway/resource_effects.h"

namespace twindow::gateway {

namespace {

// Until a channel sender that was registered can send.
constexpr Duration kOnlineAfter = std::chrono::seconds(5);

std::string hex_of(std::uint64_t number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(number >> shift) & 15];
  return text;
}

}  // namespace

Task<std::vector<Resource>> World::resources(ResourceKind kind, std::string parent) {
  return run_on(strand_, do_resources(kind, std::move(parent)));
}

Task<Result<Resource>> World::resource(ResourceKind kind, std::string sid, std::string parent) {
  return run_on(strand_, do_resource(kind, std::move(sid), std::move(parent)));
}

Task<Result<Resource>> World::put_resource(Resource resource) {
  return run_on(strand_, do_put_resource(std::move(resource)));
}

Task<Result<Resource>> World::change_resource(ResourceKind kind, std::string sid,
                                              std::vector<Param> fields, std::string parent) {
  return run_on(strand_,
                do_change_resource(kind, std::move(sid), std::move(fields), std::move(parent)));
}

Task<Result<void>> World::erase_resource(ResourceKind kind, std::string sid, std::string parent) {
  return run_on(strand_, do_erase_resource(kind, std::move(sid), std::move(parent)));
}

Task<Time> World::now() { return run_on(strand_, do_now()); }

Task<Time> World::do_now() { co_return time_.now(); }

// Of an earlier run.
void World::take_up_resources() {
  for (const Resource& resource : store_->resources().all()) take_effect(resource);
}

void World::take_effect(const Resource& resource) {
  if (auto sender = sender_of(resource)) senders_.put(*std::move(sender));
  switch (resource.kind) {
    case ResourceKind::Account:
      if (resource.sid == account().text) break;
      accounts_.adopt(account(), AccountSid{resource.sid},
                      AuthToken{std::string(resource.get("auth_token"))},
                      resource.get("status") == "active");
      break;
    case ResourceKind::Key:
      accounts_.put_key(account(), {resource.sid, AuthToken{std::string(resource.get("secret"))}});
      break;
    case ResourceKind::Service:
      senders_.put_service(ServiceSid{resource.sid}, settings_of(resource));
      break;
    case ResourceKind::Content: {
      templates_.put(template_of(resource));
      const std::string_view status = resource.get("status");
      if (status == "received" || status == "pending") await_approval(resource);
      break;
    }
    case ResourceKind::SandboxMember:
      sandbox_.join(resource.sid, resource.created);
      break;
    case ResourceKind::ChannelSender:
      if (resource.get("status") == "CREATING") await_online(resource);
      break;
    default:
      if (const auto member = is_pool(resource.kind) ? member_of(resource.kind) : std::nullopt) {
        const auto address = parse_from(resource.get(address_field(*member)));
        if (address) senders_.join(*address, ServiceSid{resource.parent});
      }
      break;
  }
}

void World::lose_effect(const Resource& resource) {
  if (const auto sender = sender_of(resource)) senders_.erase(sender->address);
  if (resource.kind == ResourceKind::Service) senders_.erase_service(ServiceSid{resource.sid});
  if (resource.kind == ResourceKind::Content) templates_.erase(ContentSid{resource.sid});
  if (resource.kind == ResourceKind::Key) accounts_.drop_key(account(), resource.sid);
  const auto member = is_pool(resource.kind) ? member_of(resource.kind) : std::nullopt;
  if (!member) return;
  const auto address = parse_from(resource.get(address_field(*member)));
  if (address) senders_.join(*address, std::nullopt);
}

void World::await_online(const Resource& sender) {
  time_.at(sender.created + kOnlineAfter, TimerKind::Progress,
           [this, sid = sender.sid, epoch = epoch_] {
             if (epoch == epoch_) start_on(strand_, come_online(sid));
           });
}

Task<void> World::come_online(std::string sid) {
  auto sender = one_of(ResourceKind::ChannelSender, sid, "");
  if (!sender || sender->get("status") != "CREATING") co_return;
  std::vector<Param> online{{"status", "ONLINE"}};
  [[maybe_unused]] const Result<Resource> changed = co_await do_change_resource(
      ResourceKind::ChannelSender, std::move(sid), std::move(online), std::string());
}

// The same in every run, and for as long as the address is the account's.
std::string World::sid_of(ResourceKind kind, std::string_view address) const {
  Random digits = Random(options_.seed).fork(account().text).fork(sid_prefix(kind)).fork(address);
  const std::string high = hex_of(digits.next());
  return std::string(sid_prefix(kind)) + high + hex_of(digits.next());
}

// What the senders of the configuration and the control API are as resources of that kind.
std::vector<Resource> World::described(ResourceKind kind) const {
  std::vector<Resource> found;
  if (kind == ResourceKind::Account) {
    Resource own{
        .kind = kind, .sid = account().text, .created = options_.start, .updated = options_.start};
    own.set("friendly_name", "My first Twilio account");
    own.set("status", "active");
    own.set("owner_account_sid", account().text);
    found.push_back(std::move(own));
    return found;
  }
  std::set<std::string> services;
  for (const Sender& sender : senders_.senders()) {
    Resource one{.kind = kind};
    if (kind == ResourceKind::Service) {
      if (!sender.service || !services.insert(sender.service->text).second) continue;
      one.sid = sender.service->text;
      one.set("friendly_name", sender.service->text);
      one.set("use_inbound_webhook_on_number", "true");
    } else if (is_pool(kind)) {
      if (!sender.service || pool_of(sender.address) != kind) continue;
      const auto member = member_of(kind);
      one = gateway::described(member.value_or(kind), sender);
      one.kind = kind;
      one.sid = sid_of(member.value_or(kind), sender.address.text);
      one.parent = sender.service->text;
    } else {
      if (gateway::kind_of(sender.address) != kind) continue;
      one = gateway::described(kind, sender);
      one.sid = sid_of(kind, sender.address.text);
    }
    one.created = one.updated = options_.start;
    found.push_back(std::move(one));
  }
  return found;
}

std::vector<Resource> World::all_of(ResourceKind kind, std::string_view parent) const {
  std::vector<Resource> made = store_->resources().list(kind, parent);
  const auto is_made = [&](const Resource& one) {
    const auto member = is_pool(kind) ? member_of(kind) : std::nullopt;
    const std::string_view field = address_field(member.value_or(kind));
    return std::ranges::any_of(made, [&](const Resource& other) {
      return other.sid == one.sid || (!field.empty() && other.get(field) == one.get(field));
    });
  };
  std::vector<Resource> found;
  for (Resource& one : described(kind)) {
    if (one.parent == parent && !is_made(one)) found.push_back(std::move(one));
  }
  std::ranges::move(made, std::back_inserter(found));
  if (kind != ResourceKind::Content) return found;
  for (Resource& content : found) {
    // A decision may not be stored yet.
    const ContentTemplate* const now = templates_.find(ContentSid{content.sid});
    if (now != nullptr) content.set("status", to_text(now->status));
  }
  return found;
}

std::optional<Resource> World::one_of(ResourceKind kind, std::string_view sid,
                                      std::string_view parent) const {
  if (const Resource* const made = store_->resources().find(kind, sid, parent)) {
    Resource found = *made;
    const ContentTemplate* const now =
        kind == ResourceKind::Content ? templates_.find(ContentSid{found.sid}) : nullptr;
    if (now != nullptr) found.set("status", to_text(now->status));
    return found;
  }
  for (Resource& one : all_of(kind, parent)) {
    if (one.sid == sid) return std::move(one);
  }
  return std::nullopt;
}

Task<std::vector<Resource>> World::do_resources(ResourceKind kind, std::string parent) {
  co_return all_of(kind, parent);
}

Task<Result<Resource>> World::do_resource(ResourceKind kind, std::string sid, std::string parent) {
  auto found = one_of(kind, sid, parent);
  if (!found) co_return fail(Errc::NotFound, sid);
  co_return *std::move(found);
}

// An address is one resource's; a member of a pool is there, and in no other service's pool.
Result<void> World::check_new(const Resource& resource) const {
  if (!is_pool(resource.kind)) {
    const auto address = parse_from(resource.get(address_field(resource.kind)));
    const bool taken = address && senders_.find(*address) != nullptr;
    if (taken) return fail(Errc::PhoneNumberTaken, address->text);
    return {};
  }
  if (!one_of(ResourceKind::Service, resource.parent, "")) {
    return fail(Errc::NotFound, resource.parent);
  }
  const auto member = member_of(resource.kind);
  const std::string_view field = address_field(member.value_or(resource.kind));
  const auto address = parse_from(resource.get(field));
  const Sender* const sender = address ? senders_.find(*address) : nullptr;
  if (sender == nullptr || !sender->service) return {};
  const bool here = sender->service->text == resource.parent;
  return fail(here ? Errc::InServiceAlready : Errc::InOtherService, address->text);
}

Task<Result<Resource>> World::do_put_resource(Resource resource) {
  const auto member = is_pool(resource.kind) ? member_of(resource.kind) : std::nullopt;
  if (member) {
    const auto what = one_of(*member, resource.sid, "");
    if (!what) co_return fail(Errc::NotFound, resource.sid);
    const std::string_view field = address_field(*member);
    resource.set(field, what->get(field));
  }
  const Result<void> allowed = check_new(resource);
  if (!allowed) co_return Unexpected(allowed.error());
  if (resource.sid.empty()) resource.sid = next_sid(sid_prefix(resource.kind));
  const bool keyed = resource.kind == ResourceKind::Key || resource.kind == ResourceKind::Account;
  if (keyed) {
    resource.set(resource.kind == ResourceKind::Key ? "secret" : "auth_token", next_sid(""));
  }
  resource.created = resource.updated = time_.now();
  Changes changes;
  changes.put.push_back(resource);
  const Result<void> stored = co_await store_->change_resources(std::move(changes));
  if (!stored) co_return Unexpected(stored.error());
  take_effect(resource);
  nudge();
  co_return resource;
}

Task<Result<Resource>> World::do_change_resource(ResourceKind kind, std::string sid,
                                                 std::vector<Param> fields, std::string parent) {
  auto found = one_of(kind, sid, parent);
  if (!found) co_return fail(Errc::NotFound, sid);
  for (const Param& field : fields) found->set(field.name, field.value);
  found->updated = time_.now();
  Changes changes;
  changes.put.push_back(*found);
  const Result<void> stored = co_await store_->change_resources(std::move(changes));
  if (!stored) co_return Unexpected(stored.error());
  take_effect(*found);
  co_return *std::move(found);
}

Task<Result<void>> World::do_erase_resource(ResourceKind kind, std::string sid,
                                            std::string parent) {
  const auto found = one_of(kind, sid, parent);
  if (!found) co_return fail(Errc::NotFound, sid);
  Changes changes;
  changes.erased.push_back({kind, sid, parent});
  for (const Resource& other : store_->resources().all()) {
    const bool below = kind == ResourceKind::Service && other.parent == sid;
    const bool member = is_pool(other.kind) && member_of(other.kind) == kind && other.sid == sid;
    if (below || member) changes.erased.push_back({other.kind, other.sid, other.parent});
  }
  const Result<void> stored = co_await store_->change_resources(std::move(changes));
  if (!stored) co_return Unexpected(stored.error());
  lose_effect(*found);
  co_return Result<void>();
}

}  // namespace twindow::gateway
