// SPDX-License-Identifier: Apache-2.0
#include "src/net/request_head.h"

#include <algorithm>
#include <optional>

#include "twindow/base/ascii.h"

#include "src/net/bytes.h"
#include "src/net/head_fields.h"

namespace twindow::net {

namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

class HeadParser final : public HeadFields<true> {
 public:
  explicit HeadParser(RequestHead& head) : HeadFields(head.headers), head_(head) {}

  Seen host;
  Seen expect;

 private:
  void on_request_impl(http::verb, Text method, Text target, int version, Code&) override {
    head_.method = view(method);
    head_.target = view(target);
    head_.http10 = version == 10;
  }
  void on_field_impl(http::field field, Text name, Text value, Code&) override {
    if (field == http::field::host) host.note(view(value));
    if (field == http::field::expect) expect.note(view(value));
    keep(field, name, value);
  }

  RequestHead& head_;
};

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

std::optional<Refusal> check_host(const HeadParser& parser, const RequestHead& head) {
  if (parser.host.times > 1) return Refusal{400, "There is more than one Host header."};
  if (parser.host.times == 0) {
    if (head.http10) return std::nullopt;
    return Refusal{400, "There is no Host header."};
  }
  if (!is_host(parser.host.value)) return Refusal{400, "The Host header is not a host."};
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

std::optional<Refusal> check_framing(const HeadParser& parser, RequestHead& head,
                                     std::size_t body_bytes_max) {
  const Seen& encoding = parser.transfer_encoding;
  const Seen& length = parser.length;
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
  for (const char c : length.value) {
    head.content_length = head.content_length * 10 + static_cast<std::uint64_t>(c - '0');
    if (head.content_length > body_bytes_max) return Refusal{413, "The body is too large."};
  }
  return std::nullopt;
}

std::optional<Refusal> check_expect(const HeadParser& parser, RequestHead& head) {
  if (parser.expect.times == 0 || head.http10) return std::nullopt;
  if (parser.expect.times > 1 || !equals_ignoring_case(parser.expect.value, "100-continue")) {
    return Refusal{417, "The only expectation understood is '100-continue'."};
  }
  head.expects_continue = true;
  return std::nullopt;
}

// Beast stops at its first error; which one decides only over the words.
Refusal refusal_of(const error_code& error) {
  if (error == http::error::bad_content_length) {
    return {400, "The Content-Length is not a number, or stands beside a Transfer-Encoding."};
  }
  if (error == http::error::multiple_content_length) {
    return {400, "There is more than one Content-Length."};
  }
  if (error == http::error::bad_transfer_encoding) {
    return {400, "The only Transfer-Encoding understood is 'chunked', without a Content-Length."};
  }
  return {400, "The request's head is malformed."};
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
  head.headers.reserve(16);
  HeadParser parser(head);
  error_code error;
  parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error) return Unexpected(refusal_of(error));
  if (!parser.is_header_done()) return Unexpected(Refusal{400, "The request's head is malformed."});
  if (const auto no = check_target(head)) return Unexpected(*no);
  if (const auto no = check_host(parser, head)) return Unexpected(*no);
  if (const auto no = check_framing(parser, head, body_bytes_max)) return Unexpected(*no);
  if (const auto no = check_expect(parser, head)) return Unexpected(*no);
  head.keeps_alive = parser.keep_alive();
  return head;
}

}  // namespace twindow::net
