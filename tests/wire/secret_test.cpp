// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/secret.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

using namespace std::string_view_literals;

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    text += "0123456789abcdef"[static_cast<unsigned char>(byte) >> 4];
    text += "0123456789abcdef"[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

TEST(Secret, IsEqualOnlyToItself) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "Abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
  EXPECT_FALSE(equal_in_constant_time("", "a"));
  EXPECT_FALSE(equal_in_constant_time("a\0b"sv, "a\0c"sv));
}

struct Base64Case {
  std::string_view name;
  std::string_view bytes;
  std::string_view text;
};

class Base64 : public testing::TestWithParam<Base64Case> {};

TEST_P(Base64, GoesBothWays) {
  EXPECT_EQ(base64_encode(GetParam().bytes), GetParam().text);
  EXPECT_EQ(base64_decode(GetParam().text), GetParam().bytes);
}

// RFC 4648 section 10, and what its alphabet leaves out.
INSTANTIATE_TEST_SUITE_P(Table, Base64,
                         testing::ValuesIn(std::vector<Base64Case>{
                             {"Empty", "", ""},
                             {"One", "f", "Zg=="},
                             {"Two", "fo", "Zm8="},
                             {"Three", "foo", "Zm9v"},
                             {"Six", "foobar", "Zm9vYmFy"},
                             {"HighBits", "\xfb\xff\xfe", "+//+"},
                             {"Nul", "\0\0"sv, "AAA="},
                         }),
                         test::case_name);

struct BadBase64Case {
  std::string_view name;
  std::string_view text;
};

class BadBase64 : public testing::TestWithParam<BadBase64Case> {};

TEST_P(BadBase64, IsRefused) { EXPECT_EQ(base64_decode(GetParam().text), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(Table, BadBase64,
                         testing::ValuesIn(std::vector<BadBase64Case>{
                             {"NoPadding", "Zg"},
                             {"HalfPadding", "Zg="},
                             {"StrayBits", "Zh=="},
                             {"StrayBitsOfTwo", "Zm9="},
                             {"SpaceBefore", " Zg="},
                             {"SpaceBehind", "Zm9v    "},
                             {"LineBreak", "Zm9v\nZm9v\n\n\n"},
                             {"UrlAlphabet", "-__-"},
                             {"PaddingInside", "Zg==Zg=="},
                             {"OnlyPadding", "===="},
                             {"TooMuchPadding", "Z==="},
                             {"HighByte", "Zm9\xff"},
                             {"Nul", "Zm9\0"sv},
                         }),
                         test::case_name);

// RFC 2202, cases 1, 2 and 6, and the empty key.
TEST(HmacSha1, AnswersTheStandardsCases) {
  EXPECT_EQ(hex(hmac_sha1(std::string(20, '\x0b'), "Hi There")),
            "b617318655057264e28bc0b6fb378c8ef146be00");
  EXPECT_EQ(hex(hmac_sha1("Jefe", "what do ya want for nothing?")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(hex(hmac_sha1(std::string(80, '\xaa'),
                          "Test Using Larger Than Block-Size Key - Hash Key First")),
            "aa4ae5e15272d00e95705637ce8a3b55ed402112");
  EXPECT_EQ(hex(hmac_sha1("", "")), "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
  EXPECT_EQ(hex(hmac_sha1({}, {})), "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d")
      << "the key of the call before must be gone";
}

TEST(Sha256, AnswersTheStandardsCases) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace twindow::wire
