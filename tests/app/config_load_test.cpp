// SPDX-License-Identifier: Apache-2.0
// Which source of a setting wins, and what becomes of each kind of value.
#include "src/app/config_load.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "src/app/config_settings.h"
#include "tests/app/config_files.h"
#include "tests/support/case_name.h"

namespace twindow::app {
namespace {

using test::ConfigFiles;

Config loaded(const ConfigSources& sources) {
  auto config = load_config(sources);
  if (config) return config->config;
  for (const Mistake& mistake : config.error()) ADD_FAILURE() << to_text(mistake);
  return {};
}

struct PrecedenceCase {
  const char* name;
  const char* flag;
  const char* variable;
  const char* file;
  std::string want;
};

class Precedence : public testing::TestWithParam<PrecedenceCase> {};

TEST_P(Precedence, FlagThenVariableThenFileThenDefault) {
  const PrecedenceCase& c = GetParam();
  ConfigFiles files;
  ConfigSources sources;
  if (c.file != nullptr) {
    sources.file = files.write("c.json", std::string(R"({"listen": ")") + c.file + "\"}");
  }
  if (c.variable != nullptr) sources.environment["TWINDOW_LISTEN"] = c.variable;
  if (c.flag != nullptr) sources.flags["--listen"] = {c.flag};
  EXPECT_EQ(to_text(loaded(sources).listen), c.want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Precedence,
    testing::ValuesIn(std::vector<PrecedenceCase>{
        // name            flag           variable       file           want
        {"Default", nullptr, nullptr, nullptr, "127.0.0.1:4010"},
        {"File", nullptr, nullptr, "127.0.0.1:1", "127.0.0.1:1"},
        {"Variable", nullptr, "127.0.0.1:2", nullptr, "127.0.0.1:2"},
        {"VariableOverFile", nullptr, "127.0.0.1:2", "127.0.0.1:1", "127.0.0.1:2"},
        {"EmptyVariableIsNone", nullptr, "", "127.0.0.1:1", "127.0.0.1:1"},
        {"Flag", "127.0.0.1:3", nullptr, nullptr, "127.0.0.1:3"},
        {"FlagOverFile", "127.0.0.1:3", nullptr, "127.0.0.1:1", "127.0.0.1:3"},
        {"FlagOverVariable", "127.0.0.1:3", "127.0.0.1:2", nullptr, "127.0.0.1:3"},
        {"FlagOverAll", "127.0.0.1:3", "127.0.0.1:2", "127.0.0.1:1", "127.0.0.1:3"},
    }),
    test::case_name);

TEST(LoadConfig, KnowsEverySettingOfTheFile) {
  ConfigFiles files;
  files.write("token", "from-a-file\nsecond line\n");
  const std::string file = files.write("c.json", R"(// comments are allowed
{ "$schema": "twindow.schema.json", "mode": "proxy", "listen": "[::1]:0",
  "control": { "listen": "0.0.0.0:5011", "hosts": ["tw.example.com"] },
  "tls": { "listen": "127.0.0.1:4443", "names": ["a.example.com"], "ips": ["192.0.2.7"] },
  "hooks": "0.0.0.0:4012", "store": "sqlite:/tmp/db", "data": "state", "policy": "/p.json",
  "scenario": ["a.json", "/b.json"], "clock": "manual", "seed": 18446744073709551615,
  "upstream": "http://127.0.0.1:9", "upstream_ca": "/u.pem", "public_url": "https://tw.example.com/x",
  "inbound_url": "https://app.example.com/in", "control_token_file": "token",
  "ca_cert": "c.pem", "ca_key": "k.pem", "max_messages": 5, "log": "json", "log_pii": true,
  "accounts": [ { "sid": "AC0123456789abcdef0123456789abcdef", "auth_token": { "file": "token" },
      "api_keys": [ { "sid": "SK0123456789abcdef0123456789abcdef", "secret": { "env": "KEY" } } ],
      "inbound_url": "https://app/in", "status_callback": null,
      "senders": [ { "address": "whatsapp:+14155550100", "inbound_url": null,
                     "service": "MG0123456789abcdef0123456789abcdef" } ] },
    { "sid": "AC00000000000000000000000000000000" } ],
  "callbacks": { "allow": ["10.0.0.0/8", "fd00::/8", "192.0.2.1"], "connection": "close",
    "deliver_to": { "https://app.example.com/": "http://127.0.0.1:3000" } },
  "connect": { "tunnel": ["example.com"] }, /* and these */ "limits": { "idle_connections": 7, "daily_users": 0, "sender_rates": true },
  "webhooks": { "closing_soon": "https://app.example.com/soon" }, "ledger": { "settle_after": "5m" },
  "profile": { "window_closed": "sent_undelivered" } }
)");
  const Config c =
      loaded({.file = file,
              .flags = {},
              .environment = {{"KEY", "from-a-variable"}, {"TWILIO_AUTH_TOKEN", "t"}}});
  EXPECT_EQ(c.mode, Mode::Proxy);
  EXPECT_EQ(to_text(c.listen), "[::1]:0");
  EXPECT_EQ(to_text(c.control), "0.0.0.0:5011");
  EXPECT_EQ(c.control_hosts, std::vector<std::string>{"tw.example.com"});
  ASSERT_TRUE(c.tls.listen);
  EXPECT_EQ(to_text(*c.tls.listen), "127.0.0.1:4443");
  EXPECT_EQ(c.tls.names, std::vector<std::string>{"a.example.com"});
  EXPECT_EQ(c.tls.ips, std::vector<std::string>{"192.0.2.7"});
  ASSERT_TRUE(c.hooks);
  EXPECT_EQ(c.hooks->port, 4012);
  EXPECT_EQ(c.store.kind, StoreKind::Sqlite);
  EXPECT_EQ(c.store.location, "/tmp/db");
  EXPECT_EQ(c.data_dir, files.folder() / "state") << "relative to the folder of the file";
  EXPECT_EQ(c.policy, std::filesystem::path("/p.json"));
  EXPECT_EQ(c.scenarios,
            (std::vector<std::filesystem::path>{files.folder() / "a.json", "/b.json"}));
  EXPECT_EQ(c.clock, ClockMode::Manual);
  EXPECT_EQ(c.seed, 18446744073709551615u);
  EXPECT_EQ(c.upstream, "http://127.0.0.1:9");
  EXPECT_EQ(c.upstream_ca, std::filesystem::path("/u.pem"));
  EXPECT_EQ(c.public_url, "https://tw.example.com/x");
  EXPECT_EQ(c.inbound_url, "https://app.example.com/in");
  ASSERT_TRUE(c.control_token);
  EXPECT_EQ(c.control_token->text, "from-a-file");
  EXPECT_EQ(c.ca_cert, files.folder() / "c.pem");
  EXPECT_EQ(c.ca_key, files.folder() / "k.pem");
  EXPECT_EQ(c.max_messages, 5u);
  EXPECT_EQ(c.log, LogFormat::JsonLines);
  EXPECT_TRUE(c.log_pii);
  EXPECT_EQ(c.callbacks.allow, (std::vector<std::string>{"10.0.0.0/8", "fd00::/8", "192.0.2.1"}));
  EXPECT_EQ(
      c.callbacks.deliver_to,
      (std::map<std::string, std::string>{{"https://app.example.com", "http://127.0.0.1:3000"}}));
  EXPECT_FALSE(c.callbacks.keep_alive);
  EXPECT_EQ(c.connect_tunnel, std::vector<std::string>{"example.com"});
  EXPECT_EQ(c.idle_connections, 7u);
  EXPECT_TRUE(c.send_limits.sender_rates);
  EXPECT_EQ(c.send_limits.daily_users, 0u);
  EXPECT_EQ(c.closing_soon_url, "https://app.example.com/soon");
  EXPECT_EQ(c.settle_after, std::chrono::minutes(5));
  EXPECT_EQ(c.profile.window_closed, WindowClosed::SentUndelivered);

  ASSERT_EQ(c.accounts.size(), 2u);
  const AccountOptions& account = c.accounts[0];
  EXPECT_EQ(account.sid.text, "AC0123456789abcdef0123456789abcdef");
  EXPECT_EQ(account.auth_token.value_or(AuthToken{}).text, "from-a-file");
  ASSERT_EQ(account.api_keys.size(), 1u);
  EXPECT_EQ(account.api_keys[0].secret.text, "from-a-variable");
  EXPECT_EQ(account.inbound_url, "https://app/in");
  EXPECT_EQ(account.status_callback, std::nullopt);
  ASSERT_EQ(account.senders.size(), 1u);
  EXPECT_EQ(account.senders[0].address.text, "whatsapp:+14155550100");
  EXPECT_EQ(account.senders[0].inbound_url, std::nullopt);
  ASSERT_TRUE(account.senders[0].service);
  EXPECT_EQ(c.accounts[1].auth_token.value_or(AuthToken{}).text, "t")
      << "TWILIO_AUTH_TOKEN is the token of accounts without one";
}

TEST(LoadConfig, TakesTheDefaultsWhenNothingIsSaid) {
  const Config c = loaded({.file = "", .flags = {}, .environment = {{"HOME", "/home/ana"}}});
  EXPECT_EQ(c.mode, Mode::Simulate);
  EXPECT_EQ(to_text(c.control), "127.0.0.1:4011");
  EXPECT_EQ(c.store.kind, StoreKind::Memory);
  EXPECT_EQ(c.data_dir, "/home/ana/.local/state/twindow");
  EXPECT_EQ(c.seed, std::nullopt);
  EXPECT_EQ(c.default_auth_token.has_value(), false);
  EXPECT_EQ(c.control_token.has_value(), false);
  EXPECT_TRUE(c.accounts.empty());
}

TEST(LoadConfig, FindsTheDataFolderAsXdgSays) {
  EXPECT_EQ(default_data_dir({{"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}}), "/x/twindow");
  EXPECT_EQ(default_data_dir({{"XDG_STATE_HOME", "relative"}, {"HOME", "/h"}}),
            "/h/.local/state/twindow");
  EXPECT_EQ(default_data_dir({}), "/var/lib/twindow");
}

TEST(LoadConfig, AStrongerSourceReplacesAWholeList) {
  ConfigFiles files;
  const std::string file = files.write("c.json", R"({"callbacks": {"deliver_to":
      {"https://a.example.com": "http://127.0.0.1:1", "https://b.example.com": "http://127.0.0.1:2"}}})");
  ConfigSources sources{.file = file, .flags = {}, .environment = {}};
  EXPECT_EQ(loaded(sources).callbacks.deliver_to.size(), 2u);
  sources.environment["TWINDOW_DELIVER_TO"] =
      "https://c.example.com=http://127.0.0.1:3, https://d.example.com=http://127.0.0.1:4";
  EXPECT_EQ(loaded(sources).callbacks.deliver_to,
            (std::map<std::string, std::string>{{"https://c.example.com", "http://127.0.0.1:3"},
                                                {"https://d.example.com", "http://127.0.0.1:4"}}));
  sources.flags["--deliver-to"] = {"https://e.example.com=http://127.0.0.1:5"};
  EXPECT_EQ(loaded(sources).callbacks.deliver_to,
            (std::map<std::string, std::string>{{"https://e.example.com", "http://127.0.0.1:5"}}));
}

TEST(LoadConfig, TheConfigVariableNamesTheFile) {
  ConfigFiles files;
  const std::string file = files.write("c.json", R"({"seed": 7})");
  EXPECT_EQ(loaded({.file = "", .flags = {}, .environment = {{"TWINDOW_CONFIG", file}}}).seed, 7u);
}

TEST(LoadConfig, TheTokenVariableIsTheControlTokenWithoutAFile) {
  const Config c =
      loaded({.file = "", .flags = {}, .environment = {{"TWINDOW_CONTROL_TOKEN", "secret"}}});
  ASSERT_TRUE(c.control_token);
  EXPECT_EQ(c.control_token->text, "secret");
}

TEST(LoadConfig, LocalhostIsTheLoopbackAddress) {
  EXPECT_EQ(
      to_text(
          loaded({.file = "", .flags = {{"--listen", {"localhost:0"}}}, .environment = {}}).listen),
      "127.0.0.1:0");
}

TEST(LoadConfig, NotesAVariableThatIsNearlyOneOfOurs) {
  const auto config = load_config({.file = "",
                                   .flags = {},
                                   .environment = {{"TWINDOW_LISTN", "x"},
                                                   {"TWINDOW_PORT_4010_TCP_ADDR", "10.0.0.1"},
                                                   {"TWINDOW_SERVER", "http://x"}}});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->notes, std::vector<std::string>{"TWINDOW_LISTN is no variable of twindow and "
                                                    "was ignored; did you mean TWINDOW_LISTEN?"});
}

struct LaterCase {
  const char* name;
  const char* flag;
  const char* value;
  const char* want;
};

class LaterSettings : public testing::TestWithParam<LaterCase> {};

TEST_P(LaterSettings, AreRefusedNotIgnored) {
  const LaterCase& c = GetParam();
  const auto config = load_config({.file = "", .flags = {{c.flag, {c.value}}}, .environment = {}});
  ASSERT_TRUE(config);
  ASSERT_EQ(config->refused.size(), 1u);
  EXPECT_EQ(to_text(config->refused[0]), c.want);
}

INSTANTIATE_TEST_SUITE_P(Table, LaterSettings,
                         testing::ValuesIn(std::vector<LaterCase>{
                             {"Hooks", "--hooks", "127.0.0.1:4012",
                              "--hooks: hooks: nobody calls it in simulate mode"},
                             {"Postgresql", "--store", "postgresql://h/db",
                              "--store: store \"postgresql:\" is not in this version yet"},
                         }),
                         test::case_name);

TEST(LoadConfig, TakesAPublicUrlAndHooksInProxyMode) {
  const Config config = loaded({.file = "",
                                .flags = {{"--mode", {"proxy"}},
                                          {"--hooks", {"0.0.0.0:4012"}},
                                          {"--public-url", {"https://tw.example.com/x/"}}},
                                .environment = {}});
  EXPECT_EQ(config.public_url, "https://tw.example.com/x") << "Twilio is told /hooks below it";
  ASSERT_TRUE(config.hooks);
  EXPECT_EQ(config.hooks->port, 4012);
  for (const char* bad :
       {"https://tw.example.com/?a", "https://u@tw.example.com", "tw.example.com"}) {
    EXPECT_FALSE(load_config({.file = "", .flags = {{"--public-url", {bad}}}, .environment = {}}))
        << bad;
  }
}

TEST(LoadConfig, KeepsTheDatabaseWithTheOtherFilesUnlessItIsTold) {
  const auto store = [](std::string text) {
    return loaded({.file = "",
                   .flags = {{"--store", {std::move(text)}}, {"--data", {"/var/lib/tw"}}},
                   .environment = {}})
        .store;
  };
  EXPECT_EQ(store("sqlite:").kind, StoreKind::Sqlite);
  EXPECT_EQ(store("sqlite:").location, "/var/lib/tw/twindow.db");
  EXPECT_EQ(store("sqlite:other.db").location, "other.db");
  EXPECT_EQ(store("memory").location, "");
}

TEST(LoadConfig, HasTlsOnUnlessItIsSwitchedOff) {
  const auto tls = [](std::map<std::string, std::vector<std::string>> flags) {
    return loaded({.file = "", .flags = std::move(flags), .environment = {}}).tls;
  };
  const TlsOptions usual = tls({});
  ASSERT_TRUE(usual.listen);
  EXPECT_EQ(to_text(*usual.listen), "127.0.0.1:4443");
  EXPECT_FALSE(usual.listen_given);
  const TlsOptions given = tls({{"--tls", {"0.0.0.0:8443"}}});
  ASSERT_TRUE(given.listen);
  EXPECT_EQ(to_text(*given.listen), "0.0.0.0:8443");
  EXPECT_TRUE(given.listen_given);
  EXPECT_FALSE(tls({{"--tls", {"off"}}}).listen.has_value());
  // Who has the API's port picked wants no fixed one beside it.
  const TlsOptions picked = tls({{"--listen", {"127.0.0.1:0"}}});
  ASSERT_TRUE(picked.listen);
  EXPECT_EQ(picked.listen->port, 0);
}

TEST(LoadConfig, HasNoOtherClockInProxyModeThanTheSystems) {
  const auto config = load_config(
      {.file = "", .flags = {{"--mode", {"proxy"}}, {"--clock", {"auto"}}}, .environment = {}});
  ASSERT_TRUE(config);
  ASSERT_EQ(config->refused.size(), 1u);
  EXPECT_EQ(to_text(config->refused[0]),
            "--clock: clock: in proxy mode it is the system's, expected real");
}

TEST(LoadConfig, TakesTheControlTokenOfTheVariable) {
  const auto config =
      load_config({.file = "",
                   .flags = {{"--mode", {"proxy"}}, {"--upstream", {"http://127.0.0.1:9"}}},
                   .environment = {{"TWINDOW_CONTROL_TOKEN", "secret"}}});
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->refused.empty());
  EXPECT_EQ(config->config.control_token.value_or(AuthToken{}).text, "secret");
}

TEST(LoadConfig, RefusesNothingThatSaysNothing) {
  ConfigFiles files;
  const auto config =
      load_config({.file = files.write("c.json", R"({"mode": "simulate", "store": "memory",
          "connect": {"tunnel": []}, "limits": {}, "scenario": []})"),
                   .flags = {},
                   .environment = {}});
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->refused.empty());
}

TEST(Settings, EachHasAKeyAVariableOfItsFlagAndAWayToReadIt) {
  for (const Setting& setting : settings()) {
    EXPECT_NE(setting.set, nullptr) << setting.key;
    EXPECT_FALSE(setting.expected.empty()) << setting.key;
    EXPECT_FALSE(setting.help.empty()) << setting.key;
    EXPECT_EQ(setting.flag.empty(), setting.variable.empty()) << setting.key;
    std::string variable = "TWINDOW_";
    for (const char c : setting.flag.substr(std::min<std::size_t>(2, setting.flag.size()))) {
      variable += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    if (!setting.flag.empty()) {
      EXPECT_EQ(setting.variable, variable) << setting.key;
    }
    const bool many = setting.shape == Shape::TextList || setting.shape == Shape::TextMap;
    EXPECT_EQ(setting.clear != nullptr, many) << setting.key;
  }
}

TEST(Settings, TheDefaultsInTheHelpAreTheDefaults) {
  Config given;
  for (const Setting& setting : settings()) {
    if (setting.fallback.empty()) continue;
    EXPECT_TRUE(setting.set(given, setting.fallback)) << setting.key;
  }
  const Config config;
  EXPECT_EQ(given.mode, config.mode);
  EXPECT_EQ(given.listen, config.listen);
  EXPECT_EQ(given.control, config.control);
  EXPECT_EQ(given.store.kind, config.store.kind);
  EXPECT_EQ(given.clock, config.clock);
  EXPECT_EQ(given.max_messages, config.max_messages);
  EXPECT_EQ(given.log, config.log);
  EXPECT_EQ(given.log_pii, config.log_pii);
  EXPECT_EQ(given.callbacks.keep_alive, config.callbacks.keep_alive);
  EXPECT_EQ(given.idle_connections, config.idle_connections);
  EXPECT_EQ(given.settle_after, config.settle_after);
  EXPECT_EQ(given.profile.window_closed, config.profile.window_closed);
}

}  // namespace
}  // namespace twindow::app
