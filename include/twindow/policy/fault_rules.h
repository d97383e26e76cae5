// SPDX-License-Identifier: Apache-2.0
// Rules that do something wrong on purpose: which calls and webhooks they hit, and when.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/random.h"
#include "twindow/model/fault.h"
#include "twindow/model/message.h"
#include "twindow/policy/matcher.h"

namespace twindow::policy {

// Empty members match everything.
struct FaultMatch {
  // Of an API call. `path` has no format suffix; '*' and "{…}" stand for any text within a segment,
  // "**" for any text at all.
  std::string product = {};  // "api", "messaging"
  std::string method = {};   // "POST"
  std::string path = {};
  // Of a webhook: "status" or "inbound".
  std::string webhook = {};
  // On the call's parameters or "channel" (of its To); for webhooks on the message, as Matcher has
  // its fields.
  std::vector<Condition> conditions = {};
};

// Exactly one of `respond` and `callbacks`.
struct FaultRule {
  static constexpr std::uint32_t kAlways = 1'000'000;

  std::string id;
  FaultMatch match = {};
  std::size_t nth = 0;                  // only the n-th that matches, from 1; 0: each
  std::size_t times = 0;                // so often, then no more; 0: without end
  std::uint32_t probability = kAlways;  // in millionths
  std::optional<FaultResponse> respond = {};
  std::optional<FaultCallbacks> callbacks = {};
};

// A rule that cannot be: where in it ("/match/path", ""), and why.
struct FaultMistake {
  std::size_t rule = 0;  // its place, from 0
  std::string pointer = {};
  std::string detail = {};
};

// What a rule sees of an API call. Lives during the call.
struct FaultCall {
  std::string_view product;
  std::string_view method;
  std::string_view path;
  const std::vector<Param>& params;
};

// The rules of one world, with what has happened to each so far. The first rule that matches and
// fires wins. The same seed, rules, calls and messages in the same order: the same faults. Not
// thread-safe.
class FaultRules {
 public:
  explicit FaultRules(Random random) : random_(random) {}

  // Replaces all; counts begin anew. Nothing changes if one is a mistake.
  std::optional<FaultMistake> replace(std::vector<FaultRule> rules);
  // Without taking them.
  static std::optional<FaultMistake> mistake_in(const std::vector<FaultRule>& rules);

  bool empty() const { return rules_.empty(); }
  struct Counted {
    FaultRule rule;
    std::size_t matched = 0;
    std::size_t fired = 0;
  };
  std::vector<Counted> list() const;

  template <class Effect>
  struct Hit {
    std::string rule;
    Effect effect;
  };
  std::optional<Hit<FaultResponse>> of_call(const FaultCall& call);
  // `inbound`: the webhook tells of a user's message, else of a status.
  std::optional<Hit<FaultCallbacks>> of_webhook(const Message& message, bool inbound);
  // Of a message that was made just now: the rules with `before_answer`, which of_webhook skips.
  std::optional<Hit<FaultCallbacks>> of_create(const Message& message);

 private:
  struct Compiled;  // what a rule's match was made to; shared by copies
  struct Entry {
    FaultRule rule;
    std::shared_ptr<const Compiled> match;
    Random random;
    std::size_t matched = 0;
    std::size_t fired = 0;
  };
  static Expected<std::shared_ptr<const Compiled>, FaultMistake> compile(const FaultRule& rule);
  static bool fires(Entry& entry);
  std::optional<Hit<FaultCallbacks>> of_message(const Message& message, bool before_answer,
                                                std::string_view webhook);

  Random random_;
  std::vector<Entry> rules_ = {};
};

}  // namespace twindow::policy
