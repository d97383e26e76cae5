// SPDX-License-Identifier: Apache-2.0
#include "src/app/local_server.h"

#include <csignal>

#include "src/app/running.h"
#include "src/app/serve_options.h"

namespace twindow::app {

namespace {

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

}  // namespace twindow::app
