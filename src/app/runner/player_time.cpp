// SPDX-License-Identifier: Apache-2.0
// Until it is so: by the world's time, and never longer than 10 s on the wall.
#include <algorithm>

#include "twindow/wire/time_text.h"

#include "src/app/runner/player.h"

namespace twindow::app {

namespace {

using namespace std::chrono_literals;

constexpr auto kWallMax = 10s;
constexpr auto kPause = 5ms;
// An automatic clock moves after 20 ms in which nothing happens; a world that has been silent for
// longer has nothing left to do by itself.
constexpr auto kQuiet = 120ms;

}  // namespace

Expected<Player::WorldClock, Stop> Player::clock() {
  const Json answer = TWINDOW_TRY(ask("GET", admin("/clock")));
  const Json& accounts = member_at(answer, "accounts");
  const Json world = accounts.empty() ? answer : accounts.front();
  const auto now = wire::parse_time(text_at(world, "now"));
  if (!now) return cannot_run("the server does not say what time it is");
  return WorldClock{text_at(world, "mode"), *now};
}

// Differs whenever something has happened: a message, a status, a callback.
Expected<std::string, Stop> Player::state_of_the_world() {
  const Json messages = TWINDOW_TRY(ask("GET", admin("/messages", "limit=1000")));
  const Json callbacks = TWINDOW_TRY(ask("GET", admin("/callbacks", "limit=1")));
  std::string state;
  for (const Json& message : member_at(messages, "messages")) {
    state += text_at(message, "sid") + text_at(message, "status") + " ";
  }
  for (const Json& callback : member_at(callbacks, "callbacks")) state += text_at(callback, "id");
  return state;
}

Player::Done Player::until_it_holds(const std::function<Done()>& holds, Duration within,
                                    bool to_the_end) {
  const WorldClock began = TWINDOW_TRY(clock());
  const bool real = began.mode == "real";
  const Time end = began.now + (real ? std::max<Duration>(within, kQuiet) : within);
  const auto wall_end = parts_.now() + kWallMax;
  std::string state;
  auto changed = parts_.now();
  bool advanced = false;
  while (true) {
    Done now = holds();
    if (now && !to_the_end) return now;
    // What cannot be asked, or what has happened and never should have.
    if (!now && (to_the_end || now.error().verdict != Verdict::Failed)) return now;
    if (parts_.stopped()) return cannot_run("it was interrupted");
    const WorldClock world = TWINDOW_TRY(clock());
    const auto wall = parts_.now();
    std::string next = TWINDOW_TRY(state_of_the_world());
    next += std::to_string(world.now.time_since_epoch().count());
    if (next != state) changed = wall;
    state = std::move(next);
    // A webhook that is being answered is on its way still, whatever the world's time.
    const bool quiet = wall - changed >= kQuiet;
    const bool over = world.now >= end && (real || quiet);
    if (over || wall >= wall_end || (quiet && world.mode == "manual") || advanced) return now;
    if (quiet && !real) {
      TWINDOW_TRY(advance(end - world.now));
      advanced = true;
    } else {
      parts_.pause(kPause);
    }
  }
}

}  // namespace twindow::app
