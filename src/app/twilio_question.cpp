// SPDX-License-Identifier: Apache-2.0
#include "src/app/twilio_question.h"

#include <utility>
#include <variant>

#include "twindow/net/io_threads.h"
#include "twindow/net/upstream_client.h"
#include "twindow/wire/basic_auth.h"
#include "twindow/wire/url.h"

#include "src/app/config.h"
#include "src/app/serve_options.h"
#include "src/app/wait_for.h"

namespace twindow::app {

namespace {

using namespace std::chrono_literals;

constexpr const char* kProduct = "api.twilio.com";
constexpr auto kAnswerTime = 10s;
constexpr auto kLongest = 30s;

Result<TwilioAnswer> answer_of(wire::UpstreamReply reply) {
  if (!reply) {
    const bool late = reply.error().fault == wire::UpstreamFault::Late;
    return fail(late ? Errc::TimedOut : Errc::Unreachable, reply.error().detail);
  }
  auto* const text = std::get_if<std::string>(&reply->body);
  if (text == nullptr) return fail(Errc::BadReply, "the answer is longer than any message");
  return TwilioAnswer{reply->status, std::move(*text)};
}

}  // namespace

Result<TwilioAnswer> ask_twilio(const TwilioQuestion& question) {
  Config config;
  config.upstream = question.base_url;
  if (config.upstream && !wire::parse_web_url(*config.upstream)) {
    return fail(Errc::BadInput, "'" + *config.upstream + "' is no http or https URL");
  }
  net::UpstreamOptions options = upstream_options(config);
  options.answer_time = kAnswerTime;
  net::IoThreads threads(1);
  threads.run();
  std::optional<Result<TwilioAnswer>> answer;
  bool ended = true;
  {
    auto client = net::UpstreamClient::create(threads, std::move(options));
    if (client) {
      wire::UpstreamCall call{
          .host = kProduct,
          .method = "GET",
          .target = question.target,
          .headers = {{"Authorization", wire::basic_authorization(question.user, question.secret)},
                      {"Accept", "application/json"},
                      {"Accept-Encoding", "identity"},
                      {"User-Agent", "twindow"}}};
      const auto ask = [&answer, &client](wire::UpstreamCall asked) -> Task<void> {
        wire::UpstreamReply reply = co_await (*client)->exchange(std::move(asked));
        answer = answer_of(std::move(reply));
      };
      // `ask` outlives its coroutine: whatever is left of it goes with the threads.
      ended = wait_for(threads.next(), ask(std::move(call)),
                       std::chrono::steady_clock::now() + kLongest);
    } else {
      answer = Unexpected(client.error());
    }
    threads.stop();
    threads.discard();
  }
  // Only now nobody else can write to it.
  if (!ended || !answer) return fail(Errc::TimedOut, "no answer in time");
  return *std::move(answer);
}

}  // namespace twindow::app
