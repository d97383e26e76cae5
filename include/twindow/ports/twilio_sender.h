// SPDX-License-Identifier: Apache-2.0
// Sends of the gateway's own in proxy mode: messages that were held, and nudges.
#pragma once

#include <string>
#include <variant>

#include "twindow/base/task.h"
#include "twindow/model/error.h"
#include "twindow/model/remote_message.h"
#include "twindow/model/sid.h"

namespace twindow::ports {

struct LaterSend {
  AccountSid account;
  MessageSid sid;    // ours; Twilio's status callbacks will name it. Empty: they need not
  std::string form;  // the body of the create call as the app sent it
};

// What has become of one create call.
struct Sent {
  RemoteMessage message;
};
// Twilio will not have it, whenever it is asked.
struct Refused {
  int code = 0;  // Twilio's number
  std::string detail = {};
};
// Twilio has not got it; another time it may.
struct NotSent {
  Error error;
};
// Twilio may have got it: look among its messages before it is sent again.
struct PerhapsSent {
  Error error;
};
using SendOutcome = std::variant<Sent, Refused, NotSent, PerhapsSent>;

class TwilioSender {
 public:
  virtual ~TwilioSender() = default;

  // One POST with the account's configured credentials; never repeated by itself. Ends within the
  // times that the upstream is given, and resumes on the caller's strand. Thread-safe.
  virtual Task<SendOutcome> send(LaterSend send) = 0;

  // Whether the account has credentials configured, and Twilio's callbacks can reach us.
  virtual bool can_send(const AccountSid& account) const = 0;
};

}  // namespace twindow::ports
