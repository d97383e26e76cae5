// SPDX-License-Identifier: Apache-2.0
// The policy file: what it means, and what a person is told where it is wrong, word for word.
#include "src/app/policy_file.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "twindow/policy/decide.h"

#include "src/app/policy_schema.h"
#include "tests/app/config_files.h"
#include "tests/support/case_name.h"

namespace twindow::app {
namespace {

using namespace std::chrono_literals;
using policy::Policy;

constexpr PolicyDefaults kDefaults{.margin = 60s};

// The example of the contract, section 5, with real SIDs.
constexpr const char* kExample = R"({ "version": 1, // the only one
  "window": { "margin": "90s", "unknown": "closed", "lookup_failed": "closed", "warn_before": "2h",
              "reaction_opens": true },
  "templates": { "auto_match": false, "refresh": "1h" },
  "checks": { "missing_variables": "pass", "opted_out": "reject" },
  "rules": [
    { "name": "order texts", "match": { "From": "whatsapp:+14155550100", "kind": "freeform", "window": "closed",
        "Body": { "matches": "^Order (?P<id>\\S+): (?P<what>.*)$" } },
      "action": "reroute", "template": { "ContentSid": "HX000000000000000000000000000000a1",
                                         "ContentVariables": { "1": "${id}", "2": "${what}" } } },
    { "name": "support replies wait", "match": { "From": "whatsapp:+14155550101", "kind": "freeform", "window": "closed" },
      "action": "hold", "ttl": "12h",
      "nudge": { "ContentSid": "HX000000000000000000000000000000b2", "ContentVariables": {}, "every": "48h" } },
    { "name": "look", "match": { "opted_out": true, "country": { "anyOf": ["MX", "US"] } }, "action": "observe" },
    { "name": "say it with an approved template", "match": { "kind": "freeform", "window": "closed" }, "action": "reroute", "template": "auto" },
    { "name": "later", "match": { "MediaUrl": { "absent": true }, "Tags": { "contains": "x" } }, "action": "reject", "style": "async", "code": 30007 },
    { "name": "let go", "action": "pass" },
    { "name": "all else", "match": {}, "action": "reject" } ] })";

Policy parsed(const std::string& text) {
  auto policy = parse_policy(text, "p.json", kDefaults);
  if (policy) return *policy;
  for (const Mistake& mistake : policy.error()) ADD_FAILURE() << to_text(mistake);
  return {};
}

TEST(PolicyFile, MeansWhatTheContractsExampleSays) {
  const Policy policy = parsed(kExample);
  EXPECT_EQ(policy.window, (policy::WindowOptions{.margin = 90s,
                                                  .unknown = policy::UnknownWindow::Closed,
                                                  .lookup_failed = policy::LookupFailed::Closed,
                                                  .warn_before = 2h,
                                                  .reaction_opens = true}));
  EXPECT_EQ(policy.templates, (policy::TemplateOptions{.auto_match = false, .refresh = 1h}));
  EXPECT_EQ(policy.checks, (policy::Checks{.missing_variables = false}));
  ASSERT_EQ(policy.rules.size(), 7U);
  EXPECT_EQ(policy.rules[0].name, "order texts");
  const auto& reroute = std::get<policy::RerouteAction>(policy.rules[0].action);
  EXPECT_EQ(reroute.recipe,
            (policy::TemplateRecipe{ContentSid{"HX000000000000000000000000000000a1"},
                                    {{"1", "${id}"}, {"2", "${what}"}}}));
  const auto& hold = std::get<policy::HoldAction>(policy.rules[1].action);
  EXPECT_EQ(hold.ttl, 12h);
  ASSERT_TRUE(hold.nudge);
  EXPECT_EQ(hold.nudge->every, 48h);
  EXPECT_TRUE(std::holds_alternative<policy::ObserveAction>(policy.rules[2].action));
  EXPECT_EQ(std::get<policy::RerouteAction>(policy.rules[3].action).recipe, std::nullopt);
  const auto& reject = std::get<policy::RejectAction>(policy.rules[4].action);
  EXPECT_EQ(reject.style, RejectStyle::Async);
  EXPECT_EQ(reject.code, 30007);
  EXPECT_TRUE(std::holds_alternative<policy::PassAction>(policy.rules[5].action));
  EXPECT_EQ(std::get<policy::RejectAction>(policy.rules[6].action).code, 63016);
}

