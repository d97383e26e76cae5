// SPDX-License-Identifier: Apache-2.0
// Who asks, in proxy mode, and whether Twilio believes them: what is answered here is answered to
// nobody else (contract section 10).
#pragma once

#include <optional>
#include <string>

#include "twindow/api/proxy_face.h"
#include "twindow/model/error.h"
#include "twindow/wire/twilio/reply.h"

namespace twindow::api {

struct Caller {
  AccountSid account;                                   // of the path
  std::string authorization;                            // the header's value
  gateway::KnownCallers::Fingerprint fingerprint = {};  // of both
};

class CallerCheck {
 public:
  // Both outlive it.
  CallerCheck(ports::TwilioApi& twilio, gateway::KnownCallers& known)
      : twilio_(twilio), known_(known) {}

  // Nothing if the caller's credentials are known good by now; else what it is answered: Twilio's
  // own refusal, or 503 / 20503 if that could not be learned.
  Task<std::optional<wire::HttpReply>> turned_away(Caller caller, wire::Format format);

  // The same, with our answer for those who are not.
  Task<wire::HttpReply> answer_known(Caller caller, Error error, wire::Format format);

  // What Twilio's status of an answer says about the caller.
  void learn(const Caller& caller, int http_status);

  Caller caller(AccountSid account, std::string_view authorization) const {
    auto fingerprint = known_.fingerprint(account, authorization);
    return {std::move(account), std::string(authorization), std::move(fingerprint)};
  }

 private:
  ports::TwilioApi& twilio_;
  gateway::KnownCallers& known_;
};

}  // namespace twindow::api
