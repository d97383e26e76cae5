// SPDX-License-Identifier: Apache-2.0
// The `on` rules of a scenario: what becomes of sends (contract section 8). Pure but for what has
// happened so far, which is kept here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "twindow/base/random.h"
#include "twindow/model/script.h"
#include "twindow/policy/send_matcher.h"

namespace twindow::policy {

// Of a rule's list. Its time is counted from the one before it in the list (the first: from the
// create), or from the create; then up to `jitter` is added, drawn from the seed.
struct ScriptedCallback {
  bool since_create = false;
  Duration time = {};
  Duration jitter = {};
  ScriptedNews news = {};  // `at` is not read
};

struct ScriptRule {
  // For whom counts and states are kept: for each user, or for the account as a whole.
  enum class Per : std::uint8_t { Recipient, Account };

  std::string id;
  int priority = 0;  // the lowest first; of equals the first
  SendMatcher match = {};
  std::vector<std::size_t> nth = {};  // only these sends of those that match, from 1; empty: each
  std::size_t times = 0;              // so often, then no more; 0: without end
  Per per = Per::Recipient;
  // Only while this is the state; empty: in any. A state is "started" until a rule has set another.
  std::string state = {};
  std::string next_state = {};  // empty: stays
  std::optional<ScriptResponse> respond = {};
  // Nothing: the simulator's own ways. An empty list: nothing becomes of it.
  std::optional<std::vector<ScriptedCallback>> callbacks = {};
  bool shuffle = false;  // the callbacks change places, their times stay
};

inline constexpr const char* kFirstScriptState = "started";

// The rules of one world. The first that matches wins; where none does, the simulator goes its own
// ways. The same seed, rules and sends in the same order: the same outcomes. Not thread-safe.
class Script {
 public:
  explicit Script(Random random) : random_(random) {}

  // Counts and states begin anew.
  void replace(std::vector<ScriptRule> rules);
  void clear() { replace({}); }
  bool empty() const { return rules_.empty(); }

  struct Hit {
    std::string rule;
    std::optional<ScriptResponse> respond = {};
    std::shared_ptr<const ScriptPlan> plan = {};  // null: the simulator's own ways
  };
  // Of a send, which then counts as having happened.
  std::optional<Hit> of_send(const SendView& view);

  struct Counted {
    std::string rule;
    std::size_t matched = 0;  // its `match` and its state, whatever `nth` and `times` say
    std::size_t fired = 0;
  };
  std::vector<Counted> counts() const;  // in order of priority

 private:
  struct Count {
    std::size_t matched = 0;
    std::size_t fired = 0;
  };
  struct Entry {
    ScriptRule rule;
    std::map<std::string, Count> counts = {};  // by user; "" is the account
  };

  ScriptPlan plan(const ScriptRule& rule, const std::string& user, std::size_t fired) const;

  Random random_;
  std::vector<Entry> rules_ = {};
  std::map<std::string, std::string> states_ = {};
};

}  // namespace twindow::policy
