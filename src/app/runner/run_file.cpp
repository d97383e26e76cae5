// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/run_file.h"

#include <fstream>
#include <sstream>

#include "src/app/json.h"
#include "src/app/read_text.h"
#include "src/app/runner/app_environment.h"
#include "src/app/runner/app_process.h"
#include "src/app/runner/player.h"
#include "src/app/scenario_file.h"
#include "src/app/scratch_folder.h"

namespace twindow::app {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* kToken = "0123456789abcdef0123456789abcdef";
constexpr auto kAppStart = 30s;
constexpr auto kAppPause = 10ms;
constexpr auto kAppAnswer = 5s;  // of one that runs already

const char* clock_name(scenario::ClockMode mode) {
  switch (mode) {
    case scenario::ClockMode::Real:
      return "real";
    case scenario::ClockMode::Manual:
      return "manual";
    case scenario::ClockMode::Auto:
      return "auto";
  }
  return "auto";
}

class FileRun {
 public:
  FileRun(const fs::path& file, const RunOptions& options, const RunnerParts& parts)
      : file_(file), options_(options), parts_(parts) {}

  Outcome run() {
    const auto began = parts_.now();
    outcome_.file = file_.string();
    outcome_.name = outcome_.file;
    if (const auto ran = play(); !ran) {
      outcome_.verdict = Verdict::CannotRun;
      outcome_.error = ran.error().detail;
    }
    if (outcome_.verdict != Verdict::Passed && app_) outcome_.app_output = app_->last_output();
    app_.reset();  // before the server that it calls
    outcome_.took = std::chrono::duration_cast<std::chrono::milliseconds>(parts_.now() - began);
    return std::move(outcome_);
  }

 private:
  Result<void> play() {
    if (scratch_.path().empty()) return fail(Errc::Unavailable, "no temporary folder can be made");
    Environment environment = parts_.environment;
    if (!options_.app_url.empty()) {
      app_url_ = options_.app_url;
    } else if (!options_.command.empty()) {
      app_port_ = TWINDOW_TRY(free_port(parts_.draw_seed));
      app_url_ = "http://127.0.0.1:" + std::to_string(app_port_);
    }
    if (!app_url_.empty()) environment.insert_or_assign("APP_URL", app_url_);
    auto scenario = load_scenario(file_, {.environment = environment, .seed = options_.seed});
    if (!scenario) {
      outcome_.verdict = Verdict::Invalid;
      for (const Mistake& mistake : scenario.error()) {
        outcome_.error += (outcome_.error.empty() ? "" : "\n") + to_text(mistake);
      }
      return {};
    }
    scenario_ = *std::move(scenario);
    outcome_.name = scenario_.name;
    outcome_.tags = scenario_.tags;
    outcome_.seed = options_.seed    ? *options_.seed
                    : scenario_.seed ? *scenario_.seed
                                     : parts_.draw_seed();
    // One of its own for each scenario; the same in each run of it.
    outcome_.account =
        scenario_.account_sid
            ? *scenario_.account_sid
            : SidSource(outcome_.seed, AccountSid{scenario_.name + server_salt()}).next("AC");
    if (scenario_.auth_token.empty()) scenario_.auth_token = kToken;
    TWINDOW_TRY(have_server());
    const bool given = TWINDOW_TRY(give());
    if (!given) return {};
    TWINDOW_TRY(have_clock());
    TWINDOW_TRY(have_app(std::move(environment)));
    Player player(scenario_, {.control = *control_,
                              .api_url = api_url_,
                              .account = outcome_.account,
                              .auth_token = scenario_.auth_token,
                              .http = parts_.http,
                              .pause = parts_.pause,
                              .now = parts_.now,
                              .stopped = parts_.stopped,
                              .comes_to_rest = has_transcript()});
    player.play(outcome_);
    if (outcome_.verdict == Verdict::Passed) return keep_transcript();
    return {};
  }

  // On a server that others use too no two runs may share a world.
  std::string server_salt() const {
    return options_.server_url.empty() ? "" : std::to_string(parts_.draw_seed());
  }

  Result<void> have_server() {
    if (options_.server_url.empty()) {
      server_ = TWINDOW_TRY(parts_.start_server(config()));
      api_url_ = server_->api_url();
      control_ = parts_.connect({server_->control_url()});
      return {};
    }
    control_ = parts_.connect({options_.server_url, options_.server_token});
    const ServerReply info =
        TWINDOW_TRY(control_->call({.method = "GET", .target = "/__admin/info"}));
    const Json json = Json::parse(info.body, nullptr, false);
    api_url_ = text_at(json, "listen");
    if (!api_url_.empty() && !api_url_.starts_with("http")) api_url_ = "http://" + api_url_;
    if (text_at(json, "mode") == "simulate") return {};
    return fail(Errc::Conflict, options_.server_url +
                                    " is no server in simulate mode: scenarios need one (" +
                                    std::to_string(info.status) + ")");
  }

  Config config() const {
    Config config;
    config.listen.port = 0;
    config.control.port = 0;
    config.tls.listen.reset();
    config.seed = outcome_.seed;
    config.start = scenario_.start;
    config.policy = options_.policy;
    config.data_dir = scratch_.path();
    switch (scenario_.clock) {
      case scenario::ClockMode::Real:
        config.clock = ClockMode::Real;
        break;
      case scenario::ClockMode::Manual:
        config.clock = ClockMode::Manual;
        break;
      case scenario::ClockMode::Auto:
        config.clock = ClockMode::Auto;
        break;
    }
    for (const scenario::Target& target : scenario_.targets) {
      if (target.sign_as != target.deliver_to) {
        config.callbacks.deliver_to.emplace(target.sign_as, target.deliver_to);
      }
    }
    AccountOptions account;
    account.sid = AccountSid{outcome_.account};
    account.auth_token = AuthToken{scenario_.auth_token};
    config.accounts.push_back(std::move(account));
    return config;
  }

