// SPDX-License-Identifier: Apache-2.0
#include "src/api/upstream_reply.h"

#include <exception>
#include <utility>

#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"
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
  const auto type = wire::find_header(reply.headers, "Content-Type");
  const auto encoding = wire::find_header(reply.headers, "Content-Encoding");
  if (encoding && !equals_ignoring_case(*encoding, "identity")) return false;
  return type && equals_ignoring_case(type->substr(0, type->find(';')), "application/json");
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
