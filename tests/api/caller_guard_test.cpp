// SPDX-License-Identifier: Apache-2.0
// Which Host and Origin the control API answers: a page of somebody else never gets in.
#include "src/api/caller_guard.h"

#include "tests/api/server_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::test {
namespace {

using testing::HasSubstr;
using testing::ValuesIn;

struct Row {
  const char* name;
  wire::Headers headers;
  bool admitted;
};

const std::vector<Row> kRows{
    {"NoHost", {}, true},
    {"Loopback", {{"Host", "127.0.0.1:4011"}}, true},
    {"LoopbackWithoutPort", {{"Host", "127.0.0.1"}}, true},
    {"OtherAddress", {{"Host", "192.168.1.7:4011"}}, true},
    {"LoopbackV6", {{"Host", "[::1]:4011"}}, true},
    {"AddressV6", {{"Host", "[fe80::1]"}}, true},
    {"MappedV4", {{"Host", "[::ffff:127.0.0.1]:4011"}}, true},
    {"Localhost", {{"Host", "localhost:4011"}}, true},
    {"NameWithoutDots", {{"Host", "twindow:4011"}}, true},
    {"DockerHost", {{"Host", "host.docker.internal:4011"}}, true},
    {"DockerHostInCapitals", {{"Host", "HOST.docker.internal:4011"}}, true},
    {"HeaderNameInOtherCase", {{"hOST", "attacker.example"}}, false},
    {"Listed", {{"Host", "twindow.ci.example:4011"}}, true},
    {"ListedInCapitals", {{"Host", "Twindow.CI.example:4011"}}, true},
    {"SubdomainOfListed", {{"Host", "a.twindow.ci.example"}}, false},
    {"SuffixOfListed", {{"Host", "ci.example"}}, false},
    {"ForeignName", {{"Host", "attacker.example"}}, false},
    {"ForeignNameWithPort", {{"Host", "attacker.example:4011"}}, false},
    {"AddressInName", {{"Host", "127.0.0.1.attacker.example"}}, false},
    {"RebindingService", {{"Host", "127-0-0-1.rebind.example"}}, false},
    {"TooFewNumbers", {{"Host", "127.1"}}, false},
    {"TooManyNumbers", {{"Host", "127.0.0.0.1"}}, false},
    {"TrailingDot", {{"Host", "attacker.example."}}, false},
    {"HexName", {{"Host", "dead.beef"}}, false},
    {"NameInBrackets", {{"Host", "[attacker.example]:4011"}}, false},
    {"OpenBracket", {{"Host", "[::1"}}, false},
    {"EmptyHost", {{"Host", ""}}, false},
    {"OnlyAPort", {{"Host", ":4011"}}, false},
    {"TwoHosts", {{"Host", "127.0.0.1"}, {"Host", "127.0.0.1"}}, false},
    {"OwnOrigin", {{"Host", "127.0.0.1:4011"}, {"Origin", "http://127.0.0.1:4011"}}, true},
    {"OwnOriginHttps", {{"Host", "localhost"}, {"Origin", "https://localhost"}}, true},
    {"OtherPort", {{"Host", "127.0.0.1:4011"}, {"Origin", "http://127.0.0.1:3000"}}, false},
    {"OtherNameOfUs", {{"Host", "127.0.0.1:4011"}, {"Origin", "http://localhost:4011"}}, false},
    {"ForeignOrigin", {{"Host", "127.0.0.1:4011"}, {"Origin", "https://attacker.example"}}, false},
    {"NullOrigin", {{"Host", "127.0.0.1:4011"}, {"Origin", "null"}}, false},
    {"EmptyOrigin", {{"Host", "127.0.0.1:4011"}, {"Origin", ""}}, false},
    {"OriginWithoutHost", {{"Origin", "http://127.0.0.1:4011"}}, false},
    {"OriginWithPath", {{"Host", "localhost"}, {"Origin", "http://localhost/"}}, false},
};

class CallerGuard : public testing::TestWithParam<Row> {};

TEST_P(CallerGuard, AdmitsOrNot) {
  Server server;
  server.state.live.with(
      [](api::LiveSettings& live) { live.control_hosts = {"twindow.ci.example"}; });
  const Row& row = GetParam();
  EXPECT_EQ(api::admit_caller(server.state, row.headers).has_value(), row.admitted);
  const Answer answer = server.ask(
      server.control, {.method = "GET", .target = "/__admin/health", .headers = row.headers});
  EXPECT_EQ(answer.status, row.admitted ? 200 : 403) << answer.body;
  const Answer on_api_port = server.ask(
      server.twilio, {.method = "GET", .target = "/__admin/health", .headers = row.headers});
  EXPECT_EQ(on_api_port.status, answer.status);
}

INSTANTIATE_TEST_SUITE_P(Control, CallerGuard, ValuesIn(kRows), case_name);

TEST(CallerGuardText, SaysWhatWasRefusedAndHowToAllowIt) {
  Server server;
  const Answer host =
      server.ask(server.control,
                 {.method = "GET", .target = "/", .headers = {{"Host", "attacker.example:1"}}});
  EXPECT_EQ(host.status, 403);
  EXPECT_THAT(host.detail(), HasSubstr("attacker.example:1"));
  EXPECT_THAT(host.detail(), HasSubstr("control.hosts"));
  EXPECT_EQ(host.json()["errors"][0]["title"], "Forbidden");
  const Answer origin = server.ask(
      server.control, {.method = "POST",
                       .target = "/__admin/reset",
                       .headers = {{"Host", "localhost"}, {"Origin", "https://attacker.example"}}});
  EXPECT_EQ(origin.status, 403);
  EXPECT_THAT(origin.detail(), HasSubstr("https://attacker.example"));
}

struct TokenRow {
  const char* name;
  const char* authorization;  // empty: none
  bool admitted;
};

const std::vector<TokenRow> kTokens{
    {"None", "", false},
    {"Right", "Bearer sesame", true},
    {"SchemeInOtherCase", "bearer sesame", true},
    {"Wrong", "Bearer sesamo", false},
    {"Longer", "Bearer sesame!", false},
    {"Empty", "Bearer ", false},
    {"OtherScheme", "Basic sesame", false},
    {"NoScheme", "sesame", false},
};

class ControlToken : public testing::TestWithParam<TokenRow> {};

TEST_P(ControlToken, IsDemanded) {
  Server server;
  server.state.control_token = AuthToken{"sesame"};
  wire::Headers headers{{"Host", "127.0.0.1:4011"}};
  if (*GetParam().authorization != 0)
    headers.push_back({"Authorization", GetParam().authorization});
  const auto ask = [&](const std::string& target) {
    return server.ask(server.control, {.method = "GET", .target = target, .headers = headers});
  };
  for (const std::string target : {"/__admin/info", "/__admin/no-such-call"}) {
    const Answer answer = ask(target);
    EXPECT_EQ(answer.status == 401, !GetParam().admitted) << answer.body;
    EXPECT_EQ(answer.header("WWW-Authenticate"),
              GetParam().admitted ? "(none)" : "Bearer realm=\"twindow\"");
    if (GetParam().admitted) continue;
    EXPECT_EQ(answer.json()["errors"][0]["title"], "Unauthorized");
  }
  for (const std::string target : {"/livez", "/"}) EXPECT_EQ(ask(target).status, 200);
}

INSTANTIATE_TEST_SUITE_P(Control, ControlToken, ValuesIn(kTokens), case_name);

TEST(ControlInProxyMode, SimulatesNothing) {
  Server server;
  server.state.mode = "proxy";
  for (const auto& [method, path] :
       std::vector<std::pair<std::string, std::string>>{{"POST", "/simulate/inbound-message"},
                                                        {"POST", "/simulate/message-status"},
                                                        {"PUT", "/clock"},
                                                        {"POST", "/clock/advance"}}) {
    const Answer answer = server.admin(method, path, "{}");
    EXPECT_EQ(answer.status, 409) << path;
    EXPECT_THAT(answer.detail(), HasSubstr("proxy mode"));
  }
  EXPECT_EQ(server.admin("GET", "/clock").status, 200);
}

}  // namespace
}  // namespace twindow::test
