// SPDX-License-Identifier: Apache-2.0
// The scenario file: what it means, and what a person is told where it is wrong, word for word.
#include "src/app/scenario_file.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/app/scenario_document.h"
#include "src/app/scenario_preset.h"
#include "tests/app/config_files.h"
#include "tests/support/case_name.h"
#include "tests/support/golden.h"

namespace twindow::app {
namespace {

using namespace std::chrono_literals;
using namespace scenario;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using enum MessageStatus;

const Environment kEnvironment{{"APP_URL", "http://127.0.0.1:8080"}};

Expected<LoadedScenario, std::vector<Mistake>> parse(const std::string& text) {
  return parse_scenario(text, "s.json", {}, {kEnvironment});
}

LoadedScenario parsed(const std::string& text) {
  auto loaded = parse(text);
  if (loaded) return *loaded;
  for (const Mistake& mistake : loaded.error()) ADD_FAILURE() << to_text(mistake);
  return {};
}

template <class Step>
const Step& step(const Scenario& scenario, std::size_t at) {
  return std::get<Step>(scenario.steps.at(at).what);
}
template <class What>
const What& expectation(const Scenario& scenario, std::size_t at) {
  return std::get<What>(step<ExpectStep>(scenario, at).what);
}

// Around what a test is about.
std::string with(const std::string& rest) {
  return R"({ "version": 1, "name": "a test", "vars": { "shop": "whatsapp:+14155550100", "ana": "whatsapp:+5215512345678" },
  "targets": { "app": { "deliver_to": "http://127.0.0.1:3000", "sign_as": "https://app.example.com" } },
  )" + rest +
         " }";
}

// The example of the contract, section 8, with commas too many and a comment.
constexpr const char* kExample = R"({ "$schema": "twindow scenario 1", "version": 1, // the only one
  "name": "a reminder 25 h after the last reply is undelivered (63016) and must not be marked sent",
  "tags": ["63016",], "seed": 63016, "clock": { "mode": "auto", "start": "2026-01-05T09:00:00Z" },
  "vars": { "shop": "whatsapp:+14155550100", "ana": "whatsapp:+5215512345678" },
  "targets": { "app": { "deliver_to": "${env:APP_URL|http://127.0.0.1:3000}", "sign_as": "https://app.example.com" } },
  "given": { "account": { "sid": "auto", "auth_token": "${env:TWILIO_AUTH_TOKEN|0123456789abcdef0123456789abcdef}" },
    "senders": [ { "address": "${shop}", "inbound_url": "app:/twilio/inbound", "status_callback": "app:/twilio/status" } ],
    "templates": [ { "sid": "HX0000000000000000000000000000000a", "friendly_name": "reminder", "language": "es",
        "types": { "twilio/text": { "body": "Hola {{1}}, tu cita es {{2}}." } }, "approval": { "whatsapp": "approved", "category": "UTILITY" } } ],
    "windows": [ { "sender": "${shop}", "user": "${ana}", "last_inbound": "-25h" } ] },
  "on": [ { "id": "closed", "priority": 1, "match": { "To": "${ana}", "kind": "freeform", "window": "closed" },
      "callbacks": [ { "after": "2s", "MessageStatus": "undelivered", "ErrorCode": "63016", "ErrorMessage": "" } ] },
    { "id": "else", "priority": 9, "match": {}, "callbacks": [ { "preset": "delivered" } ] }, /* no more */ ],
  "steps": [
    { "inbound": { "From": "${ana}", "To": "${shop}", "Body": "hola" } },
    { "await": { "message": { "To": "${ana}", "kind": "freeform" }, "as": "reply", "within": "5s" } },
    { "advance": "25h" },
    { "http": { "target": "app", "method": "POST", "path": "/jobs/send-reminders" } },
    { "await": { "message": { "To": "${ana}" }, "as": "reminder", "within": "5s" } },
    { "expect": { "message": "${reminder.sid}", "status": "undelivered", "error_code": 63016, "within": "10s" } },
    { "expect": { "callbacks": { "of": "${reminder.sid}", "sequence": ["undelivered"], "answered": "2xx" } } },
    { "http": { "target": "app", "method": "GET", "path": "/reminders/${reminder.sid}", "expect": { "json": { "$.state": "undelivered" } } } } ] })";

