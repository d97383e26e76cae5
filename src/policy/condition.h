// SPDX-License-Identifier: Apache-2.0
// One condition on one text, compiled: what the matchers of messages and of sends are made of.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <re2/re2.h>

#include "twindow/policy/matcher.h"

namespace twindow::policy {

class CompiledCondition {
 public:
  // `is_address`: any spelling of a number is equal to any other. Errc::BadInput for a bad
  // pattern, with a text that names the field.
  static Result<CompiledCondition> make(Condition condition, bool is_address);

  const std::string& field() const { return condition_.field; }
  bool holds(std::optional<std::string_view> actual) const;
  std::string expected() const;  // "contains order"

  // The names of the pattern's groups, and what they have in a text that holds; a group that took
  // no part has an empty text.
  const std::vector<std::string>& groups() const { return groups_; }
  void capture(std::string_view actual, std::vector<Param>& into) const;

 private:
  struct Wanted {
    std::string text;
    std::optional<Address> address = {};
  };

  bool equals(std::string_view actual, const Wanted& wanted) const;

  Condition condition_;
  std::vector<Wanted> wanted_ = {};
  std::unique_ptr<RE2> pattern_ = {};
  std::vector<std::string> groups_ = {};
  std::vector<int> group_numbers_ = {};
};

}  // namespace twindow::policy
