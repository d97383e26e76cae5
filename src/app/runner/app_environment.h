// SPDX-License-Identifier: Apache-2.0
// The variables that lead an app here instead of to Twilio.
#pragma once

#include <cstdint>
#include <string>

#include "src/app/environment.h"

namespace twindow::app {

struct AppPlace {
  std::string api_url;  // http://127.0.0.1:4010
  std::string account;
  std::string auth_token;
  std::string ca_file;
  std::uint16_t port = 0;  // where the app shall listen
};

// Both ways at once: the base URL for apps that read it, and the proxy for those that know nothing
// of us. What the SDKs read of it: the heads of cli/sdk_snippet_*.h.
void point_here(Environment& environment, const AppPlace& place);

}  // namespace twindow::app
