// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "twindow/gateway/accounts.h"
#include "twindow/model/error.h"
#include "twindow/wire/http.h"

namespace twindow::api {

// The account that the caller may act on: `named`, by Basic credentials of its own, of its parent
// or of one of its API keys; else the caller's own. NoCredentials, UnknownUsername, WrongPassword,
// ApiKeyNeedsToken.
Result<AccountSid> authenticate(gateway::Accounts& accounts, std::optional<AccountSid> named,
                                const wire::Headers& headers);

}  // namespace twindow::api
