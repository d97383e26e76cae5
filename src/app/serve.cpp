// SPDX-License-Identifier: Apache-2.0
// The wiring of the layers into a running server, and its life from the first line to the last.
#include "src/app/serve.h"

#include <csignal>
#include <iostream>
#include <random>
#include <thread>

#include "twindow/api/control_face.h"
#include "twindow/api/hooks_face.h"
#include "twindow/api/proxy_face.h"
#include "twindow/api/twilio_face.h"
#include "twindow/net/control_server.h"
#include "twindow/net/data_server.h"
#include "twindow/net/file_limit.h"
#include "twindow/net/tls_server.h"
#include "twindow/net/twilio_client.h"
#include "twindow/net/twilio_sender.h"
#include "twindow/net/upstream_client.h"
#include "twindow/net/webhook_client.h"
#include "twindow/sim/provider.h"
#include "twindow/wire/secret.h"
#include "twindow/wire/twilio/hook_url.h"
#include "twindow/wire/twilio/twiml.h"

#include "src/app/banner.h"
#include "src/app/ca_files.h"
#include "src/app/capture/capture.h"
#include "src/app/config_reload.h"
#include "src/app/connect_rule.h"
#include "src/app/control_token.h"
#include "src/app/event_log.h"
#include "src/app/file_watch.h"
#include "src/app/json.h"
#include "src/app/local_server.h"
#include "src/app/log.h"
#include "src/app/metered_ports.h"
#include "src/app/metrics_text.h"
#include "src/app/open_backend.h"
#include "src/app/policy_keeper.h"
#include "src/app/scenario_keeper.h"
#include "src/app/secrets.h"
#include "src/app/serve_options.h"
#include "src/app/silent_carrier.h"
#include "src/app/start_pages.h"
#include "src/app/version.h"
#include "src/app/wait_for.h"
#include "src/app/wait_for_end.h"

namespace twindow::app {

namespace {

constexpr std::size_t kSaltBytes = 32;
constexpr int kOk = 0;
constexpr int kWrongConfig = 1;
constexpr int kWrongPolicy = 2;
constexpr int kCouldNotRun = 3;

// Signals are taken by the thread that waits for them and no other; every thread made later
// inherits this.
sigset_t block_end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

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

// Everything that lives as long as the server does, in the order in which it is needed.
class Running {
 public:
  Running(const Config& config, std::unique_ptr<net::WebhookClient> webhooks,
          std::unique_ptr<store::Backend> store, std::unique_ptr<net::UpstreamClient> upstream,
          net::IoThreads& threads, const Environment& environment)
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
        tls_([this] { return ca_.current(); },
             [this](const std::string& why) { log_.warning(why); }, wall_) {
    if (upstream_ != nullptr) {
      state_.mode = "proxy";
      const auto credentials = [this](const AccountSid& account) {
        return credentials_of(account);
      };
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
    state_.set_policy = [this](std::string text) { return set_policy(std::move(text)); };
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
  ~Running() {
    api_.reset();
    tls_api_.reset();
    hooks_.reset();
    control_.reset();
    threads_.stop();
    idempotency_.reset();
    store_->close();  // before those go who wait for it
    threads_.discard();
  }

  Result<void> check_ca() { return ca_.check(); }

  std::vector<Mistake> load_policy() { return policy_.load(); }
  std::vector<Mistake> load_scenarios() { return scenarios_.load(); }

  Result<void> take_token() {
    state_.control_token = TWINDOW_TRY(control_token(config_));
    return {};
  }

  Result<void> listen() {
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

  void run() {
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
              (state_.hooks_address.empty() ? "" : ", hooks " + state_.hooks_address) +
              ", control " + state_.control_address);
    if (!config_.quiet) release_start_pages();
  }

  const api::ServerState& state() const { return state_; }

  struct Watches {
    FileWatch config;
    FileWatch policy;
    std::vector<std::unique_ptr<FileWatch>> scenarios;
  };
  void wait_for_the_end(const sigset_t& signals, const ConfigSources& sources, Watches& watches) {
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
                           wait_for(threads_.next(),
                                    scenarios_.reload(i, why, take_scenario_, log_), until);
                         }});
    }
    wait_for_end(signals, watched);
  }

