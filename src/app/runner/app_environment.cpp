// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/app_environment.h"

namespace twindow::app {

void point_here(Environment& environment, const AppPlace& place) {
  const auto set = [&](const char* name, const std::string& value) {
    environment.insert_or_assign(name, value);
  };
  set("PORT", std::to_string(place.port));
  set("TWILIO_ACCOUNT_SID", place.account);
  set("TWILIO_AUTH_TOKEN", place.auth_token);
  set("TWILIO_BASE_URL", place.api_url);
  set("TWINDOW_API_URL", place.api_url);
  for (const char* name : {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY"}) set(name, place.api_url);
  for (const char* name : {"NO_PROXY", "no_proxy"}) set(name, "localhost,127.0.0.1,::1");
  // node beside the others it trusts; python, go, ruby, php and curl in place of them. Java takes
  // no such file: `keytool -importcert -file $TWINDOW_CA_CERT` into a trust store of the app's.
  for (const char* name : {"NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE",
                           "CURL_CA_BUNDLE", "TWINDOW_CA_CERT"}) {
    set(name, place.ca_file);
  }
}

}  // namespace twindow::app
