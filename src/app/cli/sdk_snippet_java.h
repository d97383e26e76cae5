// SPDX-License-Identifier: Apache-2.0
// java. Source: NetworkHttpClient.java and TwilioRestClient.java of twilio-java 12.0.0;
// HttpClientBuilder.java and PoolingHttpClientConnectionManager.java of Apache HttpClient 5.5,
// SSLContexts.java of HttpCore 5.3.
// - The SDK's client uses system properties: the JDK's default ProxySelector, which reads
//   https.proxyHost and https.proxyPort, and no variable of the environment.
// - Its connection manager takes the TLS context with the JDK's own trust managers, which read
//   javax.net.ssl.trustStore. PEM files are not taken: keytool makes the store.
// - A JVM takes further options from the variable JAVA_TOOL_OPTIONS.
// - The base URL of a product has no setter: a route planner changes where the request goes.
#pragma once

#include <string_view>

namespace twindow::app {

constexpr std::string_view kJavaSnippet = R"(// Without a change of code, in a shell:
//   keytool -importcert -noprompt -alias twindow -file @CA@ \
//     -keystore twindow.p12 -storepass changeit
//   export JAVA_TOOL_OPTIONS="-Dhttps.proxyHost=@HOST@ -Dhttps.proxyPort=@PORT@ \
//     -Djavax.net.ssl.trustStore=$PWD/twindow.p12 -Djavax.net.ssl.trustStorePassword=changeit"
// The store takes the place of the JDK's; to have both, begin with a copy of
// $JAVA_HOME/lib/security/cacerts as twindow.p12. Java does not read HTTPS_PROXY.
//
// Or with TWILIO_BASE_URL=@URL@ and TwilioSetup.init():
import com.twilio.Twilio;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.TwilioRestClient;
import java.net.URI;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHost;

final class TwilioSetup {
  static void init() {
    String sid = System.getenv("TWILIO_ACCOUNT_SID");
    String token = System.getenv("TWILIO_AUTH_TOKEN");
    String baseUrl = System.getenv("TWILIO_BASE_URL");
    Twilio.init(sid, token);
    if (baseUrl == null) return;
    // Every product host is reached at the base URL, in clear text; Host keeps its name.
    HttpHost server = HttpHost.create(URI.create(baseUrl));
    HttpClientBuilder builder = HttpClientBuilder.create()
        .setRoutePlanner((host, context) -> new HttpRoute(server));
    Twilio.setRestClient(new TwilioRestClient.Builder(sid, token)
        .httpClient(new NetworkHttpClient(builder)).build());
  }
}
)";

}  // namespace twindow::app
