// SPDX-License-Identifier: Apache-2.0
// Resources: services, numbers, contents. Every backend keeps them so.
#include "tests/store/conformance.h"

namespace twindow::store {
namespace {

class Resources : public StoreTest {
 protected:
  using Changes = ports::ResourceStore::ResourceChanges;

  static Resource resource(ResourceKind kind, std::string sid, std::string parent = "") {
    Resource made{.kind = kind, .sid = std::move(sid), .parent = std::move(parent)};
    made.created = kStart;
    made.updated = kStart + 1s;
    made.fields = {{"friendly_name", "Zoë"}, {"other_text", ""}, {"other_text", "two"}};
    return made;
  }
  void put(std::vector<Resource> all) {
    Changes changes;
    changes.put = std::move(all);
    ASSERT_TRUE(run(store_->change_resources(std::move(changes))));
  }
  std::vector<std::string> sids(ResourceKind kind, std::string_view parent = "") {
    std::vector<std::string> found;
    for (const Resource& one : store_->resources().list(kind, parent)) found.push_back(one.sid);
    return found;
  }
};

using Sids = std::vector<std::string>;

TEST_P(Resources, AreGivenBackAsTheyWere) {
  const Resource kept = resource(ResourceKind::Service, "MG1");
  put({kept});
  ASSERT_NE(store_->resources().find(ResourceKind::Service, "MG1"), nullptr);
  EXPECT_EQ(*store_->resources().find(ResourceKind::Service, "MG1"), kept);
  EXPECT_EQ(store_->resources().find(ResourceKind::Content, "MG1"), nullptr);
}

TEST_P(Resources, AreListedByKindAndParentInOrderOfCreation) {
  put({resource(ResourceKind::Service, "MG2"), resource(ResourceKind::Service, "MG1"),
       resource(ResourceKind::PoolPhoneNumber, "PN1", "MG1"),
       resource(ResourceKind::PoolPhoneNumber, "PN1", "MG2")});
  put({resource(ResourceKind::Service, "MG0")});
  Resource changed = resource(ResourceKind::Service, "MG2");
  changed.set("friendly_name", "another");
  put({changed});
  EXPECT_EQ(sids(ResourceKind::Service), (Sids{"MG2", "MG1", "MG0"}));
  EXPECT_EQ(sids(ResourceKind::PoolPhoneNumber, "MG1"), Sids{"PN1"});
  EXPECT_EQ(sids(ResourceKind::PoolPhoneNumber), Sids());
  EXPECT_EQ(store_->resources().find(ResourceKind::Service, "MG2")->get("friendly_name"),
            "another");
}

TEST_P(Resources, ErasingAndPuttingIsOneChange) {
  put({resource(ResourceKind::Service, "MG1"), resource(ResourceKind::Service, "MG2")});
  Changes changes;
  changes.erased = {{ResourceKind::Service, "MG1"}, {ResourceKind::Service, "MG7"}};
  changes.put = {resource(ResourceKind::Service, "MG3")};
  ASSERT_TRUE(run(store_->change_resources(std::move(changes))));
  EXPECT_EQ(sids(ResourceKind::Service), (Sids{"MG2", "MG3"}));
}

TEST_P(Resources, AreOfOneAccount) {
  put({resource(ResourceKind::Service, "MG1")});
  const auto other = backend_->open_account(kOtherAccount);
  EXPECT_TRUE(other->resources().all().empty());
}

TEST_P(Resources, AreForgottenWithTheAccount) {
  put({resource(ResourceKind::Service, "MG1")});
  ASSERT_TRUE(run(store_->clear()));
  EXPECT_TRUE(store_->resources().all().empty());
  if (!GetParam().durable) return;
  reopen();
  EXPECT_TRUE(store_->resources().all().empty());
}

TEST_P(Resources, SurviveTheProgramIfTheBackendDoes) {
  if (!GetParam().durable) return;
  const Resource kept = resource(ResourceKind::Content, "HX1");
  put({resource(ResourceKind::Content, "HX0"), kept});
  Changes changes;
  changes.erased = {{ResourceKind::Content, "HX0"}};
  ASSERT_TRUE(run(store_->change_resources(std::move(changes))));
  reopen();
  EXPECT_EQ(store_->resources().all(), std::vector<Resource>{kept});
}

INSTANTIATE_TEST_SUITE_P(Store, Resources, testing::ValuesIn(kBackends), test::case_name);

}  // namespace
}  // namespace twindow::store
