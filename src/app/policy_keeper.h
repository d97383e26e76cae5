// SPDX-License-Identifier: Apache-2.0
// The policy in force: read at the start, read again when its file changes, or set by the control
// API.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/guarded.h"

#include "src/app/log.h"
#include "src/app/policy_file.h"

namespace twindow::app {

// Thread-safe, but for load and reload, which the first thread calls.
class PolicyKeeper {
 public:
  using Shared = std::shared_ptr<const policy::Policy>;

  struct Options {
    std::optional<std::filesystem::path> file = {};
    PolicyDefaults defaults = {};
    bool always = false;  // without a file the built-in policy is in force; else none
    bool holds = true;    // rules may hold sends back
  };

  explicit PolicyKeeper(Options options) : options_(std::move(options)) {}

  std::vector<Mistake> load();  // at the start; none if all is well

  Shared policy() const;                    // null: nothing is judged
  std::optional<std::string> text() const;  // as it was given

  // Another one is in force from now on; with mistakes the old one stays. `spread` tells those who
  // have taken the old one.
  std::vector<Mistake> set(std::string text);
  // What was in force at the start is so again: that of the file as it now is, else the built-in
  // one or none. With mistakes all stays.
  std::vector<Mistake> restore();
  void reload(std::string_view why, const std::function<void()>& spread, Log& log);

 private:
  struct InForce {
    Shared policy;
    std::optional<std::string> text;
  };
  std::vector<Mistake> take(std::string text, const std::string& name);

  const Options options_;
  Guarded<InForce> in_force_;
};

}  // namespace twindow::app
