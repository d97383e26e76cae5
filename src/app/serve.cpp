// SPDX-License-Identifier: Apache-2.0
// The life of the program, from its signals to its exit code.
#include "src/app/serve.h"

#include <csignal>
#include <iostream>
#include <thread>

#include "twindow/net/file_limit.h"

#include "src/app/running.h"
#include "src/app/serve_options.h"

namespace twindow::app {

namespace {

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

int complain(const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) std::cerr << "twindow: " << to_text(mistake) << "\n";
  return kWrongPolicy;
}

int complain(const Error& error, int exit_code = kCouldNotRun) {
  std::cerr << "twindow: " << error.detail << "\n";
  return exit_code;
}

}  // namespace

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
