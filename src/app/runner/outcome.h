// SPDX-License-Identifier: Apache-2.0
// What became of one scenario that was played.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace twindow::app {

enum class Verdict : std::uint8_t {
  Passed,
  Failed,   // an expectation did not hold
  Invalid,  // the file is none that can be played
  CannotRun,
  Egress,  // a webhook was for a host that nobody has allowed
};

// What was expected and what there was instead.
struct Miss {
  std::string where = {};  // "seed.json:42:5"
  std::string step = {};   // its keyword: "expect"
  std::string expected = {};
  std::string actual = {};
  std::string nearest = {};  // the message that came nearest, and how it differs; may be empty
  std::string why = {};      // what is known of the reason; may be empty
};

struct Outcome {
  std::string file = {};
  std::string name = {};  // a sentence; of a file that cannot be read the file's
  std::vector<std::string> tags = {};
  Verdict verdict = Verdict::Passed;
  std::optional<Miss> miss = {};  // of Failed and Egress
  std::string error = {};         // of Invalid and CannotRun
  std::string account = {};
  std::uint64_t seed = 0;
  std::vector<std::string> timeline = {};  // of the world, a line each
  std::string transcript = {};             // JSON, a line each; without wall time, ports and SIDs
  std::string app_output = {};             // the last of what the app said, if we started it
  std::chrono::milliseconds took{0};       // wall time
};

// What `twindow test` tells the shell of all of them: 5 > 3 > 2 > 4 > 0.
int exit_code_of(const std::vector<Outcome>& outcomes);

}  // namespace twindow::app
