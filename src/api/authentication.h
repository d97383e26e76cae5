// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "twindow/gateway/accounts.h"
#include "twindow/model/error.h"
#include "twindow/wire/http.h"

namespace twindow::api {

// Whether the caller may act on `account`: Basic credentials of the account itself, or of one of
// its API keys. NoCredentials, UnknownUsername, WrongPassword, ApiKeyNeedsToken.
Result<void> authenticate(gateway::Accounts& accounts, const AccountSid& account,
                          const wire::Headers& headers);

}  // namespace twindow::api
