// SPDX-License-Identifier: Apache-2.0
// A message as Twilio tells of it when it is asked: of ours, of the app's, or of a user's.
#pragma once

#include <optional>
#include <string>

#include "twindow/base/clock.h"
#include "twindow/model/message.h"
#include "twindow/model/message_status.h"
#include "twindow/model/sid.h"

namespace twindow {

struct RemoteMessage {
  MessageSid sid;
  Direction direction = Direction::OutboundApi;
  MessageStatus status = MessageStatus::Queued;
  std::optional<int> error_code = {};
  std::string from = {};  // as Twilio writes it; empty until a service has chosen its sender
  std::string to = {};
  std::optional<ServiceSid> service = {};
  std::string body = {};
  int num_media = 0;
  Time created = {};              // whole seconds, as all of Twilio's times
  std::optional<Time> sent = {};  // for inbound: received
  std::string json = {};          // the whole record, byte for byte

  friend bool operator==(const RemoteMessage&, const RemoteMessage&) = default;
};

}  // namespace twindow
