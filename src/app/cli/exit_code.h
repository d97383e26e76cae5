// SPDX-License-Identifier: Apache-2.0
// What `twindow` tells the shell; part of its contract.
#pragma once

namespace twindow::app {

inline constexpr int kExitOk = 0;
inline constexpr int kExitUsage = 1;        // wrong usage or configuration
inline constexpr int kExitInvalidFile = 2;  // a policy or scenario file is invalid
inline constexpr int kExitCannotRun = 3;    // port taken, server unreachable
inline constexpr int kExitExpectation = 4;  // something waited for or claimed did not hold

}  // namespace twindow::app
