// SPDX-License-Identifier: Apache-2.0
#include "src/policy/condition.h"

#include <algorithm>
#include <array>

namespace twindow::policy {

namespace {

constexpr std::array<std::string_view, 5> kOps{"equals", "contains", "matches", "anyOf", "absent"};

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::string_view to_text(MatchOp op) { return kOps[static_cast<std::size_t>(op)]; }

std::optional<MatchOp> parse_match_op(std::string_view text) {
  const auto found = std::ranges::find(kOps, text);
  if (found == kOps.end()) return std::nullopt;
  return static_cast<MatchOp>(found - kOps.begin());
}

Result<CompiledCondition> CompiledCondition::make(Condition condition, bool is_address) {
  CompiledCondition made;
  made.condition_ = std::move(condition);
  for (const std::string& text : made.condition_.values) {
    Wanted wanted{text};
    if (auto address = is_address ? parse_from(text) : fail(Errc::InvalidFrom)) {
      wanted.address = *std::move(address);
    }
    made.wanted_.push_back(std::move(wanted));
  }
  if (made.condition_.op != MatchOp::Matches) return made;
  made.pattern_ = std::make_unique<RE2>(made.condition_.values.front(), RE2::Quiet);
  if (!made.pattern_->ok()) {
    return fail(Errc::BadInput,
                "the pattern for '" + made.field() + "' is not valid: " + made.pattern_->error());
  }
  for (const auto& [number, name] : made.pattern_->CapturingGroupNames()) {
    made.group_numbers_.push_back(number);
    made.groups_.push_back(name);
  }
  return made;
}

bool CompiledCondition::equals(std::string_view actual, const Wanted& wanted) const {
  if (actual == wanted.text) return true;
  if (!wanted.address) return false;
  const auto address = parse_from(actual);
  return address && address->channel == wanted.address->channel &&
         canonical_user(*address) == canonical_user(*wanted.address);
}

bool CompiledCondition::holds(std::optional<std::string_view> actual) const {
  if (condition_.op == MatchOp::Absent) {
    return (condition_.values.front() == "true") != actual.has_value();
  }
  if (!actual) return false;
  if (condition_.op == MatchOp::Matches) return RE2::PartialMatch(piece(*actual), *pattern_);
  return std::ranges::any_of(wanted_, [&](const Wanted& wanted) {
    return condition_.op == MatchOp::Contains ? actual->find(wanted.text) != std::string_view::npos
                                              : equals(*actual, wanted);
  });
}

std::string CompiledCondition::expected() const {
  std::string text(condition_.op == MatchOp::Equals ? "" : to_text(condition_.op));
  for (const std::string& value : condition_.values) text += (text.empty() ? "" : " ") + value;
  return text;
}

void CompiledCondition::capture(std::string_view actual, std::vector<Param>& into) const {
  if (groups_.empty()) return;
  std::vector<re2::StringPiece> groups(
      static_cast<std::size_t>(pattern_->NumberOfCapturingGroups()) + 1);
  if (!pattern_->Match(piece(actual), 0, actual.size(), RE2::UNANCHORED, groups.data(),
                       static_cast<int>(groups.size()))) {
    return;
  }
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const re2::StringPiece& text = groups[static_cast<std::size_t>(group_numbers_[i])];
    into.push_back({groups_[i], std::string(text.data(), text.size())});
  }
}

}  // namespace twindow::policy
