// SPDX-License-Identifier: Apache-2.0
// Plays the steps of one scenario against a running server, by its control API alone: what is
// played inside this process and what is played against a server elsewhere is the same.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "twindow/net/plain_client.h"
#include "twindow/scenario/scenario.h"

#include "src/app/cli/server.h"
#include "src/app/runner/outcome.h"
#include "src/app/runner/references.h"

namespace twindow::app {

// Handed in, so that tests need neither time nor a network.
struct PlayerParts {
  Server& control;
  std::string api_url;  // http://127.0.0.1:4010: where `send` steps go
  std::string account;
  std::string auth_token;
  std::function<Result<net::PlainAnswer>(const net::PlainRequest&)> http;
  std::function<void(std::chrono::milliseconds)> pause;
  std::function<std::chrono::steady_clock::time_point()> now;
  std::function<bool()> stopped = [] { return false; };  // the user wants no more
  // The transcript will be compared: it must not depend on how far an automatic clock has come.
  bool comes_to_rest = false;
};

// The end of a scenario before its last step.
struct Stop {
  Verdict verdict = Verdict::Failed;
  Miss miss = {};
  std::string error = {};  // of CannotRun
};

class Player {
 public:
  Player(const scenario::Scenario& scenario, PlayerParts parts);

  // What is given is there by then: PUT /__admin/scenario. Fills verdict, miss, error, timeline and
  // transcript.
  void play(Outcome& outcome);

 private:
  using Done = Expected<void, Stop>;
  using Answer = Expected<Json, Stop>;

  // player.cpp: asking the server
  Answer ask(const std::string& method, const std::string& path, const Json* body = nullptr,
             std::chrono::milliseconds longest = std::chrono::seconds(30));
  std::string admin(const std::string& path, const std::string& query = {}) const;
  Expected<std::string, Stop> resolved(const std::string& text) const;
  Expected<Json, Stop> resolved_json(const std::string& json) const;
  Unexpected<Stop> cannot_run(std::string error) const;
  Unexpected<Stop> missed(std::string expected, std::string actual, std::string nearest = {},
                          std::string why = {}) const;
  Answer messages_like(const Json& match);
  Expected<std::string, Stop> nearest_to(const Json& match, std::size_t more_than);
  Done check_egress();

  // player_steps.cpp
  Done take(const scenario::InboundStep& step);
  Done take(const scenario::SendStep& step);
  Done take(const scenario::AwaitStep& step);
  Done take(const scenario::AdvanceStep& step);
  Done take(const scenario::TriggerStep& step);
  Done take(const scenario::WindowStep& step);
  Done take(const scenario::TemplateStep& step);
  Done take(const scenario::FaultStep& step);
  Done take(const scenario::HttpStep& step);
  Done take(const scenario::ExpectStep& step);
  Done check_answer(const scenario::HttpStep& step, const net::PlainAnswer& answer);

  // player_expect.cpp: whether it is so now
  Done holds(const scenario::ExpectMessage& expected);
  Done holds(const scenario::ExpectCallbacks& expected);
  Done holds(const scenario::ExpectWindow& expected);
  Done holds(const scenario::ExpectDecision& expected);
  Done holds(const scenario::ExpectNever& expected);
  Done holds(const scenario::ExpectNoEgress& expected);
  Done check_fields(const Json& record, const std::vector<scenario::JsonExpectation>& fields);
  Done check_signatures(const Json& callbacks, const std::string& wanted);

  // player_time.cpp: until it is so
  Done until_it_holds(const std::function<Done()>& holds, Duration within, bool to_the_end);
  struct WorldClock {
    std::string mode;
    Time now;
  };
  Expected<WorldClock, Stop> clock();
  Answer advance(Duration by);
  Expected<std::string, Stop> state_of_the_world();

  const scenario::Scenario& scenario_;
  PlayerParts parts_;
  References references_;
  std::set<std::string> taken_;  // SIDs of messages that an await has had
  const scenario::Step* step_ = nullptr;
};

}  // namespace twindow::app
