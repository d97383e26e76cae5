// SPDX-License-Identifier: Apache-2.0
// Scenarios in force: by the control API, at the start, and when their files change.
#include "src/app/scenario_keeper.h"

#include <sstream>

#include "tests/api/server_fixture.h"
#include "tests/app/config_files.h"
#include "tests/support/run_task.h"

namespace twindow::app {
namespace {

using test::Json;
using test::kAccount;
using test::kAna;
using testing::HasSubstr;

// A good one; `rest` is put behind it.
std::string scenario_text(const std::string& rest = "") {
  return R"({ "version": 1, "name": "a test", "clock": { "mode": "manual", "start": "2020-01-01T00:00:00Z" },
  "given": { "senders": [ { "address": "whatsapp:+14155550100", "status_callback": "https://app.example.com/s" } ],
    "windows": [ { "sender": "whatsapp:+14155550100", "user": "whatsapp:+5215512345678", "last_inbound": "-1h" } ] })" +
         rest + " }";
}
const std::string kRule =
    R"(, "on": [ { "id": "fails", "callbacks": [ { "preset": "failed:63018" } ] } ])";

class Scenarios : public testing::Test {
 protected:
  explicit Scenarios(std::vector<std::filesystem::path> paths = {})
      : keeper(std::move(paths), Environment{}) {
    server.state.scenario_texts = [this] { return keeper.texts(); };
    server.state.set_scenario = [this](std::string text, api::ServerState::ChooseAccount choose) {
      return set(std::move(text), std::move(choose));
    };
  }
  Task<api::ServerState::ScenarioTaken> set(std::string text,
                                            api::ServerState::ChooseAccount choose) {
    ScenarioKeeper::Set set = co_await keeper.set(std::move(text), take, choose);
    api::ServerState::ScenarioTaken taken{.account = set.account, .name = set.name};
    for (const Mistake& mistake : set.mistakes)
      taken.mistakes.push_back({mistake.where, mistake.text});
    taken.error = std::move(set.error);
    co_return taken;
  }
  // A create as the app makes it.
  test::Answer create(const std::string& body = "Hola", const std::string& account = kAccount) {
    const std::string form =
        "To=whatsapp%3A%2B5215512345678&From=whatsapp%3A%2B14155550100&Body=" + body;
    return server.ask(server.twilio,
                      {.method = "POST",
                       .target = "/2010-04-01/Accounts/" + account + "/Messages.json",
                       .headers = {{"Host", "api.twilio.com"},
                                   {"Authorization", "Basic " + basic(account)},
                                   {"Content-Type", "application/x-www-form-urlencoded"}},
                       .body = form});
  }
  static std::string basic(const std::string& account) {
    return account == kAccount
               ? "QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjowMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4"
                 "OWFiY2RlZg=="
               : "";
  }
  Json put(const std::string& text, const std::string& query = "?account=" + kAccount) {
    return server.ok("PUT", "/scenario" + query, text);
  }

  test::Server server;
  const ScenarioKeeper::Take take = [this](AccountSid account, LoadedScenario loaded,
                                           gateway::SetUp how) {
    return server.worlds.open(account).set_up(std::move(loaded.setup), how);
  };
  ScenarioKeeper keeper;
};

TEST_F(Scenarios, AWorldBeginsWithWhatIsPut) {
  const std::string text = scenario_text(kRule);
  const Json taken = put(text);
  EXPECT_EQ(taken.dump(),
            (Json{{"account_sid", kAccount}, {"name", "a test"}, {"rules", {"fails"}}}.dump()));
  EXPECT_EQ(server.admin("GET", "/scenario").body, text);
  EXPECT_EQ(server.get("/clock?account=" + kAccount)["accounts"][0]["now"],
            "2020-01-01T00:00:00.000Z");
  EXPECT_EQ(server.get("/windows")["windows"][0]["state"], "open");
  EXPECT_EQ(server.get("/senders")["accounts"][0]["open"], false);
  const test::Answer created = create();
  ASSERT_EQ(created.status, 201) << created.body;
  server.advance("2s", kAccount);
  EXPECT_EQ(server.app.statuses(), (std::vector<std::string>{"failed 63018"}));
}

TEST_F(Scenarios, ARuleAnswersInTwiliosPlace) {
  put(scenario_text(R"(, "on": [
    { "match": { "Body": "slow" }, "respond": { "status": 429, "code": 20429, "retry_after": "1500ms" } },
    { "match": { "Body": "own" }, "respond": { "status": 503, "message": "Down for \"tea\"" } },
    { "match": { "Body": "stop" }, "respond": { "preset": "opted_out" } } ])"));
  const test::Answer slow = create("slow");
  EXPECT_EQ(slow.status, 429);
  EXPECT_EQ(slow.header("Retry-After"), "2");
  EXPECT_EQ(slow.json()["code"], 20429);
  EXPECT_EQ(slow.json()["status"], 429);
  EXPECT_EQ(slow.json()["more_info"], "https://www.twilio.com/docs/errors/20429");
  const test::Answer own = create("own");
  EXPECT_EQ(own.status, 503);
  EXPECT_EQ(own.json()["code"], 20500);
  EXPECT_EQ(own.json()["message"], "Down for \"tea\"");
  const test::Answer stop = create("stop");
  EXPECT_EQ(stop.status, 400);
  EXPECT_EQ(stop.json()["code"], 21610);
  EXPECT_FALSE(stop.json()["message"].get<std::string>().empty());
  EXPECT_EQ(create("go").status, 201) << "what no rule matches is sent";
  EXPECT_EQ(server.get("/messages")["messages"].size(), 1U);
}

TEST_F(Scenarios, MistakesChangeNothingAndHaveTheirPlaces) {
  put(scenario_text(kRule));
  const test::Answer refused =
      server.admin("PUT", "/scenario?account=" + kAccount, "{ \"version\": 1,\n \"nam\": 1 }");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.json()["errors"][0]["title"], "Invalid scenario");
  EXPECT_EQ(refused.detail(), "scenario:2:2: found an unknown key; did you mean \"name\"?");
  EXPECT_EQ(server.admin("GET", "/scenario").body, scenario_text(kRule));
  EXPECT_EQ(server.admin("PUT", "/scenario?account=x", scenario_text()).status, 400);
}

