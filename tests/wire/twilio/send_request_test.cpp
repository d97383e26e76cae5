// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/send_request.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

const AccountSid kAccount{"AC0123456789abcdef0123456789abcdef"};
constexpr std::string_view kService = "MG0123456789abcdef0123456789abcdef";
constexpr std::string_view kContent = "HX0123456789abcdef0123456789abcdef";

std::string times(int n, std::string_view text) {
  std::string all;
  for (int i = 0; i < n; ++i) all += text;
  return all;
}

// What is found after the sender is an error here as well.
Result<SendRequest> parse(const std::vector<Param>& params) {
  auto request = parse_send_request(kAccount, Form(params));
  if (request && request->fault.there()) return Unexpected(*request->fault);
  return request;
}

TEST(SendRequest, HasEverythingThatWasAskedFor) {
  const auto got = parse({{"To", "whatsapp:+15558675310"},
                          {"From", "whatsapp:+14155238886"},
                          {"MessagingServiceSid", std::string(kService)},
                          {"Body", "Hi"},
                          {"MediaUrl", "https://a.example/1.png"},
                          {"MediaUrl", ""},
                          {"MediaUrl", "http://a.example/2.png"},
                          {"ContentSid", std::string(kContent)},
                          {"ContentVariables", R"({"1":"Ana"})"},
                          {"StatusCallback", "https://u:p@a.example:81/cb?x=1#rc=2"},
                          {"ValidityPeriod", "36000"},
                          {"Unknown", "x"}});
  ASSERT_TRUE(got.has_value()) << got.error().detail;
  EXPECT_EQ(got->account, kAccount);
  EXPECT_EQ(got->to.text, "whatsapp:+15558675310");
  ASSERT_TRUE(got->from.has_value());
  EXPECT_EQ(got->from->text, "whatsapp:+14155238886");
  EXPECT_EQ(got->service, ServiceSid{std::string(kService)});
  EXPECT_EQ(got->body, "Hi");
  EXPECT_EQ(got->media_urls,
            (std::vector<std::string>{"https://a.example/1.png", "http://a.example/2.png"}));
  EXPECT_EQ(got->content, ContentSid{std::string(kContent)});
  EXPECT_EQ(got->content_variables, R"({"1":"Ana"})");
  EXPECT_EQ(got->status_callback, "https://u:p@a.example:81/cb?x=1#rc=2");
}

TEST(SendRequest, MayHoldItsServiceInFrom) {
  const auto got = parse({{"To", "+15558675310"}, {"From", std::string(kService)}, {"Body", "Hi"}});
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->service, ServiceSid{std::string(kService)});
  EXPECT_FALSE(got->from.has_value());
}

TEST(SendRequest, PrefersTheNamedServiceToTheOneInFrom) {
  const std::string other = "MG" + std::string(32, 'f');
  const auto got = parse({{"To", "+15558675310"},
                          {"From", other},
                          {"MessagingServiceSid", std::string(kService)},
                          {"Body", "Hi"}});
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->service, ServiceSid{std::string(kService)});
}

TEST(SendRequest, ReadsTheFirstValueOfARepeatedName) {
  const auto got = parse({{"To", ""},
                          {"To", "+15558675310"},
                          {"To", "+15558675311"},
                          {"From", "+15005550006"},
                          {"Body", "Hi"}});
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->to.text, "+15558675310");
}

// A row changes a good call: every parameter of `changes` replaces those of its name, and an empty
// value takes it away.
struct Case {
  std::string_view name;
  std::vector<Param> changes;
  std::optional<Errc> want = {};
};

class SendRequestCheck : public testing::TestWithParam<Case> {};

TEST_P(SendRequestCheck, FindsTheFirstFault) {
  std::vector<Param> params{{"To", "+15558675310"}, {"From", "+15005550006"}, {"Body", "Hi"}};
  for (const Param& change : GetParam().changes) {
    std::erase_if(params, [&](const Param& each) { return each.name == change.name; });
  }
  for (const Param& change : GetParam().changes) params.push_back(change);
  const auto got = parse(params);
  EXPECT_EQ(got.has_value() ? std::nullopt : std::optional(got.error().code), GetParam().want)
      << (got.has_value() ? "" : got.error().detail);
}

const std::vector<Param> kTemplate{{"ContentSid", std::string(kContent)}};

std::vector<Param> with_variables(std::string text) {
  return {{"ContentSid", std::string(kContent)}, {"ContentVariables", std::move(text)}};
}

std::string many_variables(int n) {
  std::string text = "{";
  for (int i = 0; i < n; ++i) text += (i ? ",\"" : "\"") + std::to_string(i) + "\":\"x\"";
  return text + "}";
}