TEST(PolicyFile, WithoutRulesHasTheBuiltInOnes) {
  const Policy policy = parsed(R"({"version": 1})");
  ASSERT_EQ(policy.rules.size(), 2U);
  EXPECT_EQ(policy.rules[0].name, "say it with an approved template");
  EXPECT_EQ(policy.rules[1].name, "all else");
  EXPECT_EQ(policy.window, (policy::WindowOptions{.margin = 60s}));
  EXPECT_EQ(parsed(R"({"version": 1, "rules": []})").rules.size(), 0U);
  EXPECT_EQ(default_policy({.margin = 0s}).window.margin, 0s);
}

TEST(PolicyFile, IsInForceAsRead) {
  const Policy policy = parsed(
      R"({"version": 1, "rules": [ { "name": "a", "match": { "Body": { "contains": "lo", "matches": "^H" }, "account": "AC00000000000000000000000000000001" }, "action": "reject" } ] })");
  policy::SendCall call;
  call.request.account = AccountSid{"AC00000000000000000000000000000001"};
  call.request.to = *parse_to("whatsapp:+5215512345678");
  for (const auto& [body, rejected] : std::vector<std::pair<std::string, bool>>{
           {"Hello", true}, {"Hi", false}, {"hello", false}}) {
    call.params = {{"Body", body}};
    EXPECT_EQ(decide(policy, call, {}).verdict == Verdict(Reject{}), rejected) << body;
  }
}

TEST(PolicyFile, ThatCannotBeReadIsAMistake) {
  const auto policy = load_policy("/nowhere/p.json", kDefaults);
  ASSERT_FALSE(policy);
  EXPECT_EQ(to_text(policy.error().front()),
            "/nowhere/p.json: found a file that cannot be read (No such file or directory), "
            "expected the policy, a JSON file");
  const test::ConfigFiles files;
  EXPECT_TRUE(load_policy(files.write("p.json", kExample), kDefaults));
}

struct BadPolicy {
  const char* name;
  const char* text;
  const char* want;
};

class BadPolicies : public testing::TestWithParam<BadPolicy> {};

TEST_P(BadPolicies, AreToldWithPlaceKeyFoundAndExpected) {
  const auto policy = parse_policy(GetParam().text, "p.json", kDefaults);
  std::string lines = policy ? "(none)" : "";
  if (!policy) {
    for (const Mistake& mistake : policy.error()) {
      lines += (lines.empty() ? "" : "\n") + to_text(mistake);
    }
  }
  EXPECT_EQ(lines, GetParam().want);
}

