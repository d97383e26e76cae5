// SPDX-License-Identifier: Apache-2.0
// What becomes of a send, for whole policies.
#include "twindow/policy/decide.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twindow/policy/template_catalog.h"

#include "tests/policy/send_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::policy {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

const std::string kOther = "HX000000000000000000000000000000b2";
const std::string kPaused = "HX000000000000000000000000000000c3";
const std::string kPicture = "HX000000000000000000000000000000d4";

const TemplateCatalog& catalog() {
  static const TemplateCatalog made = [] {
    ContentTemplate paused = a_template("Paused {{1}}.", "paused", kPaused);
    paused.status = TemplateStatus::Paused;
    ContentTemplate picture = a_template("Look: {{1}}.", "picture", kPicture);
    picture.type = "twilio/media";
    picture.has_media = true;
    picture.other_texts = {"https://cdn/{{2}}"};
    return TemplateCatalog(
        {a_template("Hi {{1}}, order {{2}} is ready.", "ready"), paused, picture,
         a_template("Bye {{1}}!", "bye", kOther),
         a_template("Bye {{1}}!", "bye_too", "HX000000000000000000000000000000e5")});
  }();
  return made;
}

Rule rule(std::string name, std::vector<Condition> conditions, RuleAction action) {
  auto match = SendMatcher::make(std::move(conditions));
  EXPECT_TRUE(match);
  return {std::move(name), *std::move(match), std::move(action)};
}

const std::vector<Condition> kClosedFreeform{{"kind", MatchOp::Equals, {"freeform"}},
                                             {"window", MatchOp::Equals, {"closed"}}};

Policy of(std::vector<Rule> rules) { return {.rules = std::move(rules)}; }
Policy built_in() { return of(built_in_rules()); }

Facts closed() {
  Facts facts = closed_window();
  facts.templates = &catalog();
  return facts;
}
Facts opened() {
  Facts facts = open_window();
  facts.templates = &catalog();
  return facts;
}

// ---- the built-in rules -------------------------------------------------------------------------

struct BuiltInCase {
  const char* name;
  std::function<SendCall()> call;
  std::function<Facts()> facts;
  Verdict want;
  const char* rule;
  const char* reason;  // part of it
};

class BuiltIn : public testing::TestWithParam<BuiltInCase> {};

TEST_P(BuiltIn, Decides) {
  const BuiltInCase& c = GetParam();
  const Decision decision = decide(built_in(), c.call(), c.facts());
  EXPECT_EQ(decision.verdict, c.want) << decision.reason;
  EXPECT_EQ(decision.rule, c.rule);
  EXPECT_THAT(decision.reason, HasSubstr(c.reason));
  EXPECT_THAT(decision.reason, Not(HasSubstr("5512345678"))) << "no address in a reason";
}

auto body(const char* text) {
  return [=] { return freeform(text); };
}
auto window(WindowFact fact) {
  return [=] {
    Facts facts = facts_with(fact);
    facts.templates = &catalog();
    return facts;
  };
}
SendCall sms() {
  return call_with({{"To", "+15558675310"}, {"From", "+15005550006"}, {"Body", "Hello"}});
}
SendCall with_media() {
  return call_with(
      {{"To", kUser}, {"Body", "Hi A, order 1 is ready."}, {"MediaUrl", "https://a/b"}});
}
SendCall with_location() {
  return call_with(
      {{"To", kUser}, {"Body", "Hi A, order 1 is ready."}, {"PersistentAction", "geo:1,2|Here"}});
}
SendCall in(Duration from_now) {
  SendCall call = freeform();
  call.send_at = kNow + from_now;
  return call;
}
Facts stale() {
  Facts facts = closed();
  facts.templates_stale_since = kNow - 1h;
  return facts;
}
Facts without_templates() { return closed_window(); }
WindowFact by_hand() {
  WindowFact fact = wrote(1h);
  fact.window->closed = true;
  return fact;
}

