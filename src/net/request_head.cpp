// SPDX-License-Identifier: Apache-2.0
#include "src/net/request_head.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "twindow/base/ascii.h"

#include "src/net/bytes.h"
#include "src/net/seen.h"

namespace twindow::net {

namespace {

constexpr std::size_t kHeadersLikely = 16;

// What decides over framing and routing, as the header lines say it.
struct Fields {
  Seen host;
  Seen expect;
  Seen length;
  Seen transfer_encoding;
  bool close = false;
  bool keep_alive = false;
  bool good_connection = true;

  void note(std::string_view name, std::string_view value);
  void note_connection(std::string_view value);
};

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Most names have no namesake of the same length here, and are not compared at all.
void Fields::note(std::string_view name, std::string_view value) {
  const auto is = [name](std::string_view wanted) {
    return name.size() == wanted.size() && equals_ignoring_case(name, wanted);
  };
  if (is("Host")) host.note(value);
  if (is("Expect")) expect.note(value);
  if (is("Content-Length")) length.note(value);
  if (is("Transfer-Encoding")) transfer_encoding.note(value);
  if (is("Connection") || is("Proxy-Connection")) note_connection(value);
}

// `#token`, where an empty place in the list is nothing (RFC 9110 sections 5.6.1 and 7.6.1).
void Fields::note_connection(std::string_view value) {
  for (bool more = true; more;) {
    const auto comma = value.find(',');
    more = comma != std::string_view::npos;
    const std::string_view option = trimmed(value.substr(0, comma));
    if (more) value.remove_prefix(comma + 1);
    if (option.empty()) continue;
    if (!all_of_class(option, kTokenByte)) good_connection = false;
    if (equals_ignoring_case(option, "close")) close = true;
    if (equals_ignoring_case(option, "keep-alive")) keep_alive = true;
  }
}

// Takes the line from the front of `rest`, without its end; nothing where no line ends.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const auto end = rest.find("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 2);
  return line;
}

// `METHOD SP target SP HTTP/d.d`
bool read_request_line(std::string_view line, RequestHead& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return false;
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  head.http10 = line.ends_with('0');
  return true;
}

// The lines up to the empty one.
bool read_fields(std::string_view rest, RequestHead& head, Fields& fields) {
  head.headers.reserve(kHeadersLikely);
  for (auto line = take_line(rest); line; line = take_line(rest)) {
    if (line->empty()) return true;
    const auto colon = line->find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view name = line->substr(0, colon);
    const std::string_view value = trimmed(line->substr(colon + 1));
    fields.note(name, value);
    wire::Header& header = head.headers.emplace_back();
    header.name = name;
    header.value = value;
  }
  return false;
}

bool is_port(std::string_view text) {
  return text.empty() ||
         (is_digits(text) && text.size() <= 5 && std::stoul(std::string(text)) < 65536);
}

// `host [":" port]` (RFC 9110 section 7.2), with the names of the real internet: no userinfo, no
// path, no percent-encoding.
bool is_host(std::string_view text) {
  std::string_view name = text.substr(0, text.rfind(':'));
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    name = text.substr(0, end + 1);
    const std::string_view inside = name.substr(1, end - 1);
    if (inside.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos)
      return false;
  } else if (name.empty() || !all_of_class(name, kHostByte)) {
    return false;
  }
  const std::string_view rest = text.substr(name.size());
  return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
}

std::optional<Refusal> check_host(const Fields& fields, const RequestHead& head) {
  if (fields.host.times > 1) return Refusal{400, "There is more than one Host header."};
  if (fields.host.times == 0) {
    if (head.http10) return std::nullopt;
    return Refusal{400, "There is no Host header."};
  }
  if (!is_host(fields.host.value)) return Refusal{400, "The Host header is not a host."};
  return std::nullopt;
}