TEST(ScenarioFile, MeansWhatTheContractsExampleSays) {
  const LoadedScenario loaded = parsed(kExample);
  const Scenario& s = loaded.scenario;
  EXPECT_EQ(s.file, "s.json");
  EXPECT_THAT(s.tags, ElementsAre("63016"));
  EXPECT_EQ(s.seed, 63016U);
  EXPECT_EQ(s.clock, scenario::ClockMode::Auto);
  EXPECT_EQ(s.start, Time(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) + 9h));
  EXPECT_EQ(s.account_sid, std::nullopt);
  EXPECT_EQ(s.auth_token, "0123456789abcdef0123456789abcdef");
  ASSERT_THAT(s.targets, SizeIs(1));
  EXPECT_EQ(s.targets[0].deliver_to, "http://127.0.0.1:8080") << "the variable, not the default";
  ASSERT_THAT(s.steps, SizeIs(8));
  EXPECT_EQ(s.steps[2].where, "s.json:17:5");
  EXPECT_EQ(s.steps[2].name, "advance");
  EXPECT_EQ(step<InboundStep>(s, 0).json,
            R"({"From":"whatsapp:+5215512345678","To":"whatsapp:+14155550100","Body":"hola"})");
  EXPECT_EQ(step<AwaitStep>(s, 1).message.json,
            R"({"To":"whatsapp:+5215512345678","kind":"freeform"})");
  EXPECT_EQ(step<AwaitStep>(s, 1).as, "reply");
  EXPECT_EQ(step<AdvanceStep>(s, 2).by, 25h);
  EXPECT_EQ(step<HttpStep>(s, 3).method, "POST");
  EXPECT_EQ(step<ExpectStep>(s, 5).within, 10s);
  const auto& message = expectation<ExpectMessage>(s, 5);
  EXPECT_EQ(message.sid, "${reminder.sid}");
  ASSERT_THAT(message.fields, SizeIs(2));
  EXPECT_EQ(message.fields[0].path + message.fields[0].json, "status\"undelivered\"");
  EXPECT_EQ(message.fields[1].path + message.fields[1].json, "error_code63016");
  const auto& callbacks = expectation<ExpectCallbacks>(s, 6);
  EXPECT_THAT(callbacks.sequence, ElementsAre("undelivered"));
  EXPECT_EQ(callbacks.answered, "2xx");
  EXPECT_EQ(step<HttpStep>(s, 7).path, "/reminders/${reminder.sid}");
  EXPECT_EQ(step<HttpStep>(s, 7).expect_json.at(0).path, "$.state");

  const gateway::WorldSetup& setup = loaded.setup;
  EXPECT_EQ(setup.seed, 63016U);
  EXPECT_EQ(setup.clock, gateway::ClockMode::Auto);
  EXPECT_EQ(setup.start, s.start);
  ASSERT_THAT(setup.senders, SizeIs(1));
  EXPECT_EQ(setup.senders[0].inbound_url, "https://app.example.com/twilio/inbound");
  EXPECT_EQ(setup.senders[0].status_callback, "https://app.example.com/twilio/status");
  ASSERT_THAT(setup.templates, SizeIs(1));
  EXPECT_EQ(setup.templates[0].content.body, "Hola {{1}}, tu cita es {{2}}.");
  EXPECT_EQ(setup.templates[0].content.status, TemplateStatus::Approved);
  ASSERT_THAT(setup.windows, SizeIs(1));
  EXPECT_EQ(setup.windows[0].since_now, -25h);
  ASSERT_THAT(setup.rules, SizeIs(2));
  EXPECT_EQ(setup.rules[0].id, "closed");
  const auto& ended = setup.rules[0].callbacks->at(0);
  EXPECT_EQ(ended.time, 2s);
  EXPECT_EQ(ended.news.status, Undelivered);
  EXPECT_EQ(ended.news.error_code, 63016);
  EXPECT_THAT(ended.news.params, ElementsAre(Param{"ErrorMessage", ""}));
  EXPECT_THAT(*setup.rules[1].callbacks, SizeIs(2));
  EXPECT_EQ(loaded.deliver_to.at("https://app.example.com"), "http://127.0.0.1:8080");
}

