// SPDX-License-Identifier: Apache-2.0
#include "src/app/connect_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::app {
namespace {

using What = net::ConnectDecision::What;

struct RuleCase {
  const char* name;
  std::string_view host;
  std::uint16_t port;
  What want;
};

void PrintTo(const RuleCase& one, std::ostream* out) { *out << one.host << ":" << one.port; }

class ConnectRule : public testing::TestWithParam<RuleCase> {};

TEST_P(ConnectRule, LeadsWhereItShould) {
  const auto rule = connect_rule({"tunnel.example.com", "*.below.example.com", "odd.test:8443"});
  const auto decision = rule(GetParam().host, GetParam().port);
  EXPECT_EQ(decision.what, GetParam().want) << decision.detail;
  EXPECT_EQ(decision.detail.empty(), GetParam().want != What::Refuse);
}

INSTANTIATE_TEST_SUITE_P(Table, ConnectRule,
                         testing::ValuesIn(std::vector<RuleCase>{
                             {"Api", "api.twilio.com", 443, What::Serve},
                             {"Capitals", "API.TWILIO.COM", 443, What::Serve},
                             {"EdgeAndRegion", "api.dublin.ie1.twilio.com", 443, What::Serve},
                             {"OtherPort", "api.twilio.com", 80, What::Refuse},
                             {"NoProduct", "twilio.com", 443, What::Refuse},
                             {"SimilarName", "nottwilio.com", 443, What::Refuse},
                             {"Suffix", "api.twilio.com.example.com", 443, What::Refuse},
                             {"Other", "example.com", 443, What::Refuse},
                             {"Address", "127.0.0.1", 443, What::Refuse},
                             {"Listed", "tunnel.example.com", 443, What::Tunnel},
                             {"ListedInCapitals", "Tunnel.Example.Com", 443, What::Tunnel},
                             {"ListedOtherPort", "tunnel.example.com", 8443, What::Refuse},
                             {"BelowListed", "a.tunnel.example.com", 443, What::Refuse},
                             {"Below", "a.below.example.com", 443, What::Tunnel},
                             {"BelowItself", "below.example.com", 443, What::Refuse},
                             {"BelowSimilar", "abelow.example.com", 443, What::Refuse},
                             {"OddPort", "odd.test", 8443, What::Tunnel},
                             {"OddPortOnly", "odd.test", 443, What::Refuse},
                         }),
                         test::case_name);

TEST(ConnectRuleDetail, SaysWhatToDo) {
  const auto detail = connect_rule({})("example.com", 443).detail;
  EXPECT_THAT(detail, testing::HasSubstr("example.com:443"));
  EXPECT_THAT(detail, testing::HasSubstr("connect.tunnel"));
  EXPECT_THAT(detail, testing::HasSubstr("NO_PROXY"));
}

TEST(TunnelEntry, IsAHostWithOrWithoutAPort) {
  for (const std::string_view good :
       {"example.com", "example.com:1", "*.example.com", "*.example.com:65535", "db"}) {
    EXPECT_TRUE(parse_tunnel_entry(good).has_value()) << good;
  }
  for (const std::string_view bad :
       {"", "*", "*.", "a.*.com", "example.com:", "example.com:0", "example.com:65536",
        "example.com:x", "https://example.com", "example.com/path", "u@example.com", "a b"}) {
    EXPECT_FALSE(parse_tunnel_entry(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace twindow::app
