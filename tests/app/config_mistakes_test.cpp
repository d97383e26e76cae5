// SPDX-License-Identifier: Apache-2.0
// What a person is told about a configuration that is wrong, word for word.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "src/app/config_load.h"
#include "tests/app/config_files.h"
#include "tests/support/case_name.h"

namespace twindow::app {
namespace {

using test::ConfigFiles;

// The mistakes, a line each; the folder of the test is cut out.
std::string mistakes_of(const ConfigSources& sources, const ConfigFiles& files) {
  const auto config = load_config(sources);
  if (config) return "(none)";
  std::string lines;
  for (const Mistake& mistake : config.error()) {
    std::string line = to_text(mistake);
    const std::string folder = files.folder().string() + "/";
    for (auto at = line.find(folder); at != std::string::npos; at = line.find(folder)) {
      line.erase(at, folder.size());
    }
    lines += (lines.empty() ? "" : "\n") + line;
  }
  return lines;
}

struct BadFile {
  const char* name;
  const char* text;
  const char* want;
};

class BadFiles : public testing::TestWithParam<BadFile> {};

TEST_P(BadFiles, AreToldWithPlaceKeyFoundAndExpected) {
  ConfigFiles files;
  files.write("empty", "\n");
  const std::string file = files.write("c.json", GetParam().text);
  EXPECT_EQ(mistakes_of({.file = file, .flags = {}, .environment = {}}, files), GetParam().want);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, BadFiles, testing::ValuesIn(std::vector<BadFile>{
    {"NotJson", "listen: 1",
     "c.json:1:1: this is not JSON: invalid literal"},
    {"Empty", "",
     "c.json:1:1: this is not JSON: unexpected end of input; expected '[', '{', or a literal"},
    {"Unclosed", "{\n  \"seed\": 1\n",
     "c.json:3:1: this is not JSON: unexpected end of input; expected '}'"},
    {"TrailingComma", "{\n  \"seed\": 1,\n}",
     "c.json:3:1: found \",\" before \"}\", expected no comma after the last value"},
    {"MissingColon", "{ \"seed\" 1 }",
     "c.json:1:10: this is not JSON: unexpected number literal; expected ':'"},
    {"MissingComma", "{ \"seed\": 1 \"log\": \"text\" }",
     "c.json:1:13: this is not JSON: unexpected string literal; expected '}'"},
    {"UnclosedText", "{ \"log\": \"te\nxt\" }",
     "c.json:1:10: this is not JSON: invalid string: control character U+000A (LF) must be escaped to \\u000A or \\n"},
    {"SyntaxErrorNeverShowsASecret", "{ \"accounts\": [ { \"auth_token\": \"s3cr3t\\q\" } ] }",
     "c.json:1:33: this is not JSON: invalid string: forbidden character after backslash"},
    {"NotAnObject", "[]",
     "c.json:1:1: found a list, expected an object with settings, as {\"listen\": \"127.0.0.1:4010\"}"},
    {"UnknownKey", "{\n  // a comment\n  \"lisen\": \"127.0.0.1:1\" }",
     "c.json:3:3: lisen: found an unknown key; did you mean \"listen\"?"},
    {"UnknownNestedKey", "{ \"callbacks\": { \"alow\": [] } }",
     "c.json:1:18: callbacks.alow: found an unknown key; did you mean \"allow\"?"},
    {"UnknownKeyLikeNothing", "{ \"limits\": { \"colour\": 1 } }",
     "c.json:1:15: limits.colour: found an unknown key, expected one of: idle_connections, "
     "concurrent_calls, sender_rates, daily_users, marketing_per_user"},
    {"DashForUnderscore", "{ \"max-messages\": 5 }",
     "c.json:1:3: max-messages: found an unknown key; did you mean \"max_messages\"?"},
    {"KeyTwice", "{ \"seed\": 1,\n  \"seed\": 2 }",
     "c.json:2:3: seed: found this key a second time, expected it once"},
    {"Mode", "{ \"mode\": \"simulated\" }",
     "c.json:1:11: mode: found \"simulated\", expected simulate or proxy"},
    {"ModeIsNoText", "{ \"mode\": 1 }",
     "c.json:1:11: mode: found 1, expected simulate or proxy"},
    {"ListenWithoutPort", "{ \"listen\": \"127.0.0.1\" }",
     "c.json:1:13: listen: found \"127.0.0.1\", expected an address and a port, such as \"127.0.0.1:4010\""},
    {"ListenPortTooLarge", "{ \"listen\": \"127.0.0.1:65536\" }",
     "c.json:1:13: listen: found \"127.0.0.1:65536\", expected an address and a port, such as \"127.0.0.1:4010\""},
    {"ListenName", "{ \"listen\": \"example.com:80\" }",
     "c.json:1:13: listen: found \"example.com:80\", expected an address and a port, such as \"127.0.0.1:4010\""},
    {"ListenIsNull", "{ \"listen\": null }",
     "c.json:1:13: listen: found null, expected an address and a port, such as \"127.0.0.1:4010\""},
    {"ControlInAnObject", "{ \"control\": { \"listen\": \"4011\", \"hosts\": [\"a b\"] } }",
     "c.json:1:26: control.listen: found \"4011\", expected an address and a port, such as \"127.0.0.1:4011\"\n"
     "c.json:1:44: control.hosts[0]: found \"a b\", expected a host name, such as \"tw.example.com\""},
    {"SamePort", "{ \"listen\": \"127.0.0.1:4011\" }",
     "c.json:1:13: listen: found \"127.0.0.1:4011\", which control has too, expected an address of its own"},
    {"Store", "{ \"store\": \"mysql://root:s3cr3t@h/db\" }",
     "c.json:1:12: store: found \"mysql://…@h/db\", expected memory, sqlite:PATH or postgresql://…"},
    {"SeedNegative", "{ \"seed\": -1 }",
     "c.json:1:11: seed: found -1, expected a whole number from 0"},
    {"SeedText", "{ \"seed\": \"7\" }",
     "c.json:1:11: seed: found \"7\", expected a whole number from 0"},
    {"SeedFraction", "{ \"seed\": 1.5 }",
     "c.json:1:11: seed: found 1.5, expected a whole number from 0"},
    {"NoMessages", "{ \"max_messages\": 0 }",
     "c.json:1:19: max_messages: found 0, expected a whole number from 1"},
    {"LogPiiText", "{ \"log_pii\": \"true\" }",
     "c.json:1:14: log_pii: found \"true\", expected true or false"},
    {"Clock", "{ \"clock\": \"fast\" }",
     "c.json:1:12: clock: found \"fast\", expected real, manual or auto"},
    {"UrlWithoutScheme", "{ \"inbound_url\": \"app.example.com/in\" }",
     "c.json:1:18: inbound_url: found \"app.example.com/in\", expected an http or https URL, such as \"https://app.example.com/in\""},
    {"UrlOfAnotherScheme", "{ \"inbound_url\": \"ftp://app.example.com\" }",
     "c.json:1:18: inbound_url: found \"ftp://app.example.com\", expected an http or https URL, such as \"https://app.example.com/in\""},
    {"AllowNoNetwork", "{ \"callbacks\": { \"allow\": [ \"10.0.0.0/8\", \"10.0.0.0/33\" ] } }",
     "c.json:1:43: callbacks.allow[1]: found \"10.0.0.0/33\", expected a network, such as \"10.0.0.0/8\""},
    {"AllowNumber", "{ \"callbacks\": { \"allow\": 10 } }",
     "c.json:1:27: callbacks.allow: found 10, expected a list of texts, each a network, such as \"10.0.0.0/8\""},
    {"CallbacksNoObject", "{ \"callbacks\": true }",
     "c.json:1:16: callbacks: found true, expected an object with allow, deliver_to and connection"},
    {"DeliverToQuery", "{ \"callbacks\": { \"deliver_to\": { \"https://app.example.com/in?a\": \"http://127.0.0.1:3000\" } } }",
     "c.json:1:66: callbacks.deliver_to.https://app.example.com/in?a: found \"https://app.example.com/in?a\": \"http://127.0.0.1:3000\", expected two URLs without a query, such as \"https://app.example.com=http://127.0.0.1:3000\""},
    {"DeliverToText", "{ \"callbacks\": { \"deliver_to\": \"x\" } }",
     "c.json:1:32: callbacks.deliver_to: found \"x\", expected an object, as {\"https://app.example.com\": \"http://127.0.0.1:3000\"}"},
    {"WindowClosed", "{ \"profile\": { \"window_closed\": \"lost\" } }",
     "c.json:1:33: profile.window_closed: found \"lost\", expected undelivered, failed or sent_undelivered"},
    {"SettleAfterNoDuration", "{ \"ledger\": { \"settle_after\": \"soon\" } }",
     "c.json:1:31: ledger.settle_after: found \"soon\", expected a duration from 1s, such as \"10m\""},
    {"CaCertAlone", "{ \"ca_cert\": \"c.pem\" }",
     "c.json:1:14: ca_cert: found it alone, expected ca_key too"},
    {"TokenFileMissing", "{ \"control_token_file\": \"none\" }",
     "c.json:1:25: control_token_file: found \"none\", which cannot be read (No such file or directory), expected a file that holds the token"},
    {"AccountsNoList", "{ \"accounts\": {} }",
     "c.json:1:15: accounts: found an object, expected a list of accounts"},
    {"AccountWithoutSid", "{ \"accounts\": [ { } ] }",
     "c.json:1:17: accounts[0].sid: found nothing, expected an Account SID: \"AC\" and 32 hexadecimal digits"},
    {"AccountSidShort", "{ \"accounts\": [\n  { \"sid\": \"AC12\" } ] }",
     "c.json:2:12: accounts[0].sid: found \"AC12\", expected an Account SID: \"AC\" and 32 hexadecimal digits"},
    {"AccountTwice", "{ \"accounts\": [ { \"sid\": \"AC00000000000000000000000000000000\" },\n{ \"sid\": \"AC00000000000000000000000000000000\" } ] }",
     "c.json:2:10: accounts[1].sid: found \"AC00000000000000000000000000000000\", expected an account that is not in the list already"},
    {"TokenIsANumber", "{ \"accounts\": [ { \"sid\": \"AC00000000000000000000000000000000\", \"auth_token\": 12345 } ] }",
     "c.json:1:78: accounts[0].auth_token: found a number, expected a text, {\"file\": \"PATH\"} or {\"env\": \"VARIABLE\"}"},
    {"TokenIsEmpty", "{ \"accounts\": [ { \"sid\": \"AC00000000000000000000000000000000\", \"auth_token\": \"\" } ] }",
     "c.json:1:78: accounts[0].auth_token: found \"\", expected a text, {\"file\": \"PATH\"} or {\"env\": \"VARIABLE\"}"},
    {"TokenOfTwoSources", "{ \"accounts\": [ { \"sid\": \"AC00000000000000000000000000000000\", \"auth_token\": {\"file\": \"a\", \"env\": \"B\"} } ] }",
     "c.json:1:78: accounts[0].auth_token: found an object, expected a text, {\"file\": \"PATH\"} or {\"env\": \"VARIABLE\"}"},
    {"TokenFileOfAccountMissing", "{ \"accounts\": [ { \"sid\": \"AC00000000000000000000000000000000\", \"auth_token\": {\"file\": \"none\"} } ] }",
     "c.json:1:87: accounts[0].auth_token.file: found the file \"none\", which cannot be read (No such file or directory), expected a file that holds the secret"},
    {"TokenFileEmpty", "{ \"accounts\": [ { \"sid\": \"AC00000000000000000000000000000000\", \"auth_token\": {\"file\": \"empty\"} } ] }",
     "c.json:1:87: accounts[0].auth_token.file: found the file \"empty\", whose first line is empty, expected a file that holds the secret"},
    {"TokenVariableMissing", "{ \"accounts\": [ { \"sid\": \"AC00000000000000000000000000000000\", \"auth_token\": {\"env\": \"NONE\"} } ] }",
     "c.json:1:86: accounts[0].auth_token.env: found the variable \"NONE\", which is not set, expected a variable that holds the secret"},
    {"KeyWithoutSecret", "{ \"accounts\": [ { \"sid\": \"AC00000000000000000000000000000000\", \"api_keys\": [ { \"sid\": \"SK1\" } ] } ] }",
     "c.json:1:87: accounts[0].api_keys[0].sid: found \"SK1\", expected the SID of an API key: \"SK\" and 32 hexadecimal digits\n"
     "c.json:1:78: accounts[0].api_keys[0].secret: found nothing, expected a text, {\"file\": \"PATH\"} or {\"env\": \"VARIABLE\"}"},
    {"SenderAddress", "{ \"accounts\": [ { \"sid\": \"AC00000000000000000000000000000000\", \"senders\": [ { \"address\": \"whatsapp:14155550100\" } ] } ] }",
     "c.json:1:90: accounts[0].senders[0].address: found \"whatsapp:14155550100\", expected a sender: \"+14155550100\", \"whatsapp:+14155550100\", a short code, or a name of at most 11 letters and digits"},
    {"SenderService", "{ \"accounts\": [ { \"sid\": \"AC00000000000000000000000000000000\", \"senders\": [ { \"address\": \"+14155550100\", \"service\": \"HX1\" } ] } ] }",
     "c.json:1:117: accounts[0].senders[0].service: found \"HX1\", expected the SID of a Messaging Service, \"MG\" and 32 hexadecimal digits, or null"},
    {"SeveralAtOnce", "{ \"seed\": -1,\n  \"mod\": 1,\n  \"clock\": [] }",
     "c.json:1:11: seed: found -1, expected a whole number from 0\n"
     "c.json:2:3: mod: found an unknown key; did you mean \"mode\"?\n"
     "c.json:3:12: clock: found a list, expected real, manual or auto"},
    {"ColumnsAreCharacters", "{ /* ñandú */ \"sed\": 1 }",
     "c.json:1:15: sed: found an unknown key; did you mean \"seed\"?"},
}), test::case_name);
// clang-format on

struct BadWord {
  const char* name;
  const char* flag;      // and its value, or
  const char* variable;  // and its value
  const char* value;
  const char* want;
};

class BadWords : public testing::TestWithParam<BadWord> {};

TEST_P(BadWords, AreToldWithTheFlagOrTheVariable) {
  const BadWord& c = GetParam();
  ConfigSources sources;
  if (c.flag != nullptr) sources.flags[c.flag] = {c.value};
  if (c.variable != nullptr) sources.environment[c.variable] = c.value;
  EXPECT_EQ(mistakes_of(sources, ConfigFiles()), c.want);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, BadWords, testing::ValuesIn(std::vector<BadWord>{
    {"Flag", "--listen", nullptr, "4010",
     "--listen: listen: found \"4010\", expected an address and a port, such as \"127.0.0.1:4010\""},
    {"Variable", nullptr, "TWINDOW_CLOCK", "slow",
     "TWINDOW_CLOCK: clock: found \"slow\", expected real, manual or auto"},
    {"VariableOfASwitch", nullptr, "TWINDOW_LOG_PII", "maybe",
     "TWINDOW_LOG_PII: log_pii: found \"maybe\", expected true or false"},
    {"DeliverTo", "--deliver-to", nullptr, "https://app.example.com",
     "--deliver-to: callbacks.deliver_to: found \"https://app.example.com\", expected two URLs without a query, such as \"https://app.example.com=http://127.0.0.1:3000\""},
    {"OneOfAList", nullptr, "TWINDOW_DELIVER_TO", "https://a.example.com=http://127.0.0.1:1,b",
     "TWINDOW_DELIVER_TO: callbacks.deliver_to: found \"b\", expected two URLs without a query, such as \"https://app.example.com=http://127.0.0.1:3000\""},
    {"PasswordOfAUrl", "--inbound-url", nullptr, "ftp://user:s3cr3t@app.example.com/in",
     "--inbound-url: inbound_url: found \"ftp://…@app.example.com/in\", expected an http or https URL, such as \"https://app.example.com/in\""},
    {"SamePort", "--control", nullptr, "127.0.0.1:4010",
     "--control: control: found \"127.0.0.1:4010\", which listen has too, expected an address of its own"},
    {"MissingConfig", nullptr, "TWINDOW_CONFIG", "/nowhere/c.json",
     "TWINDOW_CONFIG: found \"/nowhere/c.json\", which cannot be read (No such file or directory), expected a JSON file"},
    {"ConfigIsAFolder", nullptr, "TWINDOW_CONFIG", "/",
     "TWINDOW_CONFIG: found \"/\", which cannot be read (it is a folder), expected a JSON file"},
}), test::case_name);
// clang-format on

TEST(ConfigMistakes, OfAllSourcesAreToldAtOnceAlsoOverriddenOnes) {
  ConfigFiles files;
  const std::string file = files.write("c.json", "{ \"clock\": \"x\" }");
  EXPECT_EQ(mistakes_of({.file = file,
                         .flags = {{"--clock", {"real"}}, {"--seed", {"x"}}},
                         .environment = {{"TWINDOW_CLOCK", "y"}}},
                        files),
            "c.json:1:12: clock: found \"x\", expected real, manual or auto\n"
            "TWINDOW_CLOCK: clock: found \"y\", expected real, manual or auto\n"
            "--seed: seed: found \"x\", expected a whole number from 0");
}

}  // namespace
}  // namespace twindow::app