TEST(ScenarioFile, EveryStepHasItsValues) {
  const Scenario s = parsed(with(R"("steps": [
    { "send": { "From": "${shop}", "To": "${ana}", "MediaUrl": ["https://a.example/1", "https://a.example/2"],
        "StatusCallback": "app:/s", "as": "m", "expect": { "status": 400, "code": 21610 } } },
    { "trigger": { "event": "message.undelivered:63016", "sid": "${m.sid}" } },
    { "window": { "sender": "${shop}", "user": "${ana}", "last_inbound": "-1h" } },
    { "window": { "sender": "${shop}", "user": "${ana}", "state": "none" } },
    { "template": { "sid": "HX0000000000000000000000000000000a", "status": "paused" } },
    { "fault": [ { "respond": { "status": 503 } } ] },
    { "http": { "path": "/a", "method": "PUT", "headers": { "X-A": "b" }, "body": { "a": [1, true] }, "within": "2s",
        "expect": { "status": 201, "contains": "ok", "json": { "$.a[0]['b c']": { "contains": "x" } } } } },
    { "expect": { "message": { "Body": { "matches": "^H" } }, "count": 2 } },
    { "expect": { "window": { "sender": "${shop}", "user": "${m.to}", "state": "open" } } },
    { "expect": { "decision": { "of": "${m.sid}", "action": "reroute", "window": { "contains": "closed" } }, "within": "1s" } },
    { "expect": { "never": { "To": "${ana}" } } },
    { "expect": { "egress": "none" } } ])"))
                         .scenario;
  const auto& send = step<SendStep>(s, 0);
  EXPECT_EQ(
      send.json,
      R"({"From":"whatsapp:+14155550100","To":"whatsapp:+5215512345678","MediaUrl":["https://a.example/1","https://a.example/2"],"StatusCallback":"https://app.example.com/s"})");
  EXPECT_EQ(send.expect_status, 400);
  EXPECT_EQ(send.expect_code, 21610);
  EXPECT_EQ(step<TriggerStep>(s, 1).event, "message.undelivered:63016");
  EXPECT_EQ(step<WindowStep>(s, 2).last_inbound, -1h);
  EXPECT_TRUE(step<WindowStep>(s, 3).remove);
  EXPECT_EQ(step<TemplateStep>(s, 4).status, "paused");
  EXPECT_EQ(step<FaultStep>(s, 5).json, R"({"faults":[{"respond":{"status":503}}]})");
  const auto& http = step<HttpStep>(s, 6);
  EXPECT_EQ(http.target, "app");
  EXPECT_EQ(http.body, R"({"a":[1,true]})");
  EXPECT_EQ(http.headers.at("Content-Type"), "application/json");
  EXPECT_EQ(http.within, 2s);
  EXPECT_EQ(http.expect_status, 201);
  EXPECT_EQ(http.expect_json.at(0).json, R"({"contains":"x"})");
  EXPECT_EQ(expectation<ExpectMessage>(s, 7).count, 2U);
  EXPECT_EQ(expectation<ExpectWindow>(s, 8).user, "${m.to}");
  EXPECT_THAT(expectation<ExpectDecision>(s, 9).fields, SizeIs(2));
  EXPECT_EQ(expectation<ExpectNever>(s, 10).message.json, R"({"To":"whatsapp:+5215512345678"})");
  EXPECT_TRUE(std::holds_alternative<ExpectNoEgress>(step<ExpectStep>(s, 11).what));
}

TEST(ScenarioFile, RulesSayAllThatTheContractNames) {
  const auto rules = parsed(with(R"("on": [
    { "id": "a", "match": { "To": "${ana}", "nth": [1, 3] }, "per": "account", "state": "x", "next_state": "y", "times": 2,
      "respond": { "status": 429, "code": 63018, "message": "slow down", "retry_after": "3s", "delay": "250ms" } },
    { "match": { "nth": 2 }, "respond": { "preset": "opted_out" } },
    { "respond": { "reset": true, "delay": "1s" } },
    { "callbacks": [ { "at": "1s", "MessageStatus": "sent", "jitter": "200ms", "repeat": 2, "signature": "other_port", "Foo": 7 },
        { "after": "5s", "preset": "failed:63018", "drop": true } ], "order": "shuffle" } ])"))
                         .setup.rules;
  ASSERT_THAT(rules, SizeIs(4));
  EXPECT_THAT(rules[0].nth, ElementsAre(1U, 3U));
  EXPECT_EQ(rules[0].per, policy::ScriptRule::Per::Account);
  EXPECT_EQ(rules[0].state + rules[0].next_state, "xy");
  EXPECT_EQ(rules[0].times, 2U);
  EXPECT_EQ(rules[0].respond, (ScriptResponse{.status = 429,
                                              .code = 63018,
                                              .message = "slow down",
                                              .retry_after = 3s,
                                              .delay = 250ms}));
  EXPECT_EQ(rules[1].id, "rule 2");
  EXPECT_EQ(rules[1].respond, (ScriptResponse{.status = 400, .code = 21610}));
  EXPECT_EQ(rules[2].respond, (ScriptResponse{.delay = 1s, .reset = true}));
  const auto& callbacks = *rules[3].callbacks;
  ASSERT_THAT(callbacks, SizeIs(2));
  EXPECT_TRUE(rules[3].shuffle);
  EXPECT_TRUE(callbacks[0].since_create);
  EXPECT_EQ(callbacks[0].jitter, 200ms);
  EXPECT_EQ(callbacks[0].news.repeat, 2U);
  EXPECT_EQ(callbacks[0].news.signature, SignatureFault::OtherPort);
  EXPECT_THAT(callbacks[0].news.params, ElementsAre(Param{"Foo", "7"}));
  EXPECT_EQ(callbacks[1].time, 7s) << "the preset's two seconds, from where it stands";
  EXPECT_EQ(callbacks[1].news.error_code, 63018);
  EXPECT_TRUE(callbacks[1].news.drop);
}

// Every name that is offered is there, and ends as whatsapp-rules say.
TEST(ScenarioPresets, AreThereByTheirNames) {
  for (const std::string& name : callback_presets()) {
    if (name.ends_with("CODE")) continue;
    const auto preset = find_preset(name);
    ASSERT_TRUE(preset) << name;
    EXPECT_FALSE(preset->respond) << name;
  }
  for (const std::string& name : response_presets()) {
    EXPECT_TRUE(find_preset(name)->respond) << name;
  }
  EXPECT_THAT(callback_presets().size() + response_presets().size(), testing::Ge(24U));
  EXPECT_EQ(find_preset("undelivered:63016")->callbacks.at(0).news.status, Undelivered);
  EXPECT_EQ(find_preset("failed:30008")->callbacks.at(0).news.error_code, 30008);
  EXPECT_THAT(find_preset("silent")->callbacks, IsEmpty());
  EXPECT_THAT(find_preset("stuck:sent")->callbacks, SizeIs(1));
  EXPECT_EQ(find_preset("daily_cap")->respond, (ScriptResponse{.status = 429, .code = 63038}));
  for (const char* name :
       {"", "failed", "failed:", "failed:7", "failed:x", "stuck:read", "sent:1"}) {
    EXPECT_FALSE(find_preset(name)) << name;
  }
}

TEST(ScenarioFile, ATextMayHoldWhatLooksLikeAName) {
  const auto loaded = parsed(with(
      R"("steps": [ { "inbound": { "From": "${ana}", "To": "${shop}", "Body": "$${shop} costs $5" } } ])"));
  EXPECT_THAT(step<InboundStep>(loaded.scenario, 0).json, testing::HasSubstr("${shop} costs $5"));
}

// What is resolved means the same to a server that knows neither variables nor other files.
TEST(ScenarioFile, IsResolvedForTheServer) {
  const LoadedScenario loaded = parsed(kExample);
  const std::string& text = loaded.scenario.resolved;
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("${")));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("steps")));
  const auto again = parse_scenario(text, "resolved", {}, {Environment()});
  ASSERT_TRUE(again) << to_text(again.error().front());
  EXPECT_EQ(again->setup.senders, loaded.setup.senders);
  EXPECT_EQ(again->setup.rules.size(), loaded.setup.rules.size());
  EXPECT_EQ(again->deliver_to, loaded.deliver_to);
  EXPECT_EQ(again->scenario.resolved, text);

  const auto other = parse_scenario(kExample, "s.json", {}, {kEnvironment, 7});
  ASSERT_TRUE(other);
  EXPECT_EQ(other->setup.seed, 7U);
  EXPECT_EQ(parse_scenario(other->scenario.resolved, "r", {}, {Environment()})->scenario.seed, 7U);

  const std::string literal =
      with(R"("on": [ { "match": { "Body": "$${x}" }, "callbacks": [] } ])");
  const auto kept = parse_scenario(parsed(literal).scenario.resolved, "r", {}, {Environment()});
  ASSERT_TRUE(kept) << to_text(kept.error().front());
}

