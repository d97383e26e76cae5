// SPDX-License-Identifier: Apache-2.0
#include "src/api/landing_page.h"

namespace twindow::api {

namespace {

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

constexpr std::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem;"
    "color:#1b1f24;background:#fff}pre{background:#f3f5f7;padding:.8rem 1rem;overflow:auto;"
    "border-radius:6px}dt{font-weight:600}dd{margin:0 0 .6rem}code{font-size:.95em}"
    "@media(prefers-color-scheme:dark){body{color:#e6e9ec;background:#14171a}pre{background:#"
    "22272c}"
    "a{color:#8ab4f8}}";

std::string_view what_it_does(const ServerState& state) {
  if (state.mode == "proxy") {
    return "every call is handed on to Twilio as it is, and its answer back; no send is judged or "
           "stopped yet.";
  }
  return "it answers as Twilio would; nothing is sent and nothing is paid.";
}

std::string over_tls(const ServerState& state) {
  if (state.tls_address.empty()) return "";
  return ", over TLS <code>https://" + escaped(state.tls_address) + "</code>";
}

}  // namespace

wire::HttpReply landing_page(const ServerState& state) {
  const std::string api = "http://" + escaped(state.api_address);
  const std::string control = "http://" + escaped(state.control_address);
  std::string html =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Twindow</title>"
      "<meta name=\"viewport\" content=\"width=device-width\"><style>" +
      std::string(kStyle) + "</style></head><body><h1>Twindow</h1><p>Running in <b>" +
      escaped(state.mode) + "</b> mode: " + std::string(what_it_does(state)) +
      "</p><dl><dt>Twilio API</dt><dd><code>" + api + "</code>" + over_tls(state) +
      "</dd><dt>Control API</dt><dd><code>" + control +
      "/__admin</code>: <a href=\"/__admin/info\">info</a>, <a href=\"/__admin/messages\">messages"
      "</a>, <a href=\"/__admin/windows\">windows</a>, <a "
      "href=\"/__admin/callbacks\">callbacks</a>, <a href=\"/metrics\">metrics</a>"
      "</dd></dl><h2>Point an app at it</h2><p>node</p><pre>client.api.baseUrl = '" +
      api + "';</pre><p>python</p><pre>client.api.base_url = \"" + api +
      "\"</pre><p>curl</p><pre>curl -u $TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN " + api +
      "/2010-04-01/Accounts/$TWILIO_ACCOUNT_SID/Messages.json \\\n"
      "  --data-urlencode To=whatsapp:+15558675310 \\\n"
      "  --data-urlencode From=whatsapp:+14155550100 -d Body=Hi</pre>"
      "<p>With not a line of its code changed, through the proxy that this is too; "
      "<a href=\"/__admin/ca.crt\">ca.crt</a> is whom to trust</p>"
      "<pre>eval \"$(twindow sdk-snippet env --proxy)\"</pre>"
      "<h2>See what happens</h2><pre>twindow listen\ntwindow trigger message.inbound "
      "--from whatsapp:+15558675310 --to whatsapp:+14155550100 --set Body=hi\n"
      "twindow messages show +15558675310</pre></body></html>\n";
  wire::HttpReply reply;
  reply.headers = {{"Content-Type", "text/html; charset=utf-8"},
                   {"Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"},
                   {"X-Content-Type-Options", "nosniff"},
                   {"Cache-Control", "no-store"}};
  reply.body = std::move(html);
  return reply;
}

}  // namespace twindow::api
