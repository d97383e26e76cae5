// SPDX-License-Identifier: Apache-2.0
// /__admin/decisions: the pages of the ledger.
#include "tests/api/server_fixture.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class ControlDecisions : public testing::Test {
 protected:
  void enter(const std::string& to, Time at) {
    server.start(kept({.at = at, .to = to}));
    server.get("/decisions");
  }
  std::vector<std::string> page(const std::string& query) {
    const Json json = server.get("/decisions?limit=2" + query)["decisions"];
    before = json.empty() ? "" : json.back()["id"].get<std::string>();
    return column(json, "to");
  }

  Server server;
  std::string before;

 private:
  Task<void> kept(LedgerEntry entry) {
    gateway::World& world = server.worlds.open(AccountSid{kAccount});
    const Result<void> entered = co_await world.enter(std::move(entry));
    EXPECT_TRUE(entered);
  }
};

TEST_F(ControlDecisions, EachIsOnOnePageAlsoIfItWasKeptLaterThanDecided) {
  enter("first", kStart + 5ms);
  enter("second", kStart + 1ms);
  enter("third", kStart + 4ms);
  enter("fourth", kStart + 2ms);
  EXPECT_THAT(page(""), ElementsAre("fourth", "third"));
  EXPECT_THAT(page("&before=" + before), ElementsAre("second", "first"));
  EXPECT_THAT(page("&before=" + before), ElementsAre());
}

}  // namespace
}  // namespace twindow::test
