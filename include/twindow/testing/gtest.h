// SPDX-License-Identifier: Apache-2.0
// The simulator as a fixture of GoogleTest: each test has one of its own.
//
//   class Reminders : public twindow::testing::SimulatorTest {};
//
//   TEST_F(Reminders, AreUndeliveredAfterADay) {
//     App app(twilio().base_url());
//     must(twilio().inbound(kGuest, kShop, "A table for two?"));
//     must(twilio().advance(25h));
//     …
//   }
#pragma once

#include <optional>
#include <ostream>
#include <utility>

#include <gtest/gtest.h>

#include "twindow/testing/simulator.h"

namespace twindow::testing {

// How a failure shows them.
inline void PrintTo(const Message& message, std::ostream* out) {
  *out << message.sid << " to " << message.to << ": " << message.status;
  if (message.error_code) *out << " " << *message.error_code;
  *out << " \"" << message.body << "\"";
}
inline void PrintTo(const Callback& callback, std::ostream* out) {
  *out << callback.message_sid << " " << callback.message_status << " told " << callback.url << ": "
       << callback.app_status << " " << callback.error;
}

class SimulatorTest : public ::testing::Test {
 protected:
  // Of the simulator that SetUp starts.
  virtual SimulatorOptions options() const { return {}; }

  void SetUp() override {
    auto started = Simulator::start(options());
    ASSERT_TRUE(started.has_value()) << started.error().detail;
    twilio_.emplace(*std::move(started));
  }
  void TearDown() override { twilio_.reset(); }

  Simulator& twilio() { return *twilio_; }

  // The value; or a failure of the test, with the error's sentence, and an empty value.
  template <class T>
  static T must(Result<T> result) {
    if (result) return *std::move(result);
    ADD_FAILURE() << result.error().detail;
    return T();
  }
  static void must(const Result<void>& result) {
    if (!result) ADD_FAILURE() << result.error().detail;
  }

 private:
  std::optional<Simulator> twilio_;
};

}  // namespace twindow::testing
