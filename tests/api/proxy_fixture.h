// SPDX-License-Identifier: Apache-2.0
// Proxy mode without sockets: a face, the Twilio that is asked, and the one that calls go to.
#pragma once

#include <gtest/gtest.h>

#include "twindow/api/proxy_face.h"

#include "tests/api/server_fixture.h"
#include "tests/support/fake_sender.h"
#include "tests/support/fake_twilio.h"

namespace twindow::test {
using namespace std::chrono_literals;
using wire::UpstreamCall;

inline const std::string kGood = "Basic Z29vZDpnb29k";
inline const std::string kPath = "/2010-04-01/Accounts/" + kAccount + "/Messages.json";
inline const std::string kTo = "To=whatsapp%3A%2B5215512345678";
inline const std::string kFrom = "From=whatsapp%3A%2B14155550100";
inline const std::string kSend = kTo + "&" + kFrom + "&Body=Hola";
inline const std::string kLearnUrl = "https://tw.example.com/hooks/status/learn";
inline const ContentSid kReminder{"HX0000000000000000000000000000000a"};

class ProxyGate : public testing::Test {
 protected:
  ProxyGate()
      : server(options()),
        known(
            clock, [](std::string_view text) { return std::string(text); }, "salt"),
        idempotency(clock, [](std::string_view text) { return std::string(text); }) {
    server.state.mode = "proxy";
    api::ProxyParts parts{.twilio = &twilio,
                          .known = &known,
                          .idempotency = &idempotency,
                          .status_url = [](std::string_view url) {
                            return "https://tw.example.com/hooks/status/" + std::string(url);
                          }};
    make_face(std::move(parts));
    twilio.good_authorizations = {kGood};
  }
  void make_face(api::ProxyParts parts) {
    face = api::make_proxy_face(
        server.state, [this](UpstreamCall call) { return carry(std::move(call)); }, parts);
  }
  // A test's world has a clock that can be moved.
  void later(const std::string& by) {
    server.state.mode = "simulate";
    server.advance(by);
    server.state.mode = "proxy";
  }
  void learn() { make_face({.twilio = &twilio, .known = &known, .learn_url = kLearnUrl}); }
  ServerOptions options() {
    ServerOptions made;
    made.policy =
        std::make_shared<const policy::Policy>(policy::Policy{.rules = policy::built_in_rules()});
    made.accounts = {{.sid = AccountSid{kAccount}, .auth_token = AuthToken{"token"}}};
    made.twilio = &twilio;
    made.sender = &sender;
    return made;
  }

  Task<wire::UpstreamReply> carry(UpstreamCall call) {
    seen.push_back(std::move(call));
    if (failure) co_return Unexpected(*failure);
    wire::HttpReply reply{.status = upstream_status,
                          .headers = {{"Content-Type", "application/json"}, {"X-Of", "Twilio"}}};
    if (!upstream_coding.empty()) reply.headers.push_back({"Content-Encoding", upstream_coding});
    reply.body = upstream_body;
    co_return reply;
  }
  Answer call(std::string method, std::string target, std::string body = "",
              std::string authorization = kGood) {
    return server.ask(
        face, {.method = std::move(method),
               .target = std::move(target),
               .headers = {{"Host", "127.0.0.1:4010"}, {"Authorization", std::move(authorization)}},
               .body = std::move(body)});
  }
  Answer post(std::string body, std::string path = kPath, std::string authorization = kGood,
              wire::Headers more = {}) {
    wire::Headers headers{{"Host", "127.0.0.1:4010"}, {"Authorization", std::move(authorization)}};
    headers.insert(headers.end(), more.begin(), more.end());
    return server.ask(face, {.method = "POST",
                             .target = std::move(path),
                             .headers = std::move(headers),
                             .body = std::move(body)});
  }
  void user_wrote(Time when) {
    twilio.inbound.push_back({.sid = MessageSid{"SM" + std::string(32, 'b')},
                              .from = *parse_to(kAna),
                              .to = *parse_from(kShop),
                              .received = when});
  }
  Json decisions() { return server.get("/decisions")["decisions"]; }

  FakeTwilio twilio;
  FakeSender sender;
  ManualClock clock{kStart};
  Server server;
  gateway::KnownCallers known;
  gateway::Idempotency idempotency;
  wire::Handler face;
  std::vector<UpstreamCall> seen;
  int upstream_status = 201;
  std::string upstream_body =
      R"({"sid": "SM00000000000000000000000000000001", "status": "queued", "direction": "outbound-api", )"
      R"("from": "whatsapp:+14155550100", "to": "whatsapp:+5215512345678", "body": "Hola", )"
      R"("num_media": "0", "date_created": "Mon, 05 Jan 2026 09:00:00 +0000"})";
  std::string upstream_coding;
  std::optional<wire::UpstreamFailure> failure;
};

}  // namespace twindow::test
