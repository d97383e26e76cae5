// SPDX-License-Identifier: Apache-2.0
// The client of the control port, for the command line: blocking, one connection per call.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "twindow/model/error.h"
#include "twindow/wire/http.h"

namespace twindow::net {

// Meant for our own servers only. Thread-safe: calls share nothing. Throws nothing.
//
// Errors: BadInput (the URL is not http://host[:port]), Unreachable (nobody answers there; the
// text says what to do), TimedOut, BadReply (an answer that breaks off or is too large).
class ControlClient {
 public:
  // `server_url`: "http://127.0.0.1:4011"; checked by the first call. `token` goes out as
  // `Authorization: Bearer`.
  explicit ControlClient(std::string server_url, std::optional<std::string> token = {});

  // One call and its answer, whatever the status. `target` goes out as it is. `longest` is the
  // wall time of the whole call. Redirects are not followed.
  Result<wire::HttpReply> request(
      std::string_view method, std::string_view target, std::string_view body = {},
      std::string_view content_type = "application/json",
      std::chrono::milliseconds longest = std::chrono::seconds(30)) const;

  // Server-sent events: calls `on_event` with each one's name and data until it answers false or
  // the server ends the stream. BadReply, with the server's words, if the status is not 200.
  // `on_open`, if any, is called once before: nothing that happens from then on is missed.
  Result<void> follow(
      std::string_view target,
      const std::function<bool(std::string_view event, std::string_view data)>& on_event,
      const std::function<void()>& on_open = nullptr) const;

 private:
  std::string server_url_;
  std::optional<std::string> token_;
};

}  // namespace twindow::net
