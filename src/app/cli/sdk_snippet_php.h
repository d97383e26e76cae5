// SPDX-License-Identifier: Apache-2.0
// php. Source: src/Twilio/Http/CurlClient.php and src/Twilio/Base/BaseClient.php of twilio-php
// 8.12.0; libcurl-env(3); ext/curl/interface.c of PHP.
// - The SDK sets neither a proxy nor a CA: libcurl reads HTTPS_PROXY, but SSL_CERT_FILE and
//   CURL_CA_BUNDLE are of the curl tool. curl.cainfo is a setting of the system: php.ini or -d.
// - It finds the body behind a CONNECT only if the answer to that is a status line of its own,
//   "HTTP/1.1 200 Connection established", without one header.
// - The base URL of a product has no setter: an HTTP client changes where the request goes.
#pragma once

#include <string_view>

namespace twindow::app {

constexpr std::string_view kPhpSnippet = R"(<?php
// Without a change of code, in a shell (or the same in the server's environment and php.ini):
//   export HTTPS_PROXY=@URL@
//   php -d curl.cainfo=@CA@ app.php
// No variable names the CA: libcurl takes it from curl.cainfo.
//
// Or with TWILIO_BASE_URL=@URL@ and these lines:
final class BaseUrlClient extends Twilio\Http\CurlClient
{
    public function request(
        string $method, string $url, array $params = [], array $data = [], array $headers = [],
        ?string $user = null, ?string $password = null, ?int $timeout = null,
        ?Twilio\AuthStrategy\AuthStrategy $authStrategy = null
    ): Twilio\Http\Response {
        $headers['Host'] = parse_url($url, PHP_URL_HOST); // tells Twindow the product
        $url = preg_replace('#^https://[^/]+#', getenv('TWILIO_BASE_URL'), $url);
        return parent::request($method, $url, $params, $data, $headers, $user, $password, $timeout, $authStrategy);
    }
}

$client = new Twilio\Rest\Client(
    getenv('TWILIO_ACCOUNT_SID'), getenv('TWILIO_AUTH_TOKEN'), null, null,
    getenv('TWILIO_BASE_URL') ? new BaseUrlClient() : null
);
)";

}  // namespace twindow::app
