// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/json_check.h"

#include <algorithm>
#include <charconv>

#include <re2/re2.h>

namespace twindow::app {

namespace {

std::string text_of_scalar(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.dump();
}

bool is_scalar(const Json& json) {
  return json.is_string() || json.is_number() || json.is_boolean();
}

bool equal(const Json& actual, const Json& expected) {
  if (actual == expected) return true;
  return is_scalar(actual) && is_scalar(expected) &&
         text_of_scalar(actual) == text_of_scalar(expected);
}

// Walks one path.
class PathWalk {
 public:
  PathWalk(const Json& root, std::string_view path) : at_(&root), rest_(path) {}

  Expected<const Json*, std::string> end() {
    if (!rest_.starts_with('$')) return Unexpected(std::string("a path that begins with \"$\""));
    rest_.remove_prefix(1);
    while (!rest_.empty()) {
      const bool stepped = rest_.front() == '.' ? step_to_name() : step_into_brackets();
      if (!stepped) {
        return Unexpected(std::string("a path such as \"$.state\" or \"$.items[0].status\""));
      }
    }
    return at_;
  }

 private:
  bool step_to_name() {
    rest_.remove_prefix(1);
    const auto end = std::min(rest_.find_first_of(".["), rest_.size());
    if (end == 0) return false;
    go_to_member(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return true;
  }

  bool step_into_brackets() {
    if (rest_.size() < 3 || rest_.front() != '[') return false;
    const char quote = rest_[1];
    if (quote == '\'' || quote == '"') {
      const auto end = rest_.find(quote, 2);
      if (end == rest_.npos || end + 1 >= rest_.size() || rest_[end + 1] != ']') return false;
      go_to_member(rest_.substr(2, end - 2));
      rest_.remove_prefix(end + 2);
      return true;
    }
    const auto end = rest_.find(']');
    if (end == rest_.npos) return false;
    const std::string_view number = rest_.substr(1, end - 1);
    long index = 0;
    const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), index);
    if (error != std::errc() || stop != number.data() + number.size()) return false;
    go_to_item(index);
    rest_.remove_prefix(end + 1);
    return true;
  }

  void go_to_member(std::string_view name) {
    if (at_ == nullptr) return;
    const auto found = at_->is_object() ? at_->find(std::string(name)) : at_->end();
    at_ = at_->is_object() && found != at_->end() ? &*found : nullptr;
  }

  // Counted from the end if negative.
  void go_to_item(long index) {
    if (at_ == nullptr) return;
    if (!at_->is_array()) {
      at_ = nullptr;
      return;
    }
    const long size = static_cast<long>(at_->size());
    const long place = index < 0 ? size + index : index;
    at_ = place >= 0 && place < size ? &(*at_)[static_cast<std::size_t>(place)] : nullptr;
  }

  const Json* at_;
  std::string_view rest_;
};

std::optional<std::string> unmet_operator(const Json* actual, const std::string& op,
                                          const Json& value) {
  const bool there = actual != nullptr && !actual->is_null();
  const std::string text = there && is_scalar(*actual) ? text_of_scalar(*actual) : "";
  if (op == "absent") {
    const bool wanted = value.is_boolean() ? value.get<bool>() : true;
    if (there != wanted) return std::nullopt;
    return wanted ? "nothing there" : "something there";
  }
  if (op == "contains") {
    const std::string part = text_of_scalar(value);
    if (there && text.find(part) != text.npos) return std::nullopt;
    return "a text that contains " + value.dump();
  }
  if (op == "matches") {
    const RE2 pattern(text_of_scalar(value), RE2::Quiet);
    if (!pattern.ok()) return "a regular expression of RE2: " + pattern.error();
    if (there && RE2::PartialMatch(text, pattern)) return std::nullopt;
    return "a text that matches " + value.dump();
  }
  if (op == "anyOf" && value.is_array()) {
    const bool one =
        there && std::ranges::any_of(value, [&](const Json& each) { return equal(*actual, each); });
    if (one) return std::nullopt;
    return "one of " + value.dump();
  }
  return unmet(actual, value);  // equals
}

}  // namespace

Expected<const Json*, std::string> value_at(const Json& json, std::string_view path) {
  return PathWalk(json, path).end();
}

std::optional<std::string> unmet(const Json* actual, const Json& expectation) {
  if (expectation.is_object() && expectation.size() == 1) {
    constexpr std::string_view kOperators[] = {"equals", "contains", "matches", "anyOf", "absent"};
    const std::string op = expectation.begin().key();
    if (std::ranges::find(kOperators, op) != std::end(kOperators)) {
      return unmet_operator(actual, op, expectation.begin().value());
    }
  }
  const bool there = actual != nullptr && !actual->is_null();
  if (expectation.is_null()) {
    if (there) return "null";
    return std::nullopt;
  }
  if (there && equal(*actual, expectation)) return std::nullopt;
  return expectation.dump();
}

std::string shown_json(const Json* value) {
  if (value == nullptr) return "nothing";
  return value->dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace twindow::app
