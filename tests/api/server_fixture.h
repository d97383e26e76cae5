// SPDX-License-Identifier: Apache-2.0
// A whole server in one thread, without sockets: its faces are called with values. The app answers
// as test::FakeApp is told to; time is moved by hand.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "twindow/api/control_face.h"
#include "twindow/api/server_state.h"
#include "twindow/api/twilio_face.h"

#include "tests/support/fake_app.h"
#include "tests/support/manual_clock.h"

namespace twindow::test {

using Json = nlohmann::ordered_json;

class Context;  // tests/support/run_task.h

inline const Time kStart =
    std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) + std::chrono::hours(9);
inline const std::string kAccount = "AC0123456789abcdef0123456789abcdef";
inline const std::string kSecond = "AC1123456789abcdef0123456789abcdef";
inline const std::string kThird = "AC2123456789abcdef0123456789abcdef";
inline const std::string kNobody = "AC" + std::string(32, '0');
inline const std::string kToken = "0123456789abcdef0123456789abcdef";
inline const std::string kUnknownSid = "SM" + std::string(32, 'f');
inline const std::string kShop = "whatsapp:+14155550100";
inline const std::string kAna = "whatsapp:+5215512345678";
inline const std::string kStatusUrl = "https://app.example.com/status";

// An answer whose body is text.
struct Answer {
  int status = 0;
  wire::Headers headers = {};
  std::string body = {};

  std::string header(std::string_view name) const {
    return std::string(wire::find_header(headers, name).value_or("(none)"));
  }
  Json json() const {
    Json parsed = Json::parse(body, nullptr, false);
    EXPECT_FALSE(parsed.is_discarded()) << body;
    return parsed;
  }
  // What the control API says went wrong; empty if it says nothing.
  std::string detail() const {
    const Json parsed = Json::parse(body, nullptr, false);
    const bool problem = parsed.is_object() && parsed.contains("errors");
    return problem ? parsed["errors"][0]["detail"].get<std::string>() : std::string();
  }
};

struct ServerOptions {
  gateway::ClockMode clock = gateway::ClockMode::Manual;
  std::vector<AccountOptions> accounts = {};
  std::optional<AuthToken> default_token = {};
  std::shared_ptr<const policy::Policy> policy = {};
  ports::TwilioApi* twilio = nullptr;
  ports::TwilioSender* sender = nullptr;
};

class Server {
 public:
  explicit Server(ServerOptions options = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  wire::HttpReply reply_of(const wire::Handler& face, wire::HttpCall call);
  Answer ask(const wire::Handler& face, wire::HttpCall call) {
    wire::HttpReply reply = reply_of(face, std::move(call));
    return as_answer(std::move(reply));
  }
  static Answer as_answer(wire::HttpReply reply) {
    const auto* text = std::get_if<std::string>(&reply.body);
    std::string body = text != nullptr ? *text : "(a stream)";
    return {reply.status, wire::all_headers(reply), std::move(body)};
  }
  std::optional<std::string> next_of(wire::BodyStream& stream);
  // Begins once something else is asked, and runs along with it.
  void start(Task<void> task);

  // The control API; a body that looks like JSON is taken for it.
  Answer admin(std::string method, const std::string& path, std::string body = "") {
    return ask(control, {.method = std::move(method),
                         .target = "/__admin" + path,
                         .headers = {{"Host", "127.0.0.1:4011"}},
                         .body = std::move(body)});
  }
  Json get(const std::string& path) { return ok("GET", path); }
  Json ok(const std::string& method, const std::string& path, const std::string& body = "") {
    const Answer answer = admin(method, path, body);
    EXPECT_EQ(answer.status, 200) << method << " " << path << ": " << answer.body;
    return answer.json();
  }

  // A send through the world's own door; the SID of what was made.
  std::string send(const std::string& account = kAccount, const std::string& to = kAna,
                   const std::string& body = "Hola",
                   std::optional<std::string> status_callback = kStatusUrl,
                   const std::string& from = kShop);
  // A user writes; the SID.
  std::string receive(const std::string& account = kAccount, const std::string& from = kAna,
                      const std::string& body = "hola") {
    const Json said{{"From", from}, {"To", kShop}, {"Body", body}, {"AccountSid", account}};
    const Json json = ok("POST", "/simulate/inbound-message", said.dump());
    return json.value("MessageSid", "");
  }
  void advance(const std::string& by, const std::string& account = "") {
    const Json said{{"by", by}};
    ok("POST", "/clock/advance" + (account.empty() ? "" : "?account=" + account), said.dump());
  }
  std::string why(const std::string& sid) { return get("/messages/" + sid).value("why", ""); }

  const std::unique_ptr<Context> context;
  ManualClock wall{kStart};
  FakeApp app;
  gateway::EventBus events;
  gateway::Accounts accounts;
  const std::shared_ptr<const policy::Policy> policy;
  ports::TwilioApi* const real_twilio;  // null in simulate mode
  ports::TwilioSender* const real_sender;
  gateway::Worlds worlds;
  api::ServerState state;
  wire::Handler control;
  wire::Handler twilio;

 private:
  std::unique_ptr<gateway::World> make_world(const AccountSid& account, Time start,
                                             gateway::ClockMode mode);
};

// The values of one key in a list of objects.
inline std::vector<std::string> column(const Json& list, const std::string& key) {
  std::vector<std::string> values;
  for (const Json& item : list) values.push_back(item.at(key).get<std::string>());
  return values;
}

}  // namespace twindow::test
