// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/http.h"

#include <algorithm>
#include <array>

#include "twindow/base/ascii.h"

namespace twindow::wire {

namespace {

struct ReasonRow {
  int status;
  std::string_view phrase;
};

constexpr std::array kReasons{
    ReasonRow{200, "OK"},
    ReasonRow{201, "CREATED"},
    ReasonRow{202, "ACCEPTED"},
    ReasonRow{204, "NO CONTENT"},
    ReasonRow{302, "FOUND"},
    ReasonRow{304, "NOT MODIFIED"},
    ReasonRow{307, "TEMPORARY REDIRECT"},
    ReasonRow{400, "BAD REQUEST"},
    ReasonRow{401, "UNAUTHORIZED"},
    ReasonRow{403, "FORBIDDEN"},
    ReasonRow{404, "NOT FOUND"},
    ReasonRow{405, "METHOD NOT ALLOWED"},
    ReasonRow{406, "NOT ACCEPTABLE"},
    ReasonRow{408, "REQUEST TIMEOUT"},
    ReasonRow{409, "CONFLICT"},
    ReasonRow{413, "PAYLOAD TOO LARGE"},
    ReasonRow{414, "URI TOO LONG"},
    ReasonRow{417, "EXPECTATION FAILED"},
    ReasonRow{422, "UNPROCESSABLE ENTITY"},
    ReasonRow{429, "TOO MANY REQUESTS"},
    ReasonRow{431, "REQUEST HEADER FIELDS TOO LARGE"},
    ReasonRow{500, "INTERNAL SERVER ERROR"},
    ReasonRow{501, "NOT IMPLEMENTED"},
    ReasonRow{502, "BAD GATEWAY"},
    ReasonRow{503, "SERVICE UNAVAILABLE"},
    ReasonRow{504, "GATEWAY TIMEOUT"},
    ReasonRow{505, "HTTP VERSION NOT SUPPORTED"},
};

}  // namespace

std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) {
  for (const Header& header : headers) {
    if (equals_ignoring_case(header.name, name)) return header.value;
  }
  return std::nullopt;
}

namespace {

void append_headers(Headers& all, std::string_view lines) {
  constexpr std::string_view kEnd = "\r\n";
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find(kEnd));
    const auto colon = line.find(": ");
    all.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
    lines.remove_prefix(line.size() + kEnd.size());
  }
}

}  // namespace

Headers all_headers(const HttpReply& reply) {
  Headers all = reply.headers;
  append_headers(all, reply.own_headers);
  append_headers(all, reply.fixed_headers);
  return all;
}

TargetParts split_target(std::string_view target) {
  TargetParts parts;
  if (!target.starts_with('/')) {
    if (const auto scheme = target.find("://"); scheme != std::string_view::npos) {
      target.remove_prefix(scheme + 3);
      const auto end = std::min(target.find_first_of("/?#"), target.size());
      parts.authority = target.substr(0, end);
      target.remove_prefix(end);
    }
  }
  target = target.substr(0, target.find('#'));
  const auto question = target.find('?');
  parts.path = target.substr(0, question);
  if (question != std::string_view::npos) parts.query = target.substr(question + 1);
  if (parts.path.empty()) parts.path = "/";
  return parts;
}

std::string_view reason_phrase(int status) {
  const auto found = std::ranges::find(kReasons, status, &ReasonRow::status);
  return found == kReasons.end() ? std::string_view() : found->phrase;
}

}  // namespace twindow::wire