std::vector<Param> media(int n, const std::string& url = "https://a.example/1.png") {
  return std::vector<Param>(static_cast<std::size_t>(n), Param{"MediaUrl", url});
}

INSTANTIATE_TEST_SUITE_P(
    Presence, SendRequestCheck,
    testing::ValuesIn(std::vector<Case>{
        {"Good", {}, {}},
        {"NoTo", {{"To", ""}, {"From", ""}, {"Body", ""}}, Errc::ToMissing},
        {"NoFrom", {{"From", ""}, {"Body", ""}}, Errc::FromMissing},
        {"NoBody", {{"Body", ""}, {"To", "x"}}, Errc::ContentMissing},
        {"NoBodyService",
         {{"From", ""}, {"Body", ""}, {"MessagingServiceSid", std::string(kService)}},
         Errc::ContentMissingService},
        {"NoBodyServiceInFrom",
         {{"From", std::string(kService)}, {"Body", ""}},
         Errc::ContentMissingService},
        {"MediaIsContent", {{"Body", ""}, {"MediaUrl", "https://a.example/1.png"}}, {}},
        {"TemplateIsContent", {{"Body", ""}, {"ContentSid", std::string(kContent)}}, {}},
        {"NamesAreCaseSensitive",
         {{"Body", ""}, {"contentSid", std::string(kContent)}},
         Errc::ContentMissing},
        {"ServiceAlone", {{"From", ""}, {"MessagingServiceSid", std::string(kService)}}, {}},
    }),
    test::case_name);

INSTANTIATE_TEST_SUITE_P(
    Addresses, SendRequestCheck,
    testing::ValuesIn(std::vector<Case>{
        {"ToWords", {{"To", "Ana"}, {"From", "!"}}, Errc::InvalidTo},
        {"ToLostItsPlus", {{"To", "whatsapp: 15558675310"}}, Errc::InvalidTo},
        {"ToShortCode", {{"To", "22395"}, {"From", "!"}}, Errc::ToIsShortCode},
        {"FromWords", {{"From", "a name that is too long"}}, Errc::InvalidFrom},
        {"FromNoService", {{"From", "MG0123"}}, {}},  // an alphanumeric sender
        {"FromWhatsApp", {{"From", "whatsapp:+14155238886"}}, Errc::ChannelMismatch},
        {"ToWhatsApp", {{"To", "whatsapp:+15558675310"}}, Errc::ChannelMismatch},
        {"Same", {{"From", "+15558675310"}}, Errc::SameToAndFrom},
        {"SameOtherwiseSpelled", {{"To", "(500) 555-0006"}}, Errc::SameToAndFrom},
        {"SameOnChannel",
         {{"To", "whatsapp:+14155238886"}, {"From", "whatsapp:+14155238886"}},
         Errc::SameToAndFromChannel},
        {"SyntaxBeforeLength", {{"To", "x"}, {"Body", times(1601, "a")}}, Errc::InvalidTo},
    }),
    test::case_name);

INSTANTIATE_TEST_SUITE_P(
    Content, SendRequestCheck,
    testing::ValuesIn(std::vector<Case>{
        {"Body1600", {{"Body", times(1600, "a")}}, {}},
        {"Body1601", {{"Body", times(1601, "a")}}, Errc::BodyTooLong},
        {"Body1600Accents", {{"Body", times(1600, "é")}}, {}},
        {"Body801Emoji", {{"Body", times(801, "😀")}}, Errc::BodyTooLong},
        {"Body800Emoji", {{"Body", times(800, "😀")}}, {}},
        {"Media10", media(10), {}},
        {"Media11", media(11), Errc::TooManyMedia},
        {"CountBeforeUrl", media(11, "x"), Errc::TooManyMedia},
        {"MediaFtp", media(1, "ftp://a.example/1.png"), Errc::MediaUrlInvalid},
        {"MediaRelative", media(1, "/1.png"), Errc::MediaUrlInvalid},
        {"ContentSidShort", {{"ContentSid", "HX12"}}, Errc::ContentSidInvalid},
        {"ContentSidOfAnotherKind",
         {{"ContentSid", std::string(kService)}},
         Errc::ContentSidInvalid},
        {"VariablesAlone", {{"ContentVariables", "{}"}}, Errc::ContentSidRequired},
        {"ServiceSidShort", {{"MessagingServiceSid", "MG12"}}, Errc::ServiceSidInvalid},
        {"ServiceBeforeContent",
         {{"ContentSid", "HX12"}, {"MessagingServiceSid", "MG12"}},
         Errc::ServiceSidInvalid},
    }),
    test::case_name);

