// SPDX-License-Identifier: Apache-2.0
#include "src/net/control_head.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace twindow::net {

namespace {

constexpr std::size_t kHeaderLinesMax = 256;
constexpr std::size_t kMethodBytesMax = 32;
constexpr std::string_view kLineEnd = "\r\n";

bool is_token_char(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

bool is_visible(char c) { return c > 0x20 && c < 0x7f; }

bool is_value_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return low;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The next line without its end; nothing if the end is not a CRLF.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const auto end = rest.find_first_of(kLineEnd);
  if (end == std::string_view::npos || !rest.substr(end).starts_with(kLineEnd)) return std::nullopt;
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end + kLineEnd.size());
  return line;
}

std::optional<Refusal> read_request_line(std::string_view line, ControlHead& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return Refusal{400, "The request line"};
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (!is_token(method) || method.size() > kMethodBytesMax) {
    return Refusal{400, "The method is not a token"};
  }
  if (target.empty() || !std::ranges::all_of(target, is_visible)) {
    return Refusal{400, "The target holds a byte that must be percent-encoded"};
  }
  if (!version.starts_with("HTTP/")) return Refusal{400, "The request line has no HTTP version"};
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return Refusal{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here"};
  }
  head.method = method;
  head.target = target;
  head.http_1_0 = version == "HTTP/1.0";
  head.keep_alive = !head.http_1_0;
  return std::nullopt;
}

// What of the lines decides how many bytes belong to the body, and how often it was said.
struct Framing {
  int hosts = 0;
  int lengths = 0;
  int codings = 0;
};

std::optional<Refusal> note_header(std::string_view name, std::string_view value, Framing& seen,
                                   ControlHead& head) {
  const std::string key = lower(name);
  if (key == "host") {
    ++seen.hosts;
  } else if (key == "content-length") {
    ++seen.lengths;
    const auto end = value.data() + value.size();
    const bool digits = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
    const auto [stop, error] = std::from_chars(value.data(), end, head.content_length);
    if (!digits || value.empty() || error != std::errc() || stop != end) {
      return Refusal{400, "Content-Length is not a number of bytes"};
    }
  } else if (key == "transfer-encoding") {
    ++seen.codings;
    if (lower(value) != "chunked") {
      return Refusal{400, "The only Transfer-Encoding known here is chunked"};
    }
    head.chunked = true;
  } else if (key == "connection") {
    if (lower(value).find("close") != std::string::npos) head.keep_alive = false;
  } else if (key == "expect") {
    if (lower(value) != "100-continue") return Refusal{417, "The only Expect is 100-continue"};
    head.expects_continue = true;
  }
  return std::nullopt;
}

std::optional<Refusal> check_framing(const Framing& seen, const ControlHead& head) {
  if (seen.hosts > 1) return Refusal{400, "There is more than one Host line"};
  if (seen.hosts == 0 && !head.http_1_0) return Refusal{400, "There is no Host line"};
  if (seen.lengths > 1) return Refusal{400, "There is more than one Content-Length line"};
  if (seen.codings > 1) return Refusal{400, "There is more than one Transfer-Encoding line"};
  if (seen.codings > 0 && seen.lengths > 0) {
    return Refusal{400, "Both Content-Length and Transfer-Encoding are given"};
  }
  if (head.chunked && head.http_1_0) return Refusal{400, "HTTP/1.0 has no Transfer-Encoding"};
  return std::nullopt;
}

}  // namespace

std::variant<ControlHead, Refusal> parse_control_head(std::string_view head) {
  ControlHead parsed;
  Framing seen;
  const auto request_line = take_line(head);
  if (!request_line) return Refusal{400, "A line does not end with CR LF"};
  if (const auto refusal = read_request_line(*request_line, parsed)) return *refusal;
  for (;;) {
    const auto line = take_line(head);
    if (!line) return Refusal{400, "A line does not end with CR LF"};
    if (line->empty()) break;
    if (parsed.headers.size() == kHeaderLinesMax) return Refusal{431, "Too many header lines"};
    const auto colon = line->find(':');
    if (colon == std::string_view::npos || !is_token(line->substr(0, colon))) {
      return Refusal{400, "A header line has no name, or is folded"};
    }
    const auto value = trim(line->substr(colon + 1));
    if (!std::ranges::all_of(value, is_value_char)) {
      return Refusal{400, "A header value holds a control byte"};
    }
    const auto name = line->substr(0, colon);
    if (const auto refusal = note_header(name, value, seen, parsed)) return *refusal;
    parsed.headers.push_back({std::string(name), std::string(value)});
  }
  if (const auto refusal = check_framing(seen, parsed)) return *refusal;
  return parsed;
}

}  // namespace twindow::net
