// SPDX-License-Identifier: Apache-2.0
#include "src/app/examination.h"

#include <map>
#include <optional>
#include <utility>

#include "twindow/net/data_server.h"
#include "twindow/net/io_threads.h"
#include "twindow/net/upstream_client.h"
#include "twindow/wire/url.h"

#include "src/app/ca_files.h"
#include "src/app/doctor_checks.h"
#include "src/app/serve_options.h"
#include "src/app/wait_for.h"

namespace twindow::app {

namespace {

using namespace std::chrono_literals;

constexpr auto kAnswerTime = 10s;  // of each request
constexpr auto kLongest = 10min;   // of everything: an account may have many pages of numbers

class Examination final : public Doctor {
 public:
  explicit Examination(const Config& config) : config_(config), ca_(config, clock_), threads_(1) {
    threads_.run();
  }
  ~Examination() override {
    threads_.stop();
    threads_.discard();  // before those go whom a request may refer to
  }

  std::vector<Finding> examine() override {
    // Here, since a listener cannot be closed on the thread that it is on.
    for (const auto& at : {std::optional(config_.listen), std::optional(config_.control),
                           config_.tls.listen, config_.hooks}) {
      if (at && at->port != 0) listening_.insert_or_assign(to_text(*at), try_to_listen(*at));
    }
    if (const auto made = make_parts(); !made) {
      return {problem("config", made.error().detail, "correct upstream_ca")};
    }
    const bool ended = run(collect());
    if (!ended) return {no_answer("doctor", "it took too long and was given up", "try again")};
    return std::move(findings_);
  }

  Finding cure(const Remedy& remedy) override {
    const bool ended = parts_ && run(collect_cure(remedy));
    if (ended && cured_) return *std::move(cured_);
    return no_answer("webhook", "it took too long and was given up", "set it in Twilio's console");
  }

 private:
  bool run(Task<void> task) {
    return wait_for(threads_.next(), std::move(task), std::chrono::steady_clock::now() + kLongest);
  }
  Task<void> collect() {
    std::vector<Finding> findings = co_await app::examine(config_, *parts_);
    findings_ = std::move(findings);
  }
  Task<void> collect_cure(Remedy remedy) {
    Finding finding = co_await app::cure(config_, *parts_, std::move(remedy));
    cured_ = std::move(finding);
  }

  Result<void> make_parts() {
    parts_.emplace(DoctorParts{
        .clock = clock_, .twilio = {}, .fetch = {}, .try_to_listen = {}, .check_ca = [this] {
          return ca_.check();
        }});
    parts_->fetch = [this](std::string method, std::string url) {
      return fetch(std::move(method), std::move(url));
    };
    parts_->try_to_listen = [this](const Endpoint& at) { return listening_.at(to_text(at)); };
    if (config_.mode != Mode::Proxy) return {};
    net::UpstreamOptions options = upstream_options(config_);
    options.answer_time = kAnswerTime;
    upstream_ = TWINDOW_TRY(net::UpstreamClient::create(threads_, std::move(options)));
    parts_->twilio = upstream_->upstream();
    return {};
  }

  Task<wire::UpstreamReply> fetch(std::string method, std::string url) {
    const auto place = wire::parse_web_url(url);
    if (!place) co_return Unexpected(wire::UpstreamFailure{.detail = "no http or https URL"});
    std::string_view host = place->host;
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    net::UpstreamOptions options{.one_for_all = net::UpstreamServer{.tls = place->secure(),
                                                                    .host = std::string(host),
                                                                    .port = place->port_number()}};
    options.answer_time = kAnswerTime;
    auto client = net::UpstreamClient::create(threads_, std::move(options));
    if (!client) co_return Unexpected(wire::UpstreamFailure{.detail = client.error().detail});
    std::string authority(place->host);
    if (!place->port.empty()) authority.append(":").append(place->port);
    wire::UpstreamCall call{.host = std::move(authority),
                            .method = std::move(method),
                            .target = place->target.empty() ? "/" : std::string(place->target),
                            .headers = {{"Accept", "*/*"}, {"User-Agent", "twindow"}}};
    wire::UpstreamReply reply = co_await (*client)->exchange(std::move(call));
    co_return reply;
  }

  Result<void> try_to_listen(const Endpoint& at) {
    net::DataServerOptions options;
    options.address = at.host;
    options.port = at.port;
    auto handler = [](wire::HttpCall) -> Task<wire::HttpReply> { co_return wire::HttpReply{}; };
    const auto listening = net::DataServer::listen(
        threads_, std::move(options), std::move(handler), [](const wire::CallLogEntry&) {},
        [](int, std::string_view) { return wire::HttpReply{}; });
    if (listening) return {};
    return Unexpected(listening.error());
  }

  const Config config_;
  const SystemClock clock_;
  CaFiles ca_;
  net::IoThreads threads_;
  std::unique_ptr<net::UpstreamClient> upstream_;  // null in simulate mode
  std::map<std::string, Result<void>> listening_;  // by address
  // What the coroutines use: they may go on when nobody waits any more, until the threads stop.
  std::optional<DoctorParts> parts_;
  std::vector<Finding> findings_;
  std::optional<Finding> cured_;
};

}  // namespace

std::unique_ptr<Doctor> make_doctor(const Config& config) {
  return std::make_unique<Examination>(config);
}

}  // namespace twindow::app
