// SPDX-License-Identifier: Apache-2.0
// Which bytes of an answer are replaced, and that no others are.
#include "twindow/wire/twilio/url_rewrite.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

using test::case_name;

struct RewriteCase {
  std::string name;
  std::string json;
  std::string want;  // empty: nothing
  NamedBy named_by = NamedBy::Path;
};

class RewriteLinks : public testing::TestWithParam<RewriteCase> {};

TEST_P(RewriteLinks, ReplacesOriginsAndNothingElse) {
  const auto got = rewrite_links(GetParam().json, "http://127.0.0.1:4010", GetParam().named_by);
  EXPECT_EQ(got.value_or(""), GetParam().want);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, RewriteLinks, testing::ValuesIn(std::vector<RewriteCase>{
    {"NextPage", R"({"meta": {"next_page_url": "https://messaging.twilio.com/v1/Services?Page=1&PageToken=x"}})",
                 R"({"meta": {"next_page_url": "http://127.0.0.1:4010/v1/Services?Page=1&PageToken=x"}})"},
    {"AllOfMeta", R"({"meta":{"previous_page_url":null,"first_page_url":"https://content.twilio.com/v1/Content?Page=0","url":"https://content.twilio.com/v1/Content"}})",
                  R"({"meta":{"previous_page_url":null,"first_page_url":"http://127.0.0.1:4010/v1/Content?Page=0","url":"http://127.0.0.1:4010/v1/Content"}})"},
    {"Links", R"({"links":{"media":"https://api.twilio.com/2010-04-01/x","other":"https://api.twilio.com/2010-04-01/y"}})",
              R"({"links":{"media":"http://127.0.0.1:4010/2010-04-01/x","other":"http://127.0.0.1:4010/2010-04-01/y"}})"},
    {"Nested", R"({"services":[{"a":[[{"url":"https://messaging.twilio.com/v1/Services/MG"}]]},{"links":{"x":"https://messaging.twilio.com/v1/Services/MG/y"}}]})",
               R"({"services":[{"a":[[{"url":"http://127.0.0.1:4010/v1/Services/MG"}]]},{"links":{"x":"http://127.0.0.1:4010/v1/Services/MG/y"}}]})"},
    {"TopIsAnArray", R"([{"url":"https://api.twilio.com/2010-04-01"}])", R"([{"url":"http://127.0.0.1:4010/2010-04-01"}])"},
    {"PathOfNoKnownProduct", R"({"url":"https://verify.twilio.com/v2/Services/VA"})", R"({"url":"http://127.0.0.1:4010/verify.twilio.com/v2/Services/VA"})"},
    {"PathOfAnother", R"({"url":"https://chat.twilio.com/v1/Services/IS"})", R"({"url":"http://127.0.0.1:4010/chat.twilio.com/v1/Services/IS"})"},
    {"EdgeAndRegion", R"({"url":"https://api.dublin.ie1.twilio.com/2010-04-01/x"})", R"({"url":"http://127.0.0.1:4010/api.dublin.ie1.twilio.com/2010-04-01/x"})"},
    {"ByPrefix", R"({"url":"https://content.twilio.com/v1/Content"})", R"({"url":"http://127.0.0.1:4010/content.twilio.com/v1/Content"})", NamedBy::Prefix},
    {"EscapedSlashes", R"({"url":"https:\/\/content.twilio.com\/v1\/Content\/HX"})", R"({"url":"http:\/\/127.0.0.1:4010\/v1\/Content\/HX"})"},
    {"EscapedSlashesByPrefix", R"({"url":"https:\/\/content.twilio.com\/v1"})", R"({"url":"http:\/\/127.0.0.1:4010\/content.twilio.com\/v1"})", NamedBy::Prefix},
    {"NoPath", R"({"url":"https://api.twilio.com"})", R"({"url":"http://127.0.0.1:4010"})"},
    {"WithPort", R"({"url":"https://api.twilio.com:443/2010-04-01"})", R"({"url":"http://127.0.0.1:4010/2010-04-01"})"},
    {"ClearText", R"({"url":"http://api.twilio.com/2010-04-01"})", R"({"url":"http://127.0.0.1:4010/2010-04-01"})"},
    {"Capitals", R"({"url":"HTTPS://API.Twilio.COM/2010-04-01"})", R"({"url":"http://127.0.0.1:4010/2010-04-01"})"},
    {"SpacesAndOrderStay", "{ \"b\" :1.0e5,\r\n\t\"url\" : \"https://api.twilio.com/2010-04-01\" , \"a\":[ ] }\n",
                           "{ \"b\" :1.0e5,\r\n\t\"url\" : \"http://127.0.0.1:4010/2010-04-01\" , \"a\":[ ] }\n"},
    {"NonAscii", "{\"x\":\"\xC3\xA9\\u00e9\",\"url\":\"https://api.twilio.com/2010-04-01\"}", "{\"x\":\"\xC3\xA9\\u00e9\",\"url\":\"http://127.0.0.1:4010/2010-04-01\"}"},
    {"QuotesBefore", R"({"x":"\"url\":\"https://api.twilio.com\"","url":"https://api.twilio.com/2010-04-01"})", R"({"x":"\"url\":\"https://api.twilio.com\"","url":"http://127.0.0.1:4010/2010-04-01"})"},
    // Left alone.
    {"OtherKeys", R"({"body":"https://api.twilio.com/x","uri":"https://api.twilio.com/y","urls":"https://api.twilio.com/z"})", ""},
    {"OtherHosts", R"({"url":"https://example.com/?x=https://api.twilio.com","links":{"a":"https://api.twilio.com.example.com/"}})", ""},
    {"HostEndsLikeTwilio", R"({"url":"https://eviltwilio.com/"})", ""},
    {"BareDomain", R"({"url":"https://twilio.com/x"})", ""},
    {"Userinfo", R"({"url":"https://user@api.twilio.com/x"})", ""},
    {"OtherSchemes", R"({"url":"ftp://api.twilio.com/x"})", ""},
    {"InTheMiddle", R"({"url":" https://api.twilio.com/x"})", ""},
    {"KeyItself", R"({"https://api.twilio.com/":"url"})", ""},
    {"ListCalledUrl", R"({"url":["https://api.twilio.com/x"]})", ""},
    {"ListCalledLinks", R"({"links":["https://api.twilio.com/x"]})", ""},
    {"AfterLinks", R"({"links":{},"x":"https://api.twilio.com/x"})", ""},
    {"DeeperInLinks", R"({"links":{"x":{"y":"https://api.twilio.com/x"}}})", ""},
    {"RelativeUri", R"({"next_page_uri":"/2010-04-01/x","account":"twilio.com"})", ""},
    {"Empty", "", ""},
    {"NoJson", R"(url: "https://api.twilio.com/x")", ""},
    {"CutOff", R"({"url":"https://api.twilio.com/2010-04-01")", ""},
    {"CutOffInString", R"({"url":"https://api.twilio.com)", ""},
    {"TwoTexts", R"({"url":"https://api.twilio.com/x"}{"url":"https://api.twilio.com/x"})", ""},
    {"NotUtf8", "{\"x\":\"\xC3\x28\",\"url\":\"https://api.twilio.com/x\"}", ""},
    {"JustAString", R"("https://api.twilio.com/x")", ""},
}), case_name);
// clang-format on

TEST(LinksOfLargeAnswers, AreRewrittenHoweverDeep) {
  std::string json = "[";
  std::string want = "[";
  for (int n = 0; n < 20000; ++n) {
    json += R"({"body":"https://api.twilio.com","url":"https://api.twilio.com/2010-04-01/SM"},)";
    want += R"({"body":"https://api.twilio.com","url":"http://h/2010-04-01/SM"},)";
  }
  const std::string deep = std::string(5000, '[') + std::string(5000, ']') + "]";
  EXPECT_EQ(rewrite_links(json + deep, "http://h", NamedBy::Path).value_or(""), want + deep);
}

}  // namespace
}  // namespace twindow::wire
