// SPDX-License-Identifier: Apache-2.0
// Conditions on a message: what holds, what does not, and what is said then.
#include "twindow/policy/matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::policy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::TestWithParam;
using testing::ValuesIn;

Message undelivered() {
  Message message;
  message.sid = MessageSid{"SM0123456789abcdef0123456789abcdef"};
  message.account = AccountSid{"AC0123456789abcdef0123456789abcdef"};
  message.kind = MessageKind::Freeform;
  message.from = *parse_from("whatsapp:+14155550100");
  message.sender = *message.from;
  message.to = *parse_to("whatsapp:+5215512345678");
  message.body = "Your order 42 is ready";
  message.status = MessageStatus::Undelivered;
  message.error_code = 63016;
  message.window.state = WindowState::Closed;
  return message;
}

// As accepted for a service: no `From`, no error yet.
Message accepted() {
  Message message = undelivered();
  message.from.reset();
  message.error_code.reset();
  message.service = ServiceSid{"MG0123456789abcdef0123456789abcdef"};
  message.content = ContentSid{"HX0123456789abcdef0123456789abcdef"};
  message.kind = MessageKind::Template;
  message.status = MessageStatus::Accepted;
  message.direction = Direction::OutboundReply;
  message.window.state = WindowState::Unknown;
  return message;
}

struct Row {
  const char* name;
  Message (*message)();
  Condition condition;
  bool holds;
};

