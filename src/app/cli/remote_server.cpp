// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/remote_server.h"

#include <variant>

#include "twindow/net/control_client.h"

namespace twindow::app {

namespace {

class RemoteServer final : public Server {
 public:
  explicit RemoteServer(const ServerAddress& address)
      : url_(address.url), client_(address.url, address.token) {}

  std::string url() const override { return url_; }

  Result<ServerReply> call(const ServerCall& call) override {
    auto reply =
        client_.request(call.method, call.target, call.body, call.content_type, call.longest);
    if (!reply) return Unexpected(std::move(reply).error());
    auto* body = std::get_if<std::string>(&reply->body);
    return ServerReply{reply->status, body == nullptr ? "" : std::move(*body)};
  }

  Result<void> follow(
      const std::string& target,
      const std::function<bool(std::string_view event, std::string_view data)>& on_event,
      const std::function<void()>& on_open) override {
    return client_.follow(target, on_event, on_open);
  }

 private:
  std::string url_;
  net::ControlClient client_;
};

}  // namespace

std::unique_ptr<Server> connect_to_server(const ServerAddress& address) {
  return std::make_unique<RemoteServer>(address);
}

}  // namespace twindow::app
