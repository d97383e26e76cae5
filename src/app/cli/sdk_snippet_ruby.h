// SPDX-License-Identifier: Apache-2.0
// ruby. Source: lib/twilio-ruby/http/http_client.rb and framework/rest/domain.rb of twilio-ruby
// 7.11.1, lib/faraday/connection.rb of faraday 1 and 2, net_http.rb of faraday-net_http.
// - Without a proxy of its own the SDK leaves it to Faraday, which asks URI#find_proxy: https_proxy
//   or HTTPS_PROXY, and NO_PROXY.
// - The adapter's list of CAs is OpenSSL's set_default_paths, which reads SSL_CERT_FILE; the folder
//   of CAs is read beside it.
// - The base URL of a product has no setter: an HTTP client changes where the request goes.
#pragma once

#include <string_view>

namespace twindow::app {

constexpr std::string_view kRubySnippet = R"(# Without a change of code, in a shell:
#   export HTTPS_PROXY=@URL@
#   export SSL_CERT_FILE=@CA@
#
# Or with TWILIO_BASE_URL=@URL@ and these lines:
require 'twilio-ruby'

class BaseUrlClient < Twilio::HTTP::Client
  def request(_host, _port, method, url, params = {}, data = {}, headers = {}, auth = nil, timeout = nil)
    base = URI(ENV.fetch('TWILIO_BASE_URL'))
    headers['Host'] = URI(url).host # tells Twindow the product
    moved = url.sub(%r{\Ahttps://[^/]+}, base.to_s)
    super("#{base.scheme}://#{base.host}", base.port, method, moved, params, data, headers, auth, timeout)
  end
end

http_client = ENV['TWILIO_BASE_URL'] ? BaseUrlClient.new : nil
client = Twilio::REST::Client.new(ENV['TWILIO_ACCOUNT_SID'], ENV['TWILIO_AUTH_TOKEN'], nil, nil, http_client)
)";

}  // namespace twindow::app