TEST(ScenarioFile, ExtendsOneOther) {
  const test::ConfigFiles files;
  files.write("base.json",
              with(R"("tags": ["a", "b"], "given": { "senders": [ { "address": "${shop}" } ],
    "windows": [] }, "steps": [ { "advance": "1h" } ])"));
  const std::string path = files.write("s.json", R"({ "extends": "base.json", "name": "another",
    "vars": { "shop": "whatsapp:+14155550111" }, "tags": ["c"], "given": { "windows": [
      { "sender": "${shop}", "user": "${ana}", "last_inbound": "-1h" } ] } })");
  const auto loaded = read_scenario(path, {kEnvironment});
  ASSERT_TRUE(loaded) << to_text(loaded.error().front());
  EXPECT_EQ(loaded->scenario.name, "another");
  EXPECT_THAT(loaded->scenario.tags, ElementsAre("c"));
  EXPECT_EQ(loaded->setup.senders.at(0).address.text, "whatsapp:+14155550111");
  EXPECT_THAT(loaded->setup.windows, SizeIs(1));
  ASSERT_THAT(loaded->scenario.steps, SizeIs(1)) << "those of the one beneath, where it has none";
  EXPECT_EQ(loaded->scenario.steps[0].where, (files.folder() / "base.json").string() + ":4:33");
  EXPECT_TRUE(load_scenario(path, {kEnvironment}));
}

