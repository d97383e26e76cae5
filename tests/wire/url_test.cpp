// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/url.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

using namespace std::string_view_literals;

TEST(WebUrl, IsTakenApart) {
  const auto url = parse_web_url("https://u:p@h.example.com:8443/a?b=c#rc=2&ct=1");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->scheme, "https");
  EXPECT_TRUE(url->secure());
  EXPECT_EQ(url->userinfo, "u:p");
  EXPECT_EQ(url->host, "h.example.com");
  EXPECT_EQ(url->port, "8443");
  EXPECT_EQ(url->port_number(), 8443);
  EXPECT_EQ(url->target, "/a?b=c");
  EXPECT_EQ(url->fragment, "rc=2&ct=1");
}

TEST(WebUrl, HasTheStandardPortOfItsScheme) {
  EXPECT_EQ(parse_web_url("http://a")->port_number(), 80);
  EXPECT_EQ(parse_web_url("HTTPS://a")->port_number(), 443);
  EXPECT_EQ(parse_web_url("http://a")->target, "");
  EXPECT_EQ(parse_web_url("http://[::1]:81/x")->host, "[::1]");
  EXPECT_EQ(parse_web_url("http://[::1]:81/x")->port_number(), 81);
}

struct Case {
  std::string_view name;
  std::string_view text;
  bool want;
};

class ParseWebUrl : public testing::TestWithParam<Case> {};

TEST_P(ParseWebUrl, AcceptsWhatTwilioWouldCall) {
  EXPECT_EQ(parse_web_url(GetParam().text).has_value(), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Table, ParseWebUrl,
                         testing::ValuesIn(std::vector<Case>{
                             {"Plain", "https://hooks.example.com/cb", true},
                             {"Localhost", "http://localhost:3000/cb", true},
                             {"Address", "http://127.0.0.1:3000", true},
                             {"QueryAlone", "http://a.example?x=1", true},
                             {"TrailingDot", "http://a.example./", true},
                             {"AtSignInPath", "http://a.example/@b", true},
                             {"Empty", "", false},
                             {"Relative", "/cb", false},
                             {"NoScheme", "hooks.example.com/cb", false},
                             {"SchemeRelative", "//hooks.example.com/cb", false},
                             {"Ftp", "ftp://a.example/", false},
                             {"Javascript", "javascript:alert(1)", false},
                             {"Underscore", "https://my_app.example.com/", false},
                             {"NoHost", "https:///cb", false},
                             {"PortAlone", "https://:80/", false},
                             {"UserAlone", "https://u@/cb", false},
                             {"EmptyLabel", "https://a..b/", false},
                             {"HyphenFirst", "https://-a.example/", false},
                             {"Space", "https://a.example/a b", false},
                             {"LineBreak", "https://a.example/\r\nX: y", false},
                             {"Nul", "https://a.example/\0"sv, false},
                             {"PortZero", "https://a.example:0/", false},
                             {"PortTooLarge", "https://a.example:65536/", false},
                             {"PortWords", "https://a.example:http/", false},
                             {"PortEmpty", "https://a.example:/", false},
                             {"Backslash", "https://a.example\\@b.example/", false},
                             {"Unbracketed", "http://::1/", false},
                             {"BracketsOfNothing", "http://[]/", false},
                             {"TailBehindBracket", "http://[::1]x/", false},
                             {"NonAsciiHost", "https://mañana.example/", false},
                         }),
                         test::case_name);

}  // namespace
}  // namespace twindow::wire
