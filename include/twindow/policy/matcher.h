// SPDX-License-Identifier: Apache-2.0
// Conditions on a message, in Twilio's names: what waits, rules and scenarios select by.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/error.h"
#include "twindow/model/message.h"

namespace twindow::policy {

// One condition on one field. `Absent` has one value, "true" or "false".
enum class MatchOp : std::uint8_t { Equals, Contains, Matches, AnyOf, Absent };
std::string_view to_text(MatchOp op);  // "equals", …
std::optional<MatchOp> parse_match_op(std::string_view text);

struct Condition {
  std::string field;  // "To", "MessageStatus", "kind", …
  MatchOp op = MatchOp::Equals;
  std::vector<std::string> values = {};
};

// A value: copies share the compiled patterns. An empty matcher matches everything.
class Matcher {
 public:
  Matcher() = default;

  // Errc::BadInput, with a text that names the field: an unknown field (with all there are), a
  // bad pattern (RE2 syntax).
  static Result<Matcher> make(std::vector<Condition> conditions);

  bool matches(const Message& message) const { return differences(message).empty(); }

  struct Difference {
    std::string field;
    std::string expected;
    std::string actual;
  };
  std::vector<Difference> differences(const Message& message) const;

 private:
  struct Compiled;
  std::vector<std::shared_ptr<const Compiled>> conditions_;
};

// The names that a condition may use, in the order in which they are documented.
const std::vector<std::string_view>& match_fields();

}  // namespace twindow::policy
