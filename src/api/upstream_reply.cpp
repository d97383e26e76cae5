// SPDX-License-Identifier: Apache-2.0
#include "src/api/upstream_reply.h"

#include <exception>
#include <utility>

#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"
#include "twindow/wire/content_coding.h"
#include "twindow/wire/twilio/errors.h"

namespace twindow::api {

namespace {

using wire::UpstreamFailure;
using wire::UpstreamFault;

Errc errc_of(UpstreamFault fault) {
  switch (fault) {
    case UpstreamFault::NotConnected:
      return Errc::NotReached;
    case UpstreamFault::Late:
      return Errc::TimedOut;
    case UpstreamFault::NotTrusted:
    case UpstreamFault::Broken:
    case UpstreamFault::Malformed:
      break;
  }
  return Errc::BadReply;
}

Error error_of(const UpstreamFailure& failure) {
  return {errc_of(failure.fault),
          failure.detail + (failure.may_have_arrived
                                ? "; Twilio may have got this request: look before you repeat it"
                                : "; Twilio has not got this request")};
}

bool is_json(const wire::HttpReply& reply) {
  const auto type = wire::find_header(reply.headers, "Content-Type");
  return type && equals_ignoring_case(type->substr(0, type->find(';')), "application/json");
}

// What was read of a stream, and the rest of it.
class Continued final : public wire::BodyStream {
 public:
  Continued(std::string first, std::shared_ptr<wire::BodyStream> rest)
      : first_(std::move(first)), rest_(std::move(rest)) {}

  Task<std::optional<std::string>> next() override {
    if (!first_.empty()) co_return std::exchange(first_, std::string());
    auto piece = co_await rest_->next();
    co_return piece;
  }

 private:
  std::string first_;
  std::shared_ptr<wire::BodyStream> rest_;
};

}  // namespace

wire::HttpReply no_answer(const wire::UpstreamFailure& failure, wire::Format format) {
  return wire::problem(error_of(failure), format);
}

bool is_plain_json(const wire::HttpReply& reply) {
  const auto encoding = wire::find_header(reply.headers, "Content-Encoding");
  if (encoding && !equals_ignoring_case(*encoding, "identity")) return false;
  return is_json(reply);
}

std::optional<std::string> json_text(const wire::HttpReply& reply) {
  const auto* const body = std::get_if<std::string>(&reply.body);
  if (body == nullptr || !is_json(reply)) return std::nullopt;
  const auto encoding = wire::find_header(reply.headers, "Content-Encoding");
  return wire::decode_content(*body, encoding.value_or(""), limits::kRewriteBytesMax);
}

TwilioAnswer answer_of(const wire::HttpReply& reply) {
  TwilioAnswer answer{.status = reply.status};
  for (wire::Header& header : wire::all_headers(reply)) {
    answer.headers.push_back({std::move(header.name), std::move(header.value)});
  }
  if (const auto* const body = std::get_if<std::string>(&reply.body)) answer.body = *body;
  return answer;
}

wire::HttpReply reply_of(const TwilioAnswer& answer) {
  wire::HttpReply reply{.status = answer.status};
  for (const Param& header : answer.headers) reply.headers.push_back({header.name, header.value});
  reply.body = answer.body;
  return reply;
}

Task<bool> collect(wire::HttpReply& reply) {
  auto* const stream = std::get_if<std::shared_ptr<wire::BodyStream>>(&reply.body);
  if (stream == nullptr) co_return true;
  const std::shared_ptr<wire::BodyStream> source = *stream;
  std::string text;
  bool whole = false;
  bool broke = false;
  while (!whole && !broke && text.size() <= limits::kRewriteBytesMax) {
    std::optional<std::string> piece;
    try {
      piece = co_await source->next();
    } catch (const std::exception&) {
      broke = true;
    }
    if (broke) break;
    whole = !piece;
    if (piece) text.append(*piece);
  }
  if (broke) co_return false;
  if (whole) {
    reply.body = std::move(text);
  } else {
    reply.body = std::make_shared<Continued>(std::move(text), source);
  }
  co_return true;
}

}  // namespace twindow::api