INSTANTIATE_TEST_SUITE_P(
    Variables, SendRequestCheck,
    testing::ValuesIn(std::vector<Case>{
        {"None", kTemplate, {}},
        {"Good", with_variables(R"({"1":"Ana","2":"42"})"), {}},
        {"Empty", with_variables("{}"), {}},
        {"Numbers", with_variables(R"({"1":7,"2":true})"), {}},
        {"EmptyValue", with_variables(R"({"1":""})"), {}},  // 63013 later, not 21656
        {"NoJson", with_variables("1=Ana"), Errc::ContentVariablesInvalid},
        {"List", with_variables(R"(["Ana"])"), Errc::ContentVariablesInvalid},
        {"Text", with_variables(R"("{\"1\":\"Ana\"}")"), Errc::ContentVariablesInvalid},
        {"Null", with_variables(R"({"1":null})"), Errc::ContentVariablesInvalid},
        {"Nested", with_variables(R"({"1":{"a":"b"}})"), Errc::ContentVariablesInvalid},
        {"NestedList", with_variables(R"({"1":["b"]})"), Errc::ContentVariablesInvalid},
        {"Key16", with_variables("{\"" + times(16, "k") + "\":\"x\"}"), {}},
        {"Key17", with_variables("{\"" + times(17, "k") + "\":\"x\"}"),
         Errc::ContentVariablesInvalid},
        {"Value1600", with_variables("{\"1\":\"" + times(1600, "v") + "\"}"), {}},
        {"Value1601", with_variables("{\"1\":\"" + times(1601, "v") + "\"}"),
         Errc::ContentVariablesInvalid},
        {"Keys100", with_variables(many_variables(100)), {}},
        {"Keys101", with_variables(many_variables(101)), Errc::ContentVariablesInvalid},
        {"VeryDeep", with_variables(times(100'000, "{\"a\":")), Errc::ContentVariablesInvalid},
    }),
    test::case_name);

INSTANTIATE_TEST_SUITE_P(
    Options, SendRequestCheck,
    testing::ValuesIn(std::vector<Case>{
        {"Callback", {{"StatusCallback", "http://127.0.0.1:3000/cb"}}, {}},
        {"CallbackRelative", {{"StatusCallback", "/cb"}}, Errc::StatusCallbackInvalid},
        {"CallbackUnderscore",
         {{"StatusCallback", "https://my_app.example.com/cb"}},
         Errc::StatusCallbackInvalid},
        {"CallbackUnderscoreInPath", {{"StatusCallback", "https://a.example/my_cb"}}, {}},
        {"Callback4000", {{"StatusCallback", "https://a.example/" + times(3982, "x")}}, {}},
        {"Callback4001",
         {{"StatusCallback", "https://a.example/" + times(3983, "x")}},
         Errc::StatusCallbackInvalid},
        {"CallbackEmpty", {{"StatusCallback", ""}}, {}},
        {"Validity1", {{"ValidityPeriod", "1"}}, {}},
        {"Validity0", {{"ValidityPeriod", "0"}}, Errc::ValidityPeriodInvalid},
        {"Validity36001", {{"ValidityPeriod", "36001"}}, Errc::ValidityPeriodInvalid},
        {"ValidityWords", {{"ValidityPeriod", "1h"}}, Errc::ValidityPeriodInvalid},
        {"ValidityNegative", {{"ValidityPeriod", "-1"}}, Errc::ValidityPeriodInvalid},
        {"ValidityHuge", {{"ValidityPeriod", "99999999999999999999"}}, Errc::ValidityPeriodInvalid},
    }),
    test::case_name);

const Param kByService{"MessagingServiceSid", std::string(kService)};
const Param kFixed{"ScheduleType", "fixed"};
const Param kSendAt{"SendAt", "2026-01-31T18:00:00Z"};

INSTANTIATE_TEST_SUITE_P(
    RareOptions, SendRequestCheck,
    testing::ValuesIn(std::vector<Case>{
        {"Price", {{"MaxPrice", "0.5"}}, {}},
        {"PriceWords", {{"MaxPrice", "much"}}, Errc::MaxPriceInvalid},
        {"PriceZero", {{"MaxPrice", "0"}}, Errc::MaxPriceInvalid},
        {"PriceTail", {{"MaxPrice", "1x"}}, Errc::MaxPriceInvalid},
        {"Application", {{"ApplicationSid", "AP" + std::string(32, 'a')}}, {}},
        {"ApplicationShort", {{"ApplicationSid", "AP1"}}, Errc::ApplicationSidInvalid},
        {"Retain", {{"ContentRetention", "retain"}, {"AddressRetention", "Retain"}}, {}},
        {"Discard", {{"ContentRetention", "discard"}, {"AddressRetention", "obfuscate"}}, {}},
        {"ContentRetention", {{"ContentRetention", "obfuscate"}}, Errc::ContentRetentionInvalid},
        {"AddressRetention", {{"AddressRetention", "discard"}}, Errc::AddressRetentionInvalid},
        {"FallbackWithFrom", {{"FallbackFrom", "+15005550001"}}, Errc::FallbackWithFrom},
        {"Fallback", {{"From", ""}, kByService, {"FallbackFrom", "+15005550001"}}, {}},
        {"FallbackWords", {{"From", ""}, kByService, {"FallbackFrom", "!"}}, Errc::InvalidFrom},
        {"SendAtAlone", {kSendAt}, {}},
        {"Scheduled", {{"From", ""}, kByService, kFixed, kSendAt}, {}},
        {"ScheduledWithFrom", {kByService, kFixed, kSendAt}, {}},
        {"ScheduleOtherType", {kByService, {"ScheduleType", "soon"}}, Errc::ScheduleTypeInvalid},
        {"ScheduleNoTime", {kByService, kFixed}, Errc::ScheduleTimeMissing},
        {"ScheduleNoService", {kFixed, kSendAt}, Errc::ScheduleWithoutService},
        {"ScheduleWords", {kByService, kFixed, {"SendAt", "noon"}}, Errc::ScheduleTimeInvalid},
        {"ScheduleMixed",
         {kByService,
          kFixed,
          kSendAt,
          {"ContentSid", std::string(kContent)},
          {"ContentVariables", "{}"}},
         Errc::ScheduleMixed},
        {"ContentBeforeSchedule", {kFixed, {"ContentSid", "HX12"}}, Errc::ContentSidInvalid},
    }),
    test::case_name);

TEST(SendRequest, KeepsWhatFewCallsSay) {
  const auto got = parse({{"To", "+15558675310"},
                          {"MessagingServiceSid", std::string(kService)},
                          {"Body", "Hi"},
                          {"ValidityPeriod", "60"},
                          {"ProvideFeedback", "True"},
                          {"SmartEncoded", "false"},
                          {"SendAsMms", "true"},
                          {"ShortenUrls", "yes"},
                          {"Attempt", "2"},
                          {"PersistentAction", "geo:1,2|a"},
                          {"PersistentAction", "geo:3,4|b"},
                          {"MessageIntent", "otp"},
                          {"ScheduleType", "fixed"},
                          {"SendAt", "2026-01-31T18:00:00Z"}});
  ASSERT_TRUE(got.has_value()) << got.error().detail;
  const SendOptions& options = *got->options;
  EXPECT_EQ(options.validity, std::chrono::seconds(60));
  EXPECT_TRUE(options.provide_feedback);
  EXPECT_EQ(options.smart_encoded, false);
  EXPECT_TRUE(options.send_as_mms);
  EXPECT_FALSE(options.shorten_urls);
  EXPECT_EQ(options.attempt, 2);
  EXPECT_EQ(options.persistent_action, (std::vector<std::string>{"geo:1,2|a", "geo:3,4|b"}));
  EXPECT_EQ(options.message_intent, "otp");
  EXPECT_TRUE(options.send_at.has_value());
}

TEST(SendRequest, OfTheCommonestFormAllocatesNothingRare) {
  const auto got = parse({{"To", "+15558675310"},
                          {"From", "+15005550006"},
                          {"Body", "Hi"},
                          {"StatusCallback", "https://a.example/cb"},
                          {"Validityperiod", "0"}});
  ASSERT_TRUE(got.has_value());
  EXPECT_FALSE(got->options.there());
  EXPECT_FALSE(got->fault.there());
}

// The sender is looked at first, and only its world knows it.
TEST(SendRequest, KeepsAFaultOfTheRestForLater) {
  const auto got = parse_send_request(
      kAccount,
      Form({{"To", "+15558675310"}, {"From", "+15005550006"}, {"Body", times(1601, "a")}}));
  ASSERT_TRUE(got.has_value());
  ASSERT_TRUE(got->fault.there());
  EXPECT_EQ(got->fault->code, Errc::BodyTooLong);
}

TEST(SendRequest, RepeatsTheFaultyValueInItsError) {
  EXPECT_EQ(parse({{"To", "Ana"}, {"From", "+15005550006"}, {"Body", "x"}}).error().detail, "Ana");
  EXPECT_EQ(parse({{"To", "+15558675310"},
                   {"From", "+15005550006"},
                   {"Body", "x"},
                   {"StatusCallback", "/cb"}})
                .error()
                .detail,
            "/cb");
}

}  // namespace
}  // namespace twindow::wire
