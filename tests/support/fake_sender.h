// SPDX-License-Identifier: Apache-2.0
// The way to Twilio for what is sent later: says what it is told to, and keeps what it was given.
#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "twindow/ports/twilio_sender.h"

namespace twindow::test {

class FakeSender final : public ports::TwilioSender {
 public:
  bool able = true;
  std::vector<ports::LaterSend> sent;
  std::deque<ports::SendOutcome> outcomes;  // then every send is made a message of
  std::function<void()> meanwhile;          // runs while a send is under way

  static MessageSid upstream_sid(std::size_t number) {
    std::string text = "SMf" + std::to_string(1000 + number);
    text.resize(34, '0');
    return MessageSid{text};
  }

  Task<ports::SendOutcome> send(ports::LaterSend send) override {
    sent.push_back(std::move(send));
    if (meanwhile) meanwhile();
    if (!outcomes.empty()) {
      ports::SendOutcome next = std::move(outcomes.front());
      outcomes.pop_front();
      co_return next;
    }
    RemoteMessage made{.sid = upstream_sid(sent.size())};
    co_return ports::Sent{std::move(made)};
  }
  bool can_send(const AccountSid&) const override { return able; }
};

}  // namespace twindow::test
