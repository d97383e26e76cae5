// SPDX-License-Identifier: Apache-2.0
#include "src/api/path_pattern.h"

#include "twindow/wire/form.h"

namespace twindow::api {

namespace {

std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);  // the '/'
  const auto end = path.find('/');
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(segment.size());
  return segment;
}

}  // namespace

std::optional<std::vector<std::string>> match_path(std::string_view pattern,
                                                   std::string_view path) {
  // The literal beginning at once, where it is spelled as in the pattern: nearly always.
  const std::string_view literal = pattern.substr(0, pattern.find('{'));
  if (!literal.empty() && path.starts_with(literal)) {
    const std::size_t same = literal.rfind('/');
    pattern.remove_prefix(same);
    path.remove_prefix(same);
  }
  std::vector<std::string> found;
  while (pattern.starts_with('/') && path.starts_with('/')) {
    const std::string_view wanted = take_segment(pattern);
    const std::string_view given = take_segment(path);
    if (given == wanted && !wanted.starts_with('{')) continue;  // without a copy
    auto segment = wire::percent_decode(given);
    if (!segment) return std::nullopt;
    if (wanted.starts_with('{')) {
      if (segment->empty()) return std::nullopt;
      found.push_back(*std::move(segment));
    } else if (*segment != wanted) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return found;
}

}  // namespace twindow::api
