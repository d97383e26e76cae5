// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/worlds.h"

#include <algorithm>

namespace twindow::gateway {

Worlds::Worlds(const Clock& wall, ClockMode mode, Make make, std::optional<Time> start)
    : wall_(wall), make_(std::move(make)) {
  state_.with([&](State& state) {
    state.mode = mode;
    const Time now = wall_.now();
    state.base = start.value_or(now);
    state.lead = state.base - now;
  });
}

World& Worlds::open(const AccountSid& account) {
  return state_.with([&](State& state) -> World& {
    auto& world = state.worlds[account];
    if (!world) {
      world = make_(account, base_time(state), state.mode);
      world->begin_with_faults(state.faults);
      world->start();
    }
    return *world;
  });
}

World* Worlds::find(const AccountSid& account) const {
  return state_.with([&](const State& state) -> World* {
    const auto found = state.worlds.find(account);
    return found == state.worlds.end() ? nullptr : found->second.get();
  });
}

std::vector<World*> Worlds::all() const {
  return state_.with([](const State& state) {
    std::vector<World*> all;
    for (const auto& [account, world] : state.worlds) all.push_back(world.get());
    std::ranges::sort(all, {},
                      [](const World* world) -> const AccountSid& { return world->account(); });
    return all;
  });
}

Time Worlds::base_time(const State& state) const {
  return state.mode == ClockMode::Real ? wall_.now() + state.lead : state.base;
}

Time Worlds::base_time() const {
  return state_.with([&](const State& state) { return base_time(state); });
}

ClockMode Worlds::base_mode() const {
  return state_.with([](const State& state) { return state.mode; });
}

void Worlds::advance_base(Duration by) {
  state_.with([&](State& state) {
    state.base += by;
    state.lead += by;
  });
}

std::vector<policy::FaultRule> Worlds::base_faults() const {
  return state_.with([](const State& state) { return state.faults; });
}

void Worlds::set_base_faults(std::vector<policy::FaultRule> rules) {
  state_.with([&](State& state) { state.faults = std::move(rules); });
}

void Worlds::set_base_mode(ClockMode mode) {
  state_.with([&](State& state) {
    const Time now = base_time(state);
    state.mode = mode;
    state.base = now;
    state.lead = now - wall_.now();
  });
}

}  // namespace twindow::gateway
