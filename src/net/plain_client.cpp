// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/plain_client.h"

#include <algorithm>
#include <exception>

#include <httplib.h>

#include "twindow/wire/url.h"

namespace twindow::net {

namespace {

using std::chrono::steady_clock;

constexpr std::size_t kBytesMax = 16 * 1024 * 1024;
constexpr std::chrono::milliseconds kConnectTime = std::chrono::seconds(3);

}  // namespace

Result<PlainAnswer> ask_plainly(const PlainRequest& asked) try {
  const auto url = wire::parse_web_url(asked.url);
  if (!url || url->secure()) {
    return fail(Errc::BadInput, "expected a URL such as http://127.0.0.1:3000/path");
  }
  std::string_view host = url->host;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  const std::string server =
      "http://" + std::string(url->host) + ":" + std::to_string(url->port_number());
  const auto until = steady_clock::now() + asked.longest;
  httplib::Client client{std::string(host), url->port_number()};
  client.set_connection_timeout(std::min(kConnectTime, asked.longest));
  client.set_read_timeout(asked.longest);
  client.set_write_timeout(asked.longest);
  client.set_follow_location(false);
  client.set_url_encode(false);
  client.set_keep_alive(false);
  httplib::Request request;
  request.method = asked.method;
  const auto path = asked.url.find('/', asked.url.find("://") + 3);
  request.path = path == std::string::npos ? "/" : asked.url.substr(path);
  for (const auto& [name, value] : asked.headers) request.set_header(name, value);
  request.body = asked.body;
  PlainAnswer answer;
  request.content_receiver = [&](const char* piece, std::size_t size, std::uint64_t,
                                 std::uint64_t) {
    if (answer.body.size() + size > kBytesMax) return false;
    answer.body.append(piece, size);
    return steady_clock::now() < until;
  };
  const httplib::Result got = client.send(request);
  if (!got) {
    if (got.error() == httplib::Error::Connection) {
      return fail(Errc::Unreachable, "nobody answers at " + server);
    }
    if (steady_clock::now() >= until || got.error() == httplib::Error::ConnectionTimeout) {
      return fail(Errc::TimedOut, "no answer from " + server + " within " +
                                      std::to_string(asked.longest.count()) + " ms");
    }
    return fail(Errc::BadReply,
                "the answer of " + server + " broke off (" + httplib::to_string(got.error()) + ")");
  }
  answer.status = got->status;
  answer.content_type = got->get_header_value("Content-Type");
  return answer;
} catch (const std::exception& error) {
  return fail(Errc::BadReply, std::string("the HTTP client failed: ") + error.what());
}

}  // namespace twindow::net
