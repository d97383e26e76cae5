// SPDX-License-Identifier: Apache-2.0
// The examples of RFC 7616, section 3.9.1 and RFC 2617, section 3.5.
#include "twindow/wire/digest_auth.h"

#include <gtest/gtest.h>

namespace twindow::wire {
namespace {

const DigestCall kCall{.method = "GET",
                       .target = "/dir/index.html",
                       .user = "Mufasa",
                       .password = "Circle Of Life",
                       .client_nonce = "0a4f113b"};

TEST(DigestAuth, AnswersAsTheStandardsExample) {
  const auto answer = answer_digest(
      "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
      "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"",
      kCall);
  ASSERT_TRUE(answer.has_value());
  EXPECT_NE(answer->find("response=\"6629fae49393a05397450978507c4ef1\""), std::string::npos)
      << *answer;
  EXPECT_NE(answer->find("opaque=\"5ccc069c403ebaf9f0171e9517f40e41\""), std::string::npos);
}

TEST(DigestAuth, AnswersBySha256) {
  const DigestCall call{.method = "GET",
                        .target = "/dir/index.html",
                        .user = "Mufasa",
                        .password = "Circle of Life",
                        .client_nonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"};
  const auto answer = answer_digest(
      "digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, "
      "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\"",
      call);
  ASSERT_TRUE(answer.has_value());
  const std::string want = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";
  EXPECT_NE(answer->find(want), std::string::npos) << *answer;
}

TEST(DigestAuth, LeavesOthersAlone) {
  EXPECT_FALSE(answer_digest("Basic realm=\"x\"", kCall));
  EXPECT_FALSE(answer_digest("Digest realm=\"x\", nonce=\"y\", algorithm=SHA-512", kCall));
  EXPECT_FALSE(answer_digest("Digest realm=\"x\", nonce=\"y\", qop=\"auth-int\"", kCall));
  EXPECT_FALSE(answer_digest("", kCall));
}

}  // namespace
}  // namespace twindow::wire
