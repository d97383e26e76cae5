// SPDX-License-Identifier: Apache-2.0
// No Twilio SDK reads its base URL from the environment, and each has another way in: a property
// (node, python), a custom HTTP client (the others). All snippets do nothing unless
// TWILIO_BASE_URL is set, so that the same code goes to production.
// Source: the sources of the SDKs, as of node 6, python 9, java 12, go 1.30, php 8, ruby 7, C# 7.
#include "src/app/cli/sdk_snippet.h"

#include <array>

namespace twindow::app {

namespace {

struct Snippet {
  std::string_view language;
  std::string_view text;  // @URL@ is replaced
};

constexpr std::array kSnippets{
    Snippet{"node", R"(// TWILIO_BASE_URL=@URL@
const client = require('twilio')(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);
if (process.env.TWILIO_BASE_URL) {
  for (const product of ['api', 'messaging', 'content', 'lookups']) {
    client[product].baseUrl = process.env.TWILIO_BASE_URL;
  }
}
)"},
    Snippet{"python", R"(# TWILIO_BASE_URL=@URL@
import os
from twilio.rest import Client

client = Client(os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"])
if base_url := os.environ.get("TWILIO_BASE_URL"):
    for product in (client.api, client.messaging, client.content, client.lookups):
        product.base_url = base_url
)"},
    Snippet{"java", R"(// TWILIO_BASE_URL=@URL@
import com.twilio.Twilio;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.TwilioRestClient;
import java.net.URI;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHost;

String sid = System.getenv("TWILIO_ACCOUNT_SID");
String token = System.getenv("TWILIO_AUTH_TOKEN");
String baseUrl = System.getenv("TWILIO_BASE_URL");
Twilio.init(sid, token);
if (baseUrl != null) {
  // Every product host is reached at the base URL, in clear text; Host keeps its name.
  HttpHost server = HttpHost.create(URI.create(baseUrl));
  HttpClientBuilder builder = HttpClientBuilder.create()
      .setRoutePlanner((host, context) -> new HttpRoute(server));
  Twilio.setRestClient(new TwilioRestClient.Builder(sid, token)
      .httpClient(new NetworkHttpClient(builder)).build());
}
)"},
    Snippet{"go", R"(// TWILIO_BASE_URL=@URL@
import (
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
)

type baseURL struct{ *url.URL }

func (b baseURL) RoundTrip(request *http.Request) (*http.Response, error) {
	moved := request.Clone(request.Context())
	moved.URL.Scheme, moved.URL.Host, moved.Host = b.Scheme, b.URL.Host, b.URL.Host
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
)"},
    Snippet{"php", R"(<?php // TWILIO_BASE_URL=@URL@
final class BaseUrlClient extends Twilio\Http\CurlClient
{
    public function request(
        string $method, string $url, array $params = [], array $data = [], array $headers = [],
        ?string $user = null, ?string $password = null, ?int $timeout = null,
        ?Twilio\AuthStrategy\AuthStrategy $authStrategy = null
    ): Twilio\Http\Response {
        $url = preg_replace('#^https://[^/]+#', getenv('TWILIO_BASE_URL'), $url);
        return parent::request($method, $url, $params, $data, $headers, $user, $password, $timeout, $authStrategy);
    }
}

$client = new Twilio\Rest\Client(
    getenv('TWILIO_ACCOUNT_SID'), getenv('TWILIO_AUTH_TOKEN'), null, null,
    getenv('TWILIO_BASE_URL') ? new BaseUrlClient() : null
);
)"},
    Snippet{"ruby", R"(# TWILIO_BASE_URL=@URL@
require 'twilio-ruby'

class BaseUrlClient < Twilio::HTTP::Client
  def request(_host, _port, method, url, params = {}, data = {}, headers = {}, auth = nil, timeout = nil)
    base = URI(ENV.fetch('TWILIO_BASE_URL'))
    moved = url.sub(%r{\Ahttps://[^/]+}, base.to_s)
    super("#{base.scheme}://#{base.host}", base.port, method, moved, params, data, headers, auth, timeout)
  end
end

http_client = ENV['TWILIO_BASE_URL'] ? BaseUrlClient.new : nil
client = Twilio::REST::Client.new(ENV['TWILIO_ACCOUNT_SID'], ENV['TWILIO_AUTH_TOKEN'], nil, nil, http_client)
)"},
    Snippet{"csharp", R"(// TWILIO_BASE_URL=@URL@
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
        request.RequestUri = new Uri(baseUrl, request.RequestUri.PathAndQuery);
        return base.SendAsync(request, cancel);
    }
}
)"},
    Snippet{
        "env",
        R"sh(# For a shell: eval "$(twindow sdk-snippet env)". Any credentials will do; the first ones
# seen for an account are its own. TWILIO_BASE_URL is read by the other snippets, by no SDK itself.
export TWILIO_BASE_URL=@URL@
export TWILIO_ACCOUNT_SID="${TWILIO_ACCOUNT_SID:-AC0123456789abcdef0123456789abcdef}"
export TWILIO_AUTH_TOKEN="${TWILIO_AUTH_TOKEN:-0123456789abcdef0123456789abcdef}"
)sh"},
};

}  // namespace

std::vector<std::string> sdk_languages() {
  std::vector<std::string> languages;
  for (const Snippet& snippet : kSnippets) languages.emplace_back(snippet.language);
  return languages;
}

std::optional<std::string> sdk_snippet(std::string_view language, std::string_view origin) {
  constexpr std::string_view kHole = "@URL@";
  for (const Snippet& snippet : kSnippets) {
    if (snippet.language != language) continue;
    std::string text(snippet.text);
    for (auto at = text.find(kHole); at != std::string::npos; at = text.find(kHole, at)) {
      text.replace(at, kHole.size(), origin);
    }
    return text;
  }
  return std::nullopt;
}

}  // namespace twindow::app
