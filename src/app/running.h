// SPDX-License-Identifier: Apache-2.0
// The wiring of the layers into a server, as it runs.
#pragma once

#include <atomic>
#include <csignal>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "twindow/api/proxy_face.h"
#include "twindow/api/server_state.h"
#include "twindow/gateway/idempotency.h"
#include "twindow/gateway/known_callers.h"
#include "twindow/gateway/worlds.h"
#include "twindow/net/control_server.h"
#include "twindow/net/data_server.h"
#include "twindow/net/tls_server.h"
#include "twindow/net/twilio_client.h"
#include "twindow/net/twilio_sender.h"
#include "twindow/net/upstream_client.h"
#include "twindow/net/webhook_client.h"
#include "twindow/sim/provider.h"

#include "src/app/ca_files.h"
#include "src/app/config_load.h"
#include "src/app/event_log.h"
#include "src/app/file_watch.h"
#include "src/app/log.h"
#include "src/app/metered_ports.h"
#include "src/app/open_backend.h"
#include "src/app/policy_keeper.h"
#include "src/app/scenario_keeper.h"

namespace twindow::app {

// Everything that lives as long as the server does, in the order in which it is needed. The first
// thread makes it, ends it and calls its public functions; `config` and `environment` outlive it.
class Running {
 public:
  // `upstream`: null in simulate mode.
  Running(const Config& config, std::unique_ptr<net::WebhookClient> webhooks,
          std::unique_ptr<store::Backend> store, std::unique_ptr<net::UpstreamClient> upstream,
          net::IoThreads& threads, const Environment& environment);
  ~Running();

  // Before listen(), in this order.
  Result<void> check_ca() { return ca_.check(); }
  std::vector<Mistake> load_policy() { return policy_.load(); }
  std::vector<Mistake> load_scenarios() { return scenarios_.load(); }
  Result<void> take_token();

  Result<void> listen();
  void run();  // ready when it returns

  // The files that are read again when they have changed.
  struct Watches {
    FileWatch config;
    FileWatch policy;
    std::vector<std::unique_ptr<FileWatch>> scenarios;
  };
  void wait_for_the_end(const sigset_t& signals, const ConfigSources& sources, Watches& watches);
  // Calls in flight are answered first, then what they have begun is told to the apps.
  void drain();

  const api::ServerState& state() const { return state_; }

 private:
  bool proxy() const { return upstream_ != nullptr; }

  // The doors.
  net::DataServerOptions data_options(const Endpoint& at);
  Result<void> listen_for_tls(const wire::Handler& twilio);
  Result<void> listen_for_hooks();
  api::ProxyParts proxy_parts();
  net::TwilioSender::StatusUrl later_status_url() const;
  void hook_answered(const api::HookReport& report);
  wire::CallLog call_log();
  Task<std::string> metrics_page();

  // What may change.
  void take_settings(const Config& config);
  Result<void> apply(const Config& config);
  Task<void> configure_worlds();
  Task<void> spread_policy();
  Task<std::vector<api::ServerState::PolicyMistake>> spread_if_good(std::vector<Mistake> mistakes);
  Task<Result<void>> take_scenario(AccountSid account, LoadedScenario loaded, gateway::SetUp how);
  ScenarioKeeper::Choose choose_account();
  Task<api::ServerState::ScenarioTaken> set_scenario(std::string text,
                                                     api::ServerState::ChooseAccount choose);
  AccountOptions account_options(const AccountSid& account) const;
  AccountOptions credentials_of(const AccountSid& account) const;
  bool hears_users_of(const AccountSid& account) const;
  std::unique_ptr<gateway::World> make_world(const AccountSid& account, Time start,
                                             gateway::ClockMode mode);

  const Config& config_;
  net::IoThreads& threads_;
  std::unique_ptr<store::Backend> store_;
  SystemClock wall_;
  std::ostream silence_;  // swallows what is written
  Log log_;
  Metrics metrics_;
  std::atomic<bool> starting_ = false;  // nothing was asked of the API yet
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

}  // namespace twindow::app
