// SPDX-License-Identifier: Apache-2.0
// /__admin/windows: the window table, looked at and set by hand.
#include "tests/api/server_fixture.h"
#include "tests/support/case_name.h"
#include "tests/support/run_task.h"

namespace twindow::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::ValuesIn;

const std::string kWindow = "/windows/" + kShop + "/" + kAna;

class ControlWindows : public testing::Test {
 protected:
  ControlWindows() { server.worlds.open(AccountSid{kAccount}); }
  Json put(const std::string& body) { return server.ok("PUT", kWindow, body); }
  std::string code_of_a_send() {
    const std::string sid = server.send();
    server.advance("5s");
    return server.get("/messages/" + sid)["error_code"].dump();
  }
  Server server;
};

TEST_F(ControlWindows, AWindowHasTheDocumentedFields) {
  server.receive();
  const Json expected{{"account_sid", kAccount},
                      {"sender", kShop},
                      {"user", "+525512345678"},
                      {"user_spelling", kAna},
                      {"state", "open"},
                      {"last_inbound", "2026-01-05T09:00:00.000Z"},
                      {"expires", "2026-01-06T09:00:00.000Z"},
                      {"free_entry", nullptr},
                      {"closed_early", false}};
  EXPECT_EQ(server.get(kWindow).dump(), expected.dump());
  EXPECT_EQ(server.get("/windows").dump(), Json({{"windows", {expected}}}).dump());
}

TEST_F(ControlWindows, AnySpellingOfTheUserFindsIt) {
  server.receive();
  for (const std::string user :
       {"whatsapp:+5215512345678", "whatsapp:+525512345678", "+5215512345678", "+525512345678",
        "whatsapp%3A%2B525512345678", "%2B525512345678"}) {
    EXPECT_EQ(server.get("/windows/" + kShop + "/" + user)["user"], "+525512345678") << user;
  }
  EXPECT_EQ(server.get("/windows/whatsapp%3A%2B14155550100/" + kAna)["sender"], kShop);
}

TEST_F(ControlWindows, AnIdOfTheUserFindsItToo) {
  server.ok("POST", "/simulate/inbound-message",
            Json({{"From", kAna},
                  {"To", kShop},
                  {"Body", "hola"},
                  {"AccountSid", kAccount},
                  {"ExternalUserId", "whatsapp:MX.1349"}})
                .dump());
  EXPECT_EQ(server.get("/windows/" + kShop + "/MX.1349")["user"], "+525512345678");
  EXPECT_EQ(server.get("/windows/" + kShop + "/whatsapp:MX.1349")["state"], "open");
  const Json closed = server.ok("PUT", "/windows/" + kShop + "/MX.1349", R"({"state":"closed"})");
  EXPECT_EQ(closed["user"], "+525512345678");
  EXPECT_EQ(server.get(kWindow)["state"], "closed");
}

TEST_F(ControlWindows, AnAdIsToldAndKeptByHand) {
  server.ok("POST", "/simulate/inbound-message",
            Json({{"From", kAna},
                  {"To", kShop},
                  {"Body", "hola"},
                  {"AccountSid", kAccount},
                  {"ReferralCtwaClid", "ARAk"}})
                .dump());
  const Json want{{"since", "2026-01-05T09:00:00.000Z"}, {"until", "2026-01-08T09:00:00.000Z"}};
  EXPECT_EQ(server.get(kWindow)["free_entry"], want);
  EXPECT_EQ(put(R"({"state":"closed"})")["free_entry"], want);
}

TEST_F(ControlWindows, WhoNeverWroteIs404) {
  for (const std::string method : {"GET", "DELETE"}) {
    const Answer answer = server.admin(method, kWindow);
    EXPECT_EQ(answer.status, 404) << method;
    EXPECT_THAT(answer.detail(), HasSubstr("never wrote to " + kShop));
  }
}

TEST_F(ControlWindows, OpenedByHandLetsASendThrough) {
  EXPECT_EQ(code_of_a_send(), "63016");
  EXPECT_EQ(put(R"({"state":"open"})")["state"], "open");
  EXPECT_EQ(code_of_a_send(), "null");
  server.advance("24h");
  EXPECT_EQ(server.get(kWindow)["state"], "closed");
  EXPECT_EQ(code_of_a_send(), "63016");
}

