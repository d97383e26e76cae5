// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/accounts.h"

#include <gtest/gtest.h>

namespace twindow::gateway {
namespace {

const AccountSid kOne{"AC0123456789abcdef0123456789abcdef"};
const AccountSid kTwo{"AC0123456789abcdef0123456789abcdee"};

TEST(Accounts, LearnTheFirstTokenTheySee) {
  Accounts accounts({}, std::nullopt);
  EXPECT_EQ(accounts.token_or_learn(kOne, AuthToken{"first"}).text, "first");
  EXPECT_EQ(accounts.token_or_learn(kOne, AuthToken{"second"}).text, "first");
  EXPECT_EQ(accounts.token_or_learn(kTwo, AuthToken{"other"}).text, "other");
  EXPECT_EQ(accounts.signing_token(kOne).text, "first");
}

TEST(Accounts, DoNotLearnWhatIsConfigured) {
  Accounts accounts({{.sid = kOne, .auth_token = AuthToken{"mine"}}}, AuthToken{"default"});
  EXPECT_EQ(accounts.token_or_learn(kOne, AuthToken{"offered"}).text, "mine");
  EXPECT_EQ(accounts.token_or_learn(kTwo, AuthToken{"offered"}).text, "offered");
}

TEST(Accounts, KeysNeedATokenToSignWith) {
  Accounts accounts({}, std::nullopt);
  const std::string key = "SK0123456789abcdef0123456789abcdef";
  EXPECT_EQ(accounts.key_secret_or_learn(kOne, key, AuthToken{"s"}).error().code,
            Errc::ApiKeyNeedsToken);
  accounts.token_or_learn(kOne, AuthToken{"token"});
  EXPECT_EQ((*accounts.key_secret_or_learn(kOne, key, AuthToken{"s"}))->text, "s");
  EXPECT_EQ((*accounts.key_secret_or_learn(kOne, key, AuthToken{"t"}))->text, "s");
}

TEST(Accounts, ConfiguredKeysAreTheOnlyOnes) {
  AccountOptions options{.sid = kOne, .auth_token = AuthToken{"token"}};
  options.api_keys = {{.sid = "SK1", .secret = AuthToken{"secret"}}};
  Accounts accounts({options}, std::nullopt);
  EXPECT_EQ((*accounts.key_secret_or_learn(kOne, "SK1", AuthToken{"x"}))->text, "secret");
  EXPECT_FALSE(accounts.key_secret_or_learn(kOne, "SK2", AuthToken{"x"})->has_value());
}

TEST(Accounts, SignWithANamedTokenEvenBeforeAnyoneCalls) {
  EXPECT_EQ(Accounts({}, std::nullopt).signing_token(kOne).text,
            "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(Accounts({}, AuthToken{"default"}).signing_token(kOne).text, "default");
}

AccountOptions with_key(const std::string& key) {
  AccountOptions options{.sid = kOne, .auth_token = AuthToken{"token"}};
  options.api_keys = {{.sid = key, .secret = AuthToken{"secret"}}};
  return options;
}

TEST(Accounts, TakeTheTokensOfANewConfiguration) {
  Accounts accounts({{.sid = kOne, .auth_token = AuthToken{"old"}}}, std::nullopt);
  accounts.configure({{.sid = kOne, .auth_token = AuthToken{"new"}}, {.sid = kTwo}});
  EXPECT_EQ(accounts.token_or_learn(kOne, AuthToken{"old"}).text, "new");
  EXPECT_EQ(accounts.signing_token(kOne).text, "new");
  EXPECT_EQ(accounts.configured(), (std::vector{kOne, kTwo}));
}

TEST(Accounts, LearnAgainWhereTheConfigurationNamesNoTokenAnyMore) {
  Accounts accounts({{.sid = kOne, .auth_token = AuthToken{"old"}}}, std::nullopt);
  accounts.configure({});
  EXPECT_TRUE(accounts.configured().empty());
  EXPECT_EQ(accounts.token_or_learn(kOne, AuthToken{"first"}).text, "first");
  Accounts with_default({{.sid = kOne, .auth_token = AuthToken{"old"}}}, AuthToken{"default"});
  with_default.configure({});
  EXPECT_EQ(with_default.token_or_learn(kOne, AuthToken{"offered"}).text, "offered");
}

TEST(Accounts, TheVariableClosesNoAccount) {
  Accounts accounts({}, AuthToken{"default"});
  EXPECT_EQ(accounts.signing_token(kOne).text, "default") << "nobody has called";
  EXPECT_EQ(accounts.token_or_learn(kOne, AuthToken{"fresh"}).text, "fresh");
  EXPECT_EQ(accounts.token_or_learn(kOne, AuthToken{"default"}).text, "fresh");
  EXPECT_EQ(accounts.signing_token(kOne).text, "fresh");
}

TEST(Accounts, TheVariableIsTheTokenOfWhoComesWithAKeyFirst) {
  Accounts accounts({}, AuthToken{"default"});
  EXPECT_EQ((*accounts.key_secret_or_learn(kOne, "SK1", AuthToken{"s"}))->text, "s");
  EXPECT_EQ(accounts.token_or_learn(kOne, AuthToken{"fresh"}).text, "default");
  EXPECT_EQ(accounts.signing_token(kOne).text, "default");
}

TEST(Accounts, TheVariableIsTheTokenOfTheAccountOfZeros) {
  const AccountSid zeros{"AC" + std::string(32, '0')};
  EXPECT_EQ(Accounts({}, AuthToken{"default"}).token_or_learn(zeros, AuthToken{"fresh"}).text,
            "default");
  EXPECT_EQ(Accounts({}, std::nullopt).token_or_learn(zeros, AuthToken{"fresh"}).text, "fresh");
}

TEST(Accounts, OnlyWhatTheConfigurationNamesCanBeAskedFor) {
  Accounts accounts({with_key("SK1"), {.sid = kTwo}}, AuthToken{"default"});
  accounts.token_or_learn(kTwo, AuthToken{"learned"});
  EXPECT_TRUE(accounts.has_credentials(kOne));
  EXPECT_FALSE(accounts.has_credentials(kTwo)) << "learned is not configured";
  EXPECT_FALSE(accounts.has_credentials({"AC" + std::string(32, 'a')}));
  accounts.configure({});
  EXPECT_FALSE(accounts.has_credentials(kOne));
}

TEST(Accounts, KeepWhatTheyLearnedWhereTheConfigurationNeverNamedAny) {
  Accounts accounts({{.sid = kOne}}, std::nullopt);
  accounts.token_or_learn(kOne, AuthToken{"learned"});
  ASSERT_TRUE(accounts.key_secret_or_learn(kOne, "SK9", AuthToken{"s"}));
  accounts.token_or_learn(kTwo, AuthToken{"learned too"});
  accounts.configure({{.sid = kOne, .inbound_url = "https://app.example.com/in"}});
  EXPECT_EQ(accounts.token_or_learn(kOne, AuthToken{"other"}).text, "learned");
  EXPECT_EQ((*accounts.key_secret_or_learn(kOne, "SK9", AuthToken{"x"}))->text, "s");
  EXPECT_EQ(accounts.token_or_learn(kTwo, AuthToken{"other"}).text, "learned too");
  EXPECT_EQ(accounts.options(kOne).inbound_url, "https://app.example.com/in");
}

TEST(Accounts, TakeTheKeysOfANewConfiguration) {
  Accounts accounts({with_key("SK1")}, std::nullopt);
  accounts.configure({with_key("SK2")});
  EXPECT_FALSE(accounts.key_secret_or_learn(kOne, "SK1", AuthToken{"secret"})->has_value());
  EXPECT_TRUE(accounts.key_secret_or_learn(kOne, "SK2", AuthToken{"x"})->has_value());
  accounts.configure({{.sid = kOne, .auth_token = AuthToken{"token"}}});
  EXPECT_EQ((*accounts.key_secret_or_learn(kOne, "SK2", AuthToken{"x"}))->text, "x")
      << "learned, since keys are open again";
}

}  // namespace
}  // namespace twindow::gateway
