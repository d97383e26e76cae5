// SPDX-License-Identifier: Apache-2.0
#include "src/net/twilio_exchange.h"

#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"
#include "twindow/wire/basic_auth.h"
#include "twindow/wire/twilio/message_answers.h"

#include "src/net/errors_by_value.h"

namespace twindow::net {

namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using wire::UpstreamFailure;
using wire::UpstreamFault;

// Without the query: it names people.
std::string place_of(const wire::ApiQuery& query) {
  return query.host + query.target.substr(0, query.target.find('?'));
}

Error error_of(const UpstreamFailure& failure, const wire::ApiQuery& query) {
  const std::string detail = place_of(query) + ": " + failure.detail;
  if (failure.fault == UpstreamFault::NotConnected) return {Errc::NotReached, detail};
  if (failure.fault == UpstreamFault::Late) return {Errc::TimedOut, detail};
  return {Errc::BadReply, detail};
}

wire::UpstreamCall call_of(const wire::ApiQuery& query, std::string authorization) {
  return {.host = query.host,
          .method = "GET",
          .target = query.target,
          .headers = {{"Authorization", std::move(authorization)},
                      {"Accept", "application/json"},
                      {"Accept-Encoding", "identity"},
                      {"User-Agent", "twindow"}}};
}

// The rest of a body that is streamed. False if it broke off or is too large.
Task<bool> collect(std::shared_ptr<wire::BodyStream> stream, std::string& body) {
  bool more = true;
  while (more && body.size() <= limits::kTwilioAnswerBytesMax) {
    std::optional<std::string> piece;
    try {
      piece = co_await stream->next();
    } catch (const std::exception&) {
      co_return false;
    }
    more = piece.has_value();
    if (more) body.append(*piece);
  }
  co_return !more;
}

Task<Result<TwilioAnswer>> exchange(wire::Upstream upstream, wire::UpstreamCall call,
                                    wire::ApiQuery query) {
  wire::UpstreamReply reply = co_await upstream(std::move(call));
  if (!reply) co_return Unexpected(error_of(reply.error(), query));
  TwilioAnswer answer{.status = reply->status};
  const wire::Headers headers = all_headers(*reply);
  for (const wire::Header& header : headers) answer.headers.push_back({header.name, header.value});
  const auto coding = wire::find_header(headers, "Content-Encoding");
  if (coding && !equals_ignoring_case(*coding, "identity")) {
    co_return fail(Errc::BadReply, place_of(query) + ": Twilio's answer is compressed");
  }
  if (const auto* text = std::get_if<std::string>(&reply->body)) {
    answer.body = *text;
    co_return answer;
  }
  const auto stream = std::get<std::shared_ptr<wire::BodyStream>>(reply->body);
  const bool whole = co_await collect(stream, answer.body);
  if (!whole) {
    co_return fail(Errc::BadReply,
                   place_of(query) + ": Twilio's answer broke off, or is too large");
  }
  co_return answer;
}

// An exchange and the clock; shared, since either may end first.
struct Race {
  Race(const asio::any_io_executor& executor, steady_clock::time_point until)
      : timer(executor, until) {}
  asio::steady_timer timer;
  asio::cancellation_signal stop;
  std::optional<Result<TwilioAnswer>> answer;
  bool ended = false;
};

Task<void> run(std::shared_ptr<Race> race, Task<Result<TwilioAnswer>> work) {
  Result<TwilioAnswer> answer = co_await std::move(work);
  race->answer.emplace(std::move(answer));
}

// Within the time, or not at all.
Task<Result<TwilioAnswer>> race(TwilioSession session, wire::UpstreamCall call,
                                wire::ApiQuery query) {
  const auto late = [&] { return fail(Errc::TimedOut, place_of(query) + ": no answer in time"); };
  if (steady_clock::now() >= session.until) co_return late();
  const auto executor = co_await asio::this_coro::executor;
  auto race = std::make_shared<Race>(executor, session.until);
  Task<Result<TwilioAnswer>> work = exchange(session.upstream, std::move(call), query);
  Task<void> running = run(race, std::move(work));
  asio::co_spawn(executor, std::move(running),
                 asio::bind_cancellation_slot(race->stop.slot(), [race](std::exception_ptr) {
                   race->ended = true;
                   race->timer.cancel();
                 }));
  if (!race->ended) {
    boost::system::error_code ignored;
    co_await race->timer.async_wait(into(ignored));
  }
  // Late, or nobody waits for it any more: what is under way is ended, and not waited for.
  if (!race->ended) race->stop.emit(asio::cancellation_type::terminal);
  if (race->answer) co_return *std::move(race->answer);
  if (race->ended) co_return fail(Errc::BadReply, place_of(query) + ": the call was given up");
  co_return late();
}

}  // namespace

