// SPDX-License-Identifier: Apache-2.0
// Which account a call of the control API is about.
#include "tests/api/server_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string inbound_body(const std::string& account = "") {
  Json said{{"From", kAna}, {"To", kShop}, {"Body", "hola"}};
  if (!account.empty()) said["AccountSid"] = account;
  return said.dump();
}

std::string account_of(const Answer& answer) {
  EXPECT_EQ(answer.status, 200) << answer.body;
  return answer.json().value("AccountSid", "");
}

constexpr auto kInbound = "/simulate/inbound-message";

TEST(ControlAccounts, AWriteGoesToTheOneOfTheBody) {
  Server server;
  server.send(kSecond);
  EXPECT_EQ(account_of(server.admin("POST", kInbound, inbound_body(kAccount))), kAccount);
}

TEST(ControlAccounts, AWriteGoesToTheOneOfTheQuery) {
  Server server;
  server.send(kSecond);
  const std::string path = std::string(kInbound) + "?account=" + kAccount;
  EXPECT_EQ(account_of(server.admin("POST", path, inbound_body())), kAccount);
}

TEST(ControlAccounts, TheBodyWinsOverTheQuery) {
  Server server;
  const std::string path = std::string(kInbound) + "?account=" + kAccount;
  EXPECT_EQ(account_of(server.admin("POST", path, inbound_body(kSecond))), kSecond);
}

TEST(ControlAccounts, AWriteGoesToTheOnlyOneThatWasSeen) {
  Server server;
  server.send(kSecond);
  EXPECT_EQ(account_of(server.admin("POST", kInbound, inbound_body())), kSecond);
}

TEST(ControlAccounts, AWriteGoesToTheOnlyOneThatIsConfigured) {
  ServerOptions options;
  options.accounts.push_back({.sid = AccountSid{kThird}});
  Server server(std::move(options));
  EXPECT_EQ(account_of(server.admin("POST", kInbound, inbound_body())), kThird);
  EXPECT_EQ(account_of(server.admin("POST", kInbound, inbound_body())), kThird)
      << "configured and seen is still one";
}

TEST(ControlAccounts, WithNoneKnownItIsTheOneOfZeros) {
  Server server;
  EXPECT_EQ(account_of(server.admin("POST", kInbound, inbound_body())), kNobody);
}

TEST(ControlAccounts, WithSeveralKnownTheAnswerListsThem) {
  ServerOptions options;
  options.accounts.push_back({.sid = AccountSid{kThird}});
  Server server(std::move(options));
  server.send(kAccount);
  const std::vector<std::array<std::string, 3>> writes{
      {"POST", kInbound, inbound_body()},
      {"PUT", "/senders", R"({"senders":[]})"},
      {"PUT", "/windows/" + kShop + "/" + kAna, R"({"state":"open"})"},
      {"DELETE", "/windows/" + kShop + "/" + kAna, ""},
      {"POST", "/windows/import", ""},
  };
  for (const auto& [method, path, body] : writes) {
    const Answer answer = server.admin(method, path, body);
    EXPECT_EQ(answer.status, 400) << method << " " << path;
    EXPECT_THAT(answer.detail(), AllOf(HasSubstr(kAccount), HasSubstr(kThird),
                                       HasSubstr("AccountSid"), HasSubstr("?account=")));
  }
}

TEST(ControlAccounts, AReadCoversAllOrTheNamedOne) {
  Server server;
  const std::string first = server.send(kAccount);
  const std::string second = server.send(kSecond);
  EXPECT_EQ(server.get("/messages")["messages"].size(), 2U);
  EXPECT_THAT(column(server.get("/messages?account=" + kSecond)["messages"], "sid"),
              ElementsAre(second));
  EXPECT_THAT(server.get("/messages?account=" + kThird)["messages"], IsEmpty());
  EXPECT_EQ(server.worlds.find(AccountSid{kThird}), nullptr) << "a read makes no account";
  EXPECT_EQ(server.admin("GET", "/messages/" + first + "?account=" + kSecond).status, 404);
}

TEST(ControlAccounts, ConfiguredOnesAreReadBeforeTheirFirstCall) {
  ServerOptions options;
  AccountOptions account{.sid = AccountSid{kThird}};
  account.senders.push_back({.address = *parse_from(kShop)});
  options.accounts.push_back(std::move(account));
  Server server(std::move(options));
  const Json accounts = server.get("/senders")["accounts"];
  ASSERT_EQ(accounts.size(), 1U);
  EXPECT_EQ(accounts[0]["account_sid"], kThird);
  EXPECT_EQ(accounts[0]["senders"][0]["address"], kShop);
  EXPECT_EQ(server.get("/senders?account=" + kThird)["accounts"].size(), 1U);
  EXPECT_EQ(server.get("/info")["accounts"], Json::array({kThird}));
}

struct BadRow {
  const char* name;
  std::string method;
  std::string path;
};

const std::vector<BadRow> kNamedBadly{
    {"Info", "GET", "/info"},
    {"Reset", "POST", "/reset"},
    {"Messages", "GET", "/messages"},
    {"Message", "GET", "/messages/" + kUnknownSid},
    {"Wait", "POST", "/messages/wait"},
    {"Count", "POST", "/messages/count"},
    {"Callbacks", "GET", "/callbacks"},
    {"Callback", "GET", "/callbacks/CB1"},
    {"Resend", "POST", "/callbacks/CB1/resend"},
    {"Windows", "GET", "/windows"},
    {"Window", "GET", "/windows/" + kShop + "/" + kAna},
    {"DeleteWindow", "DELETE", "/windows/" + kShop + "/" + kAna},
    {"Import", "POST", "/windows/import"},
    {"Senders", "GET", "/senders"},
    {"Clock", "GET", "/clock"},
    {"Events", "GET", "/events"},
};

class NamedBadly : public testing::TestWithParam<BadRow> {};

TEST_P(NamedBadly, IsRefusedByName) {
  Server server;
  for (const std::string account : {"AC0123", "acme", "SM0123456789abcdef0123456789abcdef"}) {
    const Answer answer = server.admin(GetParam().method, GetParam().path + "?account=" + account);
    EXPECT_EQ(answer.status, 400);
    EXPECT_THAT(answer.detail(), HasSubstr("'" + account + "' is no account SID"));
  }
  EXPECT_TRUE(server.worlds.all().empty());
}

INSTANTIATE_TEST_SUITE_P(ControlAccounts, NamedBadly, testing::ValuesIn(kNamedBadly), case_name);

}  // namespace
}  // namespace twindow::test