const Verdict kPass = Pass{};
const Verdict kReject = Reject{};
Verdict ready(const char* who, const char* what) {
  return Reroute{{ContentSid{kContent}, {{"1", who}, {"2", what}}}};
}
const char* const kAllElse = "all else";
const char* const kAuto = "say it with an approved template";

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, BuiltIn, testing::ValuesIn(std::vector<BuiltInCase>{
    {"OpenPasses", body("Hello"), opened, kPass, "", "the window is open until 2026-01-07T09:00:00Z"},
    {"ClosedIsRefused", body("Hello"), closed, kReject, kAllElse,
     "the window closed at 2026-01-06T09:00:00Z: the user last wrote 25 h 0 min before"},
    {"AndSaysWhatToDo", body("Hello"), closed, kReject, kAllElse, "send an approved template (ContentSid), or wait until the user writes"},
    {"AndWhyNoTemplate", body("Hello"), closed, kReject, kAllElse, "could not be carried out: no approved template fits the body"},
    {"NeverWrote", body("Hello"), window(never_wrote()), kReject, kAllElse, "no message of the user is known"},
    {"LastMillisecond", body("x"), window(wrote(24h - 60s - 1ms)), kPass, "", "open until"},
    {"AtTheMargin", body("x"), window(wrote(24h - 60s)), kReject, kAllElse, "less than the margin of 1m away"},
    {"ClosedByHand", body("x"), window(by_hand()), kReject, kAllElse, "by hand or since WhatsApp refused"},
    {"UnknownPasses", body("Hello"), window(not_known()), kPass, "", "the window is not known and taken as open"},
    {"NoSenderKnownPasses", body("Hello"), [] { Facts f = closed(); f.windows = {}; return f; }, kPass, "", "not known"},
    {"OneOfThePoolClosed", body("Hello"), [] { Facts f = closed(); f.windows = {wrote(1h), wrote(30h)}; return f; }, kReject, kAllElse, "30 h 0 min"},
    {"Sms", sms, closed, kPass, "", "other, a send by sms has no window"},
    {"ScheduledBehindTheEnd", [] { return in(24h); }, opened, kReject, kAllElse, "at SendAt, 2026-01-07T10:00:00Z, the window closed"},
    {"ScheduledBeforeTheEnd", [] { return in(22h); }, opened, kPass, "", "open until"},
    {"ScheduledAtTheMargin", [] { return in(23h - 60s); }, opened, kReject, kAllElse, "margin"},
    {"ScheduledInThePastIsNow", [] { return in(-48h); }, closed, kReject, kAllElse, "closed at"},
    {"Rerouted", body("Hi Ana, order 42 is ready."), closed, ready("Ana", "42"), kAuto, "as the template \"ready\" (HX"},
    {"ReroutedWithLegalValues", body("Hi Ana\nMaria, order 4     2 is ready."), closed, ready("Ana Maria", "4 2"), kAuto, "ready"},
    {"OpenIsNotRerouted", body("Hi Ana, order 42 is ready."), opened, kPass, "", "no rule"},
    {"BlankValue", body("Hi  , order 42 is ready."), closed, kReject, kAllElse, "what is found for {{1}} is blank"},
    {"FilledTooLong", [] { return freeform("Hi " + std::string(1010, 'x') + ", order 42 is ready."); }, closed, kReject, kAllElse, "would have 1033 characters"},
    {"Tie", body("Bye Ana!"), closed, kReject, kAllElse, "\"bye\" (HX000000000000000000000000000000b2) and \"bye_too\" (HX000000000000000000000000000000e5) fit equally well"},
    {"PausedIsNoCandidate", body("Paused now."), closed, kReject, kAllElse, "no approved template fits"},
    {"PictureIsNoCandidate", body("Look: this."), closed, kReject, kAllElse, "no approved template fits"},
    {"MediaIsNotDropped", with_media, closed, kReject, kAllElse, "its media would be lost"},
    {"LocationIsNotDropped", with_location, closed, kReject, kAllElse, "its location would be lost"},
    {"TemplatesNotKnown", body("Hi Ana, order 42 is ready."), without_templates, kReject, kAllElse, "the templates of the account are not known"},
    {"StaleIsSaid", body("Hi Ana, order 42 is ready."), stale, ready("Ana", "42"), kAuto, "by the list of templates of 2026-01-06T09:00:00Z"},
    {"StaleIsSaidOfNothingToo", body("Hello"), stale, kReject, kAllElse, "the Content API cannot be reached"},
    {"TemplatePasses", [] { return with_content({{"1", "a"}, {"2", "b"}}); }, closed, kPass, "", "template, the window closed"},
    {"TemplateIncomplete", [] { return with_content({{"1", "a"}}); }, closed, Reject{{}, 63028}, "checks.missing_variables", "no value for {{2}}"},
    {"PausedTemplateHasItsCode", [] { return with_content({{"1", "a"}}, kPaused); }, closed, Reject{{}, 63041}, kAllElse, "the template \"paused\" is paused"},
    {"PausedTemplateOpen", [] { return with_content({{"1", "a"}}, kPaused); }, opened, Reject{{}, 63041}, "checks.template_status", "63041"},
    {"MalformedSidHasItsCode", [] { return with_content({}, "HXx"); }, closed, Reject{{}, 21655}, kAllElse, "21655"},
    {"OptedOutOpen", body("Hello"), [] { Facts f = opened(); f.opted_out = true; return f; }, Reject{{}, 21610}, "checks.opted_out", "opted out"},
    {"OptedOutIsNotRerouted", body("Hi Ana, order 42 is ready."), [] { Facts f = closed(); f.opted_out = true; return f; }, Reject{{}, 21610}, "checks.opted_out", "opted out"},
}), test::case_name);
// clang-format on

