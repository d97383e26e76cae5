// SPDX-License-Identifier: Apache-2.0
#include "src/net/upstream_head.h"

#include "twindow/base/ascii.h"

#include "src/net/bytes.h"
#include "src/net/head_fields.h"

namespace twindow::net {

namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kLengthDigitsMax = 18;  // far from where 64 bits end

class AnswerParser final : public HeadFields<false> {
 public:
  explicit AnswerParser(AnswerHead& head) : HeadFields(head.headers), head_(head) {}

  bool http10 = false;

 private:
  void on_response_impl(int status, Text, int version, Code&) override {
    head_.status = status;
    http10 = version == 10;
  }

  AnswerHead& head_;
};

// Nothing if all is well.
std::string_view check_framing(const AnswerParser& parser, AnswerHead& head, bool to_head) {
  const Seen& encoding = parser.transfer_encoding;
  const Seen& length = parser.length;
  if (encoding.times > 0) {
    if (parser.http10) return "HTTP/1.0 has no Transfer-Encoding";
    if (length.times > 0) return "there is a Content-Length beside the Transfer-Encoding";
    if (encoding.times > 1 || !equals_ignoring_case(encoding.value, "chunked")) {
      return "the Transfer-Encoding is not 'chunked'";
    }
  }
  if (length.times > 1) return "there is more than one Content-Length";
  if (length.times == 1) {
    if (!is_digits(length.value) || length.value.size() > kLengthDigitsMax) {
      return "the Content-Length is not a number";
    }
    for (const char c : length.value) {
      head.length = head.length * 10 + static_cast<std::uint64_t>(c - '0');
    }
  }
  const bool bodiless =
      to_head || head.status / 100 == 1 || head.status == 204 || head.status == 304;
  if (bodiless) {
    head.framing = Framing::None;
  } else if (encoding.times > 0) {
    head.framing = Framing::Chunked;
  } else {
    head.framing = length.times > 0 ? Framing::Sized : Framing::ToClose;
  }
  return {};
}

std::string_view refusal_of(const error_code& error) {
  if (error == http::error::bad_content_length || error == http::error::multiple_content_length) {
    return "the Content-Length is not one number";
  }
  if (error == http::error::bad_transfer_encoding) {
    return "the Transfer-Encoding is not 'chunked'";
  }
  return "the head is malformed";
}

}  // namespace

AnswerScanner::State AnswerScanner::refuse(std::string_view detail) {
  refusal_ = detail;
  return State::Refused;
}

AnswerScanner::State AnswerScanner::scan(std::string_view bytes) {
  while (true) {
    const auto newline = bytes.find('\n', looked_at_);
    if (newline == std::string_view::npos) {
      looked_at_ = bytes.size();
      if (bytes.size() > bytes_max_) return refuse("the head is too long");
      return State::NeedsMore;
    }
    const bool first = checked_ == 0;
    const std::string_view line = bytes.substr(checked_, newline - checked_);
    if (line.empty() || line.back() != '\r') return refuse("a line ends without CR LF");
    checked_ = looked_at_ = newline + 1;
    if (checked_ > bytes_max_) return refuse("the head is too long");
    const std::string_view text = line.substr(0, line.size() - 1);
    if (text.empty()) return first ? refuse("it begins with an empty line") : State::Complete;
    if (!is_header_text(text)) return refuse("a line has a control byte");
    if (first && !text.starts_with("HTTP/1.")) return refuse("it does not begin as HTTP/1.1 does");
    if (first) continue;
    if (text.front() == ' ' || text.front() == '\t') return refuse("a header is folded");
    const auto colon = text.find(':');
    if (colon == 0 || colon == std::string_view::npos ||
        !all_of_class(text.substr(0, colon), kTokenByte)) {
      return refuse("a header line has no proper name");
    }
  }
}

Expected<AnswerHead, std::string_view> parse_answer_head(std::string_view bytes, bool to_head) {
  AnswerHead head;
  head.headers.reserve(20);
  AnswerParser parser(head);
  error_code error;
  parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error) return Unexpected(refusal_of(error));
  if (!parser.is_header_done()) return Unexpected(std::string_view("the head is malformed"));
  if (head.status < 100 || head.status > 599 || head.status == 101) {
    return Unexpected(std::string_view("the status is none that was asked for"));
  }
  if (const auto why = check_framing(parser, head, to_head); !why.empty()) return Unexpected(why);
  head.keeps_alive = !parser.http10 && head.framing != Framing::ToClose && parser.keep_alive();
  return head;
}

}  // namespace twindow::net