const std::vector<Row> kRows{
    {"ToAsWritten", undelivered, {"To", MatchOp::Equals, {"whatsapp:+5215512345678"}}, true},
    {"ToInTheOtherSpelling",
     undelivered,
     {"To", MatchOp::Equals, {"whatsapp:+525512345678"}},
     true},
    {"ToOnAnotherChannel", undelivered, {"To", MatchOp::Equals, {"+5215512345678"}}, false},
    {"ToOfSomebodyElse", undelivered, {"To", MatchOp::Equals, {"whatsapp:+525512345679"}}, false},
    {"ToThatIsNoAddress", undelivered, {"To", MatchOp::Equals, {"whatsapp:nobody"}}, false},
    {"ToAnyOfSpellings",
     undelivered,
     {"To", MatchOp::AnyOf, {"whatsapp:+15558675310", "whatsapp:+525512345678"}},
     true},
    {"ToContainsIsTextual", undelivered, {"To", MatchOp::Contains, {"+521"}}, true},
    {"ToContainsKnowsNoSpelling", undelivered, {"To", MatchOp::Contains, {"+52551"}}, false},
    {"ToMatches", undelivered, {"To", MatchOp::Matches, {"^whatsapp:\\+52"}}, true},
    {"FromAsWritten", undelivered, {"From", MatchOp::Equals, {"whatsapp:+14155550100"}}, true},
    {"FromOther", undelivered, {"From", MatchOp::Equals, {"whatsapp:+14155550101"}}, false},
    {"FromAbsent", accepted, {"From", MatchOp::Absent, {"true"}}, true},
    {"FromNotAbsent", accepted, {"From", MatchOp::Absent, {"false"}}, false},
    {"FromIsThere", undelivered, {"From", MatchOp::Absent, {"false"}}, true},
    {"WhatIsAbsentEqualsNothing", accepted, {"From", MatchOp::Equals, {""}}, false},
    {"BodyEquals", undelivered, {"Body", MatchOp::Equals, {"Your order 42 is ready"}}, true},
    {"BodyEqualsOnlyTheWhole", undelivered, {"Body", MatchOp::Equals, {"Your order"}}, false},
    {"BodyContains", undelivered, {"Body", MatchOp::Contains, {"order 42"}}, true},
    {"BodyContainsMindsCase", undelivered, {"Body", MatchOp::Contains, {"ORDER"}}, false},
    {"BodyMatches", undelivered, {"Body", MatchOp::Matches, {"order \\d+"}}, true},
    {"BodyMatchesAnchored", undelivered, {"Body", MatchOp::Matches, {"^order"}}, false},
    {"BodyAnyOf", undelivered, {"Body", MatchOp::AnyOf, {"a", "Your order 42 is ready"}}, true},
    {"BodyNoneOf", undelivered, {"Body", MatchOp::AnyOf, {"a", "b"}}, false},
    {"BodyIsNeverAbsent", undelivered, {"Body", MatchOp::Absent, {"true"}}, false},
    {"MessageSid",
     undelivered,
     {"MessageSid", MatchOp::Equals, {"SM0123456789abcdef0123456789abcdef"}},
     true},
    {"MessageSidOther",
     undelivered,
     {"MessageSid", MatchOp::Equals, {"SM1123456789abcdef0123456789abcdef"}},
     false},
    {"MessageStatus", undelivered, {"MessageStatus", MatchOp::Equals, {"undelivered"}}, true},
    {"MessageStatusOther", undelivered, {"MessageStatus", MatchOp::Equals, {"failed"}}, false},
    {"MessageStatusAnyOf",
     undelivered,
     {"MessageStatus", MatchOp::AnyOf, {"failed", "undelivered"}},
     true},
    {"ErrorCode", undelivered, {"ErrorCode", MatchOp::Equals, {"63016"}}, true},
    {"ErrorCodeOther", undelivered, {"ErrorCode", MatchOp::Equals, {"6301"}}, false},
    {"ErrorCodeAbsent", accepted, {"ErrorCode", MatchOp::Absent, {"true"}}, true},
    {"ErrorCodeMatchesNothing", accepted, {"ErrorCode", MatchOp::Matches, {".*"}}, false},
    {"Service",
     accepted,
     {"MessagingServiceSid", MatchOp::Equals, {"MG0123456789abcdef0123456789abcdef"}},
     true},
    {"ServiceAbsent", undelivered, {"MessagingServiceSid", MatchOp::Absent, {"true"}}, true},
    {"Content", accepted, {"ContentSid", MatchOp::Contains, {"HX01"}}, true},
    {"ContentAbsent", undelivered, {"ContentSid", MatchOp::Absent, {"true"}}, true},
    {"Direction", undelivered, {"Direction", MatchOp::Equals, {"outbound-api"}}, true},
    {"DirectionOther", accepted, {"Direction", MatchOp::Equals, {"outbound-api"}}, false},
    {"Account",
     undelivered,
     {"AccountSid", MatchOp::Equals, {"AC0123456789abcdef0123456789abcdef"}},
     true},
    {"AccountOther",
     undelivered,
     {"AccountSid", MatchOp::Equals, {"AC1123456789abcdef0123456789abcdef"}},
     false},
    {"Kind", undelivered, {"kind", MatchOp::Equals, {"freeform"}}, true},
    {"KindOther", accepted, {"kind", MatchOp::Equals, {"freeform"}}, false},
    {"Window", undelivered, {"window", MatchOp::Equals, {"closed"}}, true},
    {"WindowOther", accepted, {"window", MatchOp::AnyOf, {"closed", "open"}}, false},
    {"Channel", undelivered, {"channel", MatchOp::Equals, {"whatsapp"}}, true},
    {"ChannelOther", undelivered, {"channel", MatchOp::Equals, {"sms"}}, false},
};

class OneCondition : public TestWithParam<Row> {};

TEST_P(OneCondition, HoldsOrNot) {
  const Row& row = GetParam();
  const auto matcher = Matcher::make({row.condition});
  ASSERT_TRUE(matcher) << matcher.error().detail;
  EXPECT_EQ(matcher->matches(row.message()), row.holds);
}

INSTANTIATE_TEST_SUITE_P(Matcher, OneCondition, ValuesIn(kRows), test::case_name);

TEST(Matcher, EmptyMatchesEverything) {
  EXPECT_TRUE(Matcher().matches(undelivered()));
  EXPECT_TRUE(Matcher().matches(Message{}));
}

