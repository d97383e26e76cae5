// SPDX-License-Identifier: Apache-2.0
#include "src/net/webhook_target.h"

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace {

using namespace twindow;
using net::DeliverTo;
using net::parse_url;

struct UrlCase {
  std::string name;
  std::string url;
  std::string want;  // "tls host port path query userinfo authority"; empty: refused
};
void PrintTo(const UrlCase& row, std::ostream* out) { *out << row.name; }

class UrlTable : public testing::TestWithParam<UrlCase> {};

TEST_P(UrlTable, IsTakenApartWithoutDecoding) {
  const auto got = parse_url(GetParam().url);
  std::string text;
  if (got) {
    text = std::string(got->tls ? "tls" : "plain") + ' ' + got->host + ' ' +
           std::to_string(got->port) + ' ' + got->path + ' ' + got->query + ' ' + got->userinfo +
           ' ' + got->authority;
  }
  EXPECT_EQ(text, GetParam().want);
  EXPECT_TRUE(got || got.error().code == Errc::BadInput);
}

INSTANTIATE_TEST_SUITE_P(
    Table, UrlTable,
    testing::ValuesIn(std::vector<UrlCase>{
        {"Plain", "http://h/p?q=1", "plain h 80 /p ?q=1  h"},
        {"Tls", "https://App.Example.com", "tls app.example.com 443 /   App.Example.com"},
        {"Port", "http://h:3000/", "plain h 3000 /   h:3000"},
        {"StandardPort", "https://h:443/x", "tls h 443 /x   h:443"},
        {"EmptyPort", "http://h:/x", "plain h 80 /x   h:"},
        {"SchemeInCapitals", "HTTPS://h/x", "tls h 443 /x   h"},
        {"QueryWithoutPath", "http://h?a=b%20/c", "plain h 80 / ?a=b%20/c  h"},
        {"EmptyQuery", "http://h/x?", "plain h 80 /x ?  h"},
        {"Fragment", "http://h/x?a#rc=2", "plain h 80 /x ?a  h"},
        {"Userinfo", "https://u:p%40w@h/x", "tls h 443 /x  u:p%40w h"},
        {"AtInTheUserinfo", "http://u@v@h/", "plain h 80 /  u@v h"},
        {"V6", "http://[::1]:8080/x", "plain ::1 8080 /x   [::1]:8080"},
        {"Encoded", "http://h/%2e%2E/a;b?c=d&e", "plain h 80 /%2e%2E/a;b ?c=d&e  h"},
        {"NoScheme", "h/x", ""},
        {"Ftp", "ftp://h/x", ""},
        {"File", "file:///etc/passwd", ""},
        {"NoHost", "http:///x", ""},
        {"OnlyPort", "http://:80/x", ""},
        {"PortZero", "http://h:0/", ""},
        {"PortLarge", "http://h:65536/", ""},
        {"PortWord", "http://h:8o/", ""},
        {"OpenBracket", "http://[::1/", ""},
        {"LineBreak", "http://h/x\r\nHost: evil", ""},
        {"Blank", "http://h/a b", ""},
        {"NonAscii", "http://h/\xC3\xA9", ""},
        {"Empty", "", ""},
    }),
    test::case_name);

struct DeliverCase {
  std::string name;
  std::string url;
  std::string posted;
  std::string host;  // header
};
void PrintTo(const DeliverCase& row, std::ostream* out) { *out << row.name; }

class DeliverTable : public testing::TestWithParam<DeliverCase> {};

TEST_P(DeliverTable, PostsToTheRightOfTheLongestMatch) {
  const auto rules = DeliverTo::make({
      {"https://app.example.com", "http://127.0.0.1:3000"},
      {"https://app.example.com/admin", "http://127.0.0.1:3001"},
      {"https://app.example.com/admin/deep/", "http://127.0.0.1:3002/base/"},
      {"http://app.example.com:8080", "http://localhost:4000/"},
  });
  ASSERT_TRUE(rules) << rules.error().detail;
  const auto target = rules->target_of(GetParam().url);
  ASSERT_TRUE(target) << target.error().detail;
  EXPECT_EQ(target->url_posted, GetParam().posted);
  EXPECT_EQ(target->host, GetParam().host);
}

INSTANTIATE_TEST_SUITE_P(
    Table, DeliverTable,
    testing::ValuesIn(std::vector<DeliverCase>{
        {"Origin", "https://app.example.com/in?a=b", "http://127.0.0.1:3000/in?a=b",
         "app.example.com"},
        {"NoPath", "https://app.example.com", "http://127.0.0.1:3000/", "app.example.com"},
        {"WrittenPort", "https://App.example.com:443/in", "http://127.0.0.1:3000/in",
         "App.example.com:443"},
        {"Prefix", "https://app.example.com/admin/in", "http://127.0.0.1:3001/admin/in",
         "app.example.com"},
        {"PrefixItself", "https://app.example.com/admin?x", "http://127.0.0.1:3001/admin?x",
         "app.example.com"},
        {"NotAPrefixOfASegment", "https://app.example.com/administrator",
         "http://127.0.0.1:3000/administrator", "app.example.com"},
        {"LongestPrefix", "https://app.example.com/admin/deep/in",
         "http://127.0.0.1:3002/base/admin/deep/in", "app.example.com"},
        {"OtherPort", "http://app.example.com:8080/in", "http://localhost:4000/in",
         "app.example.com:8080"},
        {"OtherScheme", "http://app.example.com/in", "http://app.example.com/in",
         "app.example.com"},
        {"OtherHost", "https://app.example.com.evil.example/in",
         "https://app.example.com.evil.example/in", "app.example.com.evil.example"},
        {"FragmentAndUserinfo", "https://u:p@app.example.com/in#rc=3", "http://127.0.0.1:3000/in",
         "app.example.com"},
    }),
    test::case_name);

TEST(DeliverTo, RefusesWhatIsNoUrl) {
  const auto rules = DeliverTo::make({{"https://app.example.com", "127.0.0.1:3000"}});
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().code, Errc::BadInput);
  EXPECT_THAT(rules.error().detail, testing::HasSubstr("https://app.example.com=127.0.0.1:3000"));
}

TEST(DeliverTo, MakesUserinfoABasicAuthorization) {
  const auto target = DeliverTo().target_of("http://user:p%40ss@127.0.0.1/in");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->authorization, "Basic dXNlcjpwQHNz");
  EXPECT_EQ(target->url_posted, "http://127.0.0.1/in");
  EXPECT_EQ(DeliverTo().target_of("http://127.0.0.1/in")->authorization, std::nullopt);
}

}  // namespace