  // Calls in flight are answered first, then what they have begun is told to the apps.
  void drain() {
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

 private:
  bool proxy() const { return upstream_ != nullptr; }

  net::DataServerOptions data_options(const Endpoint& at) {
    net::DataServerOptions options;
    options.address = at.host;
    options.port = at.port;
    options.idle_connections_max = config_.idle_connections;
    options.tls = &tls_;
    return options;
  }

  // A default nobody asked for must not keep a second server from starting.
  Result<void> listen_for_tls(const wire::Handler& twilio) {
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

  api::ProxyParts proxy_parts() {
    api::ProxyParts parts{.twilio = &*twilio_, .known = &*known_, .idempotency = &*idempotency_};
    parts.warn = [this](const std::string& what) { log_.warning(what); };
    if (state_.public_url.empty()) return parts;
    if (config_.learn) parts.learn_url = wire::hook_learn_url(state_.public_url);
    parts.status_url = [this](std::string_view app_url) {
      return wire::hook_status_url(state_.public_url, app_url);
    };
    return parts;
  }

  net::TwilioSender::StatusUrl later_status_url() const {
    if (!config_.public_url) return nullptr;
    return [this](std::string_view app_url, const MessageSid& sid) {
      return wire::hook_status_url(*config_.public_url, app_url, sid);
    };
  }

  // What Twilio calls may be reached from everywhere, so nothing else is served there.
  Result<void> listen_for_hooks() {
    if (!proxy() || !config_.hooks) return {};
    net::DataServerOptions options = data_options(*config_.hooks);
    options.tls = nullptr;
    hooks_ = TWINDOW_TRY(net::DataServer::listen(
        threads_, std::move(options), api::make_hooks_face(state_), call_log(), api::refuse));
    state_.hooks_address = net::to_text(hooks_->endpoint());
    return {};
  }

  void hook_answered(const api::HookReport& report) {
    metrics_.hook_answered(report);
    if (report.detail.empty()) return;
    log_.warning("a webhook of Twilio's (" +
                 std::string(api::kHookKinds[static_cast<std::size_t>(report.kind)]) +
                 "): " + std::string(report.detail));
  }

  wire::CallLog call_log() {
    return [this](const wire::CallLogEntry& entry) {
      metrics_.called(entry);
      log_.call(entry);
    };
  }

  Task<std::string> metrics_page() {
    Gauges gauges{.version = state_.version,
                  .mode = state_.mode,
                  .store = state_.store,
                  .started = state_.started,
                  .api_connections = api_->connections() +
                                     (tls_api_ ? tls_api_->connections() : 0) +
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

  // The part of a configuration that needs nobody's consent.
  void take_settings(const Config& config) {
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
  Result<void> apply(const Config& config) {
    const Result<void> deliveries = webhook_options_.with([&](net::WebhookClientOptions& options) {
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

  Task<void> configure_worlds() {
    for (gateway::World* world : worlds_.all()) {
      AccountOptions options = account_options(world->account());
      co_await world->configure(std::move(options));
    }
  }

  // A world that is made meanwhile has either taken the new one or is in the list by then.
  Task<void> spread_policy() {
    for (gateway::World* world : worlds_.all()) {
      PolicyKeeper::Shared policy = policy_.policy();
      co_await world->set_policy(std::move(policy));
    }
  }

  Task<std::vector<api::ServerState::PolicyMistake>> set_policy(std::string text) {
    std::vector<api::ServerState::PolicyMistake> told;
    const auto mistakes = text.empty() ? policy_.restore() : policy_.set(std::move(text));
    for (const Mistake& mistake : mistakes) {
      const std::string key = mistake.key.empty() ? "" : mistake.key + ": ";
      told.push_back({mistake.where, key + mistake.text});
    }
    if (told.empty()) {
      co_await spread_policy();
    }
    co_return told;
  }

  // What the world of an account begins with, or from now on has.
  Task<Result<void>> take_scenario(AccountSid account, LoadedScenario loaded, gateway::SetUp how) {
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
  ScenarioKeeper::Choose choose_account() {
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

  Task<api::ServerState::ScenarioTaken> set_scenario(std::string text,
                                                     api::ServerState::ChooseAccount choose) {
    ScenarioKeeper::Set set = co_await scenarios_.set(std::move(text), take_scenario_, choose);
    api::ServerState::ScenarioTaken taken{.account = set.account, .name = set.name};
    for (const Mistake& mistake : set.mistakes) {
      const std::string key = mistake.key.empty() ? "" : mistake.key + ": ";
      taken.mistakes.push_back({mistake.where, key + mistake.text});
    }
    taken.error = std::move(set.error);
    co_return taken;
  }

  AccountOptions account_options(const AccountSid& account) const {
    AccountOptions options = accounts_.options(account);
    if (!options.inbound_url) {
      options.inbound_url = inbound_url_.with([](const auto& url) { return url; });
    }
    options.closing_soon_url = closing_soon_url_.with([](const auto& url) { return url; });
    return options;
  }

  // With what Twilio is asked. Where the file names no account at all the variable is anybody's.
  AccountOptions credentials_of(const AccountSid& account) const {
    AccountOptions options = accounts_.options(account);
    const bool any = options.auth_token || !options.api_keys.empty();
    if (!any && accounts_.configured().empty()) options.auth_token = config_.default_auth_token;
    return options;
  }

  // Twilio's webhooks are believed with the account's token only.
  bool hears_users_of(const AccountSid& account) const {
    return proxy() && config_.public_url && accounts_.configured_token(account);
  }

  std::unique_ptr<gateway::World> make_world(const AccountSid& account, Time start,
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

  const Config& config_;
  net::IoThreads& threads_;
  std::unique_ptr<store::Backend> store_;
  SystemClock wall_;
  std::ostream silence_;  // swallows what is written
  Log log_;
  Metrics metrics_;
  std::unique_ptr<net::WebhookClient> webhooks_;
  std::unique_ptr<net::UpstreamClient> upstream_;  // null in simulate mode
  MeteredApp app_;
  // What worlds are made with and live with; a new configuration may change it.
  Guarded<std::optional<std::string>> inbound_url_;
  Guarded<std::optional<std::string>> closing_soon_url_;
  std::atomic<sim::WindowClosed> window_closed_ = sim::WindowClosed::Undelivered;
  std::atomic<bool> users_read_ = false;
  std::atomic<bool> sender_rates_ = false;
  std::atomic<std::size_t> daily_users_ = 0;
  std::atomic<std::size_t> marketing_per_user_ = 0;
  gateway::EventBus events_;
  EventLog event_log_;
  gateway::Accounts accounts_;
  PolicyKeeper policy_;
  ScenarioKeeper scenarios_;
  Guarded<net::WebhookClientOptions> webhook_options_;  // in force
  const ScenarioKeeper::Take take_scenario_ = [this](AccountSid account, LoadedScenario loaded,
                                                     gateway::SetUp how) {
    return take_scenario(std::move(account), std::move(loaded), how);
  };
  std::optional<net::TwilioClient> twilio_;  // in proxy mode
  std::optional<net::TwilioSender> sender_;  // likewise
  std::optional<gateway::KnownCallers> known_;
  std::optional<gateway::Idempotency> idempotency_;
  std::uint64_t seed_;
  gateway::Worlds worlds_;
  api::ServerState state_;
  CaFiles ca_;
  net::TlsServer tls_;
  std::unique_ptr<net::DataServer> api_;
  std::unique_ptr<net::DataServer> tls_api_;
  std::unique_ptr<net::DataServer> hooks_;
  std::unique_ptr<net::ControlServer> control_;
};

int complain(const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) std::cerr << "twindow: " << to_text(mistake) << "\n";
  return kWrongPolicy;
}

int complain(const Error& error, int exit_code = kCouldNotRun) {
  std::cerr << "twindow: " << error.detail << "\n";
  return exit_code;
}

// The same, for somebody else in this process.
class RunningHere final : public LocalServer {
 public:
  static Result<std::unique_ptr<LocalServer>> start(Config config) {
    config.quiet = true;
    auto server = std::unique_ptr<RunningHere>(new RunningHere(std::move(config)));
    const Config& taken = server->config_;
    auto webhooks = TWINDOW_TRY(net::WebhookClient::create(
        [threads = &server->threads_] { return threads->next().get_executor(); },
        webhook_options(taken)));
    auto store = TWINDOW_TRY(open_backend(taken));
    server->running_.emplace(taken, std::move(webhooks), std::move(store), nullptr,
                             server->threads_, server->environment_);
    if (const auto wrong = server->running_->load_policy(); !wrong.empty()) {
      return fail(Errc::BadInput, to_text(wrong.front()));
    }
    TWINDOW_TRY(server->running_->take_token());
    TWINDOW_TRY(server->running_->listen());
    server->running_->run();
    return std::unique_ptr<LocalServer>(std::move(server));
  }

  std::string api_url() const override { return "http://" + running_->state().api_address; }
  std::string control_url() const override { return "http://" + running_->state().control_address; }

 private:
  // One thread is enough for one app, and many servers may run at once.
  explicit RunningHere(Config config) : config_(std::move(config)), threads_(1) {}

  const Config config_;
  const Environment environment_ = {};  // who plays has replaced the variables by then
  net::IoThreads threads_;
  std::optional<Running> running_;
};

}  // namespace

Result<std::unique_ptr<LocalServer>> start_local_server(const Config& config) {
  std::signal(SIGPIPE, SIG_IGN);
  return RunningHere::start(config);
}

int serve(const Config& config, const ConfigSources& sources) {
  const sigset_t signals = block_end_signals();
  // Before anybody is told that we are there.
  Running::Watches watches{
      FileWatch(config_file(sources)), FileWatch(config.policy.value_or("")), {}};
  for (const std::filesystem::path& file : config.scenarios) {
    watches.scenarios.push_back(std::make_unique<FileWatch>(file));
  }
  net::raise_file_limit();
  net::IoThreads threads(std::thread::hardware_concurrency());
  auto webhooks = net::WebhookClient::create([&] { return threads.next().get_executor(); },
                                             webhook_options(config));
  if (!webhooks) return complain(webhooks.error());
  auto store = open_backend(config);
  if (!store) return complain(store.error());
  // In simulate mode nobody is called but apps.
  Result<std::unique_ptr<net::UpstreamClient>> upstream = std::unique_ptr<net::UpstreamClient>();
  if (config.mode == Mode::Proxy) {
    upstream = net::UpstreamClient::create(threads, upstream_options(config));
  }
  if (!upstream) return complain(upstream.error(), kWrongConfig);
  Running running(config, *std::move(webhooks), *std::move(store), *std::move(upstream), threads,
                  sources.environment);
  if (const auto good = running.check_ca(); !good) return complain(good.error(), kWrongConfig);
  if (const auto wrong = running.load_policy(); !wrong.empty()) return complain(wrong);
  if (const auto wrong = running.load_scenarios(); !wrong.empty()) return complain(wrong);
  if (const auto token = running.take_token(); !token) return complain(token.error());
  if (const auto listening = running.listen(); !listening) return complain(listening.error());
  running.run();
  running.wait_for_the_end(signals, sources, watches);
  // A second signal ends the program at once, as everybody expects of a second Ctrl-C.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  running.drain();
  return kOk;
}

}  // namespace twindow::app
