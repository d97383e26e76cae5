// SPDX-License-Identifier: Apache-2.0
// What happens to a message once the API has accepted it: in simulate mode the pretend Twilio.
#pragma once

#include "twindow/model/message.h"

namespace twindow::ports {

// What a carrier has to say; the gateway takes it from here, applies it and tells the app.
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void put(StatusUpdate update) = 0;
};

// Belongs to one account's world and runs on its strand; synchronous, touches memory only.
class Carrier {
 public:
  virtual ~Carrier() = default;
  // The message was stored, with the window it met (`message.window`); its way begins.
  virtual void submit(const Message& message) = 0;
  virtual void reset() = 0;  // forgets what is on its way
};

}  // namespace twindow::ports
