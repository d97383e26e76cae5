// SPDX-License-Identifier: Apache-2.0
// go. Source: client/client.go and twilio.go of twilio-go 1.30.9; net/http's DefaultTransport and
// crypto/x509's root_unix.go.
// - The SDK's own http.Client has no transport, so it is http.DefaultTransport, which asks
//   ProxyFromEnvironment; it does not follow redirects and waits 10 s.
// - SSL_CERT_FILE names the file of CAs on Unix systems other than macOS; the folders, such as
//   /etc/ssl/certs, are read beside it. On macOS and Windows the system verifies.
// - The base URL of a product has no setter: a transport changes where the request goes.
#pragma once

#include <string_view>

namespace twindow::app {

constexpr std::string_view kGoSnippet = R"(// Without a change of code, in a shell (Linux, BSD):
//   export HTTPS_PROXY=@URL@
//   export SSL_CERT_FILE=@CA@
// On macOS and Windows Go asks the system's list of CAs: add the certificate there.
//
// Or with TWILIO_BASE_URL=@URL@ and this file:
package main

import (
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
)

// Host keeps the name of Twilio's host, by which Twindow knows the product.
type baseURL struct{ *url.URL }

func (b baseURL) RoundTrip(request *http.Request) (*http.Response, error) {
	moved := request.Clone(request.Context())
	moved.Host = request.URL.Host
	moved.URL.Scheme, moved.URL.Host = b.Scheme, b.URL.Host
	return http.DefaultTransport.RoundTrip(moved)
}

func newTwilio() (*twilio.RestClient, error) {
	base := os.Getenv("TWILIO_BASE_URL")
	if base == "" {
		return twilio.NewRestClient(), nil
	}
	parsed, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	sid, token := os.Getenv("TWILIO_ACCOUNT_SID"), os.Getenv("TWILIO_AUTH_TOKEN")
	c := &client.Client{
		Credentials: client.NewCredentials(sid, token),
		HTTPClient:  &http.Client{Transport: baseURL{parsed}, Timeout: 10 * time.Second},
	}
	c.SetAccountSid(sid)
	return twilio.NewRestClientWithParams(twilio.ClientParams{Client: c}), nil
}
)";

}  // namespace twindow::app