TEST_F(Scenarios, TheAccountIsAskedForOrTheScenariosOwnOrTheOnlyOne) {
  const std::string own = R"({ "version": 1, "name": "x", "given": { "account": { "sid": ")" +
                          test::kSecond + R"(" } } })";
  EXPECT_EQ(put(own, "")["account_sid"], test::kSecond);
  EXPECT_EQ(put(own, "?AccountSid=" + test::kThird)["account_sid"], test::kThird);
  const test::Answer which = server.admin("PUT", "/scenario", scenario_text());
  EXPECT_EQ(which.status, 400);
  EXPECT_THAT(which.detail(), HasSubstr("which account?"));
  EXPECT_EQ(server.admin("GET", "/scenario").status, 400);
  EXPECT_EQ(server.admin("GET", "/scenario?account=" + test::kSecond).body, own);
  EXPECT_EQ(server.admin("GET", "/scenario?account=" + test::kNobody).status, 404);
}

TEST_F(Scenarios, OfNobodyIsTheAccountOfZeros) {
  EXPECT_EQ(put(scenario_text(), "")["account_sid"], test::kNobody);
}

TEST_F(Scenarios, AUsedAccountConflicts) {
  server.send();
  const test::Answer refused =
      server.admin("PUT", "/scenario?account=" + kAccount, scenario_text());
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.detail(), HasSubstr("POST /__admin/reset first"));
  EXPECT_EQ(server.admin("GET", "/scenario").status, 404);
  server.ok("POST", "/reset?account=" + kAccount);
  put(scenario_text());
}

TEST_F(Scenarios, OfFilesBeginAndAreReadAgain) {
  const test::ConfigFiles files;
  const std::filesystem::path path = files.write("s.json", scenario_text(kRule));
  ScenarioKeeper of_files({path}, {});
  ASSERT_TRUE(of_files.load().empty());
  const ScenarioKeeper::Choose choose = [](const auto&) -> Result<AccountSid> {
    return AccountSid{kAccount};
  };
  std::ostringstream logged;
  Log log({}, logged);
  test::run_task(*server.context, of_files.begin(take, choose, log));
  gateway::World& world = server.worlds.open(AccountSid{kAccount});
  EXPECT_TRUE(world.scripted());
  EXPECT_EQ(of_files.texts().at(AccountSid{kAccount}), scenario_text(kRule));

  files.write("s.json", "{");
  test::run_task(*server.context, of_files.reload(0, "SIGHUP", take, log));
  EXPECT_TRUE(world.scripted()) << "the old one stays";
  EXPECT_EQ(of_files.texts().at(AccountSid{kAccount}), scenario_text(kRule));

  files.write("s.json", scenario_text());
  create();
  test::run_task(*server.context, of_files.reload(0, "SIGHUP", take, log));
  EXPECT_FALSE(world.scripted());
  EXPECT_EQ(server.get("/messages")["messages"].size(), 1U) << "what has happened stays";
}

TEST(ScenarioKeeperFiles, AnAccountHasOne) {
  const test::ConfigFiles files;
  const std::filesystem::path first = files.write("a.json", scenario_text());
  const std::filesystem::path second = files.write("b.json", scenario_text());
  ScenarioKeeper keeper({first, second}, {});
  const auto mistakes = keeper.load();
  ASSERT_EQ(mistakes.size(), 1U);
  EXPECT_EQ(to_text(mistakes[0]), second.string() + ": given.account.sid: found the account of " +
                                      first.string() +
                                      ", expected one of its own: an account has one scenario");
  ScenarioKeeper bad({files.write("c.json", "{ \"version\": 1 }")}, {});
  EXPECT_THAT(to_text(bad.load().at(0)), HasSubstr("c.json:1:1: name: found nothing"));
}

}  // namespace
}  // namespace twindow::app
