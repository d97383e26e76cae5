// SPDX-License-Identifier: Apache-2.0
// What may be read in a log by people who may not read messages.
#include "src/app/masking.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::app {
namespace {

struct MaskCase {
  const char* name;
  const char* text;
  const char* want;
};

class MaskedText : public testing::TestWithParam<MaskCase> {};

TEST_P(MaskedText, ShowsNoNumberAndNoSecret) {
  EXPECT_EQ(masked_text(GetParam().text, Pii::Mask), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, MaskedText,
    testing::ValuesIn(std::vector<MaskCase>{
        {"Nothing", "", ""},
        {"Plain", "+14155550100", "+14•••00"},
        {"WhatsApp", "whatsapp:+15555550123 wrote", "whatsapp:+15•••23 wrote"},
        {"PercentEncoded", "%2B14155550100", "%2B14•••00"},
        {"PercentEncodedLower", "whatsapp%3a%2b14155550100/x", "whatsapp%3a%2b14•••00/x"},
        {"EncodedTwice", "%252B14155550100", "%252B14•••00"},
        {"EncodedWithoutPlus", "whatsapp%3A14155550100", "whatsapp%3A14•••00"},
        {"Separators", "+1 (415) 555-0100.", "+14•••00."},
        {"EncodedBlanks", "+1%20415%20555%200100", "+14•••00"},
        {"WithoutPlus", "To=14155550100&x", "To=14•••00&x"},
        {"UserId", "whatsapp:US.13491208655302741918", "whatsapp:US.13•••18"},
        {"ShortNumbersStay", "63016 4010 2026-01-05", "63016 4010 2026-01-05"},
        {"AddressesStay", "127.0.0.1:4010", "127.0.0.1:4010"},
        {"SidStays", "SM01234567890123456789012345678901", "SM01234567890123456789012345678901"},
        {"SidInAPathStays", "/Messages/SM0123456789abcdef0123456789abcdef.json",
         "/Messages/SM0123456789abcdef0123456789abcdef.json"},
        {"TokenGoes", "token 0123456789abcdef0123456789abcdef!", "token •••!"},
        {"UserinfoGoes", "http://user:secret@app.example.com/in", "http://•••@app.example.com/in"},
        {"ControlBytes", "a\nb\x1b[31m", "a\\x0ab\\x1b[31m"},
        {"TwoNumbers", "+14155550100 to +15555550123", "+14•••00 to +15•••23"},
    }),
    test::case_name);

TEST(MaskedText, WithPiiShowsNumbersButNoSecret) {
  EXPECT_EQ(masked_text("+14155550100 0123456789abcdef0123456789abcdef", Pii::Show),
            "+14155550100 •••");
}

class MaskedTarget : public testing::TestWithParam<MaskCase> {};

TEST_P(MaskedTarget, ShowsNoNumberAndNoBody) {
  EXPECT_EQ(masked_target(GetParam().text, Pii::Mask), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, MaskedTarget,
    testing::ValuesIn(std::vector<MaskCase>{
        {"Path", "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json",
         "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json"},
        {"NumberInThePath", "/__admin/windows/whatsapp%3A%2B14155550100/%2B15555550123",
         "/__admin/windows/whatsapp%3A%2B14•••00/%2B15•••23"},
        {"NumberInTheQuery", "/M.json?To=%2B15555550123&PageSize=20",
         "/M.json?To=%2B15•••23&PageSize=20"},
        {"Body", "/M.json?Body=my+secret&AuthToken=abc", "/M.json?Body=•••&AuthToken=•••"},
        {"Search", "/__admin/messages?query=body%3Ahola&limit=50",
         "/__admin/messages?query=•••&limit=50"},
        {"NoValue", "/x?hello&&", "/x?•••&&"},
        {"NumberAsAName", "/x?%2B15555550123=1", "/x?%2B15•••23=•••"},
        {"AbsoluteForm", "http://AC1:token@api.twilio.com/x?a=b",
         "http://•••@api.twilio.com/x?a=•••"},
    }),
    test::case_name);

TEST(MaskedTarget, HidesWhereAnAppIsToldOfStatuses) {
  for (const Pii pii : {Pii::Mask, Pii::Show}) {
    EXPECT_EQ(masked_target("/hooks/status/aHR0cHM6Ly91OnBAYQ?x=1", pii), "/hooks/status/…");
    EXPECT_EQ(masked_target("/hooks/inbound", pii), "/hooks/inbound");
  }
}

TEST(MaskedTarget, WithPiiShowsTheQueryButNoSecret) {
  EXPECT_EQ(masked_target("/x?Body=hi&t=0123456789abcdef0123456789abcdef", Pii::Show),
            "/x?Body=hi&t=•••");
}

}  // namespace
}  // namespace twindow::app