Result<TwilioSession> twilio_session(const wire::Upstream& upstream, const AccountOptions& account,
                                     std::chrono::milliseconds longest) {
  TwilioSession session{.upstream = upstream, .until = steady_clock::now() + longest};
  if (account.auth_token) {
    session.authorization = wire::basic_authorization(account.sid.text, account.auth_token->text);
  } else if (!account.api_keys.empty()) {
    const ApiKey& key = account.api_keys.front();
    session.authorization = wire::basic_authorization(key.sid, key.secret.text);
  } else {
    return fail(Errc::NoCredentials,
                "account " + account.sid.text +
                    " has no credentials configured (accounts[].auth_token), so Twilio cannot be "
                    "asked");
  }
  return session;
}

Task<Result<TwilioAnswer>> ask_twilio(TwilioSession session, wire::ApiQuery query) {
  wire::UpstreamCall call = call_of(query, session.authorization);
  return race(std::move(session), std::move(call), std::move(query));
}

Task<Result<void>> walk_twilio(TwilioSession session, wire::ApiQuery query, TakePage take) {
  for (int page = 0; page < limits::kTwilioPagesMax; ++page) {
    const auto body = co_await fetch_from_twilio(session, query);
    if (!body) co_return Unexpected(body.error());
    const auto link = take(*body);
    if (!link) co_return Unexpected(link.error());
    if (!*link) co_return Result<void>();
    auto target = wire::page_target(**link, query.host);
    if (!target) co_return Unexpected(target.error());
    query.target = *std::move(target);
  }
  co_return fail(Errc::BadReply, query.host + ": Twilio's list does not end");
}

Task<Result<std::string>> change_at_twilio(TwilioSession session, wire::ApiChange change) {
  wire::UpstreamCall call = call_of(change.place, session.authorization);
  call.method = "POST";
  call.headers.push_back({"Content-Type", std::move(change.content_type)});
  call.body = std::move(change.body);
  wire::ApiQuery place = change.place;
  auto answer = co_await race(std::move(session), std::move(call), std::move(place));
  if (!answer) co_return Unexpected(std::move(answer).error());
  if (answer->status < 200 || answer->status > 299) {
    co_return Unexpected(error_of(*answer, change.place));
  }
  co_return std::move(answer->body);
}

Task<Result<std::string>> fetch_from_twilio(TwilioSession session, wire::ApiQuery query) {
  auto answer = co_await ask_twilio(std::move(session), query);
  if (!answer) co_return Unexpected(std::move(answer).error());
  if (answer->status != 200) co_return Unexpected(error_of(*answer, query));
  co_return std::move(answer->body);
}

Error error_of(const TwilioAnswer& answer, const wire::ApiQuery& query) {
  std::string detail = place_of(query) + ": Twilio answered " + std::to_string(answer.status);
  const auto code = wire::read_error_code(answer.body);
  if (code) detail += " (code " + std::to_string(*code) + ")";
  const int status = answer.status;
  if (status == 401 || status == 403) return {Errc::WrongPassword, std::move(detail)};
  if (status == 404) return {Errc::NotFound, std::move(detail)};
  if (status == 429 || status >= 500) return {Errc::Unavailable, std::move(detail)};
  return {Errc::BadReply, std::move(detail)};
}

}  // namespace twindow::net
