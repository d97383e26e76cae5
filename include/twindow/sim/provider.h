// SPDX-License-Identifier: Apache-2.0
// The pretend Twilio of one account: decides from state alone what becomes of a message, and
// reports it as its time comes.
#pragma once

#include <functional>

#include "twindow/base/random.h"
#include "twindow/base/timers.h"
#include "twindow/ports/carrier.h"
#include "twindow/sim/carrier_profile.h"

namespace twindow::sim {

// Moves only when its timers do. The references outlive it.
class Provider final : public ports::Carrier {
 public:
  // `profile` is asked at each send: it may change while the server runs.
  using CurrentProfile = std::function<CarrierProfile()>;
  Provider(CurrentProfile profile, const Clock& clock, Timers& timers, Random random,
           ports::Outbox& outbox);

  void submit(const Message& message) override;
  void reset() override;

 private:
  struct Step {
    Duration after;  // since the create
    MessageStatus status;
    std::optional<int> error_code = {};
  };
  std::vector<Step> plan(const Message& message) const;
  void schedule(const MessageSid& sid, const Step& step);

  CurrentProfile profile_;
  const Clock& clock_;
  Timers& timers_;
  Random random_;
  ports::Outbox& outbox_;
  std::uint64_t epoch_ = 0;  // timers of an earlier one do nothing
};

}  // namespace twindow::sim
