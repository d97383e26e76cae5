// SPDX-License-Identifier: Apache-2.0
// The `match` of a rule, field by field.
#include "twindow/policy/send_matcher.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twindow/policy/send_view.h"

#include "tests/policy/send_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::policy {
namespace {

using namespace test;

struct Send {
  SendCall call = freeform("Your order 42 is ready");
  Facts facts = closed_window();
  WindowOptions options = {};
};

Send plain() { return {}; }
Send open() { return {.facts = open_window()}; }
Send unknown() { return {.facts = facts_with(not_known())}; }
Send unknown_taken_as_closed() {
  return {.facts = facts_with(not_known()), .options = {.unknown = UnknownWindow::Closed}};
}
Send lookup_failed_closed() {
  return {.facts = facts_with(not_known()), .options = {.lookup_failed = LookupFailed::Closed}};
}
Send sms() {
  return {.call = call_with({{"To", "+15558675310"}, {"From", "22395"}, {"Body", "x"}})};
}
Send by_service() {
  return {.call = call_with({{"To", kUser},
                             {"From", "MG000000000000000000000000000000a1"},
                             {"Body", ""},
                             {"Body", "second"},
                             {"Body", "third"}})};
}
Send with_media() {
  return {.call = call_with({{"To", kUser},
                             {"From", kShop},
                             {"MediaUrl", "https://a/1.png"},
                             {"MediaUrl", "https://b/2.pdf"}})};
}
Send opted_out() {
  Send send;
  send.facts.opted_out = true;
  return send;
}
Send to_an_id() {
  Send send{.call = call_with({{"To", "whatsapp:MX.1349"}, {"From", kShop}, {"Body", "Hi"}})};
  send.call.request.to = *parse_to("whatsapp:MX.1349");
  return send;
}
Send of_unknown_template() { return {.call = with_content({})}; }
Send of_template(TemplateStatus status) {
  static ContentTemplate content;
  content = a_template("Hi");
  content.status = status;
  Send send{.call = with_content({})};
  send.facts.content = &content;
  return send;
}
Send approved() { return of_template(TemplateStatus::Approved); }
Send paused() { return of_template(TemplateStatus::Paused); }
Send absent() {
  Send send{.call = with_content({})};
  send.facts.content_absent = true;
  return send;
}
Send malformed() { return {.call = with_content({}, "HX12")}; }

struct Row {
  const char* name;
  Send (*send)();
  Condition condition;
  bool holds;
};

class SendCondition : public testing::TestWithParam<Row> {};

TEST_P(SendCondition, HoldsOrNot) {
  const Row& row = GetParam();
  const auto matcher = SendMatcher::make({row.condition});
  ASSERT_TRUE(matcher) << matcher.error().detail;
  const Send send = row.send();
  EXPECT_EQ(matcher->matches(view_of(send.options, send.call, send.facts)), row.holds);
}

constexpr auto kEq = MatchOp::Equals;

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, SendCondition, testing::ValuesIn(std::vector<Row>{
    {"ToAsWritten", plain, {"To", kEq, {kUser}}, true},
    {"ToInTheOtherSpelling", plain, {"To", kEq, {"whatsapp:+525512345678"}}, true},
    {"ToOnAnotherChannel", plain, {"To", kEq, {"+5215512345678"}}, false},
    {"ToAnyOf", plain, {"To", MatchOp::AnyOf, {"x", "whatsapp:+525512345678"}}, true},
    {"From", plain, {"From", kEq, {kShop}}, true},
    {"FromOther", plain, {"From", kEq, {"whatsapp:+14155550101"}}, false},
    {"FromOfAService", by_service, {"From", kEq, {"MG000000000000000000000000000000a1"}}, true},
    {"ServiceInFrom", by_service, {"MessagingServiceSid", kEq, {"MG000000000000000000000000000000a1"}}, true},
    {"ServiceAbsent", plain, {"MessagingServiceSid", MatchOp::Absent, {"true"}}, true},
    {"Body", plain, {"Body", kEq, {"Your order 42 is ready"}}, true},
    {"BodyContains", plain, {"Body", MatchOp::Contains, {"order 42"}}, true},
    {"BodyMatches", plain, {"Body", MatchOp::Matches, {"order \\d+"}}, true},
    {"BodyMatchesNot", plain, {"Body", MatchOp::Matches, {"^order"}}, false},
    {"FirstBodyThatIsNotEmpty", by_service, {"Body", kEq, {"second"}}, true},
    {"NoOtherBody", by_service, {"Body", kEq, {"third"}}, false},
    {"AnyMediaUrl", with_media, {"MediaUrl", MatchOp::Contains, {".pdf"}}, true},
    {"NoMediaUrl", plain, {"MediaUrl", MatchOp::Absent, {"true"}}, true},
    {"MediaUrlThere", with_media, {"MediaUrl", MatchOp::Absent, {"true"}}, false},
    {"AnyParameterOfTwilio", plain, {"StatusCallback", MatchOp::Absent, {"true"}}, true},
    {"NamesMindCase", plain, {"body", MatchOp::Absent, {"true"}}, true},
    {"KindFreeform", plain, {"kind", kEq, {"freeform"}}, true},
    {"KindOther", sms, {"kind", kEq, {"other"}}, true},
    {"KindOfApproved", approved, {"kind", kEq, {"template"}}, true},
    {"KindOfPaused", paused, {"kind", kEq, {"freeform"}}, true},
    {"KindOfUnknownContent", of_unknown_template, {"kind", kEq, {"template"}}, true},
    {"KindOfAbsentContent", absent, {"kind", kEq, {"freeform"}}, true},
    {"KindOfMalformedContent", malformed, {"kind", kEq, {"freeform"}}, true},
    {"WindowClosed", plain, {"window", kEq, {"closed"}}, true},
    {"WindowOpen", open, {"window", kEq, {"open"}}, true},
    {"WindowNone", sms, {"window", kEq, {"none"}}, true},
    {"WindowUnknown", unknown, {"window", kEq, {"unknown"}}, true},
    {"FailedLookupIsOpen", unknown, {"window", kEq, {"open"}}, true},
    {"FailedLookupIsNotClosed", unknown, {"window", kEq, {"closed"}}, false},
    {"FailedLookupClosed", lookup_failed_closed, {"window", kEq, {"closed"}}, true},
    {"UnknownTakenAsClosed", unknown_taken_as_closed, {"window", kEq, {"closed"}}, true},
    {"UnknownAllTheSame", unknown_taken_as_closed, {"window", kEq, {"unknown"}}, true},
    {"Channel", plain, {"channel", kEq, {"whatsapp"}}, true},
    {"ChannelSms", sms, {"channel", kEq, {"sms"}}, true},
    {"StatusApproved", approved, {"template_status", kEq, {"approved"}}, true},
    {"StatusAnyOf", paused, {"template_status", MatchOp::AnyOf, {"rejected", "paused"}}, true},
    {"StatusUnknown", of_unknown_template, {"template_status", kEq, {"unknown"}}, true},
    {"StatusOfNoContent", plain, {"template_status", MatchOp::Absent, {"true"}}, true},
    {"OptedOut", opted_out, {"opted_out", kEq, {"true"}}, true},
    {"NotOptedOut", plain, {"opted_out", kEq, {"false"}}, true},
    {"Country", opted_out, {"country", MatchOp::AnyOf, {"US", "MX"}}, true},
    {"CountryOfAnotherNumber", plain, {"country", MatchOp::AnyOf, {"US", "BR"}}, false},
    {"CountryOfAnId", to_an_id, {"country", MatchOp::Absent, {"true"}}, true},
    {"Account", plain, {"account", kEq, {"AC00000000000000000000000000000001"}}, true},
    {"AccountOther", plain, {"account", kEq, {"AC00000000000000000000000000000002"}}, false},
}), test::case_name);
// clang-format on

