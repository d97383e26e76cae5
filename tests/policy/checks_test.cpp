// SPDX-License-Identifier: Apache-2.0
// What each check finds, with its code; and that it can be switched off.
#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "twindow/policy/decide.h"
#include "twindow/policy/template_catalog.h"

#include "tests/policy/send_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::policy {
namespace {

using namespace test;

// An approved template with two variables unless told otherwise, in an open window.
struct Case {
  const char* name;
  std::vector<Param> variables = {{"1", "Ana"}, {"2", "42"}};
  std::function<void(SendCall&, Facts&, ContentTemplate&)> change = {};
  int code = 0;  // 0: passes
  std::string check = {};
};

void nothing(SendCall&, Facts&, ContentTemplate&) {}

auto status(TemplateStatus status, bool open = false, const char* type = "twilio/text") {
  return [=](SendCall&, Facts& facts, ContentTemplate& content) {
    content.status = status;
    content.type = type;
    if (!open) facts.windows = {wrote(25h)};
  };
}

void as_sms(SendCall& call) {
  call.params[0].value = "+15558675310";
  call.params[1].value = "+15005550006";
  call.request.to = *parse_to("+15558675310");
  call.request.from = *parse_from("+15005550006");
}

void by_sms(SendCall& call, Facts&, ContentTemplate&) { as_sms(call); }
void sid(SendCall& call, const char* text) { call.params[2].value = text; }

class Check : public testing::TestWithParam<Case> {
 protected:
  Decision decided(const Checks& checks) const {
    ContentTemplate content = a_template("Hi {{1}}, order {{2}} is ready.");
    SendCall call = with_content(GetParam().variables);
    Facts facts = open_window();
    facts.content = &content;
    GetParam().change(call, facts, content);
    return decide({.checks = checks}, call, facts);
  }
};

TEST_P(Check, RefusesWithItsCodeUnlessItIsOff) {
  const Case& c = GetParam();
  const Decision decision = decided({});
  if (c.code == 0) {
    EXPECT_EQ(decision.verdict, Verdict(Pass{})) << decision.reason;
    EXPECT_EQ(decision.rule, "");
    return;
  }
  EXPECT_EQ(decision.verdict, Verdict(Reject{RejectStyle::Sync, c.code})) << decision.reason;
  EXPECT_EQ(decision.rule, "checks." + c.check);
  for (const CheckName& row : kCheckNames) {
    if (row.name != c.check) continue;
    Checks checks;
    checks.*row.on = false;
    const Decision without = decided(checks);
    EXPECT_NE(without.rule, decision.rule) << without.reason;
  }
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, Check, testing::ValuesIn(std::vector<Case>{
    {.name = "AllIsWell", .change = nothing},
    {.name = "ExtraKeysPass", .variables = {{"1", "a"}, {"2", "b"}, {"9", ""}}, .change = nothing},
    {.name = "OptedOut", .change = [](SendCall&, Facts& f, ContentTemplate&) { f.opted_out = true; },
     .code = 21610, .check = "opted_out"},
    {.name = "OptedOutOfSms", .change = [](SendCall& c, Facts& f, ContentTemplate&) { as_sms(c); f.opted_out = true; },
     .code = 21610, .check = "opted_out"},
    {.name = "SenderNotOurs", .change = [](SendCall&, Facts& f, ContentTemplate&) { f.sender_known = false; },
     .code = 63007, .check = "sender"},
    {.name = "SenderOurs", .change = [](SendCall&, Facts& f, ContentTemplate&) { f.sender_known = true; }},
    {.name = "SmsSenderIsTwiliosAffair", .change = [](SendCall& c, Facts& f, ContentTemplate&) { as_sms(c); f.sender_known = false; }},
    {.name = "SidMalformed", .change = [](SendCall& c, Facts&, ContentTemplate&) { sid(c, "HX12"); },
     .code = 21655, .check = "content_sid"},
    {.name = "SidOfAnotherKind", .change = [](SendCall& c, Facts&, ContentTemplate&) { sid(c, "SM000000000000000000000000000000a1"); },
     .code = 21655, .check = "content_sid"},
    {.name = "SidNotInTheAccount", .change = [](SendCall&, Facts& f, ContentTemplate&) { f.content = nullptr; f.content_absent = true; },
     .code = 21655, .check = "content_sid"},
    {.name = "SidNotInTheAccountBySms", .change = [](SendCall& c, Facts& f, ContentTemplate&) { as_sms(c); f.content = nullptr; f.content_absent = true; },
     .code = 21655, .check = "content_sid"},
    {.name = "SidNotKnownPasses", .change = [](SendCall&, Facts& f, ContentTemplate&) { f.content = nullptr; }},
    {.name = "VariablesNoObject", .change = [](SendCall& c, Facts&, ContentTemplate&) { c.variables = fail(Errc::ContentVariablesInvalid, "expected a JSON object"); },
     .code = 21656, .check = "content_variables"},
    {.name = "VariablesOfNothing", .change = [](SendCall& c, Facts&, ContentTemplate&) { sid(c, ""); },
     .code = 21654, .check = "content_variables"},
    {.name = "Unsubmitted", .change = status(TemplateStatus::Unsubmitted), .code = 63016, .check = "template_status"},
    {.name = "Received", .change = status(TemplateStatus::Received), .code = 63016, .check = "template_status"},
    {.name = "Pending", .change = status(TemplateStatus::Pending), .code = 63016, .check = "template_status"},
    {.name = "PendingOpen", .change = status(TemplateStatus::Pending, true)},
    {.name = "UnsubmittedListOpen", .change = status(TemplateStatus::Unsubmitted, true, "twilio/list-picker")},
    {.name = "UnsubmittedCarouselOpen", .change = status(TemplateStatus::Unsubmitted, true, "twilio/carousel"), .code = 63016, .check = "template_status"},
    {.name = "Approved", .change = status(TemplateStatus::Approved)},
    {.name = "Rejected", .change = status(TemplateStatus::Rejected), .code = 63040, .check = "template_status"},
    {.name = "RejectedOpen", .change = status(TemplateStatus::Rejected, true), .code = 63040, .check = "template_status"},
    {.name = "Paused", .change = status(TemplateStatus::Paused), .code = 63041, .check = "template_status"},
    {.name = "Disabled", .change = status(TemplateStatus::Disabled), .code = 63042, .check = "template_status"},
    {.name = "PausedIsNothingToSms", .change = [](SendCall& c, Facts&, ContentTemplate& tmpl) { as_sms(c); tmpl.status = TemplateStatus::Paused; }},
    {.name = "ValueEmpty", .variables = {{"1", ""}, {"2", "b"}}, .change = nothing, .code = 63013, .check = "variable_values"},
    {.name = "ValueWithNewline", .variables = {{"1", "a"}, {"2", "b\nc"}}, .change = nothing, .code = 63013, .check = "variable_values"},
    {.name = "ValueWithTab", .variables = {{"1", "a\tb"}, {"2", "b"}}, .change = nothing, .code = 63013, .check = "variable_values"},
    {.name = "ValueWithFourSpaces", .variables = {{"1", "a    b"}, {"2", "b"}}, .change = nothing},
    {.name = "ValueWithFiveSpaces", .variables = {{"1", "a     b"}, {"2", "b"}}, .change = nothing, .code = 63013, .check = "variable_values"},
    {.name = "ValueOfAnUnknownTemplate", .variables = {{"x", ""}},
     .change = [](SendCall&, Facts& f, ContentTemplate&) { f.content = nullptr; }, .code = 63013, .check = "variable_values"},
    {.name = "NewlineInASession", .variables = {{"1", "a\nb"}, {"2", "b"}}, .change = status(TemplateStatus::Unsubmitted, true)},
    {.name = "NewlineBySms", .variables = {{"1", "a\nb"}, {"2", "b"}}, .change = by_sms},
    {.name = "OneMissing", .variables = {{"1", "a"}}, .change = nothing, .code = 63028, .check = "missing_variables"},
    {.name = "AllMissing", .variables = {}, .change = nothing, .code = 63028, .check = "missing_variables"},
    {.name = "MissingInAButton", .change = [](SendCall&, Facts&, ContentTemplate& tmpl) { tmpl.other_texts = {"https://x/{{3}}"}; },
     .code = 63028, .check = "missing_variables"},
    {.name = "MissingBySms", .variables = {}, .change = by_sms},
    {.name = "BodyOf1024", .variables = {{"1", std::string(1002, 'a')}, {"2", "b"}}, .change = nothing},
    {.name = "BodyOf1025", .variables = {{"1", std::string(1003, 'a')}, {"2", "b"}}, .change = nothing,
     .code = 63021, .check = "body_length"},
    {.name = "SenderBeforeAllElse", .variables = {}, .change = [](SendCall&, Facts& f, ContentTemplate&) { f.sender_known = false; f.opted_out = true; },
     .code = 63007, .check = "sender"},
}), test::case_name);
// clang-format on

TEST(Checks, EachHasANameOfItsOwn) {
  for (const CheckName& a : kCheckNames) {
    EXPECT_EQ(std::ranges::count(kCheckNames, a.name, &CheckName::name), 1) << a.name;
  }
}

}  // namespace
}  // namespace twindow::policy
