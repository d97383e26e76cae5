// SPDX-License-Identifier: Apache-2.0
// csharp. Source: Http/SystemNetHttpClient.cs and Clients/TwilioRestClient.cs of Twilio 7.14.9;
// HttpClient.DefaultProxy in Microsoft's API reference, OpenSslCachedSystemStoreProvider.cs of
// .NET.
// - The SDK's handler is HttpClientHandler as it is, so the default proxy: HTTPS_PROXY on every
//   system, with .NET; not with .NET Framework.
// - On Linux the trusted CAs are those of SSL_CERT_FILE and of OpenSSL's folder; on Windows and
//   macOS the system's.
// - The base URL of a product has no setter: a handler changes where the request goes.
#pragma once

#include <string_view>

namespace twindow::app {

constexpr std::string_view kCsharpSnippet =
    R"(// Without a change of code, in a shell (.NET on Linux):
//   export HTTPS_PROXY=@URL@
//   export SSL_CERT_FILE=@CA@
// On macOS and Windows .NET asks the system's list of CAs: add the certificate there.
//
// Or with TWILIO_BASE_URL=@URL@ and these lines:
using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Twilio;
using Twilio.Clients;
using Twilio.Http;

var sid = Environment.GetEnvironmentVariable("TWILIO_ACCOUNT_SID");
var token = Environment.GetEnvironmentVariable("TWILIO_AUTH_TOKEN");
var baseUrl = Environment.GetEnvironmentVariable("TWILIO_BASE_URL");
TwilioClient.Init(sid, token);
if (baseUrl != null)
{
    var http = new System.Net.Http.HttpClient(new BaseUrlHandler(new Uri(baseUrl)));
    TwilioClient.SetRestClient(new TwilioRestClient(sid, token, httpClient: new SystemNetHttpClient(http)));
}

class BaseUrlHandler : DelegatingHandler
{
    private readonly Uri baseUrl;

    public BaseUrlHandler(Uri baseUrl) : base(new HttpClientHandler { AllowAutoRedirect = false })
    {
        this.baseUrl = baseUrl;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        request.Headers.Host = request.RequestUri.Host; // tells Twindow the product
        request.RequestUri = new Uri(baseUrl, request.RequestUri.PathAndQuery);
        return base.SendAsync(request, cancel);
    }
}
)";

}  // namespace twindow::app