// ---- rules of a file ----------------------------------------------------------------------------

TEST(Decide, WithoutRulesEverythingPasses) {
  EXPECT_EQ(decide({}, freeform(), closed()).verdict, kPass);
}

TEST(Decide, TheFirstRuleThatMatchesWins) {
  const Policy policy = of({rule("sms", {{"channel", MatchOp::Equals, {"sms"}}}, RejectAction{}),
                            rule("let go", {{"Body", MatchOp::Contains, {"ell"}}}, PassAction{}),
                            rule("rest", {}, RejectAction{})});
  EXPECT_EQ(decide(policy, freeform("Hello"), closed()).rule, "let go");
  EXPECT_EQ(decide(policy, freeform("Bye"), closed()).rule, "rest");
  EXPECT_EQ(decide(policy, sms(), closed()).rule, "sms");
}

TEST(Decide, TellsKindWindowAndAge) {
  const Decision decision = decide(built_in(), freeform(), closed());
  EXPECT_EQ(decision.kind, MessageKind::Freeform);
  EXPECT_EQ(decision.judged_at, kNow);
  EXPECT_EQ(decision.window, (WindowAtSend{WindowState::Closed, kNow - 25h}));
  EXPECT_EQ(decision.window_age, 25h);
  EXPECT_EQ(decide(built_in(), freeform(), facts_with(never_wrote())).window_age, std::nullopt);
}

TEST(Decide, RejectsAsTheRuleSays) {
  const Policy policy = of({rule("no", {}, RejectAction{RejectStyle::Async, 30007})});
  const Decision decision = decide(policy, freeform(), opened());
  EXPECT_EQ(decision.verdict, Verdict(Reject{RejectStyle::Async, 30007}));
  EXPECT_THAT(decision.reason, Not(HasSubstr("wait until the user writes")));
}

Policy order_texts(const std::string& content, std::vector<Param> variables) {
  std::vector<Condition> conditions = kClosedFreeform;
  conditions.push_back({"Body", MatchOp::Matches, {"^Order (?P<id>\\S+): (?P<what>.*)$"}});
  return of({rule("order texts", conditions,
                  RerouteAction{TemplateRecipe{ContentSid{content}, std::move(variables)}}),
             rule("rest", {}, RejectAction{})});
}

struct RecipeCase {
  const char* name;
  std::string content;
  std::vector<Param> variables;
  std::function<SendCall()> call;
  Verdict want;
  const char* reason;
};

class Recipe : public testing::TestWithParam<RecipeCase> {};

