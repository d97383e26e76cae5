// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/outcome.h"

#include <algorithm>
#include <array>
#include <utility>

#include "src/app/cli/exit_code.h"

namespace twindow::app {

int exit_code_of(const std::vector<Outcome>& outcomes) {
  // The gravest first.
  constexpr std::array kCodes{
      std::pair{Verdict::Egress, kExitEgress}, std::pair{Verdict::CannotRun, kExitCannotRun},
      std::pair{Verdict::Invalid, kExitInvalidFile}, std::pair{Verdict::Failed, kExitExpectation}};
  for (const auto& [verdict, code] : kCodes) {
    if (std::ranges::find(outcomes, verdict, &Outcome::verdict) != outcomes.end()) return code;
  }
  return kExitOk;
}

}  // namespace twindow::app
