// SPDX-License-Identifier: Apache-2.0
// What is kept of users beside their messages: their other names, ads, and who has opted out. Every
// backend keeps it so.
#include "tests/store/conformance.h"

namespace twindow::store {
namespace {

const Address kAnasId = *parse_to("whatsapp:MX.1349");
const std::string kGroup = "MX.ENT.77";

class Users : public StoreTest {
 protected:
  using Effects = ports::AccountStore::Effects;

  ports::AccountStore::Received receive(const Address& from, Effects effects) {
    return *run(store_->receive(draft_from(from), std::move(effects)));
  }
  std::optional<Window> find(const Address& user) {
    return *run(store_->find(window_key(kShop, user)));
  }
  WindowKey resolved(const Address& user) { return *run(store_->resolve(window_key(kShop, user))); }
  std::vector<OptOut> opt_outs() { return *run(store_->opt_outs()); }
};

TEST_P(Users, AnIdOfItsOwnIsAUserOfItsOwn) {
  const auto received = receive(kAnasId, {});
  EXPECT_EQ(received.pair, window_key(kShop, kAnasId));
  EXPECT_EQ(find(kAnasId)->key, window_key(kShop, kAnasId));
  EXPECT_EQ(find(kAna), std::nullopt);
}

TEST_P(Users, AnIdSeenWithANumberIsThatUser) {
  receive(kAna, {.aliases = {"MX.1349", kGroup}});
  const auto later = receive(kAnasId, {});
  EXPECT_EQ(later.pair, window_key(kShop, kAna));
  EXPECT_EQ(find(kAna), later.window);
  EXPECT_EQ(find(kAnasId), later.window);
  EXPECT_EQ(find(*parse_to("whatsapp:MX.ENT.77")), later.window);
  EXPECT_EQ(run(store_->list())->size(), 1u);
  EXPECT_EQ(later.window->user_spelling, kAnasId.text) << "as last seen";
  const auto extended = run(store_->extend(window_key(kShop, kAnasId), kAnasId, kStart + 2h));
  EXPECT_EQ(extended->key, window_key(kShop, kAna));
  EXPECT_EQ(find(kAna)->last_inbound, kStart + 2h);
  ASSERT_TRUE(run(store_->erase(window_key(kShop, kAnasId))));
  EXPECT_EQ(find(kAna), std::nullopt);
}

TEST_P(Users, TwoWindowsBecomeOneAsOpenAsTheNewer) {
  const auto by_id = receive(kAnasId, {});
  const auto joined = receive(kAna, {.opens_window = false, .aliases = {"MX.1349"}});
  EXPECT_EQ(joined.window, std::nullopt);
  ASSERT_TRUE(find(kAna));
  EXPECT_EQ(find(kAna)->last_inbound, by_id.window->last_inbound);
  EXPECT_EQ(run(store_->list())->size(), 1u);
}

TEST_P(Users, AnOlderWindowOfAnIdChangesNothing) {
  ASSERT_TRUE(run(store_->extend(window_key(kShop, kAnasId), kAnasId, kStart - 30h)));
  ASSERT_TRUE(run(store_->extend(window_key(kShop, kAna), kAna, kStart - 1h)));
  receive(kAna, {.opens_window = false, .aliases = {"MX.1349"}});
  EXPECT_EQ(find(kAnasId)->last_inbound, kStart - 1h);
  EXPECT_EQ(find(kAnasId)->user_spelling, kAna.text);
}

TEST_P(Users, ASendToEitherNameSeesTheWindow) {
  receive(kAna, {.aliases = {"MX.1349"}});
  std::optional<Window> seen;
  admit(draft(kAnasId), [&](Message&, const ports::Facts& facts) { seen = facts.window; });
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->key, window_key(kShop, kAna));
}

TEST_P(Users, NamesAreOfOneSender) {
  receive(kAna, {.aliases = {"MX.1349"}});
  const Address other_shop = *parse_from("whatsapp:+14155550101");
  const WindowKey elsewhere = window_key(other_shop, kAnasId);
  EXPECT_EQ(*run(store_->resolve(elsewhere)), elsewhere);
  EXPECT_EQ(resolved(kAnasId), window_key(kShop, kAna));
  EXPECT_EQ(resolved(kBen), window_key(kShop, kBen));
}

TEST_P(Users, NamesAndOptOutsSurviveAndAreCleared) {
  receive(kAna, {.aliases = {"MX.1349"}, .opted = {.out = true, .of = {kShop.text, "MG1"}}});
  if (GetParam().durable) reopen();
  EXPECT_EQ(resolved(kAnasId), window_key(kShop, kAna));
  EXPECT_EQ(opt_outs().size(), 2u);
  ASSERT_TRUE(run(store_->clear()));
  EXPECT_EQ(resolved(kAnasId), window_key(kShop, kAnasId));
  EXPECT_TRUE(opt_outs().empty());
}

TEST_P(Users, OptOutAndInAgain) {
  receive(kAna, {.opted = {.out = true, .of = {kShop.text, "MG1"}}});
  const std::vector<OptOut> want{{"MG1", "+525512345678", kStart + 1s},
                                 {kShop.text, "+525512345678", kStart + 1s}};
  EXPECT_EQ(opt_outs(), want);
  receive(kAna, {.opted = {.out = true, .of = {kShop.text}}});
  EXPECT_EQ(opt_outs(), want) << "since the first time";
  receive(kAna, {.opted = {.out = false, .of = {kShop.text}}});
  ASSERT_EQ(opt_outs().size(), 1u);
  EXPECT_EQ(opt_outs()[0].sender, "MG1");
}

TEST_P(Users, AnOptOutOfAnIdIsThatOfItsUser) {
  receive(kAnasId, {.opted = {.out = true, .of = {kShop.text}}});
  EXPECT_EQ(opt_outs()[0].user, "MX.1349");
  receive(kAna, {.aliases = {"MX.1349"}});
  ASSERT_EQ(opt_outs().size(), 1u);
  EXPECT_EQ(opt_outs()[0].user, "+525512345678");
}

TEST_P(Users, ARepeatHasNoEffects) {
  const Message message = draft_from(kAna);
  ASSERT_TRUE(run(store_->receive(message, {})));
  const auto again = run(
      store_->receive(message, {.aliases = {"MX.1349"}, .opted = {.out = true, .of = {"MG1"}}}));
  EXPECT_EQ(again.error().code, Errc::Conflict);
  EXPECT_EQ(resolved(kAnasId), window_key(kShop, kAnasId));
  EXPECT_TRUE(opt_outs().empty());
}

TEST_P(Users, AnAdIsRememberedAndExtendsNothingByItself) {
  const auto first = receive(kAna, {.from_ad = true});
  EXPECT_EQ(first.window->from_ad, kStart + 1s);
  const auto second = receive(kAna, {});
  EXPECT_EQ(second.window->from_ad, kStart + 1s);
  EXPECT_EQ(second.window->last_inbound, kStart + 2s);
  if (GetParam().durable) reopen();
  EXPECT_EQ(find(kAna), second.window);
}

INSTANTIATE_TEST_SUITE_P(Backends, Users, testing::ValuesIn(kBackends), test::case_name);

}  // namespace
}  // namespace twindow::store