// A rule on the second line of the file.
#define RULE(text) "{ \"version\": 1, \"rules\": [\n" text "\n] }"

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, BadPolicies, testing::ValuesIn(std::vector<BadPolicy>{
    {"NotJson", "version: 1", "p.json:1:1: this is not JSON: invalid literal"},
    {"NoObject", "[]", "p.json:1:1: found a list, expected a policy: an object with version, window, templates, checks and rules"},
    {"NoVersion", "{}", "p.json:1:1: version: found nothing, expected 1, the version of this format"},
    {"OtherVersion", "{ \"version\": 2 }", "p.json:1:14: version: found 2, expected 1, the version of this format"},
    {"KeyMisspelt", "{ \"version\": 1,\n  \"windw\": {} }", "p.json:2:3: windw: found an unknown key; did you mean \"window\"?"},
    {"KeyUnknown", "{ \"version\": 1, \"listen\": 1 }",
     "p.json:1:17: listen: found an unknown key, expected one of: $schema, version, window, templates, checks, rules"},
    {"KeyTwice", "{ \"version\": 1,\n\"version\": 1 }", "p.json:2:1: version: found this key a second time, expected it once"},
    {"MarginNumber", "{ \"version\": 1, \"window\": { \"margin\": 60 } }",
     "p.json:1:39: window.margin: found 60, expected a duration from 0s to 23h, such as \"60s\""},
    {"MarginTooLong", "{ \"version\": 1, \"window\": { \"margin\": \"2d\" } }",
     "p.json:1:39: window.margin: found \"2d\", expected a duration from 0s to 23h, such as \"60s\""},
    {"MarginNegative", "{ \"version\": 1, \"window\": { \"margin\": \"-1s\" } }",
     "p.json:1:39: window.margin: found \"-1s\", expected a duration from 0s to 23h, such as \"60s\""},
    {"UnknownMisspelt", "{ \"version\": 1, \"window\": { \"unknown\": \"lokup\" } }",
     "p.json:1:40: window.unknown: found \"lokup\", expected lookup, closed or open; did you mean \"lookup\"?"},
    {"LookupFailed", "{ \"version\": 1, \"window\": { \"lookup_failed\": \"lookup\" } }",
     "p.json:1:46: window.lookup_failed: found \"lookup\", expected open or closed"},
    {"WindowKey", "{ \"version\": 1, \"window\": { \"marign\": \"1s\" } }",
     "p.json:1:29: window.marign: found an unknown key; did you mean \"margin\"?"},
    {"RefreshZero", "{ \"version\": 1, \"templates\": { \"refresh\": \"0s\" } }",
     "p.json:1:43: templates.refresh: found \"0s\", expected a duration from 1s to 168h, such as \"10m\""},
    {"AutoMatchText", "{ \"version\": 1, \"templates\": { \"auto_match\": \"yes\" } }",
     "p.json:1:46: templates.auto_match: found \"yes\", expected true or false"},
    {"CheckMisspelt", "{ \"version\": 1, \"checks\": { \"opted-out\": \"pass\" } }",
     "p.json:1:29: checks.opted-out: found an unknown key; did you mean \"opted_out\"?"},
    {"CheckBoolean", "{ \"version\": 1, \"checks\": { \"opted_out\": false } }",
     "p.json:1:42: checks.opted_out: found false, expected reject or pass"},
    {"RulesNoList", "{ \"version\": 1, \"rules\": {} }", "p.json:1:26: rules: found an object, expected a list of rules"},
    {"RuleNoObject", RULE("1"), "p.json:2:1: rules[0]: found 1, expected a rule: an object with name, match and action"},
    {"RuleEmpty", RULE("{}"),
     "p.json:2:1: rules[0].name: found nothing, expected a name of 1 to 100 characters that no other rule has\n"
     "p.json:2:1: rules[0].action: found nothing, expected pass, reject, reroute, hold or observe"},
    {"RuleKey", RULE("{ \"name\": \"a\", \"acton\": \"pass\", \"action\": \"pass\" }"),
     "p.json:2:16: rules[0].acton: found an unknown key; did you mean \"action\"?"},
    {"NameTwice", RULE("{ \"name\": \"a\", \"action\": \"pass\" },\n{ \"name\": \"a\", \"action\": \"pass\" }"),
     "p.json:3:11: rules[1].name: found \"a\", expected a name of 1 to 100 characters that no other rule has"},
    {"NameEmpty", RULE("{ \"name\": \"\", \"action\": \"pass\" }"),
     "p.json:2:11: rules[0].name: found \"\", expected a name of 1 to 100 characters that no other rule has"},
    {"ActionMisspelt", RULE("{ \"name\": \"a\", \"action\": \"rejct\" }"),
     "p.json:2:26: rules[0].action: found \"rejct\", expected pass, reject, reroute, hold or observe; did you mean \"reject\"?"},
    {"StyleOfPass", RULE("{ \"name\": \"a\", \"action\": \"pass\", \"style\": \"sync\" }"),
     "p.json:2:43: rules[0].style: found it beside the action \"pass\", expected it with \"reject\" only"},
    {"Style", RULE("{ \"name\": \"a\", \"action\": \"reject\", \"style\": \"asyn\" }"),
     "p.json:2:45: rules[0].style: found \"asyn\", expected sync or async; did you mean \"async\"?"},
    {"Code", RULE("{ \"name\": \"a\", \"action\": \"reject\", \"code\": \"63016\" }"),
     "p.json:2:44: rules[0].code: found \"63016\", expected an error code of Twilio's, such as 63016"},
    {"RerouteToNothing", RULE("{ \"name\": \"a\", \"action\": \"reroute\" }"),
     "p.json:2:1: rules[0].template: found nothing, expected \"auto\", or an object with ContentSid and ContentVariables"},
    {"RerouteToAWord", RULE("{ \"name\": \"a\", \"action\": \"reroute\", \"template\": \"best\" }"),
     "p.json:2:49: rules[0].template: found \"best\", expected \"auto\", or an object with ContentSid and ContentVariables"},
    {"RerouteWithoutSid", RULE("{ \"name\": \"a\", \"action\": \"reroute\", \"template\": {} }"),
     "p.json:2:49: rules[0].template.ContentSid: found nothing, expected a ContentSid: \"HX\" and 32 hexadecimal digits"},
    {"SidShort", RULE("{ \"name\": \"a\", \"action\": \"reroute\", \"template\": { \"ContentSid\": \"HX12\" } }"),
     "p.json:2:65: rules[0].template.ContentSid: found \"HX12\", expected a ContentSid: \"HX\" and 32 hexadecimal digits"},
    {"GroupMisspelt", RULE("{ \"name\": \"a\", \"match\": { \"Body\": { \"matches\": \"(?P<what>.*)\" } }, \"action\": \"reroute\",\n"
     "\"template\": { \"ContentSid\": \"HX000000000000000000000000000000a1\", \"ContentVariables\": { \"1\": \"${waht}\" } } }"),
     "p.json:3:94: rules[0].template.ContentVariables.1: found \"${waht}\", expected a group of the patterns in match: what; did you mean \"what\"?"},
    {"GroupOfNoPattern", RULE("{ \"name\": \"a\", \"action\": \"reroute\",\n"
     "\"template\": { \"ContentSid\": \"HX000000000000000000000000000000a1\", \"ContentVariables\": { \"1\": \"${id}\" } } }"),
     "p.json:3:94: rules[0].template.ContentVariables.1: found \"${id}\", expected a pattern in match that names it, as \"(?P<id>.*)\""},
    {"ReferenceUnclosed", RULE("{ \"name\": \"a\", \"action\": \"reroute\",\n"
     "\"template\": { \"ContentSid\": \"HX000000000000000000000000000000a1\", \"ContentVariables\": { \"1\": \"${id\" } } }"),
     "p.json:3:94: rules[0].template.ContentVariables.1: found \"${id\", expected a name and \"}\" behind each \"${\""},
    {"ValueBlank", RULE("{ \"name\": \"a\", \"action\": \"reroute\",\n"
     "\"template\": { \"ContentSid\": \"HX000000000000000000000000000000a1\", \"ContentVariables\": { \"1\": \" \" } } }"),
     "p.json:3:94: rules[0].template.ContentVariables.1: found \" \", expected a text of 1 to 1600 characters that is not blank"},
    {"ValueList", RULE("{ \"name\": \"a\", \"action\": \"reroute\",\n"
     "\"template\": { \"ContentSid\": \"HX000000000000000000000000000000a1\", \"ContentVariables\": { \"1\": [] } } }"),
     "p.json:3:94: rules[0].template.ContentVariables.1: found a list, expected a text"},
    {"TtlZero", RULE("{ \"name\": \"a\", \"action\": \"hold\", \"ttl\": \"0s\" }"),
     "p.json:2:41: rules[0].ttl: found \"0s\", expected a duration from 1s to 720h, such as \"24h\""},
    {"NudgeWithoutSid", RULE("{ \"name\": \"a\", \"action\": \"hold\", \"nudge\": { \"every\": \"24h\" } }"),
     "p.json:2:43: rules[0].nudge.ContentSid: found nothing, expected a ContentSid: \"HX\" and 32 hexadecimal digits"},
    {"MatchText", RULE("{ \"name\": \"a\", \"match\": \"all\", \"action\": \"pass\" }"),
     "p.json:2:25: rules[0].match: found \"all\", expected an object of conditions, as {\"kind\": \"freeform\", \"window\": \"closed\"}"},
    {"FieldMisspelt", RULE("{ \"name\": \"a\", \"match\": { \"Boddy\": \"x\" }, \"action\": \"pass\" }"),
     "p.json:2:27: rules[0].match.Boddy: found an unknown key; did you mean \"Body\"?"},
    {"FieldOfTheWrongCase", RULE("{ \"name\": \"a\", \"match\": { \"body\": \"x\" }, \"action\": \"pass\" }"),
     "p.json:2:27: rules[0].match.body: found an unknown key; did you mean \"Body\"?"},
    {"KindMisspelt", RULE("{ \"name\": \"a\", \"match\": { \"kind\": \"freefrom\" }, \"action\": \"pass\" }"),
     "p.json:2:35: rules[0].match.kind: found \"freefrom\", expected freeform, template or other; did you mean \"freeform\"?"},
    {"WindowInAList", RULE("{ \"name\": \"a\", \"match\": { \"window\": { \"anyOf\": [\"open\",\n\"shut\"] } }, \"action\": \"pass\" }"),
     "p.json:3:1: rules[0].match.window.anyOf[1]: found \"shut\", expected open, closed, unknown or none"},
    {"Country", RULE("{ \"name\": \"a\", \"match\": { \"country\": \"Mexico\" }, \"action\": \"pass\" }"),
     "p.json:2:38: rules[0].match.country: found \"Mexico\", expected a country, two capital letters such as \"MX\""},
    {"From", RULE("{ \"name\": \"a\", \"match\": { \"From\": \"whatsapp:14155550100\" }, \"action\": \"pass\" }"),
     "p.json:2:35: rules[0].match.From: found \"whatsapp:14155550100\", expected an address, such as \"whatsapp:+14155550100\" or \"+14155550100\""},
    {"Operation", RULE("{ \"name\": \"a\", \"match\": { \"Body\": { \"matchs\": \"x\" } }, \"action\": \"pass\" }"),
     "p.json:2:37: rules[0].match.Body.matchs: found an unknown key; did you mean \"matches\"?"},
    {"NoOperation", RULE("{ \"name\": \"a\", \"match\": { \"Body\": {} }, \"action\": \"pass\" }"),
     "p.json:2:35: rules[0].match.Body: found an object, expected an object with equals, contains, matches, anyOf or absent"},
    {"AnyOfText", RULE("{ \"name\": \"a\", \"match\": { \"Body\": { \"anyOf\": \"x\" } }, \"action\": \"pass\" }"),
     "p.json:2:46: rules[0].match.Body.anyOf: found \"x\", expected a list of texts"},
    {"AbsentText", RULE("{ \"name\": \"a\", \"match\": { \"Body\": { \"absent\": \"x\" } }, \"action\": \"pass\" }"),
     "p.json:2:47: rules[0].match.Body.absent: found \"x\", expected true or false"},
    {"Null", RULE("{ \"name\": \"a\", \"match\": { \"Body\": null }, \"action\": \"pass\" }"),
     "p.json:2:35: rules[0].match.Body: found null, expected a text that is not empty"},
    {"Pattern", RULE("{ \"name\": \"a\", \"match\": { \"Body\": { \"matches\": \"(a\" } }, \"action\": \"pass\" }"),
     "p.json:2:48: rules[0].match.Body.matches: found \"(a\", expected a regular expression of RE2: the pattern for 'Body' is not valid: missing ): (a"},
    {"GroupTwice", RULE("{ \"name\": \"a\", \"match\": { \"Body\": { \"matches\": \"(?P<x>a)\" }, \"To\": { \"matches\": \"(?P<x>b)\" } }, \"action\": \"pass\" }"),
     "p.json:2:25: rules[0].match: found patterns that do not go together: the group 'x' is in two patterns"},
    {"BadPatternHidesItsGroups", RULE("{ \"name\": \"a\", \"match\": { \"Body\": { \"matches\": \"(?P<id>\" } }, \"action\": \"reroute\",\n"
     "\"template\": { \"ContentSid\": \"HX000000000000000000000000000000a1\", \"ContentVariables\": { \"1\": \"${id}\" } } }"),
     "p.json:2:48: rules[0].match.Body.matches: found \"(?P<id>\", expected a regular expression of RE2: the pattern for 'Body' is not valid: missing ): (?P<id>"},
    {"TwoMistakes", RULE("{ \"name\": \"a\", \"action\": \"stop\" },\n{ \"name\": \"b\", \"action\": \"go\" }"),
     "p.json:2:26: rules[0].action: found \"stop\", expected pass, reject, reroute, hold or observe\n"
     "p.json:3:26: rules[1].action: found \"go\", expected pass, reject, reroute, hold or observe"},
}), test::case_name);
// clang-format on

// Every key that the parser takes is in the schema, and no other.
TEST(PolicySchema, HasTheKeysOfTheFile) {
  const auto schema = nlohmann::json::parse(policy_schema());
  const auto& properties = schema["properties"];
  const auto keys_of = [](const nlohmann::json& object) {
    std::string keys;
    for (const auto& [key, value] : object["properties"].items()) keys += key + " ";
    return keys;
  };
  EXPECT_EQ(keys_of(schema), "$schema checks rules templates version window ");
  EXPECT_EQ(keys_of(properties["window"]),
            "lookup_failed margin reaction_opens unknown warn_before ");
  EXPECT_EQ(keys_of(properties["templates"]), "auto_match refresh ");
  EXPECT_EQ(properties["checks"]["properties"].size(), policy::kCheckNames.size());
  const auto& rule = properties["rules"]["items"];
  EXPECT_EQ(keys_of(rule), "action code match name nudge style template ttl ");
  EXPECT_EQ(rule["properties"]["match"]["properties"].size(),
            policy::computed_fields().size() + policy::create_parameters().size());
}

}  // namespace
}  // namespace twindow::app
