// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/product_host.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

struct HostCase {
  const char* name;
  std::string_view host;
  std::optional<ProductHost> want;
};

void PrintTo(const HostCase& one, std::ostream* out) { *out << one.host; }

class ParseProductHost : public testing::TestWithParam<HostCase> {};

TEST_P(ParseProductHost, KnowsTwiliosNamesAndNoOthers) {
  EXPECT_EQ(parse_product_host(GetParam().host), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ParseProductHost,
    testing::ValuesIn(std::vector<HostCase>{
        {"Plain", "api.twilio.com", ProductHost{"api", "", ""}},
        {"OtherProduct", "content.twilio.com", ProductHost{"content", "", ""}},
        {"Port", "api.twilio.com:443", ProductHost{"api", "", ""}},
        {"Capitals", "API.Twilio.COM", ProductHost{"api", "", ""}},
        {"Region", "api.au1.twilio.com", ProductHost{"api", "", "au1"}},
        {"EdgeAndRegion", "api.dublin.ie1.twilio.com", ProductHost{"api", "dublin", "ie1"}},
        {"EdgeWithHyphen", "api.sao-paulo.us1.twilio.com", ProductHost{"api", "sao-paulo", "us1"}},
        {"FourLabels", "a.b.c.d.twilio.com", std::nullopt},
        {"NoProduct", "twilio.com", std::nullopt},
        {"EmptyProduct", ".twilio.com", std::nullopt},
        {"EmptyLabel", "api..twilio.com", std::nullopt},
        {"TrailingDot", "api.twilio.com.", std::nullopt},
        {"Suffix", "api.twilio.com.example.com", std::nullopt},
        {"SimilarName", "api.nottwilio.com", std::nullopt},
        {"Underscore", "a_b.twilio.com", std::nullopt},
        {"Wildcard", "*.twilio.com", std::nullopt},
        {"Path", "api.twilio.com/x", std::nullopt},
        {"Empty", "", std::nullopt},
        {"Address", "127.0.0.1:4010", std::nullopt},
    }),
    test::case_name);

struct LocateCase {
  const char* name;
  std::string target;
  std::string host;
  std::string server_name;
  std::string want;  // the host as text
  NamedBy by;
  std::string path;
};

void PrintTo(const LocateCase& one, std::ostream* out) { *out << one.target; }

class Locate : public testing::TestWithParam<LocateCase> {};

TEST_P(Locate, FindsTheProduct) {
  const LocateCase& one = GetParam();
  HttpCall call{.method = "GET", .target = one.target};
  if (!one.host.empty()) call.headers.push_back({"Host", one.host});
  call.server_name = one.server_name;
  const CallTarget found = locate(call);
  EXPECT_EQ(found.host.text(), one.want);
  EXPECT_EQ(found.named_by, one.by);
  EXPECT_EQ(found.path, one.path);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Locate,
    testing::ValuesIn(std::vector<LocateCase>{
        {"BaseUrl", "/2010-04-01/Accounts", "127.0.0.1:4010", "", "api.twilio.com", NamedBy::Path,
         "/2010-04-01/Accounts"},
        {"HostHeader", "/v1/Content", "content.twilio.com", "", "content.twilio.com", NamedBy::Host,
         "/v1/Content"},
        {"HostOfAnotherProductThanThePath", "/v1/Services", "verify.twilio.com", "",
         "verify.twilio.com", NamedBy::Host, "/v1/Services"},
        {"Edge", "/2010-04-01/", "api.dublin.ie1.twilio.com", "", "api.dublin.ie1.twilio.com",
         NamedBy::Host, "/2010-04-01/"},
        {"AbsoluteForm", "http://api.twilio.com/2010-04-01/x", "127.0.0.1", "", "api.twilio.com",
         NamedBy::Host, "/2010-04-01/x"},
        {"ServerName", "/v1/Content", "127.0.0.1:4443", "content.twilio.com", "content.twilio.com",
         NamedBy::Host, "/v1/Content"},
        {"HostBeforeServerName", "/x", "content.twilio.com", "api.twilio.com", "content.twilio.com",
         NamedBy::Host, "/x"},
        {"Prefix", "/content.twilio.com/v1/Content?a=b", "127.0.0.1", "", "content.twilio.com",
         NamedBy::Prefix, "/v1/Content"},
        {"PrefixWithRegion", "/api.ie1.twilio.com/2010-04-01/x", "h", "", "api.ie1.twilio.com",
         NamedBy::Prefix, "/2010-04-01/x"},
        {"PrefixAlone", "/lookups.twilio.com", "h", "", "lookups.twilio.com", NamedBy::Prefix, "/"},
        {"PrefixWithPortIsAPath", "/api.twilio.com:443/x", "h", "", "api.twilio.com", NamedBy::Path,
         "/api.twilio.com:443/x"},
        {"ForeignPrefixIsAPath", "/example.com/v1/Content", "h", "", "api.twilio.com",
         NamedBy::Path, "/example.com/v1/Content"},
        {"PathOfMessaging", "/v1/Services/MG1", "h", "", "messaging.twilio.com", NamedBy::Path,
         "/v1/Services/MG1"},
        {"PathOfLookups", "/v2/PhoneNumbers/+15555550123", "h", "", "lookups.twilio.com",
         NamedBy::Path, "/v2/PhoneNumbers/+15555550123"},
        {"PathEndsAtItsWord", "/v1/Contents", "h", "", "api.twilio.com", NamedBy::Path,
         "/v1/Contents"},
        {"PathWithSuffix", "/v1/Alerts.json", "h", "", "monitor.twilio.com", NamedBy::Path,
         "/v1/Alerts.json"},
        {"NoHostAtAll", "/2010-04-01", "", "", "api.twilio.com", NamedBy::Path, "/2010-04-01"},
        {"Star", "*", "h", "", "api.twilio.com", NamedBy::Path, "*"},
    }),
    test::case_name);

TEST(ForeignAuthority, IsOnlyAnotherSitesName) {
  const auto foreign = [](std::string target) {
    return foreign_authority({.method = "GET", .target = std::move(target)}).has_value();
  };
  EXPECT_TRUE(foreign("http://example.com/a"));
  EXPECT_TRUE(foreign("http://example.com:80/a"));
  EXPECT_TRUE(foreign("http://api.twilio.com.example.com/"));
  EXPECT_FALSE(foreign("http://api.twilio.com/a"));
  EXPECT_FALSE(foreign("http://127.0.0.1:4010/a"));
  EXPECT_FALSE(foreign("http://[::1]:4010/a"));
  EXPECT_FALSE(foreign("http://twindow:4010/a"));
  EXPECT_FALSE(foreign("/a"));
}

TEST(ForwardedTarget, IsPathAndQueryAsSent) {
  const auto target_of = [](std::string target) {
    const HttpCall call{.method = "GET", .target = std::move(target)};
    return forwarded_target(call, locate(call));
  };
  EXPECT_EQ(target_of("/2010-04-01/a%2Fb//c/?To=%2B1&&x=?#f"),
            "/2010-04-01/a%2Fb//c/?To=%2B1&&x=?");
  EXPECT_EQ(target_of("/a?"), "/a?");
  EXPECT_EQ(target_of("/a"), "/a");
  EXPECT_EQ(target_of("/a#b?c"), "/a");
  EXPECT_EQ(target_of("/content.twilio.com/v1/Content?x=/content.twilio.com/"),
            "/v1/Content?x=/content.twilio.com/");
  EXPECT_EQ(target_of("/content.twilio.com"), "/");
  EXPECT_EQ(target_of("/content.twilio.com?a"), "/?a");
  EXPECT_EQ(target_of("http://api.twilio.com/2010-04-01?a=b"), "/2010-04-01?a=b");
  EXPECT_EQ(target_of("http://api.twilio.com"), "/");
  EXPECT_EQ(target_of("*"), "*");
}

}  // namespace
}  // namespace twindow::wire
