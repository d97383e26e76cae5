// SPDX-License-Identifier: Apache-2.0
// The pretend Twilio of one account: decides from state alone what becomes of a message, and
// reports it as its time comes.
#pragma once

#include <functional>
#include <memory>
#include <vector>

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
  ~Provider() override;

  Result<std::optional<int>> foresee(const SendRequest& request, const Address& sender,
                                     bool marketing) override;
  void submit(const Message& message) override;
  void set_personas(Personas personas) override;
  void reset() override;

 private:
  struct Step {
    Duration after;  // since now
    MessageStatus status;
    std::optional<int> error_code = {};
    std::optional<int> price = {};
  };
  using Steps = std::vector<Step>;
  struct Load;  // what limits count; only where one is on

  Steps plan(const Message& message);
  Steps way(const Message& message, const CarrierProfile& profile, Duration waits) const;
  std::optional<int> refusal(const Message& message, const CarrierProfile& profile);
  void schedule(const MessageSid& sid, const Step& step);
  Load& load();

  CurrentProfile profile_;
  const Clock& clock_;
  Timers& timers_;
  Random random_;
  ports::Outbox& outbox_;
  Personas personas_;
  std::unique_ptr<Load> load_;
  std::uint64_t epoch_ = 0;  // timers of an earlier one do nothing
};

}  // namespace twindow::sim
