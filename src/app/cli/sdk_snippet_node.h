// SPDX-License-Identifier: Apache-2.0
// node. Source: lib/base/RequestClient.js of twilio 6.2.0 and 4.23.0, agent.js of
// https-proxy-agent 5.0.1.
// - HTTP_PROXY, in upper case, is the only variable looked at; there is no NO_PROXY.
// - The proxy's agent is made without the other agent's options, so TWILIO_CA_BUNDLE, which the SDK
//   reads too, does nothing behind a proxy; Node itself adds NODE_EXTRA_CA_CERTS to its own list.
// - Each product of a client has a writable baseUrl.
#pragma once

#include <string_view>

namespace twindow::app {

constexpr std::string_view kNodeSnippet = R"(// Without a change of code, in a shell:
//   export HTTP_PROXY=@URL@
//   export NODE_EXTRA_CA_CERTS=@CA@
// twilio-node reads HTTP_PROXY and not HTTPS_PROXY; TWILIO_CA_BUNDLE does nothing behind a proxy.
//
// Or with TWILIO_BASE_URL=@URL@ and these lines:
const client = require('twilio')(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);
if (process.env.TWILIO_BASE_URL) {
  for (const product of ['api', 'messaging', 'content', 'lookups']) {
    if (client[product]) client[product].baseUrl = process.env.TWILIO_BASE_URL;
  }
}
)";

}  // namespace twindow::app
