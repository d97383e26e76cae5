// SPDX-License-Identifier: Apache-2.0
// Which calls Twilio might take for the create of a message, however they are spelled: none may go
// round the window. What is forwarded is the path as it came.
#pragma once

#include <optional>
#include <string_view>

#include "twindow/model/sid.h"

namespace twindow::api {

// Whose message `POST path` would make; `path` is still encoded and has no query. Beside
// "/2010-04-01/Accounts/{Sid}/Messages" with any suffix these are doubled and closing slashes, dot
// segments, escapes (what follows an escaped "?", ";" or NUL is no part of it), other letter case,
// the API's older version and its older resource, /SMS/Messages.
std::optional<AccountSid> account_of_create(std::string_view method, std::string_view path);

}  // namespace twindow::api
