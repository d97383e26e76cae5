// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/resource.h"

#include <gtest/gtest.h>

namespace twindow {
namespace {

TEST(Resource, HasFieldsByName) {
  Resource resource;
  EXPECT_EQ(resource.find("a"), nullptr);
  EXPECT_EQ(resource.get("a"), "");
  resource.set("a", "1");
  resource.fields.push_back({"a", "2"});
  resource.fields.push_back({"b", "true"});
  EXPECT_EQ(resource.get("a"), "1");
  EXPECT_TRUE(resource.is("b"));
  resource.set("a", "3");
  EXPECT_EQ(resource.fields, (std::vector<Param>{{"a", "3"}, {"b", "true"}}));
}

TEST(Resource, EveryKindHasItsPrefix) {
  EXPECT_EQ(sid_prefix(ResourceKind::Account), "AC");
  EXPECT_EQ(sid_prefix(ResourceKind::PoolPhoneNumber), "PN");
  EXPECT_EQ(sid_prefix(ResourceKind::PoolChannelSender), "XE");
  EXPECT_EQ(sid_prefix(ResourceKind::Content), "HX");
  EXPECT_EQ(sid_prefix(ResourceKind::SandboxMember), "");
  EXPECT_TRUE(is_pool(ResourceKind::PoolPhoneNumber));
  EXPECT_TRUE(is_pool(ResourceKind::PoolChannelSender));
  EXPECT_FALSE(is_pool(ResourceKind::Service));
  EXPECT_FALSE(is_pool(ResourceKind::Content));
}

TEST(ResourceShelf, FindsByAField) {
  ResourceShelf shelf;
  Resource number{.kind = ResourceKind::PhoneNumber, .sid = "PN1"};
  number.set("phone_number", "+15005550006");
  shelf.put(number);
  EXPECT_EQ(*shelf.find_by(ResourceKind::PhoneNumber, "phone_number", "+15005550006"), number);
  EXPECT_EQ(shelf.find_by(ResourceKind::PhoneNumber, "phone_number", "+1"), nullptr);
  EXPECT_TRUE(shelf.erase(ResourceKind::PhoneNumber, "PN1", ""));
  EXPECT_FALSE(shelf.erase(ResourceKind::PhoneNumber, "PN1", ""));
}

}  // namespace
}  // namespace twindow