  // What is given at first. False: the server finds the file wrong.
  Result<bool> give() {
    const ServerReply reply =
        TWINDOW_TRY(control_->call({.method = "PUT",
                                    .target = "/__admin/scenario?account=" + outcome_.account,
                                    .body = scenario_.resolved}));
    if (reply.status >= 200 && reply.status < 300) return true;
    outcome_.verdict = reply.status == 422 ? Verdict::Invalid : Verdict::CannotRun;
    outcome_.error = outcome_.file + ": the server answered " + std::to_string(reply.status);
    const Json json = Json::parse(reply.body, nullptr, false);
    for (const Json& error : member_at(json, "errors")) {
      outcome_.error += "\n" + text_at(error, "pointer") + ": " + text_at(error, "detail");
    }
    return false;
  }

  // A server elsewhere has a clock of its own habits; a scenario has what it says, or an automatic
  // one.
  Result<void> have_clock() {
    if (options_.server_url.empty()) return {};
    const Json clock{{"mode", clock_name(scenario_.clock)}};
    const ServerReply reply =
        TWINDOW_TRY(control_->call({.method = "PUT",
                                    .target = "/__admin/clock?account=" + outcome_.account,
                                    .body = clock.dump()}));
    if (reply.status == 200) return {};
    return fail(Errc::Conflict, "the clock of " + outcome_.account +
                                    " cannot be set: " + options_.server_url + " answered " +
                                    std::to_string(reply.status));
  }

  // One that runs already is there, or nothing need be played.
  Result<void> find_app() {
    const auto answer = parts_.http({.url = app_url_ + health(), .longest = kAppAnswer});
    if (answer) return {};
    return fail(Errc::Unreachable, "the app of --app does not answer: " + answer.error().detail);
  }

  Result<void> have_app(Environment environment) {
    if (!options_.app_url.empty()) return find_app();
    if (options_.command.empty()) return {};
    const ServerReply ca =
        TWINDOW_TRY(control_->call({.method = "GET", .target = "/__admin/ca.crt"}));
    const fs::path ca_file = scratch_.path() / "twindow-ca.crt";
    std::ofstream(ca_file) << ca.body;
    point_here(environment, {.api_url = api_url_,
                             .account = outcome_.account,
                             .auth_token = scenario_.auth_token,
                             .ca_file = ca_file.string(),
                             .port = app_port_});
    app_ =
        TWINDOW_TRY(AppProcess::start(options_.command, environment, scratch_.path() / "app.log"));
    const auto until = parts_.now() + kAppStart;
    while (!parts_.stopped()) {
      // Whatever it answers: it is there.
      if (parts_.http({.url = app_url_ + health(), .longest = 2s})) return {};
      if (const auto how = app_->ended()) {
        outcome_.app_output = app_->last_output();
        return fail(Errc::Unreachable,
                    "the app has ended (" + *how + ") before it answered at " + app_url_);
      }
      if (parts_.now() >= until) {
        return fail(Errc::TimedOut,
                    "the app has not answered at " + app_url_ + health() +
                        " within 30 s; it is expected to listen at the port of the variable PORT");
      }
      parts_.pause(kAppPause);
    }
    return fail(Errc::Unavailable, "it was interrupted");
  }

  std::string health() const {
    for (const scenario::Target& target : scenario_.targets) {
      if (target.name == "app" && !target.health.empty()) return target.health;
    }
    return "/";
  }

  bool has_transcript() const {
    std::error_code error;
    return options_.update || fs::exists(transcript_file(file_), error);
  }

  Result<void> keep_transcript() {
    const fs::path path = transcript_file(file_);
    if (options_.update) {
      std::error_code error;
      fs::create_directories(path.parent_path(), error);
      std::ofstream(path, std::ios::binary) << outcome_.transcript;
      return {};
    }
    const auto kept = read_text(path);
    if (!kept || *kept == outcome_.transcript) return {};
    outcome_.verdict = Verdict::Failed;
    outcome_.miss = first_difference(path, *kept, outcome_.transcript);
    return {};
  }

  static Miss first_difference(const fs::path& path, const std::string& kept,
                               const std::string& found) {
    std::istringstream before(kept);
    std::istringstream now(found);
    std::string expected;
    std::string actual;
    std::size_t line = 0;
    do {
      ++line;
      expected.clear();
      actual.clear();
      std::getline(before, expected);
      std::getline(now, actual);
    } while (expected == actual && (before || now));
    const auto shown = [](const std::string& text) { return text.empty() ? "no line" : text; };
    return {.where = path.string() + ":" + std::to_string(line) + ":1",
            .step = "transcript",
            .expected = shown(expected),
            .actual = shown(actual),
            .why = "if it shall be so from now on: twindow test --update"};
  }

  const fs::path& file_;
  const RunOptions& options_;
  const RunnerParts& parts_;
  ScratchFolder scratch_;  // for the app's output and the CA
  Outcome outcome_;
  scenario::Scenario scenario_;
  std::string app_url_;
  std::uint16_t app_port_ = 0;
  std::unique_ptr<LocalServer> server_;
  std::unique_ptr<Server> control_;
  std::string api_url_;
  std::unique_ptr<AppProcess> app_;
};

}  // namespace

Outcome run_file(const fs::path& file, const RunOptions& options, const RunnerParts& parts) {
  return FileRun(file, options, parts).run();
}

}  // namespace twindow::app