TEST_P(Recipe, IsFilledFromThePatternOrPassedOver) {
  const RecipeCase& c = GetParam();
  const Decision decision = decide(order_texts(c.content, c.variables), c.call(), closed());
  EXPECT_EQ(decision.verdict, c.want) << decision.reason;
  EXPECT_THAT(decision.reason, HasSubstr(c.reason));
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, Recipe, testing::ValuesIn(std::vector<RecipeCase>{
    {"Filled", kContent, {{"1", "${what}"}, {"2", "no. ${id}"}}, body("Order 42: shoes"), ready("shoes", "no. 42"), "rule \"order texts\" sends it"},
    {"Fixed", kContent, {{"1", "you"}, {"2", "it"}}, body("Order 42: shoes"), ready("you", "it"), "ready"},
    {"OtherBody", kContent, {{"1", "${what}"}, {"2", "${id}"}}, body("Ordered 42"), kReject, "rule \"rest\""},
    {"ValueEmpty", kContent, {{"1", "${what}"}, {"2", "${id}"}}, body("Order 42: "), kReject, "what is found for {{1}} is empty"},
    {"VariableMissing", kContent, {{"1", "${what}"}}, body("Order 42: shoes"), kReject, "no value for {{2}}"},
    {"TemplatePaused", kPaused, {{"1", "${what}"}}, body("Order 42: shoes"), Reject{}, "\"paused\" is paused"},
    {"TemplateNotThere", "HX000000000000000000000000000000f9", {}, body("Order 42: shoes"), kReject, "the account has no template HX000000000000000000000000000000f9"},
    {"MediaLost", kContent, {{"1", "a"}, {"2", "b"}},
     [] { return call_with({{"To", kUser}, {"Body", "Order 1: x"}, {"MediaUrl", "https://a/b"}}); }, kReject, "its media would be lost"},
    {"MediaKept", kPicture, {{"1", "${what}"}, {"2", "${id}.png"}},
     [] { return call_with({{"To", kUser}, {"Body", "Order 1: x"}, {"MediaUrl", "https://a/b"}}); },
     Reroute{{ContentSid{kPicture}, {{"1", "x"}, {"2", "1.png"}}}}, "picture"},
}), test::case_name);
// clang-format on

TEST(Decide, ARecipeOfTemplatesNotKnownIsTrusted) {
  const Policy policy = order_texts(kContent, {{"1", "${what}"}, {"2", "${id}"}});
  EXPECT_EQ(decide(policy, freeform("Order 1: x"), closed_window()).verdict, ready("x", "1"));
}

TEST(Decide, ARecipeMayLackVariablesWhereThePolicySaysSo) {
  Policy policy = order_texts(kContent, {{"1", "${what}"}});
  policy.checks.missing_variables = false;
  EXPECT_EQ(decide(policy, freeform("Order 1: x"), closed()).rule, "order texts");
}

TEST(Decide, AutoMatchCanBeSwitchedOff) {
  Policy policy = built_in();
  policy.templates.auto_match = false;
  const Decision decision = decide(policy, freeform("Hi Ana, order 42 is ready."), closed());
  EXPECT_EQ(decision.verdict, kReject);
  EXPECT_THAT(decision.reason, HasSubstr("templates.auto_match is off"));
}

Policy holding(std::optional<Nudge> nudge = std::nullopt) {
  return of({rule("wait", kClosedFreeform, HoldAction{12h, std::move(nudge)}),
             rule("rest", kClosedFreeform, RejectAction{})});
}

TEST(Decide, HoldsAtMostAHundred) {
  Facts facts = closed();
  facts.held = 99;
  EXPECT_EQ(decide(holding(), freeform(), facts).verdict, Verdict(Hold{12h}));
  facts.held = 100;
  const Decision decision = decide(holding(), freeform(), facts);
  EXPECT_EQ(decision.verdict, kReject);
  EXPECT_EQ(decision.rule, "rest");
  EXPECT_THAT(decision.reason, HasSubstr("the pair has 100 messages held already"));
}

TEST(Decide, HoldsWhatsAppOnly) {
  const Policy policy = of({rule("wait", {}, HoldAction{})});
  EXPECT_EQ(decide(policy, sms(), closed()).verdict, kPass);
  EXPECT_THAT(decide(policy, sms(), closed()).reason, HasSubstr("only WhatsApp sends can be held"));
}

TEST(Decide, HoldsContentThatWaitsForItsApproval) {
  ContentTemplate pending = a_template("Hi");
  pending.status = TemplateStatus::Pending;
  Facts facts = closed();
  facts.content = &pending;
  EXPECT_EQ(decide(holding(), with_content({}), facts).verdict, Verdict(Hold{12h}));
  pending.status = TemplateStatus::Rejected;
  EXPECT_EQ(decide(holding(), with_content({}), facts).verdict, Verdict(Reject{{}, 63040}));
}