TEST(Matcher, EveryConditionMustHold) {
  const auto matcher = Matcher::make({{"Body", MatchOp::Contains, {"order"}},
                                      {"ErrorCode", MatchOp::Equals, {"63016"}},
                                      {"channel", MatchOp::Equals, {"sms"}}});
  ASSERT_TRUE(matcher);
  const auto differences = matcher->differences(undelivered());
  ASSERT_EQ(differences.size(), 1U);
  EXPECT_EQ(differences[0].field, "channel");
  EXPECT_EQ(differences[0].expected, "sms");
  EXPECT_EQ(differences[0].actual, "whatsapp");
}

TEST(Matcher, DifferencesNameTheOperationAndWhatIsAbsent) {
  const auto matcher = Matcher::make({{"From", MatchOp::Contains, {"+1415"}},
                                      {"MessageStatus", MatchOp::AnyOf, {"sent", "failed"}},
                                      {"Body", MatchOp::Matches, {"^$"}},
                                      {"ContentSid", MatchOp::Absent, {"true"}}});
  ASSERT_TRUE(matcher);
  std::vector<std::string> told;
  for (const auto& [field, expected, actual] : matcher->differences(accepted())) {
    told.push_back(field + " | " + expected + " | " + actual);
  }
  EXPECT_THAT(told, ElementsAre("From | contains +1415 | (absent)",
                                "MessageStatus | anyOf sent failed | accepted",
                                "Body | matches ^$ | Your order 42 is ready",
                                "ContentSid | absent true | HX0123456789abcdef0123456789abcdef"));
}

TEST(Matcher, CopiesOutliveTheOriginal) {
  Matcher copy;
  {
    const auto matcher = Matcher::make({{"Body", MatchOp::Matches, {"order"}}});
    ASSERT_TRUE(matcher);
    copy = *matcher;
  }
  EXPECT_TRUE(copy.matches(undelivered()));
  EXPECT_FALSE(copy.matches(Message{}));
}

TEST(Matcher, AnUnknownFieldIsNamedBesideTheKnownOnes) {
  const auto matcher = Matcher::make({{"Boddy", MatchOp::Equals, {"x"}}});
  ASSERT_FALSE(matcher);
  EXPECT_EQ(matcher.error().code, Errc::BadInput);
  EXPECT_THAT(matcher.error().detail, HasSubstr("'Boddy'"));
  for (const std::string_view field : match_fields()) {
    EXPECT_THAT(matcher.error().detail, HasSubstr(" " + std::string(field)));
  }
}

TEST(Matcher, FieldsAreCaseSensitive) {
  EXPECT_FALSE(Matcher::make({{"to", MatchOp::Equals, {"x"}}}));
  EXPECT_FALSE(Matcher::make({{"Kind", MatchOp::Equals, {"x"}}}));
}

TEST(Matcher, ABadPatternIsRefusedWithItsField) {
  for (const char* pattern : {"(", "[a", "a**", "(?=look)", "\\1"}) {
    const auto matcher = Matcher::make({{"Body", MatchOp::Matches, {pattern}}});
    ASSERT_FALSE(matcher) << pattern;
    EXPECT_EQ(matcher.error().code, Errc::BadInput);
    EXPECT_THAT(matcher.error().detail, HasSubstr("'Body'"));
  }
}

TEST(Matcher, EveryFieldCanBeAskedFor) {
  for (const std::string_view field : match_fields()) {
    const auto matcher = Matcher::make({{std::string(field), MatchOp::Absent, {"false"}}});
    EXPECT_TRUE(matcher) << field;
  }
  EXPECT_EQ(match_fields().size(), 13U);
}

TEST(MatchOp, NamesGoThereAndBack) {
  using enum MatchOp;
  for (const MatchOp op : {Equals, Contains, Matches, AnyOf, Absent}) {
    EXPECT_EQ(parse_match_op(to_text(op)), op);
  }
  EXPECT_EQ(parse_match_op("Equals"), std::nullopt);
  EXPECT_EQ(parse_match_op("regex"), std::nullopt);
  EXPECT_EQ(parse_match_op(""), std::nullopt);
}

}  // namespace
}  // namespace twindow::policy
