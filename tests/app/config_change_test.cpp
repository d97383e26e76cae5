// SPDX-License-Identifier: Apache-2.0
// Which changes of a configuration need a restart.
#include "src/app/config_change.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "src/app/config_settings.h"
#include "tests/support/case_name.h"

namespace twindow::app {
namespace {

using Keys = std::vector<std::string>;

struct KeyCase {
  const char* name;
  const char* key;
  const char* value;  // other than the default
  bool live;
};

const std::vector<KeyCase> kKeys{
    {"Mode", "mode", "proxy", false},
    {"Listen", "listen", "127.0.0.1:1", false},
    {"Control", "control", "127.0.0.1:1", false},
    {"ControlHosts", "control.hosts", "tw.example.com", true},
    {"Tls", "tls", "127.0.0.1:1", false},
    {"TlsNames", "tls.names", "tw.example.com", false},
    {"TlsIps", "tls.ips", "192.0.2.7", false},
    {"Hooks", "hooks", "127.0.0.1:1", false},
    {"Store", "store", "sqlite:/x", false},
    {"Data", "data", "/x", false},
    {"Policy", "policy", "/x", false},
    {"Scenario", "scenario", "/x", false},
    {"Clock", "clock", "manual", false},
    {"Seed", "seed", "7", false},
    {"Upstream", "upstream", "https://up.example.com", false},
    {"UpstreamCa", "upstream_ca", "/x", false},
    {"PublicUrl", "public_url", "https://tw.example.com", false},
    {"WebhooksLearn", "webhooks.learn", "true", false},
    {"InboundUrl", "inbound_url", "https://app.example.com/in", true},
    {"ControlTokenFile", "control_token_file", "/x", false},
    {"CaCert", "ca_cert", "/x", false},
    {"CaKey", "ca_key", "/x", false},
    {"MaxMessages", "max_messages", "7", false},
    {"Log", "log", "json", false},
    {"LogPii", "log_pii", "true", false},
    {"CallbacksAllow", "callbacks.allow", "203.0.113.0/24", true},
    {"CallbacksDeliverTo", "callbacks.deliver_to", "https://a.example.com=http://127.0.0.1:1",
     true},
    {"CallbacksConnection", "callbacks.connection", "close", true},
    {"ConnectTunnel", "connect.tunnel", "other.example.com", false},
    {"LimitsIdleConnections", "limits.idle_connections", "7", false},
    {"IdempotencyLostAnswer", "idempotency.lost_answer", "5s", false},
    {"WebhooksClosingSoon", "webhooks.closing_soon", "https://app.example.com/soon", true},
    {"LedgerSettleAfter", "ledger.settle_after", "1m", false},
    {"LimitsConcurrentCalls", "limits.concurrent_calls", "7", true},
    {"LimitsSenderRates", "limits.sender_rates", "true", true},
    {"LimitsDailyUsers", "limits.daily_users", "7", true},
    {"LimitsMarketingPerUser", "limits.marketing_per_user", "7", true},
    {"ProfileReads", "profile.reads", "true", true},
    {"ProfileWindowClosed", "profile.window_closed", "failed", true},
};

class ChangedKey : public testing::TestWithParam<KeyCase> {};

TEST_P(ChangedKey, IsTakenOrNeedsARestart) {
  const KeyCase& c = GetParam();
  Config in_force;
  Config read;
  ASSERT_TRUE(find_setting(c.key)->set(read, c.value));
  const Keys key{c.key};
  const ConfigChange first = take_changes(in_force, read);
  EXPECT_EQ(first.taken, c.live ? key : Keys());
  EXPECT_EQ(first.pending, c.live ? Keys() : key);
  // What was taken is in force and no news; what needs a restart is told again.
  const ConfigChange second = take_changes(in_force, read);
  EXPECT_EQ(second.taken, Keys());
  EXPECT_EQ(second.pending, first.pending);
}

INSTANTIATE_TEST_SUITE_P(Table, ChangedKey, testing::ValuesIn(kKeys), test::case_name);

TEST(ConfigChange, KnowsEverySetting) {
  for (const Setting& setting : settings()) {
    EXPECT_TRUE(std::ranges::any_of(kKeys, [&](const KeyCase& c) { return c.key == setting.key; }))
        << setting.key << " needs a row in config_change.cpp and one here";
  }
}

TEST(ConfigChange, IsNothingIfNothingChanged) {
  Config in_force;
  in_force.accounts = {{.sid = AccountSid{"AC0"}, .auth_token = AuthToken{"t"}}};
  EXPECT_EQ(take_changes(in_force, Config(in_force)), ConfigChange());
}

TEST(ConfigChange, OfAnAccountIsTakenWhateverItIs) {
  AccountOptions one{.sid = AccountSid{"AC0"}, .auth_token = AuthToken{"t"}};
  one.api_keys = {{.sid = "SK0", .secret = AuthToken{"s"}}};
  std::vector<AccountOptions> others(10, one);
  others[0].auth_token = AuthToken{"u"};
  others[1].auth_token.reset();
  others[2].api_keys[0].secret = AuthToken{"x"};
  others[3].api_keys.clear();
  others[4].inbound_url = "https://app.example.com/in";
  others[5].status_callback = "https://app.example.com/status";
  others[6].senders = {{.address = *parse_from("whatsapp:+14155550100")}};
  others[7].sid = AccountSid{"AC1"};
  others[8].test = true;
  others[9].advanced_opt_out = {ServiceSid{"MG0"}};
  for (const AccountOptions& other : others) {
    Config in_force;
    in_force.accounts = {one};
    Config read;
    read.accounts = {other};
    EXPECT_EQ(take_changes(in_force, read), (ConfigChange{{"accounts"}, {}}));
    EXPECT_EQ(take_changes(in_force, read), ConfigChange());
  }
}

TEST(ConfigChange, TakesWhatItCanBesideWhatItCannot) {
  Config in_force;
  Config read;
  read.max_messages = 7;
  read.profile.window_closed = WindowClosed::Failed;
  read.listen.port = 1;
  EXPECT_EQ(take_changes(in_force, read),
            (ConfigChange{{"profile.window_closed"}, {"listen", "max_messages"}}));
  EXPECT_EQ(in_force.profile.window_closed, WindowClosed::Failed);
  EXPECT_EQ(in_force.listen.port, 4010);
  EXPECT_EQ(in_force.max_messages, limits::kMessagesMax);
}

}  // namespace
}  // namespace twindow::app
