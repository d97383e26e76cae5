// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/references.h"

#include <gtest/gtest.h>

namespace twindow::app {
namespace {

class ReferencesTest : public testing::Test {
 protected:
  ReferencesTest() {
    references_.bind("reply", {{"sid", "SM1"}, {"error_code", 63016}, {"error_message", nullptr}});
  }
  References references_;
};

TEST_F(ReferencesTest, AreReplacedByTheFieldsOfWhatWasNamed) {
  EXPECT_EQ(*references_.resolve("/r/${reply.sid}?c=${reply.error_code}!"), "/r/SM1?c=63016!");
  EXPECT_EQ(*references_.resolve("${reply}"), "SM1");
  EXPECT_EQ(*references_.resolve("${reply.error_message}"), "");
  EXPECT_EQ(*references_.resolve("nothing of it, and ${unclosed"), "nothing of it, and ${unclosed");
}

TEST_F(ReferencesTest, SayWhatIsNotThere) {
  EXPECT_EQ(references_.resolve("${other.sid}").error(),
            "no step before this one has named \"other\"");
  EXPECT_EQ(references_.resolve("${reply.colour}").error(), "a message has no \"colour\"");
}

TEST_F(ReferencesTest, AreReplacedWhereverTheyStandInJson) {
  const auto json =
      references_.resolve_json(R"({"a": ["${reply.sid}", 1], "${reply.sid}": {"b": "x"}})");
  ASSERT_TRUE(json);
  EXPECT_EQ(json->dump(), R"({"a":["SM1",1],"${reply.sid}":{"b":"x"}})") << "but not in names";
  EXPECT_FALSE(references_.resolve_json("{\"a\": \"${no.sid}\"}"));
  EXPECT_FALSE(references_.resolve_json("{"));
}

TEST_F(ReferencesTest, ALaterNameTakesThePlaceOfAnEarlierOne) {
  references_.bind("reply", {{"sid", "SM2"}});
  EXPECT_EQ(*references_.resolve("${reply.sid}"), "SM2");
}

}  // namespace
}  // namespace twindow::app