TEST_F(ControlWindows, ClosedByHandStopsASendUntilTheUserWrites) {
  server.receive();
  EXPECT_EQ(put(R"({"state":"closed"})")["state"], "closed");
  EXPECT_EQ(server.get(kWindow)["state"], "closed");
  EXPECT_EQ(code_of_a_send(), "63016");
  server.receive();
  EXPECT_EQ(server.get(kWindow)["state"], "open");
  EXPECT_EQ(code_of_a_send(), "null");
}

TEST_F(ControlWindows, ClosingByHandKeepsWhenTheUserWrote) {
  server.receive();
  server.advance("1h");
  const Json closed = put(R"({"state":"closed"})");
  EXPECT_EQ(closed["last_inbound"], "2026-01-05T09:00:00.000Z");
  EXPECT_EQ(closed["user_spelling"], kAna);
}

TEST_F(ControlWindows, SettingByTheKeyKeepsTheUsersSpelling) {
  server.receive();
  const Json json = server.ok("PUT", "/windows/" + kShop + "/+525512345678", R"({"state":"open"})");
  EXPECT_EQ(json["user_spelling"], kAna);
}

TEST_F(ControlWindows, TheLastInboundMayBeSetFromNowOrAsATime) {
  Json window = put(R"({"last_inbound":"-25h"})");
  EXPECT_EQ(window["last_inbound"], "2026-01-04T08:00:00.000Z");
  EXPECT_EQ(window["state"], "closed");
  window = put(R"({"last_inbound":"2026-01-05T08:00:00Z"})");
  EXPECT_EQ(window["state"], "open");
  EXPECT_EQ(window["expires"], "2026-01-06T08:00:00.000Z");
  window = server.ok("PUT", kWindow, "last_inbound=-23h59m59s999ms");
  EXPECT_EQ(window["state"], "open") << "a form is as good";
  EXPECT_EQ(put(R"({"last_inbound":"-24h"})")["state"], "closed");
  EXPECT_EQ(put(R"({"last_inbound":"0s"})")["state"], "open");
}

TEST_F(ControlWindows, ABodyMayNameTheAccount) {
  const Json said{{"AccountSid", kSecond}, {"state", "open"}};
  EXPECT_EQ(put(said.dump())["account_sid"], kSecond);
  EXPECT_THAT(server.get("/windows?account=" + kAccount)["windows"], IsEmpty());
}

TEST_F(ControlWindows, DeletedIsAsIfTheUserHadNeverWritten) {
  server.receive();
  const Answer gone = server.admin("DELETE", kWindow);
  EXPECT_EQ(gone.status, 204);
  EXPECT_EQ(gone.body, "");
  EXPECT_EQ(server.admin("GET", kWindow).status, 404);
  EXPECT_EQ(code_of_a_send(), "63016");
}

struct BadPut {
  const char* name;
  std::string body;
  std::string detail;
};

const std::vector<BadPut> kBadPuts{
    {"Nothing", "{}", "expected state (open or closed) or last_inbound"},
    {"NoBody", "", "expected state (open or closed) or last_inbound"},
    {"UnknownKey", R"({"sttae":"open"})", "expected state"},
    {"UnknownState", R"({"state":"ajar"})", "state: 'ajar'"},
    {"StateOfWrongType", R"({"state":1})", "state: '1'"},
    {"FutureByDuration", R"({"last_inbound":"1ms"})", "last_inbound is later than"},
    {"FutureByTime", R"({"last_inbound":"2026-01-05T09:00:00.001Z"})", "last_inbound is later"},
    {"NoTime", R"({"last_inbound":"yesterday"})", "last_inbound: 'yesterday'"},
    {"NumberForTime", R"({"last_inbound":25})", "last_inbound: '25'"},
    {"OpenButOld", R"({"state":"open","last_inbound":"-24h"})", "cannot be open"},
    {"OpenButFuture", R"({"state":"open","last_inbound":"1h"})", "last_inbound is later"},
    {"Garbage", "{", "JSON"},
    {"BadAccount", R"({"state":"open","AccountSid":"AC1"})", "'AC1' is no account SID"},
};

class RefusedPut : public testing::TestWithParam<BadPut> {};