TEST(Decide, NudgesOnceInAWhile) {
  const Policy policy = holding(Nudge{{ContentSid{kOther}, {{"1", "now"}}}, 24h});
  const TemplateUse nudge{ContentSid{kOther}, {{"1", "now"}}};
  Facts facts = closed();
  EXPECT_EQ(decide(policy, freeform(), facts).verdict, Verdict(Hold{12h, nudge}));
  facts.last_nudge = kNow - 24h + 1ms;
  EXPECT_EQ(decide(policy, freeform(), facts).verdict, Verdict(Hold{12h}));
  EXPECT_THAT(decide(policy, freeform(), facts).reason, HasSubstr("no nudge"));
  facts.last_nudge = kNow - 24h;
  EXPECT_EQ(decide(policy, freeform(), facts).verdict, Verdict(Hold{12h, nudge}));
}

TEST(Decide, HoldsWithoutANudgeThatCannotGo) {
  const Policy policy = holding(Nudge{{ContentSid{kPaused}, {{"1", "now"}}}, 24h});
  const Decision decision = decide(policy, freeform(), closed());
  EXPECT_EQ(decision.verdict, Verdict(Hold{12h}));
  EXPECT_THAT(decision.reason, HasSubstr("no nudge: the template \"paused\" is paused"));
}

TEST(Decide, ObservesWhatTheRulesBehindAndTheChecksSay) {
  std::vector<Rule> rules = built_in_rules();
  rules.insert(rules.begin(), rule("look first", {}, ObserveAction{}));
  const Policy policy = of(std::move(rules));
  Facts out = opened();
  out.opted_out = true;
  EXPECT_EQ(decide(policy, freeform(), opened()).verdict, Verdict(Observe{Pass{}, ""}));
  EXPECT_EQ(decide(policy, freeform(), closed()).verdict, Verdict(Observe{Reject{}, kAllElse}));
  EXPECT_EQ(decide(policy, freeform(), out).verdict,
            Verdict(Observe{Reject{{}, 21610}, "checks.opted_out"}));
  const Decision decision = decide(policy, freeform("Hi A, order 1 is ready."), closed());
  EXPECT_EQ(decision.rule, "look first");
  EXPECT_EQ(decision.verdict,
            Verdict(Observe{Reroute{{ContentSid{kContent}, {{"1", "A"}, {"2", "1"}}}}, kAuto}));
  EXPECT_THAT(decision.reason, HasSubstr("rule \"look first\" observes only"));
}

TEST(Decide, RulesBeforeTheObservingOneStillDecide) {
  const Policy policy = of({rule("stop", {{"Body", MatchOp::Equals, {"x"}}}, RejectAction{}),
                            rule("look", {}, ObserveAction{}), rule("rest", {}, RejectAction{})});
  EXPECT_EQ(decide(policy, freeform("x"), closed()).rule, "stop");
  EXPECT_EQ(decide(policy, freeform("y"), closed()).rule, "look");
}

TEST(DependsOnWindow, IsAskedOfFreeformSendsOnly) {
  EXPECT_TRUE(depends_on_window(built_in(), freeform(), closed()));
  EXPECT_FALSE(depends_on_window(built_in(), with_content({{"1", "a"}, {"2", "b"}}), closed()));
  EXPECT_FALSE(depends_on_window(built_in(), sms(), closed()));
  EXPECT_FALSE(depends_on_window({}, freeform(), closed()));
  SendCall later = freeform();
  later.send_at = kNow + 48h;
  EXPECT_TRUE(depends_on_window(built_in(), later, closed()));
}

struct ReferenceCase {
  const char* name;
  const char* text;
  std::optional<std::vector<std::string>> names;
  const char* expanded;
};

class References : public testing::TestWithParam<ReferenceCase> {};

TEST_P(References, AreFoundAndExpanded) {
  EXPECT_EQ(references(GetParam().text), GetParam().names);
  if (GetParam().names) {
    EXPECT_EQ(expand(GetParam().text, {{"a", "1"}, {"b", "${a}"}}), GetParam().expanded);
  }
}

using Names = std::vector<std::string>;
// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, References, testing::ValuesIn(std::vector<ReferenceCase>{
    {"None", "just $5 {x}", Names{}, "just $5 {x}"},
    {"One", "${a}", Names{"a"}, "1"},
    {"Two", "x${a}y${a}z", Names{"a", "a"}, "x1y1z"},
    {"ValuesAreNotExpanded", "${b}", Names{"b"}, "${a}"},
    {"Unclosed", "${a", std::nullopt, ""},
    {"Nameless", "${}", std::nullopt, ""},
}), test::case_name);
// clang-format on

}  // namespace
}  // namespace twindow::policy
