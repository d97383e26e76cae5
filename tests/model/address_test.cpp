// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/address.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow {
namespace {

using enum AddressForm;
using namespace std::string_view_literals;

struct AddressCase {
  std::string_view name;
  std::string_view text;
  std::optional<Address> want;
  Errc error = Errc::InvalidTo;
};

class ParseTo : public testing::TestWithParam<AddressCase> {};

TEST_P(ParseTo, AcceptsWhatTwilioDelivers) {
  const auto got = parse_to(GetParam().text);
  if (GetParam().want) {
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(*got, *GetParam().want);
  } else {
    ASSERT_FALSE(got.has_value());
    EXPECT_EQ(got.error().code, GetParam().error);
    EXPECT_EQ(got.error().detail, GetParam().text);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, ParseTo,
    testing::ValuesIn(std::vector<AddressCase>{
        {"Sms", "+15558675310", Address{Channel::Sms, E164, "+15558675310"}},
        {"Separators", "+1 (555) 867-5310", Address{Channel::Sms, E164, "+15558675310"}},
        {"TenDigits", "555-867-5310", Address{Channel::Sms, E164, "+15558675310"}},
        {"PlusDecodedToSpace", " 15558675310", Address{Channel::Sms, E164, "+15558675310"}},
        {"ElevenDigits", "15558675310", Address{Channel::Sms, E164, "+15558675310"}},
        {"WhatsApp", "whatsapp:+5215512345678",
         Address{Channel::WhatsApp, E164, "whatsapp:+5215512345678"}},
        {"WhatsAppUserId", "whatsapp:US.13491208655302741918",
         Address{Channel::WhatsApp, UserId, "whatsapp:US.13491208655302741918"}},
        {"WhatsAppParentUserId", "whatsapp:US.ENT.134912",
         Address{Channel::WhatsApp, UserId, "whatsapp:US.ENT.134912"}},
        {"Messenger", "messenger:1234567890",
         Address{Channel::Messenger, UserId, "messenger:1234567890"}},
        {"Rcs", "rcs:acme_agent", Address{Channel::Rcs, UserId, "rcs:acme_agent"}},
        {"ShortCode", "22395", std::nullopt, Errc::ToIsShortCode},
        {"WhatsAppLostPlus", "whatsapp: 5215512345678", std::nullopt},
        {"WhatsAppNoPlus", "whatsapp:5215512345678", std::nullopt},
        {"WhatsAppUpperCase", "WhatsApp:+5215512345678", std::nullopt},
        {"PrefixOnly", "whatsapp:", std::nullopt},
        {"SixteenDigits", "+1234567890123456", std::nullopt},
        {"SevenDigits", "+1234567", std::nullopt},
        {"LeadingZero", "+0123456789", std::nullopt},
        {"Words", "Ana", std::nullopt},
        {"EmbeddedNul",
         "+1555\0"
         "8675310"sv,
         std::nullopt},
        {"ArabicDigits", "+١٥٥٥٨٦٧٥٣١٠", std::nullopt},
        {"TwoPlus", "++15558675310", std::nullopt},
        {"LowerCaseCountryOfUserId", "whatsapp:us.134912", std::nullopt},
        {"EmptyUserId", "whatsapp:US.", std::nullopt},
    }),
    test::case_name);

class ParseFrom : public testing::TestWithParam<AddressCase> {};

TEST_P(ParseFrom, AcceptsWhatTwilioSendsFrom) {
  const auto got = parse_from(GetParam().text);
  EXPECT_EQ(got.has_value() ? std::optional(*got) : std::nullopt, GetParam().want);
  if (!got) {
    EXPECT_EQ(got.error().code, Errc::InvalidFrom);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, ParseFrom,
                         testing::ValuesIn(std::vector<AddressCase>{
                             {"Sms", "+15005550006", Address{Channel::Sms, E164, "+15005550006"}},
                             {"ShortCode", "22395", Address{Channel::Sms, ShortCode, "22395"}},
                             {"Alphanumeric", "ACME 24",
                              Address{Channel::Sms, Alphanumeric, "ACME 24"}},
                             {"WhatsApp", "whatsapp:+14155238886",
                              Address{Channel::WhatsApp, E164, "whatsapp:+14155238886"}},
                             {"AlphanumericTooLong", "ACME COMPANY", std::nullopt},
                             {"SevenDigits", "1234567", std::nullopt},
                             {"Punctuation", "ACME!", std::nullopt},
                             {"Empty", "", std::nullopt},
                             {"WhatsAppWords", "whatsapp:acme", std::nullopt},
                         }),
                         test::case_name);

struct CanonicalCase {
  std::string_view name;
  std::string_view text;
  std::string_view want;
};

class CanonicalUser : public testing::TestWithParam<CanonicalCase> {};

TEST_P(CanonicalUser, IsOneKeyForEverySpelling) {
  const auto address = parse_to(GetParam().text);
  ASSERT_TRUE(address.has_value());
  EXPECT_EQ(canonical_user(*address), GetParam().want);
  EXPECT_EQ(address->text, GetParam().text) << "what is sent is never rewritten";
}

INSTANTIATE_TEST_SUITE_P(Table, CanonicalUser,
                         testing::ValuesIn(std::vector<CanonicalCase>{
                             {"MexicoWithOne", "whatsapp:+5215512345678", "+525512345678"},
                             {"MexicoWithoutOne", "whatsapp:+525512345678", "+525512345678"},
                             {"MexicoAreaCodeOne", "whatsapp:+521551234567", "+521551234567"},
                             {"ArgentinaWithNine", "whatsapp:+5491123456789", "+541123456789"},
                             {"ArgentinaWithoutNine", "whatsapp:+541123456789", "+541123456789"},
                             {"BrazilMobileOld", "whatsapp:+551187654321", "+5511987654321"},
                             {"BrazilMobileNew", "whatsapp:+5511987654321", "+5511987654321"},
                             {"BrazilLandline", "whatsapp:+551132654321", "+551132654321"},
                             {"BrazilNine", "whatsapp:+551197654321", "+5511997654321"},
                             {"BrazilFive", "whatsapp:+551157654321", "+551157654321"},
                             {"BrazilLandlineTwo", "whatsapp:+551122654321", "+551122654321"},
                             {"BrazilThirteenNotNine", "whatsapp:+5511387654321", "+5511387654321"},
                             {"BrazilTooShort", "whatsapp:+55118765432", "+55118765432"},
                             {"MexicoTooLong", "whatsapp:+52155123456789", "+52155123456789"},
                             {"ArgentinaOtherArea", "whatsapp:+5493516543210", "+543516543210"},
                             {"ArgentinaTooShort", "whatsapp:+549112345678", "+549112345678"},
                             {"OnSmsToo", "+5215512345678", "+525512345678"},
                             {"UserIdOfAGroup", "whatsapp:US.ENT.1349", "US.ENT.1349"},
                             {"UserIdLikeANumber", "whatsapp:MX.5215512345678", "MX.5215512345678"},
                             {"BrazilSix", "whatsapp:+551167654321", "+5511967654321"},
                             {"ItalyKeepsItsZero", "whatsapp:+390612345678", "+390612345678"},
                             {"UnitedStates", "whatsapp:+15558675310", "+15558675310"},
                             {"UserId", "whatsapp:MX.1349", "MX.1349"},
                         }),
                         test::case_name);

struct SpellingsCase {
  std::string_view name;
  std::string_view text;
  std::vector<std::string> want;
};

class Spellings : public testing::TestWithParam<SpellingsCase> {};

TEST_P(Spellings, AreAllThatHaveOneKey) {
  const auto address = parse_to(GetParam().text);
  ASSERT_TRUE(address.has_value());
  std::vector<std::string> got;
  for (const Address& each : spellings(*address)) {
    EXPECT_EQ(canonical_user(each), canonical_user(*address));
    EXPECT_EQ(parse_to(each.text).value_or(Address()), each);
    got.push_back(each.text);
  }
  EXPECT_EQ(got, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Spellings,
    testing::ValuesIn(std::vector<SpellingsCase>{
        {"MexicoWithOne",
         "whatsapp:+5215512345678",
         {"whatsapp:+5215512345678", "whatsapp:+525512345678"}},
        {"MexicoWithoutOne",
         "whatsapp:+525512345678",
         {"whatsapp:+525512345678", "whatsapp:+5215512345678"}},
        {"MexicoAreaCodeOne",
         "whatsapp:+521551234567",
         {"whatsapp:+521551234567", "whatsapp:+5211551234567"}},
        {"ArgentinaWithNine",
         "whatsapp:+5491123456789",
         {"whatsapp:+5491123456789", "whatsapp:+541123456789"}},
        {"ArgentinaWithoutNine",
         "whatsapp:+541123456789",
         {"whatsapp:+541123456789", "whatsapp:+5491123456789"}},
        {"BrazilMobileOld",
         "whatsapp:+551187654321",
         {"whatsapp:+551187654321", "whatsapp:+5511987654321"}},
        {"BrazilMobileNew",
         "whatsapp:+5511987654321",
         {"whatsapp:+5511987654321", "whatsapp:+551187654321"}},
        {"BrazilLandline", "whatsapp:+551132654321", {"whatsapp:+551132654321"}},
        {"BrazilMobileWithoutOldForm", "whatsapp:+5511912345678", {"whatsapp:+5511912345678"}},
        {"OnSmsToo", "+525512345678", {"+525512345678", "+5215512345678"}},
        {"UnitedStates", "whatsapp:+15558675310", {"whatsapp:+15558675310"}},
        {"TwelveDigitsElsewhere", "whatsapp:+390612345678", {"whatsapp:+390612345678"}},
        {"UserId", "whatsapp:MX.1349", {"whatsapp:MX.1349"}},
    }),
    test::case_name);

}  // namespace
}  // namespace twindow
