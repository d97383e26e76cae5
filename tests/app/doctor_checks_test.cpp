// SPDX-License-Identifier: Apache-2.0
// What doctor makes of what it finds. (Against sockets: tests/e2e/doctor_test.py.)
#include "src/app/doctor_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"
#include "tests/support/run_task.h"

namespace twindow::app {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using wire::UpstreamFailure;
using wire::UpstreamFault;

const Time kNoon = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) + 12h;
const std::string kDate = "Mon, 05 Jan 2026 12:00:00 GMT";

class DoctorChecks : public testing::Test {
 protected:
  DoctorChecks() {
    config.mode = Mode::Proxy;
    config.store = {.kind = StoreKind::Sqlite, .location = "db"};
    config.public_url = "https://tw.example.com";
    config.inbound_url = "https://app.example.com/in";
    config.accounts = {{.sid = AccountSid{"AC0123456789abcdef0123456789abcdef"},
                        .auth_token = AuthToken{"secret"}}};
  }
  static Task<wire::UpstreamReply> twilio_says(DoctorChecks& test, wire::UpstreamCall call) {
    if (test.failure) co_return Unexpected(*test.failure);
    wire::HttpReply reply{.status = test.status, .headers = {{"Date", test.date}}};
    const bool messages = call.target.find("/Messages.json") != std::string::npos;
    reply.body = messages ? std::string("{\"code\":20003}") : std::string("{}");
    co_return reply;
  }
  static Task<wire::UpstreamReply> fetched(DoctorChecks& test, std::string url) {
    test.urls.push_back(url);
    if (test.gone) co_return Unexpected(UpstreamFailure{.detail = "nobody there"});
    wire::HttpReply reply{.status = 200};
    reply.body = std::string("ok\n");
    co_return reply;
  }
  // "problem upstream: …" of one check, or of all.
  std::vector<std::string> findings(const std::string& check = "") {
    DoctorParts parts{
        .clock = clock,
        .twilio = [this](wire::UpstreamCall call) { return twilio_says(*this, std::move(call)); },
        .fetch = [this](std::string, std::string url) { return fetched(*this, std::move(url)); },
        .try_to_listen = [this](const Endpoint&) -> Result<void> {
          if (taken) return fail(Errc::Unavailable, "taken");
          return {};
        },
        .check_ca = []() -> Result<void> { return {}; }};
    test::Context context;
    last = test::run_task(context, examine(config, parts));
    std::vector<std::string> all;
    for (const Finding& finding : last) {
      if (!check.empty() && finding.check != check) continue;
      const char* health = finding.health == Health::Ok        ? "ok "
                           : finding.health == Health::Problem ? "problem "
                                                               : "skipped ";
      all.push_back(health + finding.check + ": " + finding.found);
      EXPECT_EQ(finding.advice.empty(), finding.health != Health::Problem) << all.back();
      EXPECT_THAT(all.back() + finding.advice, Not(HasSubstr("secret")));
    }
    return all;
  }

  Config config;
  test::ManualClock clock{kNoon + 3s};
  std::optional<UpstreamFailure> failure;
  int status = 200;
  std::string date = kDate;
  bool gone = false;
  bool taken = false;
  std::vector<std::string> urls;
  std::vector<Finding> last;
};

TEST_F(DoctorChecks, TellWhoDoesNotAnswerFromWhatIsSetWrong) {
  failure = UpstreamFailure{.fault = UpstreamFault::NotConnected, .detail = "refused"};
  EXPECT_THAT(findings("upstream"), Contains("problem upstream: https://api.twilio.com: refused"));
  failure = UpstreamFailure{.fault = UpstreamFault::NotTrusted, .detail = "self-signed"};
  EXPECT_THAT(findings("tls"), Contains("problem tls: self-signed"));
  EXPECT_THAT(findings("credentials"), IsEmpty());
  failure.reset();
  status = 401;
  EXPECT_THAT(findings("credentials"), Contains(HasSubstr("Twilio answered 401 (code 20003)")));
  for (const Finding& finding : last) EXPECT_FALSE(finding.unreachable) << finding.found;
  status = 503;
  findings();
  EXPECT_TRUE(std::ranges::any_of(last, &Finding::unreachable));
}

TEST_F(DoctorChecks, CompareTheClocks) {
  EXPECT_THAT(findings("clock"), Contains("ok clock: within 3 s of Twilio's"));
  clock.time = kNoon + 90s;
  EXPECT_THAT(findings("clock"), Contains("problem clock: 1 min 30 s ahead of Twilio's"));
  clock.time = kNoon - 11s;
  EXPECT_THAT(findings("clock"), Contains("problem clock: 11 s behind Twilio's"));
  date = "soon";
  EXPECT_THAT(findings("clock"), Contains("skipped clock: Twilio's answer has no Date"));
}

TEST_F(DoctorChecks, SayWhatAnAccountLacks) {
  config.accounts[0].auth_token.reset();
  EXPECT_THAT(findings("credentials"), Contains(HasSubstr("neither auth_token nor api_keys")));
  config.accounts[0].api_keys = {{.sid = "SK1", .secret = AuthToken{"secret"}}};
  EXPECT_THAT(findings("credentials"), Contains(HasSubstr("has api_keys, but no auth_token")));
  config.accounts.clear();
  EXPECT_THAT(findings("accounts"), Contains(HasSubstr("none in the file")));
}

TEST_F(DoctorChecks, SayWhatAServerLacks) {
  EXPECT_THAT(findings("public-url"),
              Contains("ok public-url: https://tw.example.com/livez answers"));
  config.public_url.reset();
  EXPECT_THAT(findings("public-url"), Contains(HasSubstr("problem public-url: not set")));
  EXPECT_THAT(findings("webhook"), Contains(HasSubstr("skipped webhook")));
  config.inbound_url.reset();
  EXPECT_THAT(findings("callbacks"), Contains(HasSubstr("kept and told to nobody")));
  config.store = {};
  EXPECT_THAT(findings("store"), Contains(HasSubstr("problem store: memory")));
}

TEST_F(DoctorChecks, APortMayBeTheRunningServersOnly) {
  taken = true;
  EXPECT_THAT(findings("port"), Contains("ok port: listen 127.0.0.1:4010 is the running server's"));
  gone = true;
  EXPECT_THAT(findings("port"), Contains("problem port: listen 127.0.0.1:4010: taken"));
  EXPECT_THAT(findings("port"), Contains(HasSubstr("skipped port: tls 127.0.0.1:4443: taken")));
  taken = false;
  EXPECT_THAT(findings("port"), Contains("ok port: control 127.0.0.1:4011 is free"));
}

TEST_F(DoctorChecks, ASimulatorsDoctorCallsNobodyOutside) {
  config.mode = Mode::Simulate;
  config.accounts[0].inbound_url = "https://app.example.com/in";
  config.callbacks.deliver_to = {{"https://shop.example.com", "http://127.0.0.1:3000"}};
  EXPECT_THAT(findings("callbacks"),
              Contains(HasSubstr("skipped callbacks: https://app.example.com")));
  EXPECT_THAT(findings("callbacks"), Contains("ok callbacks: http://127.0.0.1:3000 answers"));
  for (const std::string& url : urls) EXPECT_THAT(url, HasSubstr("http://127.0.0.1")) << url;
  config.accounts[0].inbound_url = "https://shop.example.com/in";
  EXPECT_EQ(findings("callbacks").size(), 2u) << "and that of --inbound-url";
}

}  // namespace
}  // namespace twindow::app