std::optional<Refusal> check_target(const RequestHead& head) {
  const std::string_view target = head.target;
  if (head.method == "CONNECT") {
    if (is_host(target) && authority_of(target)) return std::nullopt;
    return Refusal{400, "The target of CONNECT is not a host and a port."};
  }
  if (target.starts_with('/')) return std::nullopt;
  if (target == "*" && head.method == "OPTIONS") return std::nullopt;
  const auto scheme = target.find("://");
  if (scheme != std::string_view::npos &&
      (equals_ignoring_case(target.substr(0, scheme), "http") ||
       equals_ignoring_case(target.substr(0, scheme), "https"))) {
    if (is_host(wire::split_target(target).authority)) return std::nullopt;
  }
  return Refusal{400, "The target is neither a path nor an absolute URL."};
}

// The header line goes on with CR right after the value: no space or tab was trimmed, which other
// parsers might not trim.
bool ends_its_line(std::string_view value) { return value.data()[value.size()] == '\r'; }

std::optional<Refusal> check_framing(const Fields& fields, RequestHead& head,
                                     std::size_t body_bytes_max) {
  const Seen& encoding = fields.transfer_encoding;
  const Seen& length = fields.length;
  if (encoding.times > 0) {
    if (head.http10) return Refusal{400, "HTTP/1.0 has no Transfer-Encoding."};
    if (length.times > 0) {
      return Refusal{400, "There is a Content-Length beside the Transfer-Encoding."};
    }
    if (encoding.times > 1 || !equals_ignoring_case(encoding.value, "chunked") ||
        !ends_its_line(encoding.value)) {
      return Refusal{400, "The only Transfer-Encoding understood is 'chunked'."};
    }
    head.chunked = true;
    return std::nullopt;
  }
  if (length.times == 0) return std::nullopt;
  if (length.times > 1) return Refusal{400, "There is more than one Content-Length."};
  if (!is_digits(length.value)) return Refusal{400, "The Content-Length is not a number."};
  const char* const end = length.value.data() + length.value.size();
  const auto read = std::from_chars(length.value.data(), end, head.content_length);
  if (read.ec != std::errc()) return Refusal{400, "The Content-Length is beyond 64 bits."};
  if (head.content_length > body_bytes_max) return Refusal{413, "The body is too large."};
  return std::nullopt;
}

std::optional<Refusal> check_expect(const Fields& fields, RequestHead& head) {
  if (fields.expect.times == 0 || head.http10) return std::nullopt;
  if (fields.expect.times > 1 || !equals_ignoring_case(fields.expect.value, "100-continue")) {
    return Refusal{417, "The only expectation understood is '100-continue'."};
  }
  head.expects_continue = true;
  return std::nullopt;
}

}  // namespace

std::optional<Authority> authority_of(std::string_view target) {
  const auto colon = target.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view port = target.substr(colon + 1);
  std::string_view host = target.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || !is_digits(port) || !is_port(port)) return std::nullopt;
  const auto number = std::stoul(std::string(port));
  if (number == 0) return std::nullopt;
  return Authority{host, static_cast<std::uint16_t>(number)};
}

Expected<RequestHead, Refusal> parse_head(std::string_view bytes, std::size_t body_bytes_max) {
  RequestHead head;
  Fields fields;
  const auto request_line = take_line(bytes);
  if (!request_line || !read_request_line(*request_line, head) ||
      !read_fields(bytes, head, fields)) {
    return Unexpected(Refusal{400, "The request's head is malformed."});
  }
  if (const auto no = check_target(head)) return Unexpected(*no);
  if (const auto no = check_host(fields, head)) return Unexpected(*no);
  if (const auto no = check_framing(fields, head, body_bytes_max)) return Unexpected(*no);
  if (const auto no = check_expect(fields, head)) return Unexpected(*no);
  if (!fields.good_connection) {
    return Unexpected(Refusal{400, "The Connection header is not a list of names."});
  }
  head.keeps_alive = head.http10 ? fields.keep_alive : !fields.close;
  return head;
}

}  // namespace twindow::net