TEST(ScenarioFile, AMistakeIsInTheFileItIsIn) {
  const test::ConfigFiles files;
  const auto told = [&](const std::string& path) {
    const auto loaded = read_scenario(path, {kEnvironment});
    return loaded ? "" : to_text(loaded.error().front());
  };
  const std::string base =
      files.write("base.json", "{ \"version\": 1,\n  \"clock\": { \"mode\": \"fast\" } }");
  const std::string path = files.write("s.json", R"({ "extends": "base.json", "name": "x" })");
  EXPECT_EQ(told(path), base + ":2:22: clock.mode: found \"fast\", expected real, manual or auto");
  files.write("base.json", R"({ "extends": "s.json" })");
  EXPECT_EQ(told(path), base +
                            ":1:14: extends: found \"s.json\", expected none: this file is "
                            "extended itself, by " +
                            path);
  files.write("base.json", "[");
  EXPECT_THAT(told(path), testing::StartsWith(base + ":1:2: this is not JSON: "));
  files.write("base.json", "[]");
  EXPECT_EQ(told(path), base + ":1:1: found a list, expected a scenario: an object");
  EXPECT_EQ(told(files.write("t.json", R"({ "extends": "nowhere.json" })")),
            (files.folder() / "t.json").string() +
                ":1:14: extends: found \"nowhere.json\", which cannot be read (No such file or "
                "directory), expected a scenario file");
  EXPECT_EQ(told("/nowhere/s.json"),
            "/nowhere/s.json: found a file that cannot be read (No such file or directory), "
            "expected a scenario, a JSON file");
}

TEST(ScenarioDocument, LeavesOutCommasTooManyAndNothingElse) {
  EXPECT_EQ(without_trailing_commas("[1,]"), "[1 ]");
  EXPECT_EQ(without_trailing_commas("{\"a\":1 , // x,]\n }"), "{\"a\":1   // x,]\n }");
  EXPECT_EQ(without_trailing_commas("[\"a,]\",/* ] */]"), "[\"a,]\" /* ] */]");
  EXPECT_EQ(without_trailing_commas("[\"\\\",\",]"), "[\"\\\",\" ]");
  for (const char* kept : {"[,]", "[1,,]", "{,}", "[1,2]", "\"a,}", "[1,", "// ,]", "/* ,]"}) {
    EXPECT_EQ(without_trailing_commas(kept), kept);
  }
}

// All the shipped ones, with the parser itself.
TEST(ScenarioFile, TheShippedOnesAreGood) {
  int read = 0;
  const auto folder = std::filesystem::path(TWINDOW_SOURCE_DIR) / "scenarios";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const auto loaded = read_scenario(entry.path(), {Environment()});
    ++read;
    if (loaded) continue;
    for (const Mistake& mistake : loaded.error()) ADD_FAILURE() << to_text(mistake);
  }
  EXPECT_GT(read, 0);
}