TEST_P(RefusedPut, ChangesNothing) {
  Server server;
  server.worlds.open(AccountSid{kAccount});
  const Answer answer = server.admin("PUT", kWindow, GetParam().body);
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.detail(), HasSubstr(GetParam().detail));
  EXPECT_THAT(server.get("/windows")["windows"], IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(ControlWindows, RefusedPut, ValuesIn(kBadPuts), case_name);

TEST_F(ControlWindows, AddressesThatAreNoneAreNamed) {
  for (const std::string method : {"GET", "PUT", "DELETE"}) {
    const Answer sender =
        server.admin(method, "/windows/+14155550100/" + kAna, R"({"state":"open"})");
    EXPECT_EQ(sender.status, 400) << "a sender is written with its channel";
    EXPECT_THAT(sender.detail(), HasSubstr("sender: '+14155550100'"));
    const Answer user = server.admin(method, "/windows/" + kShop + "/ana", R"({"state":"open"})");
    EXPECT_EQ(user.status, 400);
    EXPECT_THAT(user.detail(), HasSubstr("user: 'whatsapp:ana'"));
    const Answer channel =
        server.admin(method, "/windows/" + kShop + "/messenger:123", R"({"state":"open"})");
    EXPECT_EQ(channel.status, 400);
    EXPECT_THAT(channel.detail(), HasSubstr("user: 'messenger:123'"));
  }
}

TEST_F(ControlWindows, TheListIsNarrowed) {
  server.receive();
  server.receive(kAccount, "whatsapp:+15558675310");
  server.advance("1h");
  server.receive(kSecond);
  server.ok("PUT", "/windows/whatsapp:+14155550101/" + kAna + "?account=" + kAccount,
            R"({"last_inbound":"-25h"})");
  const auto found = [&](const std::string& query) {
    return server.get("/windows" + query)["windows"].size();
  };
  EXPECT_EQ(found(""), 4U);
  EXPECT_EQ(found("?account=" + kSecond), 1U);
  EXPECT_EQ(found("?sender=whatsapp:%2B14155550101"), 1U);
  EXPECT_EQ(found("?user=%2B525512345678"), 3U);
  EXPECT_EQ(found("?user=whatsapp:%2B5215512345678"), 3U);
  EXPECT_EQ(found("?user=%2B15558675310"), 1U);
  EXPECT_EQ(found("?state=open"), 3U);
  EXPECT_EQ(found("?state=closed"), 1U);
  EXPECT_EQ(found("?state=open&user=%2B525512345678&account=" + kAccount), 1U);
  EXPECT_EQ(found("?user=%2B15550000000"), 0U);
}

TEST_F(ControlWindows, AListNarrowedByNonsenseIsRefused) {
  for (const std::string query : {"state=ajar", "user=ana", "sender=shop"}) {
    const Answer answer = server.admin("GET", "/windows?" + query);
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_THAT(answer.detail(), HasSubstr(query.substr(0, query.find('=')) + ": '"));
  }
}

TEST_F(ControlWindows, APlusThatTheQueryMadeASpaceIsUnderstood) {
  server.receive();
  EXPECT_THAT(server.get("/windows?user=+525512345678")["windows"], SizeIs(1));
  EXPECT_THAT(server.get("/windows?sender=" + kShop)["windows"], SizeIs(1));
}

TEST_F(ControlWindows, AListIsImported) {
  const Json json = server.ok("POST", "/windows/import",
                              "sender,user,last_inbound\r\n"
                              "whatsapp:+14155550100,whatsapp:+5215512345678,-1h\r\n"
                              "\n"
                              "whatsapp:+14155550100,+15558675310,2026-01-04T00:00:00Z\n"
                              "whatsapp:+14155550101,+15558675310,-1h");
  EXPECT_EQ(json.dump(), R"({"imported":3,"errors":[]})");
  EXPECT_THAT(server.get("/windows")["windows"], SizeIs(3));
  EXPECT_EQ(server.get(kWindow)["last_inbound"], "2026-01-05T08:00:00.000Z");
  EXPECT_EQ(server.get("/windows/" + kShop + "/+15558675310")["state"], "closed");
}

TEST_F(ControlWindows, BadLinesAreNumberedAndTheOthersImported) {
  const Json json = server.ok("POST", "/windows/import",
                              "whatsapp:+14155550100,whatsapp:+5215512345678,-1h\n"
                              "whatsapp:+14155550100,whatsapp:+5215512345678\n"
                              "+14155550100,whatsapp:+5215512345678,-1h\n"
                              "whatsapp:+14155550100,ana,-1h\n"
                              "whatsapp:+14155550100,+15558675310,later\n"
                              "whatsapp:+14155550100,+15558675310,1h\n"
                              "sender,user,last_inbound\n"
                              "whatsapp:+14155550100,+15558675310,\n"
                              "a,b,c,d\n"
                              "whatsapp:+14155550100,+15558675310,-2h\n");
  EXPECT_EQ(json["imported"], 2);
  std::vector<std::string> told;
  for (const Json& error : json["errors"]) {
    told.push_back(error["line"].dump() + " " + error["detail"].get<std::string>());
  }
  using testing::StartsWith;
  EXPECT_THAT(told, testing::ElementsAre(
                        StartsWith("2 expected three columns"), StartsWith("3 sender: '+1415"),
                        StartsWith("4 user: 'whatsapp:ana'"), StartsWith("5 last_inbound: 'later'"),
                        StartsWith("6 last_inbound is later"), StartsWith("7 sender: 'sender'"),
                        StartsWith("8 expected state"), StartsWith("9 expected three columns")));
}

TEST_F(ControlWindows, AHeaderSaysTheOrderOfTheColumns) {
  const Json json = server.ok("POST", "/windows/import",
                              "\xEF\xBB\xBFlast_inbound,closed_early,user,sender\r\n"
                              "-1h,,\"whatsapp:+5215512345678\",whatsapp:+14155550100\r\n"
                              "-2h,true,whatsapp:+15558675310,whatsapp:+14155550100\r\n"
                              "-2h,maybe,whatsapp:+15558675310,whatsapp:+14155550100\r\n");
  EXPECT_EQ(json["imported"], 2);
  EXPECT_EQ(json["errors"][0]["line"], 4);
  EXPECT_THAT(json["errors"][0]["detail"].get<std::string>(), HasSubstr("expected true or false"));
  EXPECT_EQ(server.get(kWindow)["state"], "open");
  const Json closed = server.get("/windows/" + kShop + "/+15558675310");
  EXPECT_EQ(closed["state"], "closed");
  EXPECT_EQ(closed["closed_early"], true);
  EXPECT_EQ(closed["last_inbound"], "2026-01-05T07:00:00.000Z");
}

TEST_F(ControlWindows, WhatWasClosedEarlyStaysClosedWhenItIsImported) {
  server.receive();
  put(R"({"state":"closed"})");
  const std::string line = kShop + "," + kAna + ",2026-01-05T09:00:00.000Z";
  const auto state_after = [&](const std::string& csv) {
    EXPECT_EQ(server.ok("POST", "/windows/import", csv)["imported"], 1);
    return server.get(kWindow)["state"];
  };
  EXPECT_EQ(state_after(line + ",true\n"), "closed");
  EXPECT_EQ(state_after(line + "\n"), "closed") << "an older file does not say";
}

TEST_F(ControlWindows, AnUnchangedWindowIsNoNews) {
  server.receive();
  const auto news = server.events.subscribe();
  const auto count_news = [&] {
    int count = 0;
    while (run_task(*server.context, news->next(std::chrono::milliseconds(0))).event) ++count;
    return count;
  };
  const std::string line = kShop + "," + kAna + ",2026-01-05T09:00:00.000Z";
  EXPECT_EQ(server.ok("POST", "/windows/import", line + ",false\n")["imported"], 1);
  EXPECT_EQ(count_news(), 0);
  server.ok("POST", "/windows/import", line + ",true\n");
  EXPECT_EQ(count_news(), 1);
  EXPECT_EQ(server.get(kWindow)["state"], "closed");
  server.ok("POST", "/windows/import", line + ",false\n");
  EXPECT_EQ(server.get(kWindow)["state"], "open");
}

TEST_F(ControlWindows, AnEmptyImportImportsNothing) {
  for (const std::string text : {"", "\n\n", "sender,user,last_inbound\n"}) {
    EXPECT_EQ(server.ok("POST", "/windows/import", text).dump(), R"({"imported":0,"errors":[]})");
  }
}

}  // namespace
}  // namespace twindow::test
