// SPDX-License-Identifier: Apache-2.0
// One HTTP request to whatever server, for the test runner: the app under test, and our own API.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "twindow/model/error.h"

namespace twindow::net {

struct PlainRequest {
  std::string method = "GET";
  std::string url;  // http://host[:port]/path?query, encoded
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::chrono::milliseconds longest = std::chrono::seconds(10);  // wall time, all of it
};

struct PlainAnswer {
  int status = 0;
  std::string content_type = {};
  std::string body = {};
};

// Blocks; a connection of its own. Redirects are not followed. Throws nothing. Errors: BadInput
// (the URL is none of http), Unreachable, TimedOut, BadReply.
Result<PlainAnswer> ask_plainly(const PlainRequest& request);

}  // namespace twindow::net