struct BadScenario {
  const char* name;
  std::string text;  // behind with(), or a whole file
  const char* want;  // of the first mistake
};

class BadScenarios : public testing::TestWithParam<BadScenario> {};

TEST_P(BadScenarios, AreToldWithTheirPlace) {
  const BadScenario& bad = GetParam();
  const auto loaded = parse(bad.text.front() == '{' ? bad.text : with(bad.text));
  ASSERT_FALSE(loaded);
  EXPECT_EQ(to_text(loaded.error().front()), bad.want);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, BadScenarios, testing::ValuesIn(std::vector<BadScenario>{
    {"NoName", R"({ "version": 1 })", "s.json:1:1: name: found nothing, expected a sentence that says what is shown"},
    {"OtherVersion", R"({ "version": 2, "name": "x" })", "s.json:1:14: version: found 2, expected 1, the version of this format"},
    {"UnknownKey", R"("stpes": [])", "s.json:3:3: stpes: found an unknown key; did you mean \"steps\"?"},
    {"UnknownVar", R"("steps": [{ "inbound": { "From": "${anna}", "To": "${shop}" } }])",
     "s.json:3:36: steps[0].inbound.From: found \"${anna}\", expected a name of \"vars\": shop or ana; did you mean \"ana\"?"},
    {"VariableNotSet", R"("tags": ["${env:NOWHERE}"])",
     "s.json:3:12: tags[0]: found \"${env:NOWHERE}\", a variable that is not set, expected one that is, or a default: \"${env:NOWHERE|…}\""},
    {"NotClosed", R"("tags": ["${shop"])",
     "s.json:3:12: tags[0]: found \"${\" without \"}\" behind it, expected a name and \"}\"; a text with \"${\" in it is written \"$${\""},
    {"ReferenceTooEarly", R"("steps": [{ "trigger": { "event": "message.read", "sid": "${m.sid}" } }, { "await": { "message": {}, "as": "m" } }])",
     "s.json:3:60: steps[0].trigger.sid: found \"${m.sid}\", expected a name that an earlier step gives (\"as\")"},
    {"ReferenceMisspelt", R"("steps": [{ "await": { "message": {}, "as": "reply" } }, { "trigger": { "event": "message.read", "sid": "${reply.sdi}" } }])",
     "s.json:3:107: steps[1].trigger.sid: found \"${reply.sdi}\", expected \"${reply.sid}\" or another field of a message: sid, status, error_code, error_message, body, from, to, direction, num_segments, num_media, price, price_unit, date_created, date_sent, date_updated, account_sid or messaging_service_sid; did you mean \"sid\"?"},
    {"ReferenceOutsideSteps", R"("given": { "windows": [{ "sender": "${m.from}", "user": "${ana}" }] })",
     "s.json:3:38: given.windows[0].sender: found \"${m.from}\", which is known only when steps are played, expected it in steps only"},
    {"UnknownTarget", R"("given": { "senders": [{ "address": "${shop}", "inbound_url": "ap:/in" }] })",
     "s.json:3:65: given.senders[0].inbound_url: found \"ap:/in\", expected an http or https URL, or a target and a path, as \"app:/twilio/inbound\"; did you mean \"app\"?"},
    {"SenderTwice", R"("given": { "senders": [{ "address": "${shop}" }, { "address": "${shop}" }] })",
     "s.json:3:65: given.senders[1].address: found \"whatsapp:+14155550100\", expected a sender that is not in the list already"},
    {"TemplateWithoutTypes", R"("given": { "templates": [{ "sid": "HX0000000000000000000000000000000a" }] })",
     "s.json:3:28: given.templates[0].types: found nothing, expected an object of types, as {\"twilio/text\": {\"body\": \"Hi {{1}}\"}}"},
    {"WindowLater", R"("given": { "windows": [{ "sender": "${shop}", "user": "${ana}", "last_inbound": "1h" }] })",
     "s.json:3:83: given.windows[0].last_inbound: found \"1h\", expected a time, as \"2026-01-05T09:00:00Z\", or a duration back from the start, as \"-25h\""},
    {"WindowOfAPhone", R"("given": { "windows": [{ "sender": "${shop}", "user": "+15555550123" }] })",
     "s.json:3:57: given.windows[0].user: found \"+15555550123\", expected an address of WhatsApp, such as \"whatsapp:+15555550123\""},
    {"RuleDoesNothing", R"("on": [{ "id": "a", "match": {} }])",
     "s.json:3:10: on[0].callbacks: found nothing, expected respond, callbacks or next_state"},
    {"RuleIdTwice", R"("on": [{ "id": "a", "callbacks": [] }, { "id": "a", "callbacks": [] }])",
     "s.json:3:50: on[1].id: found \"a\", expected an id of 1 to 100 characters that no other rule has"},
    {"RuleMatchMisspelt", R"("on": [{ "match": { "windw": "closed" }, "callbacks": [] }])",
     "s.json:3:23: on[0].match.windw: found an unknown key; did you mean \"window\"?"},
    {"NthFromZero", R"("on": [{ "match": { "nth": 0 }, "callbacks": [] }])",
     "s.json:3:30: on[0].match.nth: found 0, expected a whole number from 1, or a list"},
    {"CallbackWithoutStatus", R"("on": [{ "callbacks": [{ "after": "1s" }] }])",
     "s.json:3:26: on[0].callbacks[0].MessageStatus: found nothing, expected a status, or a preset"},
    {"StatusMisspelt", R"("on": [{ "callbacks": [{ "MessageStatus": "delivred" }] }])",
     "s.json:3:45: on[0].callbacks[0].MessageStatus: found \"delivred\", expected queued, sending, sent, delivered, read, failed, undelivered or canceled; did you mean \"delivered\"?"},
    {"CallbackKeyMisspelt", R"("on": [{ "callbacks": [{ "MesageStatus": "sent" }] }])",
     "s.json:3:28: on[0].callbacks[0].MesageStatus: found an unknown key; did you mean \"MessageStatus\"?"},
    {"AfterAndAt", R"("on": [{ "callbacks": [{ "MessageStatus": "sent", "after": "1s", "at": "1s" }] }])",
     "s.json:3:74: on[0].callbacks[0].at: found \"1s\", expected either after or at"},
    {"PresetOfAnAnswer", R"("on": [{ "respond": { "preset": "pair_rate" } }])",
     "s.json:3:35: on[0].respond.preset: found \"pair_rate\", expected a preset that answers the call: sandbox_rate, null_variable, opted_out, bad_sender, mixed_channels or daily_cap"},
    {"RespondNothing", R"("on": [{ "respond": {} }])",
     "s.json:3:23: on[0].respond: found an object, expected an object with status, delay, reset or preset"},
    {"ResetAndStatus", R"("on": [{ "respond": { "reset": true, "status": 429 } }])",
     "s.json:3:34: on[0].respond.reset: found true, expected either reset or an answer: status, code or preset"},
    {"SignatureMisspelt", R"("on": [{ "callbacks": [{ "preset": "read", "signature": "mising" }] }])",
     "s.json:3:59: on[0].callbacks[0].signature: found \"mising\", expected valid, wrong, missing, other_port or other_scheme; did you mean \"missing\"?"},
    {"UnknownStep", R"("steps": [{ "sleep": "1s" }])",
     "s.json:3:15: steps[0].sleep: found an unknown key, expected one of: inbound, send, await, advance, trigger, window, template, fault, http, expect"},
    {"TwoSteps", R"("steps": [{ "advance": "1s", "fault": [] }])",
     "s.json:3:13: steps[0]: found an object, expected an object with one of inbound, send, await, advance, trigger, window, template, fault, http or expect"},
    {"AdvanceBack", R"("steps": [{ "advance": "-1h" }])",
     "s.json:3:26: steps[0].advance: found \"-1h\", expected a duration of at most 8784h, such as \"2s\" or \"25h\""},
    {"AwaitUnknownField", R"("steps": [{ "await": { "message": { "Too": "x" } } }])",
     "s.json:3:39: steps[0].await.message.Too: found an unknown key; did you mean \"To\"?"},
    {"AwaitUnknownKind", R"("steps": [{ "await": { "message": { "kind": "freefrom" } } }])",
     "s.json:3:47: steps[0].await.message.kind: found \"freefrom\", expected freeform, template or other; did you mean \"freeform\"?"},
    {"BadPattern", R"("steps": [{ "await": { "message": { "Body": { "matches": "(" } } } }])",
     "s.json:3:47: steps[0].await.message.Body: found what cannot be matched: the pattern for 'Body' is not valid: missing ): ("},
    {"TriggerUnknown", R"("steps": [{ "trigger": { "event": "message.vanished", "sid": "SM1" } }])",
     "s.json:3:37: steps[0].trigger.event: found \"message.vanished\", expected a status of a message, as \"message.undelivered:63016\""},
    {"HttpTargetMisspelt", R"("steps": [{ "http": { "target": "apo", "path": "/" } }])",
     "s.json:3:35: steps[0].http.target: found \"apo\", expected app; did you mean \"app\"?"},
    {"HttpPath", R"("steps": [{ "http": { "path": "jobs" } }])",
     "s.json:3:33: steps[0].http.path: found \"jobs\", expected a path, as \"/jobs/send-reminders\""},
    {"JsonPath", R"("steps": [{ "http": { "path": "/", "expect": { "json": { "state": "x" } } } }])",
     "s.json:3:69: steps[0].http.expect.json.state: found the path \"state\", expected one as \"$.items[0].state\""},
    {"ExpectStatus", R"("steps": [{ "expect": { "message": "SM1", "status": "delivred" } }])",
     "s.json:3:55: steps[0].expect.status: found \"delivred\", expected accepted, scheduled, queued, sending, sent, delivered, read, undelivered, failed, canceled, receiving or received; did you mean \"delivered\"?"},
    {"ExpectFieldMisspelt", R"("steps": [{ "expect": { "message": "SM1", "eror_code": 1 } }])",
     "s.json:3:45: steps[0].expect.eror_code: found an unknown key; did you mean \"error_code\"?"},
    {"ExpectNothing", R"("steps": [{ "expect": {} }])",
     "s.json:3:25: steps[0].expect: found an object, expected an object with one of message, callbacks, window, decision, egress or never"},
    {"ExpectAnswered", R"("steps": [{ "expect": { "callbacks": { "of": "SM1", "answered": "ok" } } }])",
     "s.json:3:67: steps[0].expect.callbacks.answered: found \"ok\", expected \"2xx\", an HTTP status as \"500\", or \"none\""},
    {"SendKeyMisspelt", R"("steps": [{ "send": { "To": "${ana}", "Bdoy": "x" } }])",
     "s.json:3:41: steps[0].send.Bdoy: found an unknown key; did you mean \"Body\"?"},
    {"FaultKeyMisspelt", R"("steps": [{ "fault": { "nonsense": 1 } }])",
     "s.json:3:38: steps[0].fault.nonsense: is not known here; expected id, match, nth, times, probability, respond, callbacks"},
    {"FaultInAList", R"("steps": [{ "fault": [{ "respond": { "status": 99 } }] }])",
     "s.json:3:50: steps[0].fault[0].respond.status: expected a whole number from 400 to 599"},
    {"FaultAsItIsPut", R"("steps": [{ "fault": { "faults": 7 } }])",
     "s.json:3:36: steps[0].fault.faults: expected a list of rules"},
    {"BesideTheStep", R"("steps": [{ "send": { "To": "${ana}" }, "as": "x" }])",
     "s.json:3:49: steps[0].as: found it beside the step, expected it inside, and nothing else here"},
    {"FaultIsNoRule", R"("steps": [{ "fault": "lost" }])",
     "s.json:3:24: steps[0].fault: found \"lost\", expected a list of rules, as PUT /__admin/faults takes it; an empty list ends them"},
    {"ExtendsWithoutAFile", R"({ "extends": "base.json" })",
     "s.json:1:14: extends: found \"base.json\", expected no such key: only a file can extend another"},
    {"TokenIsNeverShown", R"("given": { "account": { "auth_token": 7 } })",
     "s.json:3:41: given.account.auth_token: found a number, expected a token: a text that is not empty"},
    {"NotJson", R"({ "version": })", "s.json:1:14: this is not JSON: unexpected '}'; expected '[', '{', or a literal"},
    {"CommaAlone", R"({ , })", "s.json:1:3: this is not JSON: unexpected ','; expected string literal"},
}), test::case_name);
// clang-format on

}  // namespace
}  // namespace twindow::app
