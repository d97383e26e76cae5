// SPDX-License-Identifier: Apache-2.0
// Reading the configuration again: what is told, what is counted, and when nothing changes.
#include "src/app/config_reload.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/config_files.h"

namespace twindow::app {
namespace {

using testing::HasSubstr;
using testing::Not;

class Reload : public testing::Test {
 protected:
  // Starts with what the sources say now.
  void start() {
    const auto loaded = load_config(sources);
    ASSERT_TRUE(loaded);
    log.emplace(LogOptions(), out);
    reload.emplace(
        sources, loaded->config,
        [this](const Config& config) -> Result<void> {
          if (refusal) return Unexpected(*refusal);
          applied.push_back(config);
          return {};
        },
        *log, metrics);
  }
  void write(const std::string& text) { sources.file = files.write("c.json", text); }
  // Ends the log, whose thread writes it.
  std::string logged() {
    reload.reset();
    log.reset();
    return out.str();
  }

  test::ConfigFiles files;
  ConfigSources sources;
  std::ostringstream out;
  std::optional<Log> log;
  Metrics metrics{{}};
  std::vector<Config> applied;
  std::optional<Error> refusal;
  std::optional<ConfigReload> reload;
};

TEST_F(Reload, TakesWhatItCanAndNamesTheRest) {
  write("{}");
  start();
  write(R"({ "max_messages": 7, "log": "json", "profile": { "window_closed": "failed" },
             "control": { "hosts": ["tw.example.com"] } })");
  reload->run("SIGHUP");
  ASSERT_EQ(applied.size(), 1u);
  EXPECT_EQ(applied[0].profile.window_closed, WindowClosed::Failed);
  EXPECT_EQ(applied[0].control_hosts, std::vector<std::string>{"tw.example.com"});
  EXPECT_EQ(applied[0].max_messages, limits::kMessagesMax);
  EXPECT_EQ(metrics.reloads(true), 1u);
  EXPECT_EQ(metrics.reloads(false), 0u);
  const std::string text = logged();
  EXPECT_THAT(text, HasSubstr("info configuration read again (SIGHUP): taken: control.hosts, "
                              "profile.window_closed\n"));
  EXPECT_THAT(text, HasSubstr("warning configuration: kept until a restart: max_messages, log\n"));
}

TEST_F(Reload, RefusesABrokenFileAsTheStartDoes) {
  write("{}");
  start();
  write("{\n  \"max_messages\": \"many\",\n  \"profile\": { \"window_closed\": \"failed\" } }");
  reload->run("SIGHUP");
  write("{ \"profile\" }");
  reload->run("the file has changed");
  EXPECT_TRUE(applied.empty());
  EXPECT_EQ(metrics.reloads(false), 2u);
  const std::string text = logged();
  EXPECT_THAT(text, HasSubstr("error " + sources.file + ":2:19: max_messages: found \"many\", "));
  EXPECT_THAT(text, HasSubstr("error " + sources.file + ":1:13: "));
  EXPECT_THAT(text, HasSubstr("error configuration read again (SIGHUP): refused, the old one "
                              "stays in force\n"));
}

TEST_F(Reload, RefusesWhatIsNotInThisVersion) {
  write("{}");
  start();
  write(R"({ "store": "postgresql://h/db", "profile": { "window_closed": "failed" } })");
  reload->run("SIGHUP");
  EXPECT_TRUE(applied.empty());
  EXPECT_EQ(metrics.reloads(false), 1u);
  EXPECT_THAT(logged(), HasSubstr("is not in this version yet"));
}

TEST_F(Reload, RefusesWhatCannotBeApplied) {
  write("{}");
  start();
  write(R"({ "profile": { "window_closed": "failed" } })");
  refusal = Error{Errc::BadInput, "no"};
  reload->run("SIGHUP");
  EXPECT_EQ(metrics.reloads(false), 1u);
  refusal.reset();
  reload->run("SIGHUP");
  EXPECT_EQ(applied.size(), 1u) << "what was refused is not in force";
}

TEST_F(Reload, FlagsAndVariablesStillWin) {
  write("{}");
  sources.flags["--inbound-url"] = {"https://flag.example.com/in"};
  sources.environment["TWINDOW_DELIVER_TO"] = "https://a.example.com=http://127.0.0.1:1";
  start();
  write(R"({ "inbound_url": "https://file.example.com/in",
             "callbacks": { "deliver_to": { "https://b.example.com": "http://127.0.0.1:2" } } })");
  reload->run("SIGHUP");
  EXPECT_TRUE(applied.empty());
  EXPECT_THAT(logged(), HasSubstr("read again (SIGHUP): the same as before\n"));
}

TEST_F(Reload, ReadsSecretsAgain) {
  files.write("token", "one");
  write(R"({ "accounts": [ { "sid": "AC0123456789abcdef0123456789abcdef",
             "auth_token": { "file": "token" } } ] })");
  start();
  files.write("token", "two");
  reload->run("SIGHUP");
  ASSERT_EQ(applied.size(), 1u);
  EXPECT_EQ(applied[0].accounts[0].auth_token->text, "two");
  const std::string text = logged();
  EXPECT_THAT(text, HasSubstr("taken: accounts\n"));
  EXPECT_THAT(text, Not(HasSubstr("two")));
}

TEST_F(Reload, WithoutAFileThereIsNothingToRead) {
  start();
  reload->run("SIGHUP");
  EXPECT_EQ(metrics.reloads(true) + metrics.reloads(false), 0u);
  EXPECT_THAT(logged(), HasSubstr("SIGHUP: there is no configuration file to read again"));
}

}  // namespace
}  // namespace twindow::app
