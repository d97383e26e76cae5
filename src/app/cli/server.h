// SPDX-License-Identifier: Apache-2.0
// A running twindow, as the commands see it: calls of its control API (docs/CONTROL_API.md).
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "twindow/model/error.h"

namespace twindow::app {

struct ServerCall {
  std::string method;
  std::string target;  // path and query, encoded
  std::string body = {};
  std::string content_type = "application/json";
  std::chrono::milliseconds longest = std::chrono::seconds(30);
};

struct ServerReply {
  int status = 0;
  std::string body = {};
};

class Server {
 public:
  virtual ~Server() = default;

  virtual std::string url() const = 0;

  // Errc::Unreachable, TimedOut, BadReply; BadInput if the URL of the server is none. The detail
  // is a sentence for the user.
  virtual Result<ServerReply> call(const ServerCall& call) = 0;

  // Hands over server-sent events until `on_event` answers false, then succeeds; fails when the
  // stream ends before. `on_open` is called first, once nothing more can be missed.
  virtual Result<void> follow(
      const std::string& target,
      const std::function<bool(std::string_view event, std::string_view data)>& on_event,
      const std::function<void()>& on_open) = 0;
};

}  // namespace twindow::app
