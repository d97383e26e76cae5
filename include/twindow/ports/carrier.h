// SPDX-License-Identifier: Apache-2.0
// What happens to a message once the API has accepted it: in simulate mode the pretend Twilio.
#pragma once

#include "twindow/model/message.h"
#include "twindow/model/persona.h"

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
  // What it says of a send before there is a message of it; nothing is kept. A refusal
  // (Errc::QueueFull), or the code with which the message will end. `marketing`: a template of that
  // category.
  virtual Result<std::optional<int>> foresee(const SendRequest& /*request*/,
                                             const Address& /*sender*/, bool /*marketing*/) {
    return std::optional<int>();
  }
  // The message was stored, with the window it met (`message.window`); its way begins, or goes on
  // where an earlier run has left it.
  virtual void submit(const Message& message) = 0;
  // How its users behave from now on.
  virtual void set_personas(Personas /*personas*/) {}
  virtual void reset() = 0;  // forgets what is on its way
};

}  // namespace twindow::ports
