// SPDX-License-Identifier: Apache-2.0
#include "src/api/caller_check.h"

#include <utility>

#include "twindow/base/limits.h"
#include "twindow/wire/twilio/errors.h"

#include "src/api/upstream_reply.h"

namespace twindow::api {

Task<std::optional<wire::HttpReply>> CallerCheck::turned_away(Caller caller, wire::Format format) {
  if (known_.knows(caller.account, caller.fingerprint)) co_return std::nullopt;
  ports::CallersCredentials asked{caller.account, caller.authorization};
  const Result<ports::CredentialsVerdict> verdict =
      co_await twilio_.check_credentials(std::move(asked), limits::kLookupTime);
  if (!verdict) {
    co_return wire::problem(
        Error{
            Errc::NotReached,
            "the credentials could not be checked, Twilio did not answer; Twilio has not got this "
            "request"},
        format);
  }
  if (verdict->accepted) {
    known_.accepted(caller.account, caller.fingerprint);
    co_return std::nullopt;
  }
  co_return std::optional(reply_of(verdict->answer));
}

Task<wire::HttpReply> CallerCheck::answer_known(Caller caller, Error error, wire::Format format) {
  auto away = co_await turned_away(std::move(caller), format);
  if (away) co_return *std::move(away);
  co_return wire::problem(error, format);
}

void CallerCheck::learn(const Caller& caller, int http_status) {
  const bool accepted = http_status >= 200 && http_status < 300;
  if (accepted) known_.accepted(caller.account, caller.fingerprint);
  if (http_status == 401) known_.refused(caller.account, caller.fingerprint);
}

}  // namespace twindow::api
