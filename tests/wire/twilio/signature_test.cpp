// SPDX-License-Identifier: Apache-2.0
// The vectors of fixtures/twilio/signature.json were accepted by the validators of Twilio's SDKs
// for Node and Python.
#include "twindow/wire/twilio/signature.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "twindow/wire/form.h"
#include "twindow/wire/secret.h"

#include "tests/support/case_name.h"
#include "tests/support/golden.h"

namespace twindow::wire {
namespace {

constexpr std::string_view kToken = "0123456789abcdef0123456789abcdef";

struct Vector {
  std::string name;
  std::string kind;
  std::string auth_token;
  std::string url;
  std::string body;
  std::string signature;

  std::vector<Param> form() const {
    return kind == "form" ? parse_form(body)->params() : std::vector<Param>();
  }
};

std::vector<Vector> vectors() {
  const auto file = nlohmann::json::parse(test::read_fixture("twilio/signature.json"));
  std::vector<Vector> all;
  for (const auto& row : file.at("vectors")) {
    all.push_back({row.at("name"), row.at("kind"), file.at("auth_token"), row.at("url"),
                   row.at("body"), row.at("signature")});
  }
  return all;
}

class SignatureVector : public testing::TestWithParam<Vector> {};

TEST_P(SignatureVector, IsWhatTwiliosSdksAccept) {
  const Vector& v = GetParam();
  EXPECT_EQ(sign(v.auth_token, v.url, v.form()), v.signature);
  EXPECT_TRUE(signature_matches(v.auth_token, v.url, v.form(), v.signature));
  EXPECT_FALSE(signature_matches(kToken, v.url, v.form(), v.signature));
  EXPECT_FALSE(signature_matches(v.auth_token, v.url + "x", v.form(), v.signature) &&
               v.url.find('#') == std::string::npos);
  if (v.kind == "json") {
    EXPECT_EQ(sign_json(v.auth_token, v.url), v.signature);
    EXPECT_TRUE(v.url.ends_with("bodySHA256=" + sha256_hex(v.body)));
  }
  const auto whole = [&](const std::string& url, const std::string& body) {
    return webhook_signature_matches(v.auth_token, url, body, v.form(), v.signature);
  };
  EXPECT_TRUE(whole(v.url, v.body));
  EXPECT_EQ(whole(v.url, v.body + "x"), v.kind != "json") << "only the hash is of raw bytes";
  EXPECT_FALSE(whole(v.url + "x", v.body) && v.url.find('#') == std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Fixture, SignatureVector, testing::ValuesIn(vectors()), test::case_name);

TEST(Signature, HasSixVectors) { EXPECT_EQ(vectors().size(), 6u); }

TEST(Signature, IgnoresTheOrderOfTheForm) {
  EXPECT_EQ(sign(kToken, "http://a/", {{"b", "1"}, {"a", "2"}}),
            sign(kToken, "http://a/", {{"a", "2"}, {"b", "1"}}));
}

TEST(Signature, CoversEveryValueAndName) {
  const std::string signature = sign(kToken, "http://a/", {{"a", "1"}, {"b", ""}});
  EXPECT_FALSE(signature_matches(kToken, "http://a/", {{"a", "2"}, {"b", ""}}, signature));
  EXPECT_FALSE(signature_matches(kToken, "http://a/", {{"a", "1"}}, signature));
  EXPECT_FALSE(signature_matches(kToken, "http://a/", {}, signature));
  EXPECT_FALSE(signature_matches(kToken, "http://a/", {{"a", "1"}, {"b", ""}}, ""));
  EXPECT_FALSE(
      signature_matches(kToken, "http://a/", {{"a", "1"}, {"b", ""}}, signature.substr(1)));
}

struct UrlCase {
  std::string_view name;
  std::string_view url;
  std::string_view want;
};

class SignedUrl : public testing::TestWithParam<UrlCase> {};

TEST_P(SignedUrl, LeavesOutUserinfoAndFragment) {
  EXPECT_EQ(signed_url(GetParam().url), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Table, SignedUrl,
                         testing::ValuesIn(std::vector<UrlCase>{
                             {"Plain", "https://a/b?c=%2B", "https://a/b?c=%2B"},
                             {"Userinfo", "https://u:p@a:81/b", "https://a:81/b"},
                             {"UserinfoWithAt", "https://u@x:p@a/b", "https://a/b"},
                             {"Fragment", "https://a/b#rc=2", "https://a/b"},
                             {"FragmentWithAt", "https://a#u@b", "https://a"},
                             {"AtInPath", "https://a/u@b", "https://a/u@b"},
                             {"AtInQuery", "https://a?u@b", "https://a?u@b"},
                             {"Empty", "", ""},
                             {"NoScheme", "a@b", "a@b"},
                         }),
                         test::case_name);

struct PortCase {
  std::string_view name;
  std::string_view signed_as;
  std::string_view checked_as;
  bool want;
};

class SignaturePort : public testing::TestWithParam<PortCase> {};

TEST_P(SignaturePort, MayBeWrittenOrNot) {
  const std::vector<Param> form{{"a", "1"}};
  const std::string signature = sign(kToken, GetParam().signed_as, form);
  EXPECT_EQ(signature_matches(kToken, GetParam().checked_as, form, signature), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Table, SignaturePort,
                         testing::ValuesIn(std::vector<PortCase>{
                             {"Same", "https://a/b", "https://a/b", true},
                             {"WithHttpsPort", "https://a:443/b", "https://a/b", true},
                             {"WithoutHttpsPort", "https://a/b", "https://a:443/b", true},
                             {"WithHttpPort", "http://a:80/b", "http://a/b", true},
                             {"OtherPort", "https://a:8443/b", "https://a:8443/b", true},
                             {"OtherPortDropped", "https://a/b", "https://a:8443/b", true},
                             {"StandardInsteadOfOther", "https://a:443/b", "https://a:8443/b",
                              true},
                             {"QueryWithColon", "https://a:443?t=1:2", "https://a?t=1:2", true},
                             {"AddressWithPort", "http://[::1]:80/b", "http://[::1]/b", true},
                             {"Userinfo", "https://a:443/b", "https://u:p@a/b", true},
                             {"OtherPortUnknownHere", "https://a:8443/b", "https://a/b", false},
                             {"PortOfTheOtherScheme", "https://a:80/b", "https://a/b", false},
                             {"OtherScheme", "http://a/b", "https://a/b", false},
                             {"OtherHost", "https://a/b", "https://c/b", false},
                             {"OtherQuery", "https://a/b?x=1", "https://a/b?x=2", false},
                         }),
                         test::case_name);

}  // namespace
}  // namespace twindow::wire
