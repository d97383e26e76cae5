// SPDX-License-Identifier: Apache-2.0
#include "src/app/serve_options.h"

#include <string>
#include <string_view>

#include "twindow/base/check.h"
#include "twindow/wire/url.h"

namespace twindow::app {

gateway::ClockMode clock_mode(ClockMode mode) {
  if (mode == ClockMode::Manual) return gateway::ClockMode::Manual;
  return mode == ClockMode::Auto ? gateway::ClockMode::Auto : gateway::ClockMode::Real;
}

sim::WindowClosed window_closed(const ProfileOptions& options) {
  if (options.window_closed == WindowClosed::Failed) return sim::WindowClosed::Failed;
  if (options.window_closed == WindowClosed::SentUndelivered) {
    return sim::WindowClosed::SentUndelivered;
  }
  return sim::WindowClosed::Undelivered;
}

net::WebhookClientOptions webhook_options(const Config& config) {
  net::WebhookClientOptions options{.deliver_to = config.callbacks.deliver_to,
                                    .allow = config.callbacks.allow,
                                    .keep_alive = config.callbacks.keep_alive};
  if (config.mode == Mode::Proxy) {
    options.gateway = true;
    options.connect_time = limits::kRelayConnectTime;
    options.total_time = limits::kRelayTotalTime;
  }
  return options;
}

// The margin is for the time between our decision and Twilio's; the simulator has none.
PolicyKeeper::Options policy_options(const Config& config) {
  using namespace std::chrono_literals;
  const bool proxy = config.mode == Mode::Proxy;
  return {.file = config.policy,
          .defaults = {.margin = proxy ? 60s : 0s},
          .always = proxy,
          .holds = !proxy || config.public_url.has_value()};
}

net::UpstreamOptions upstream_options(const Config& config) {
  net::UpstreamOptions options;
  if (config.upstream_ca) options.ca_file = config.upstream_ca->string();
  if (config.upstream) {
    const auto url = wire::parse_web_url(*config.upstream);
    TWINDOW_CHECK(url.has_value());
    std::string_view host = url->host;
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    options.one_for_all = {
        .tls = url->secure(), .host = std::string(host), .port = url->port_number()};
  }
  return options;
}

}  // namespace twindow::app
