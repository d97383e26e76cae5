// SPDX-License-Identifier: Apache-2.0
// The variables for a shell, for the two ways. What each SDK reads of them: the file heads of the
// other sdk_snippet_*.h. Lower case goes before upper case in libcurl, Ruby, Python and .NET, so a
// https_proxy that was there before would lead past us, to the real Twilio.
#pragma once

#include <string_view>

namespace twindow::app {

constexpr std::string_view kEnvSnippet =
    R"sh(# For a shell: eval "$(twindow sdk-snippet env)". TWILIO_BASE_URL is read by the other
# snippets, by no SDK itself.
export TWILIO_BASE_URL=@URL@
@CREDENTIALS@)sh";

constexpr std::string_view kEnvProxySnippet =
    R"sh(# For a shell: eval "$(twindow sdk-snippet env --proxy)". No code is changed: calls to
# *.twilio.com go through Twindow, which ends their TLS with a certificate of its own CA.
# Other hosts are refused, unless NO_PROXY or the server's "connect.tunnel" names them.
export HTTPS_PROXY=@URL@ https_proxy=@URL@
export HTTP_PROXY=@URL@  # the one that twilio-node reads
export NO_PROXY="${NO_PROXY:-localhost,127.0.0.1,::1}"
export no_proxy="$NO_PROXY"
# These trust that CA: node and csharp beside the others, python and curl in place of them. To have
# both: cat /etc/ssl/certs/ca-certificates.crt @CA@ > both.crt, then --ca both.crt
export NODE_EXTRA_CA_CERTS=@CA@
export REQUESTS_CA_BUNDLE=@CA@
export SSL_CERT_FILE=@CA@
export CURL_CA_BUNDLE=@CA@
# php and java take neither of these: see twindow sdk-snippet php, java.
@CREDENTIALS@unset TWILIO_BASE_URL
)sh";

// In simulate mode, and in front of the real Twilio.
constexpr std::string_view kAnyCredentials =
    R"sh(# Any credentials will do; the first ones seen for an account are its own.
export TWILIO_ACCOUNT_SID="${TWILIO_ACCOUNT_SID:-AC0123456789abcdef0123456789abcdef}"
export TWILIO_AUTH_TOKEN="${TWILIO_AUTH_TOKEN:-0123456789abcdef0123456789abcdef}"
)sh";
constexpr std::string_view kOwnCredentials =
    R"sh(# TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN stay yours: the server is in proxy mode.
)sh";

}  // namespace twindow::app
