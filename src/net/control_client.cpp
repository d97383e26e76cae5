// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/control_client.h"

#include <charconv>
#include <cstdint>
#include <exception>

#include <httplib.h>

#include "twindow/base/limits.h"

#include "src/net/sse_parser.h"

namespace twindow::net {

namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t kReplyBytesMax = 256 * 1024 * 1024;
constexpr std::size_t kEventBytesMax = 16 * 1024 * 1024;
constexpr std::size_t kRefusalBytesShown = 2048;
constexpr std::chrono::milliseconds kConnectTime = 5s;
// An event stream may be silent for as long as nothing happens.
constexpr std::chrono::milliseconds kSilenceMax = 24h * 7;

struct Place {
  std::string host;
  int port = 80;
};

Result<Place> parse_server_url(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  const auto bad = [&] {
    return fail(Errc::BadInput,
                "the server's URL must be http://host:port, not " + std::string(url));
  };
  std::string_view rest = url;
  if (!rest.starts_with(kScheme)) return bad();
  rest.remove_prefix(kScheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  Place place;
  const bool literal_v6 = rest.starts_with('[');
  const auto host_end = literal_v6 ? rest.find(']') : std::min(rest.find(':'), rest.size());
  if (host_end == std::string_view::npos) return bad();
  place.host = rest.substr(literal_v6 ? 1 : 0, literal_v6 ? host_end - 1 : host_end);
  rest.remove_prefix(literal_v6 ? host_end + 1 : host_end);
  if (place.host.empty() || place.host.find_first_of("/?#@ ") != std::string::npos) return bad();
  if (rest.empty()) return place;
  const auto last = rest.data() + rest.size();
  const auto [stop, error] = std::from_chars(rest.data() + 1, last, place.port);
  if (rest.front() != ':' || error != std::errc() || stop != last) return bad();
  if (place.port < 1 || place.port > 65535) return bad();
  return place;
}

Unexpected<Error> unreachable(const std::string& server_url) {
  return fail(Errc::Unreachable, "no Twindow answers at " + server_url +
                                     ": is `twindow serve` running? (--server URL or "
                                     "TWINDOW_SERVER)");
}

httplib::Request make_request(std::string_view method, std::string_view target,
                              const std::optional<std::string>& token) {
  httplib::Request request;
  request.method = method;
  request.path = target;
  if (token) request.set_header("Authorization", "Bearer " + *token);
  request.set_header("Accept-Encoding", "identity");
  return request;
}

// cpp-httplib gives up on reads with one timeout each; the whole call has one end.
httplib::Client make_client(const Place& place, std::chrono::milliseconds read_time) {
  httplib::Client client(place.host, place.port);
  client.set_connection_timeout(std::min(kConnectTime, read_time));
  client.set_read_timeout(read_time);
  client.set_write_timeout(read_time);
  client.set_tcp_nodelay(true);
  client.set_follow_location(false);
  client.set_url_encode(false);  // the target is ours and encoded
  client.set_decompress(false);
  client.set_keep_alive(false);
  return client;
}

}  // namespace

ControlClient::ControlClient(std::string server_url, std::optional<std::string> token)
    : server_url_(std::move(server_url)), token_(std::move(token)) {}

Result<wire::HttpReply> ControlClient::request(std::string_view method, std::string_view target,
                                               std::string_view body, std::string_view content_type,
                                               std::chrono::milliseconds longest) const try {
  const Place place = TWINDOW_TRY(parse_server_url(server_url_));
  const auto until = steady_clock::now() + longest;
  httplib::Client client = make_client(place, longest);
  httplib::Request request = make_request(method, target, token_);
  request.body = body;
  if (!body.empty()) request.set_header("Content-Type", std::string(content_type));
  wire::HttpReply reply;
  std::string text;
  request.content_receiver = [&](const char* piece, std::size_t size, std::uint64_t,
                                 std::uint64_t) {
    if (text.size() + size > kReplyBytesMax) return false;
    text.append(piece, size);
    return steady_clock::now() < until;
  };
  const httplib::Result got = client.send(request);
  if (!got) {
    if (got.error() == httplib::Error::Connection) return unreachable(server_url_);
    if (steady_clock::now() >= until || got.error() == httplib::Error::ConnectionTimeout) {
      return fail(Errc::TimedOut, "no answer from " + server_url_ + " within " +
                                      std::to_string(longest.count()) + " ms");
    }
    return fail(Errc::BadReply, "the answer of " + server_url_ + " broke off or is too large (" +
                                    httplib::to_string(got.error()) + ")");
  }
  reply.status = got->status;
  for (const auto& [name, value] : got->headers) reply.headers.push_back({name, value});
  reply.body = std::move(text);
  return reply;
} catch (const std::exception& thrown) {
  return fail(Errc::BadReply, std::string("the HTTP client failed: ") + thrown.what());
}

Result<void> ControlClient::follow(
    std::string_view target,
    const std::function<bool(std::string_view event, std::string_view data)>& on_event,
    const std::function<void()>& on_open) const try {
  const Place place = TWINDOW_TRY(parse_server_url(server_url_));
  httplib::Client client = make_client(place, kSilenceMax);
  httplib::Request request = make_request("GET", target, token_);
  request.set_header("Accept", "text/event-stream");
  int status = 0;
  bool enough = false;
  std::string refusal;
  SseParser parser(kEventBytesMax);
  request.response_handler = [&](const httplib::Response& response) {
    status = response.status;
    if (status == 200 && on_open) on_open();
    return true;
  };
  request.content_receiver = [&](const char* piece, std::size_t size, std::uint64_t,
                                 std::uint64_t) {
    if (status == 200) {
      enough = !parser.feed({piece, size}, on_event);
      return !enough;
    }
    refusal.append(piece, std::min(size, kRefusalBytesShown - refusal.size()));
    return refusal.size() < kRefusalBytesShown;
  };
  const httplib::Result got = client.send(request);
  if (status != 0 && status != 200) {
    return fail(Errc::BadReply,
                server_url_ + " answered " + std::to_string(status) + ": " + refusal);
  }
  if (parser.too_large()) return fail(Errc::BadReply, "an event is larger than 16 MiB");
  if (got || enough) return {};
  if (status == 0) return unreachable(server_url_);
  return fail(Errc::BadReply, "the event stream of " + server_url_ + " broke off");
} catch (const std::exception& thrown) {
  return fail(Errc::BadReply, std::string("the HTTP client failed: ") + thrown.what());
}

}  // namespace twindow::net
