// SPDX-License-Identifier: Apache-2.0
// A world that goes on where an earlier run of the program left it.
#pragma once

#include "tests/support/temp_folder.h"
#include "tests/support/world_fixture.h"

namespace twindow::test {

// `Fixture` is a WorldTest. Its first world with a store is there after the first restart.
template <class Fixture>
class Restarting : public Fixture {
 protected:
  ~Restarting() override {
    if (backend_) backend_->close();
    this->context.discard();
  }

  sim::CarrierProfile profile = {};  // of worlds that are made from now on

  // With the same seed, as `--seed` gives it.
  void restart() {
    if (backend_) backend_->close();
    this->earlier_worlds.push_back(std::move(this->world));
    earlier_backends_.push_back(std::move(backend_));
    backend_ = *store::open_sqlite_backend({.file = folder_.path() / "twindow.db"});
    this->world =
        this->make(gateway::ClockMode::Manual, 63016, profile, backend_->open_account(kAccount));
    this->world->start();
  }

 private:
  TempFolder folder_;
  std::vector<std::unique_ptr<store::Backend>> earlier_backends_;
  std::unique_ptr<store::Backend> backend_;
};

}  // namespace twindow::test
