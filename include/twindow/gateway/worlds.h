// SPDX-License-Identifier: Apache-2.0
// The worlds of a server, one per account, made when first needed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "twindow/base/guarded.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

// Thread-safe. Worlds live as long as this object.
class Worlds {
 public:
  // Makes the world of an account that begins at `start` with a clock of `mode`.
  using Make = std::function<std::unique_ptr<World>(const AccountSid&, Time start, ClockMode mode)>;

  // `start`: what time it is at first, for a server whose time begins elsewhere; else the wall's.
  Worlds(const Clock& wall, ClockMode mode, Make make, std::optional<Time> start = {});

  World& open(const AccountSid& account);
  World* find(const AccountSid& account) const;  // null if nothing ever happened there
  std::vector<World*> all() const;               // by account

  // What a world made later begins with: the server's start plus every advance that was made for
  // all accounts.
  Time base_time() const;
  ClockMode base_mode() const;
  void advance_base(Duration by);
  void set_base_mode(ClockMode mode);
  // The rules of faults that a world made later begins with; good ones.
  std::vector<policy::FaultRule> base_faults() const;
  void set_base_faults(std::vector<policy::FaultRule> rules);

 private:
  struct State {
    std::unordered_map<AccountSid, std::unique_ptr<World>> worlds;
    ClockMode mode = ClockMode::Real;
    Time base;        // while the mode is not Real
    Duration lead{};  // while it is: how far we are ahead of the wall clock
    std::vector<policy::FaultRule> faults;
  };
  Time base_time(const State& state) const;

  const Clock& wall_;
  Make make_;
  Guarded<State> state_;
};

}  // namespace twindow::gateway
