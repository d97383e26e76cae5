// SPDX-License-Identifier: Apache-2.0
// What may change while it runs: settings, policy and scenarios, and what new worlds are made with.
#include "twindow/wire/twilio/twiml.h"

#include "src/app/running.h"
#include "src/app/serve_options.h"
#include "src/app/silent_carrier.h"
#include "src/app/wait_for.h"

namespace twindow::app {

// The part of a configuration that needs nobody's consent.
void Running::take_settings(const Config& config) {
  state_.live.with([&](api::LiveSettings& live) {
    live = {.deliver_to = config.callbacks.deliver_to, .control_hosts = config.control_hosts};
  });
  inbound_url_.with([&](std::optional<std::string>& url) { url = config.inbound_url; });
  closing_soon_url_.with([&](std::optional<std::string>& url) { url = config.closing_soon_url; });
  window_closed_ = window_closed(config.profile);
  users_read_ = config.profile.reads;
  sender_rates_ = config.send_limits.sender_rates;
  daily_users_ = config.send_limits.daily_users;
  marketing_per_user_ = config.send_limits.marketing_per_user;
  state_.concurrent_calls_max = config.send_limits.concurrent_calls;
}

// A world that is made meanwhile has either read the new options or is in the list by then.
Result<void> Running::apply(const Config& config) {
  Result<void> deliveries = webhook_options_.with([&](net::WebhookClientOptions& options) {
    net::WebhookClientOptions next = webhook_options(config);
    next.deliver_to_of = options.deliver_to_of;
    Result<void> taken = webhooks_->configure(next);
    if (taken) options = std::move(next);
    return taken;
  });
  if (!deliveries) return deliveries;
  take_settings(config);
  accounts_.configure(config.accounts);
  const auto until = std::chrono::steady_clock::now() + limits::kDrainTime;
  wait_for(threads_.next(), configure_worlds(), until);
  return {};
}

Task<void> Running::configure_worlds() {
  for (gateway::World* world : worlds_.all()) {
    AccountOptions options = account_options(world->account());
    co_await world->configure(std::move(options));
  }
}

// A world that is made meanwhile has either taken the new one or is in the list by then.
Task<void> Running::spread_policy() {
  for (gateway::World* world : worlds_.all()) {
    PolicyKeeper::Shared policy = policy_.policy();
    co_await world->set_policy(std::move(policy));
  }
}

Task<std::vector<api::ServerState::PolicyMistake>> Running::spread_if_good(
    std::vector<Mistake> mistakes) {
  std::vector<api::ServerState::PolicyMistake> all;
  for (const Mistake& mistake : mistakes) {
    all.push_back({mistake.where, text_without_place(mistake)});
  }
  if (all.empty()) {
    co_await spread_policy();
  }
  co_return all;
}

// What the world of an account begins with, or from now on has.
Task<Result<void>> Running::take_scenario(AccountSid account, LoadedScenario loaded,
                                          gateway::SetUp how) {
  Result<void> deliveries =
      webhook_options_.with([&](net::WebhookClientOptions& options) -> Result<void> {
        options.deliver_to_of[account.text] = std::move(loaded.deliver_to);
        return webhooks_->configure(options);
      });
  if (!deliveries) co_return deliveries;
  gateway::World& world = worlds_.open(account);
  Result<void> done = co_await world.set_up(std::move(loaded.setup), how);
  if (done && loaded.auth_token) accounts_.set_token(account, *loaded.auth_token);
  co_return done;
}

// At the start: an account of its own, else the only one there is, else that of 32 zeros.
ScenarioKeeper::Choose Running::choose_account() {
  return [this](const std::optional<AccountSid>& own) -> Result<AccountSid> {
    if (own) return *own;
    const std::vector<AccountSid> known = accounts_.configured();
    if (known.size() > 1) {
      return fail(Errc::BadInput,
                  "which account? given.account.sid names one, and several are configured");
    }
    return known.empty() ? AccountSid{"AC" + std::string(32, '0')} : known.front();
  };
}

Task<api::ServerState::ScenarioTaken> Running::set_scenario(
    std::string text, api::ServerState::ChooseAccount choose) {
  ScenarioKeeper::Set set = co_await scenarios_.set(std::move(text), take_scenario_, choose);
  api::ServerState::ScenarioTaken taken{.account = set.account, .name = set.name};
  for (const Mistake& mistake : set.mistakes) {
    taken.mistakes.push_back({mistake.where, text_without_place(mistake)});
  }
  taken.error = std::move(set.error);
  co_return taken;
}

AccountOptions Running::account_options(const AccountSid& account) const {
  AccountOptions options = accounts_.options(account);
  if (!options.inbound_url) {
    options.inbound_url = inbound_url_.with([](const auto& url) { return url; });
  }
  options.closing_soon_url = closing_soon_url_.with([](const auto& url) { return url; });
  return options;
}

// With what Twilio is asked. Where the file names no account at all the variable is anybody's.
AccountOptions Running::credentials_of(const AccountSid& account) const {
  AccountOptions options = accounts_.options(account);
  const bool any = options.auth_token || !options.api_keys.empty();
  if (!any && accounts_.configured().empty()) options.auth_token = config_.default_auth_token;
  return options;
}

// Twilio's webhooks are believed with the account's token only.
bool Running::hears_users_of(const AccountSid& account) const {
  return proxy() && config_.public_url && accounts_.configured_token(account);
}

std::unique_ptr<gateway::World> Running::make_world(const AccountSid& account, Time start,
                                                    gateway::ClockMode mode) {
  gateway::WorldOptions options{.account = account_options(account),
                                .seed = seed_,
                                .clock = mode,
                                .start = start,
                                .policy = policy_.policy(),
                                .relays = proxy(),
                                .hears_users = hears_users_of(account),
                                .settle_after = config_.settle_after};
  gateway::WorldParts parts{
      .wall = wall_,
      .app = app_,
      .events = event_log_,
      .accounts = accounts_,
      .store = metered(store_->open_account(account), metrics_),
      .make_carrier = [this](const Clock& clock, Timers& timers, Random random,
                             ports::Outbox& outbox) -> std::unique_ptr<ports::Carrier> {
        if (proxy()) return std::make_unique<SilentCarrier>();
        const auto profile = [this] {
          return sim::CarrierProfile{.window_closed = window_closed_,
                                     .reads = users_read_,
                                     .limits = {.sender_rates = sender_rates_,
                                                .daily_users = daily_users_,
                                                .marketing_per_user = marketing_per_user_}};
        };
        return std::make_unique<sim::Provider>(profile, clock, timers, random, outbox);
      },
      .twilio = twilio_ ? &*twilio_ : nullptr,
      .sender = sender_ ? &*sender_ : nullptr};
  if (!proxy()) parts.read_twiml = wire::read_twiml;
  return std::make_unique<gateway::World>(threads_.make_strand(account.text), std::move(options),
                                          std::move(parts));
}

}  // namespace twindow::app