TEST(SendMatcher, EmptyMatchesEverything) {
  const Send send;
  EXPECT_TRUE(SendMatcher().matches(view_of(send.options, send.call, send.facts)));
}

TEST(SendMatcher, CapturesTheGroupsOfAllPatterns) {
  const auto matcher = SendMatcher::make(
      {{"Body", MatchOp::Matches, {"order (?P<id>\\d+)(?P<more> was)? is (\\w+)"}},
       {"From", MatchOp::Matches, {"(?P<area>\\+1415)"}}});
  ASSERT_TRUE(matcher) << matcher.error().detail;
  EXPECT_THAT(matcher->groups(), testing::UnorderedElementsAre("id", "more", "area"));
  const Send send;
  const auto view = view_of(send.options, send.call, send.facts);
  ASSERT_TRUE(matcher->matches(view));
  EXPECT_THAT(
      matcher->captures(view),
      testing::UnorderedElementsAre(Param{"id", "42"}, Param{"more", ""}, Param{"area", "+1415"}));
}

TEST(SendMatcher, RefusesBadPatternsAndGroupsOfOneName) {
  const auto bad = SendMatcher::make({{"Body", MatchOp::Matches, {"("}}});
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().detail, testing::HasSubstr("'Body'"));
  const auto twice = SendMatcher::make(
      {{"Body", MatchOp::Matches, {"(?P<a>x)"}}, {"To", MatchOp::Matches, {"(?P<a>y)"}}});
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error().detail, testing::HasSubstr("'a'"));
}

}  // namespace
}  // namespace twindow::policy
