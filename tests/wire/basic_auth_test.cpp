// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/basic_auth.h"

#include <gtest/gtest.h>

#include "twindow/wire/secret.h"

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

std::string basic(std::string_view pair) { return "Basic " + base64_encode(pair); }

TEST(BasicAuth, NamesUserAndPassword) {
  const auto got = parse_basic_auth(
      basic("AC0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcdef"));
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->username, "AC0123456789abcdef0123456789abcdef");
  EXPECT_EQ(got->password, "0123456789abcdef0123456789abcdef");
}

TEST(BasicAuth, EndsTheNameAtTheFirstColon) {
  const auto got = parse_basic_auth(basic("user:pass:word"));
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->username, "user");
  EXPECT_EQ(got->password, "pass:word");
}

TEST(BasicAuth, IgnoresTheCaseOfTheSchemeAndSpacesAround) {
  const auto got = parse_basic_auth("bASIC   " + base64_encode("u:") + " ");
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->username, "u");
  EXPECT_EQ(got->password, "");
}

struct Case {
  std::string_view name;
  std::string value;
};

class NoBasicAuth : public testing::TestWithParam<Case> {};

TEST_P(NoBasicAuth, GivesNothing) { EXPECT_FALSE(parse_basic_auth(GetParam().value).has_value()); }

INSTANTIATE_TEST_SUITE_P(Table, NoBasicAuth,
                         testing::ValuesIn(std::vector<Case>{
                             {"Empty", ""},
                             {"SchemeAlone", "Basic"},
                             {"SchemeAndSpace", "Basic "},
                             {"Bearer", "Bearer " + base64_encode("u:p")},
                             {"NoSpace", "Basic" + base64_encode("u:p")},
                             {"NoColon", basic("user")},
                             {"BrokenBase64", "Basic dTpw!"},
                             {"NoPadding", "Basic dTpwcA"},
                             {"LineBreak", basic("u:p\r\nX: y")},
                             {"ControlBehindEight", basic("u:345678\x7f")},
                             {"ControlAmongEight", basic("u:34567\t9012345")},
                             {"Nul", basic(std::string_view("u:p\0q", 5))},
                             {"TwoParts", basic("u:p") + " x"},
                         }),
                         test::case_name);

TEST(BasicAuthorization, IsWhatWeRead) {
  const auto read = parse_basic_auth(basic_authorization("AC1", "to:ken"));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->username, "AC1");
  EXPECT_EQ(read->password, "to:ken");
}

}  // namespace
}  // namespace twindow::wire
