// SPDX-License-Identifier: Apache-2.0
// The token of the control API, where the commands of this machine find it.
#pragma once

#include <optional>

#include "twindow/model/account.h"
#include "twindow/model/error.h"

#include "src/app/config.h"

namespace twindow::app {

// The one that was configured; in proxy mode, where there is always one, else that of
// DIR/control.token, which is made with mode 0600 if it is not there. Errc::Unavailable if that
// file cannot be read or written, or others may read it.
Result<std::optional<AuthToken>> control_token(const Config& config);

}  // namespace twindow::app
