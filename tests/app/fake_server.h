// SPDX-License-Identifier: Apache-2.0
// A control API of prepared answers, and a command line that talks to it.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "src/app/cli/command_line.h"
#include "src/app/cli/surroundings.h"

namespace twindow::test {

// What the fake is asked and answers; outlives the servers that are made of it.
struct FakeServerScript {
  // By "METHOD target"; several answers to the same call come one after the other, the last again
  // and again. A call that is not here is not answered: Errc::Unreachable.
  std::map<std::string, std::deque<app::ServerReply>> replies = {};
  std::vector<std::string> events = {};  // data of the event stream, which then ends
  std::vector<std::string> calls = {};   // what was asked: "METHOD target body"
};

class FakeServer final : public app::Server {
 public:
  FakeServer(FakeServerScript& script, std::string url) : script_(script), url_(std::move(url)) {}

  std::string url() const override { return url_; }

  Result<app::ServerReply> call(const app::ServerCall& call) override {
    const std::string key = call.method + " " + call.target;
    script_.calls.push_back(key + (call.body.empty() ? "" : " " + call.body));
    const auto found = script_.replies.find(key);
    if (found == script_.replies.end()) return fail(Errc::Unreachable, "nobody answers at " + url_);
    app::ServerReply reply = found->second.front();
    if (found->second.size() > 1) found->second.pop_front();
    return reply;
  }

  Result<void> follow(const std::string& target,
                      const std::function<bool(std::string_view, std::string_view)>& on_event,
                      const std::function<void()>& on_open) override {
    script_.calls.push_back("FOLLOW " + target);
    on_open();
    for (const std::string& data : script_.events) {
      if (!on_event("", data)) return {};
    }
    return fail(Errc::BadReply, "the stream of " + url_ + " broke off");
  }

 private:
  FakeServerScript& script_;
  std::string url_;
};

// Runs command lines. Time passes only by pausing.
class CommandRun {
 public:
  // Everything can be cured.
  class FakeDoctor final : public app::Doctor {
   public:
    explicit FakeDoctor(CommandRun& run) : run_(run) {}
    std::vector<app::Finding> examine() override { return run_.findings; }
    app::Finding cure(const app::Remedy& remedy) override {
      run_.cured.push_back(remedy.setting.sid + " " + remedy.url);
      return {.check = "webhook", .found = remedy.setting.address + " is well"};
    }

   private:
    CommandRun& run_;
  };

  int operator()(const std::vector<std::string>& arguments) {
    app::Surroundings around{
        .terminal = {out, err, color},
        .environment = environment,
        .connect =
            [this](const app::ServerAddress& address) {
              connected = address;
              return std::make_unique<FakeServer>(server, address.url);
            },
        .serve =
            [this](const app::Config& config, const app::ConfigSources& sources) {
              served = config;
              served_from = sources;
              return 0;
            },
        .pause = [this](std::chrono::milliseconds time) { now += time; },
        .now = [this] { return now; },
        .make_doctor =
            [this](const app::Config& config) {
              examined = config;
              return std::make_unique<FakeDoctor>(*this);
            },
        .start_local = [](const app::Config&) -> Result<std::unique_ptr<app::LocalServer>> {
          return fail(Errc::Unreachable, "there is no server in this test");
        },
        .ask_twilio = [this](const app::TwilioQuestion& question) -> Result<app::TwilioAnswer> {
          asked_twilio.push_back(question);
          const auto found = twilio.find(question.target);
          if (found == twilio.end()) return fail(Errc::Unreachable, "nobody answers");
          return found->second;
        },
        .read_line = [this]() -> std::optional<std::string> {
          if (typed.empty()) return std::nullopt;
          return typed;
        },
    };
    return app::run_command_line(arguments, around);
  }

  // What doctor finds, and makes of it.
  std::vector<app::Finding> findings = {};
  std::vector<std::string> cured = {};
  std::optional<app::Config> examined = {};
  std::string typed = {};  // by the user; nothing: the end of the input

  // Twilio's answers by target; others are not answered.
  std::map<std::string, app::TwilioAnswer> twilio = {};
  std::vector<app::TwilioQuestion> asked_twilio = {};

  FakeServerScript server = {};
  app::Environment environment = {};
  bool color = false;
  std::ostringstream out = {};
  std::ostringstream err = {};
  std::optional<app::Config> served = {};
  app::ConfigSources served_from = {};
  std::optional<app::ServerAddress> connected = {};
  std::chrono::steady_clock::time_point now = {};
};

}  // namespace twindow::test
