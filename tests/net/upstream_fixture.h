// SPDX-License-Identifier: Apache-2.0
// A client of the upstream on threads of its own, and blocking ways to use it.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "twindow/net/upstream_client.h"

#include "tests/support/scripted_upstream.h"

namespace twindow::test {

class UpstreamTest : public testing::Test {
 protected:
  using Step = ScriptedUpstream::Step;
  using Request = ScriptedUpstream::Request;

  UpstreamTest();
  ~UpstreamTest() override;

  // A client whose only server is the scripted one.
  void start(ScriptedUpstream::Script script, net::UpstreamOptions options = {});
  // The same answer for every request.
  void start_with(std::vector<Step> steps, net::UpstreamOptions options = {});
  void connect_to(net::UpstreamServer server, net::UpstreamOptions options = {});

  static wire::UpstreamCall get(std::string target = "/a");
  static wire::UpstreamCall post(std::string body = "To=x");

  std::future<wire::UpstreamReply> begin(wire::UpstreamCall call);
  std::future<wire::UpstreamReply> begin_on_strand(wire::UpstreamCall call);
  wire::UpstreamReply exchange(wire::UpstreamCall call);
  wire::UpstreamReply result_of(std::future<wire::UpstreamReply> reply);

  struct Body {
    std::string bytes;
    int pieces = 0;
    bool broke = false;
    bool streamed = false;
  };
  // To its end; a stream is read on another executor than that of the call.
  Body read(const wire::HttpReply& reply);
  // The next piece of a stream.
  std::optional<std::string> next_of(const wire::HttpReply& reply);

  net::IoThreads threads_{2};
  std::unique_ptr<ScriptedUpstream> upstream_;
  std::unique_ptr<net::UpstreamClient> client_;
};

}  // namespace twindow::test
