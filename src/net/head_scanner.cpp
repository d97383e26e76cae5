// SPDX-License-Identifier: Apache-2.0
#include "src/net/head_scanner.h"

#include <algorithm>
#include <array>
#include <utility>

#include "src/net/bytes.h"

namespace twindow::net {

namespace {

constexpr std::array<std::string_view, 7> kMethods{"GET",   "POST",   "HEAD",   "PUT",
                                                   "PATCH", "DELETE", "OPTIONS"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

HeadScanner::State HeadScanner::refuse(int status, std::string_view detail) {
  refusal_ = Refusal{status, detail};
  return State::Refused;
}

HeadScanner::State HeadScanner::scan(std::string_view bytes) {
  while (!complete_) {
    const auto newline = bytes.find('\n', looked_at_);
    if (newline == std::string_view::npos) return check_partial_line(bytes);
    const std::string_view line = bytes.substr(checked_, newline - checked_);
    if (line.empty() || line.back() != '\r') return refuse(400, "A line ends without CR LF.");
    looked_at_ = newline + 1;
    const std::size_t line_begin = std::exchange(checked_, looked_at_);
    if (line_begin == 0 && line.size() == 1) {
      begin_ = checked_;
      continue;
    }
    if (!end_line(line.substr(0, line.size() - 1))) return State::Refused;
  }
  if (checked_ - begin_ > bytes_max_) return refuse(431, "The headers are too long.");
  return State::Complete;
}

bool HeadScanner::end_line(std::string_view line) {
  if (method_size_ == 0) return check_request_line(line);
  if (!line.empty()) return check_header_line(line);
  complete_ = true;
  return true;
}

// `METHOD SP target SP HTTP/d.d`; the target has no spaces, so there are exactly two.
bool HeadScanner::check_request_line(std::string_view line) {
  if (line.size() > limits::kRequestLineBytesMax) {
    refuse(414, "The request line is too long.");
    return false;
  }
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (!is_line_text(line) || first == 0 || first == std::string_view::npos || last < first + 2 ||
      line.find(' ', first + 1) != last || !all_of_class(line.substr(0, first), kTokenByte)) {
    refuse(400, "The request line is not 'METHOD target HTTP/1.1'.");
    return false;
  }
  if (!check_version(line.substr(last + 1))) return false;
  const std::string_view method = line.substr(0, first);
  method_size_ = first;
  target_size_ = last - first - 1;
  if (std::ranges::find(kMethods, method) != kMethods.end()) return true;
  if (method == "CONNECT" && connects_) return true;
  if (method == "CONNECT" || method == "TRACE") {
    refuse(405, "The method is not allowed here.");
  } else {
    refuse(501, "The method is unknown.");
  }
  return false;
}

bool HeadScanner::check_version(std::string_view version) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") return true;
  if (version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
      version[6] == '.' && is_digit(version[7])) {
    refuse(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
  } else {
    refuse(400, "The request line is not 'METHOD target HTTP/1.1'.");
  }
  return false;
}

bool HeadScanner::check_header_line(std::string_view line) {
  if (++headers_ > limits::kHeadersMax) {
    refuse(431, "There are too many headers.");
    return false;
  }
  if (line.front() == ' ' || line.front() == '\t') {
    refuse(400, "A header is folded over several lines.");
    return false;
  }
  const auto colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos ||
      !all_of_class(line.substr(0, colon), kTokenByte)) {
    refuse(400, "A header line has no proper name.");
    return false;
  }
  if (!is_header_text(line.substr(colon + 1))) {
    refuse(400, "A header has a control byte in its value.");
    return false;
  }
  return true;
}

// What has come of a line is judged at once: a TLS hello or a flood without a line end must not
// wait for the time to run out.
HeadScanner::State HeadScanner::check_partial_line(std::string_view bytes) {
  const bool in_request_line = method_size_ == 0;
  std::string_view fresh = bytes.substr(looked_at_);
  if (!fresh.empty() && fresh.back() == '\r') fresh.remove_suffix(1);
  if (!(in_request_line ? is_line_text(fresh) : is_header_text(fresh))) {
    return refuse(400, in_request_line ? "The request line has a control or non-ASCII byte."
                                       : "A header has a control byte.");
  }
  looked_at_ += fresh.size();
  if (in_request_line && bytes.size() - checked_ > limits::kRequestLineBytesMax + 1) {
    return refuse(414, "The request line is too long.");
  }
  if (bytes.size() - begin_ > bytes_max_) {
    return in_request_line ? refuse(414, "The request line is too long.")
                           : refuse(431, "The headers are too long.");
  }
  return State::NeedsMore;
}

std::string_view HeadScanner::method(std::string_view bytes) const {
  return bytes.substr(begin_, method_size_);
}

std::string_view HeadScanner::target(std::string_view bytes) const {
  return method_size_ == 0 ? std::string_view()
                           : bytes.substr(begin_ + method_size_ + 1, target_size_);
}

}  // namespace twindow::net
