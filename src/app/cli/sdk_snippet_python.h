// SPDX-License-Identifier: Apache-2.0
// python. Source: twilio/http/http_client.py and twilio/base/domain.py of twilio 9.11.0 and 7.7.1
// (Debian 12's), sessions.py and adapters.py of requests 2.28.
// - From 7.9.1 on the SDK merges requests' settings of the environment: HTTPS_PROXY,
//   REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE. Before, only the proxy is found, by Session.send itself,
//   and the trusted CAs are certifi's: with Debian's certifi those of /etc/ssl/certs.
// - Each product of a client has a writable base_url; its http_client has requests' session.
#pragma once

#include <string_view>

namespace twindow::app {

constexpr std::string_view kPythonSnippet = R"(# Without a change of code, in a shell:
#   export HTTPS_PROXY=@URL@
#   export REQUESTS_CA_BUNDLE=@CA@
# It takes the place of the usual list of CAs. Releases before 7.9.1, such as Debian 12's, do not
# read it: add the certificate to the system's (Debian: a copy below /usr/local/share/ca-certificates,
# then update-ca-certificates), or set client.http_client.session.verify to its path.
#
# Or with TWILIO_BASE_URL=@URL@ and these lines:
import os
from twilio.rest import Client

client = Client(os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"])
if base_url := os.environ.get("TWILIO_BASE_URL"):
    for product in ("api", "messaging", "content", "lookups"):
        if hasattr(client, product):
            getattr(client, product).base_url = base_url
)";

}  // namespace twindow::app
