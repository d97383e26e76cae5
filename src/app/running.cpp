// SPDX-License-Identifier: Apache-2.0
// What it is made of, its doors, and its life from the first line to the last.
#include "src/app/running.h"

#include <algorithm>
#include <iostream>
#include <random>
#include <thread>

#include "twindow/api/control_face.h"
#include "twindow/api/hooks_face.h"
#include "twindow/api/twilio_face.h"
#include "twindow/wire/secret.h"
#include "twindow/wire/twilio/hook_url.h"

#include "src/app/banner.h"
#include "src/app/capture/capture.h"
#include "src/app/config_reload.h"
#include "src/app/connect_rule.h"
#include "src/app/control_token.h"
#include "src/app/json.h"
#include "src/app/metrics_text.h"
#include "src/app/secrets.h"
#include "src/app/serve_options.h"
#include "src/app/start_pages.h"
#include "src/app/version.h"
#include "src/app/wait_for.h"
#include "src/app/wait_for_end.h"

namespace twindow::app {

namespace {

constexpr std::size_t kSaltBytes = 32;

std::uint64_t draw_seed() {
  // Short enough to be typed again: --seed N repeats the run.
  return std::random_device()();
}

std::vector<std::string_view> routes() {
  std::vector<std::string_view> all = api::twilio_routes();
  const std::vector<std::string_view> control = api::control_routes();
  all.insert(all.end(), control.begin(), control.end());
  const std::vector<std::string_view> hooks = api::hook_routes();
  all.insert(all.end(), hooks.begin(), hooks.end());
  return all;
}

}  // namespace

Running::Running(const Config& config, std::unique_ptr<net::WebhookClient> webhooks,
                 std::unique_ptr<store::Backend> store,
                 std::unique_ptr<net::UpstreamClient> upstream, net::IoThreads& threads,
                 const Environment& environment)
    : config_(config),
      threads_(threads),
      store_(std::move(store)),
      silence_(nullptr),
      log_({.format = config.log, .pii = config.log_pii ? Pii::Show : Pii::Mask},
           config.quiet ? silence_ : std::cerr),
      metrics_(routes()),
      webhooks_(std::move(webhooks)),
      upstream_(std::move(upstream)),
      app_(*webhooks_, metrics_),
      events_(threads.make_strand("events")),
      event_log_(log_, events_),
      accounts_(config.accounts, config.default_auth_token),
      policy_(policy_options(config)),
      scenarios_(config.scenarios, environment),
      webhook_options_(webhook_options(config)),
      seed_(config.seed.value_or(draw_seed())),
      worlds_(
          wall_, clock_mode(config.clock),
          [this](const AccountSid& account, Time start, gateway::ClockMode mode) {
            return make_world(account, start, mode);
          },
          config.start),
      state_{.worlds = worlds_,
             .accounts = accounts_,
             .events = events_,
             .wall = wall_,
             .version = std::string(kVersion)},
      ca_(config, wall_),
      tls_([this] { return ca_.current(); }, [this](const std::string& why) { log_.warning(why); },
           wall_) {
  if (upstream_ != nullptr) {
    state_.mode = "proxy";
    const auto credentials = [this](const AccountSid& account) { return credentials_of(account); };
    twilio_.emplace(upstream_->upstream(), credentials);
    sender_.emplace(upstream_->upstream(), credentials, later_status_url());
    known_.emplace(wall_, wire::sha256_hex, random_hex(kSaltBytes));
    idempotency_.emplace(wall_, wire::sha256_hex,
                         gateway::Idempotency::Options{.lost_answer = config.lost_answer});
  }
  state_.public_url = config.public_url.value_or("");
  state_.hook_answered = [this](const api::HookReport& report) { hook_answered(report); };
  state_.seed = seed_;
  state_.store = name_of(config.store.kind);
  state_.started = wall_.now();
  state_.ca_certificate = [this]() -> Result<std::string> {
    const auto authority = TWINDOW_TRY(ca_.current());
    return authority->certificate_pem();
  };
  state_.metrics = [this] { return metrics_page(); };
  state_.send_judged = [this](twindow::Action action) { metrics_.send_judged(action); };
  state_.policy_text = [this] { return policy_.text(); };
  state_.capture = [](const std::string& material, bool keep) {
    return captured_scenario(Json::parse(material, nullptr, false), {.keep = keep});
  };
  state_.set_policy = [this](std::string text) {
    return spread_if_good(policy_.set(std::move(text)));
  };
  state_.restore_policy = [this] { return spread_if_good(policy_.restore()); };
  if (!proxy()) {
    state_.scenario_texts = [this] { return scenarios_.texts(); };
    state_.set_scenario = [this](std::string text, api::ServerState::ChooseAccount choose) {
      return set_scenario(std::move(text), std::move(choose));
    };
  }
  state_.send_decided = [this](std::optional<Errc> refusal) { metrics_.send_decided(refusal); };
  take_settings(config);
}

// Coroutines may still be pending that refer to our worlds.
Running::~Running() {
  api_.reset();
  tls_api_.reset();
  hooks_.reset();
  control_.reset();
  threads_.stop();
  idempotency_.reset();
  store_->close();  // before those go who wait for it
  threads_.discard();
}

Result<void> Running::take_token() {
  state_.control_token = TWINDOW_TRY(control_token(config_));
  return {};
}

Result<void> Running::listen() {
  const wire::Handler control = api::make_control_face(state_);
  const wire::Handler twilio =
      upstream_ == nullptr ? api::make_twilio_face(state_, control)
                           : api::make_proxy_face(state_, upstream_->upstream(), proxy_parts());
  net::DataServerOptions plain = data_options(config_.listen);
  plain.connect = connect_rule(config_.connect_tunnel);
  api_ = TWINDOW_TRY(
      net::DataServer::listen(threads_, std::move(plain), twilio, call_log(), api::refuse));
  state_.api_address = net::to_text(api_->endpoint());
  TWINDOW_TRY(listen_for_tls(twilio));
  TWINDOW_TRY(listen_for_hooks());
  net::ControlServerOptions control_options;
  control_options.address = config_.control.host;
  control_options.port = config_.control.port;
  control_ = TWINDOW_TRY(net::ControlServer::listen(
      threads_.next().get_executor(), std::move(control_options), control, call_log()));
  state_.control_address = net::to_text(net::Endpoint{control_->address(), control_->port()});
  return {};
}

net::DataServerOptions Running::data_options(const Endpoint& at) {
  net::DataServerOptions options;
  options.address = at.host;
  options.port = at.port;
  options.idle_connections_max = config_.idle_connections;
  options.tls = &tls_;
  return options;
}

// A default nobody asked for must not keep a second server from starting.
Result<void> Running::listen_for_tls(const wire::Handler& twilio) {
  if (!config_.tls.listen) return {};
  net::DataServerOptions options = data_options(*config_.tls.listen);
  options.tls_from_start = true;
  auto listening =
      net::DataServer::listen(threads_, std::move(options), twilio, call_log(), api::refuse);
  if (listening) {
    tls_api_ = *std::move(listening);
    state_.tls_address = net::to_text(tls_api_->endpoint());
    return {};
  }
  if (config_.tls.listen_given) return Unexpected(std::move(listening).error());
  log_.warning("no TLS: " + listening.error().detail + "; --tls picks another port");
  return {};
}

api::ProxyParts Running::proxy_parts() {
  api::ProxyParts parts{.twilio = &*twilio_, .known = &*known_, .idempotency = &*idempotency_};
  parts.warn = [this](const std::string& what) { log_.warning(what); };
  if (state_.public_url.empty()) return parts;
  if (config_.learn) parts.learn_url = wire::hook_learn_url(state_.public_url);
  parts.status_url = [this](std::string_view app_url) {
    return wire::hook_status_url(state_.public_url, app_url);
  };
  return parts;
}

net::TwilioSender::StatusUrl Running::later_status_url() const {
  if (!config_.public_url) return nullptr;
  return [this](std::string_view app_url, const MessageSid& sid) {
    return wire::hook_status_url(*config_.public_url, app_url, sid);
  };
}

// What Twilio calls may be reached from everywhere, so nothing else is served there.
Result<void> Running::listen_for_hooks() {
  if (!proxy() || !config_.hooks) return {};
  net::DataServerOptions options = data_options(*config_.hooks);
  options.tls = nullptr;
  hooks_ = TWINDOW_TRY(net::DataServer::listen(
      threads_, std::move(options), api::make_hooks_face(state_), call_log(), api::refuse));
  state_.hooks_address = net::to_text(hooks_->endpoint());
  return {};
}

void Running::hook_answered(const api::HookReport& report) {
  metrics_.hook_answered(report);
  if (report.detail.empty()) return;
  log_.warning("a webhook of Twilio's (" +
               std::string(api::kHookKinds[static_cast<std::size_t>(report.kind)]) +
               "): " + std::string(report.detail));
}

wire::CallLog Running::call_log() {
  return [this](const wire::CallLogEntry& entry) {
    metrics_.called(entry);
    log_.call(entry);
    // The first call sets up what all later ones have: it belongs to the start.
    if (starting_.load(std::memory_order_relaxed) && entry.plane == "api" &&
        starting_.exchange(false)) {
      release_start_pages();
    }
  };
}

Task<std::string> Running::metrics_page() {
  Gauges gauges{.version = state_.version,
                .mode = state_.mode,
                .store = state_.store,
                .started = state_.started,
                .api_connections = api_->connections() + (tls_api_ ? tls_api_->connections() : 0) +
                                   (hooks_ ? hooks_->connections() : 0),
                .control_connections = control_->connections(),
                .event_streams = state_.event_streams};
  for (gateway::World* world : worlds_.all()) {
    const gateway::World::Gauges here = co_await world->gauges();
    ++gauges.worlds;
    gauges.messages += here.messages;
    gauges.windows_open += here.windows_open;
  }
  co_return metrics_text(metrics_, gauges);
}

void Running::run() {
  threads_.run();
  // What an earlier run has kept is there from the start, not only once its account calls.
  for (const AccountSid& account : store_->accounts()) worlds_.open(account);
  if (proxy()) {
    for (const AccountSid& account : accounts_.configured()) worlds_.open(account);
  }
  if (!scenarios_.files().empty()) {
    const auto until = std::chrono::steady_clock::now() + limits::kDrainTime;
    wait_for(threads_.next(), scenarios_.begin(take_scenario_, choose_account(), log_), until);
  }
  state_.phase = api::Phase::Ready;
  if (!config_.quiet) print_banner(std::cout, state_, config_);
  log_.info("ready: api " + state_.api_address +
            (state_.tls_address.empty() ? "" : ", tls " + state_.tls_address) +
            (state_.hooks_address.empty() ? "" : ", hooks " + state_.hooks_address) + ", control " +
            state_.control_address);
  if (!config_.quiet) {
    release_start_pages();
    starting_ = true;
  }
}

void Running::wait_for_the_end(const sigset_t& signals, const ConfigSources& sources,
                               Watches& watches) {
  ConfigReload config(
      sources, config_, [this](const Config& next) { return apply(next); }, log_, metrics_);
  const bool config_watched = config_file(sources).empty() || watches.config.works();
  const bool scenarios_watched =
      std::ranges::all_of(watches.scenarios, [](const auto& file) { return file->works(); });
  if (!config_watched || !scenarios_watched || (config_.policy && !watches.policy.works())) {
    log_.warning("a file cannot be watched: send SIGHUP when it has changed");
  }
  const auto spread = [this] {
    const auto until = std::chrono::steady_clock::now() + limits::kDrainTime;
    wait_for(threads_.next(), spread_policy(), until);
  };
  std::vector<Watched> watched{
      {watches.config, [&](std::string_view why) { config.run(why); }},
      {watches.policy, [&](std::string_view why) { policy_.reload(why, spread, log_); }}};
  for (std::size_t i = 0; i < watches.scenarios.size(); ++i) {
    watched.push_back({*watches.scenarios[i], [this, i](std::string_view why) {
                         const auto until = std::chrono::steady_clock::now() + limits::kDrainTime;
                         wait_for(threads_.next(), scenarios_.reload(i, why, take_scenario_, log_),
                                  until);
                       }});
  }
  wait_for_end(signals, watched);
}

// Calls in flight are answered first, then what they have begun is told to the apps.
void Running::drain() {
  state_.phase = api::Phase::Draining;
  log_.info("draining: no new calls, at most 10 s for what is under way");
  const auto until = std::chrono::steady_clock::now() + limits::kDrainTime;
  // Both at once: neither may take what the other no longer does.
  std::thread tls([this] {
    if (tls_api_) tls_api_->drain(limits::kDrainTime);
  });
  std::thread hooks([this] {
    if (hooks_) hooks_->drain(limits::kDrainTime);
  });
  api_->drain(limits::kDrainTime);
  tls.join();
  hooks.join();
  for (gateway::World* world : worlds_.all()) {
    wait_for(threads_.next(), world->come_to_rest(), until);
  }
  events_.close();
  control_->stop();
  log_.info("stopped");
}

}  // namespace twindow::app
