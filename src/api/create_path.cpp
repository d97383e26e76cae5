// SPDX-License-Identifier: Apache-2.0
#include "src/api/create_path.h"

#include <algorithm>
#include <string>
#include <vector>

#include "twindow/base/ascii.h"

#include "src/api/local_answers.h"
#include "src/api/path_pattern.h"

namespace twindow::api {

namespace {

// Broken escapes stay as they are.
std::string decoded(std::string_view path) {
  std::string text;
  for (std::size_t at = 0; at < path.size(); ++at) {
    const int high = path[at] == '%' && at + 2 < path.size() ? hex_value(path[at + 1]) : -1;
    const int low = high >= 0 ? hex_value(path[at + 2]) : -1;
    if (low >= 0) at += 2;
    text += low >= 0 ? static_cast<char>(high * 16 + low) : path[at];
  }
  return text;
}

// The segments that are left when "." and ".." have been gone.
std::vector<std::string> segments_of(std::string_view path) {
  const std::string text = decoded(path);
  const std::string_view end_marks("?;#\0", 4);
  const std::string_view clean = std::string_view(text).substr(0, text.find_first_of(end_marks));
  std::vector<std::string> segments;
  for (std::size_t at = 0; at < clean.size();) {
    const std::size_t end = std::min(clean.find('/', at), clean.size());
    const std::string_view segment = clean.substr(at, end - at);
    at = end + 1;
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      segments.emplace_back(segment);
    } else if (!segments.empty()) {
      segments.pop_back();
    }
  }
  return segments;
}

bool is_version(std::string_view segment) {
  return segment.size() == 10 && segment.starts_with("20") && segment[4] == '-';
}

std::optional<AccountSid> read_account(std::string_view segment) {
  if (segment.size() < 2) return std::nullopt;
  return parse_account_sid("AC" + std::string(segment.substr(2)));
}

}  // namespace

std::optional<AccountSid> account_of_create(std::string_view method, std::string_view path) {
  if (method != "POST") return std::nullopt;
  std::string_view usual = path;
  take_format(usual);
  if (const auto captured = match_path("/2010-04-01/Accounts/{AccountSid}/Messages", usual)) {
    if (auto account = parse_account_sid(captured->front())) return account;
  }
  const std::vector<std::string> all = segments_of(path);
  std::size_t at = !all.empty() && is_version(all.front()) ? 1 : 0;
  if (all.size() < at + 3 || !equals_ignoring_case(all[at], "Accounts")) return std::nullopt;
  const auto account = read_account(all[at + 1]);
  at += 2;
  if (equals_ignoring_case(all[at], "SMS")) ++at;
  if (!account || all.size() != at + 1) return std::nullopt;
  const std::string_view last = all[at];
  const bool messages = equals_ignoring_case(last.substr(0, last.find('.')), "Messages");
  return messages ? account : std::nullopt;
}

}  // namespace twindow::api
