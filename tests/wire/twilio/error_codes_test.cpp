// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/error_codes.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/golden.h"

namespace twindow::wire {
namespace {

TEST(ErrorCodes, AreThoseOfTheFixtureRowByRow) {
  const auto rows = nlohmann::json::parse(test::read_fixture("twilio/error-codes.json"));
  ASSERT_EQ(rows.size(), 251u);
  for (const auto& row : rows) {
    const auto* info = find_error_code(row.at("code"));
    ASSERT_NE(info, nullptr) << row.at("code");
    EXPECT_EQ(info->code, row.at("code"));
    EXPECT_EQ(info->title, row.at("title").get<std::string>());
    EXPECT_EQ(info->cause, row.at("cause").get<std::string>());
    EXPECT_EQ(info->fix, row.at("fix").get<std::string>());
  }
}

// The fixture has each code once, so equal numbers of rows mean that the table has no other.
TEST(ErrorCodes, HaveNoOtherRow) {
  int found = 0;
  for (int code = -1; code < 100'000; ++code) found += find_error_code(code) != nullptr;
  EXPECT_EQ(found, 251);
  EXPECT_EQ(find_error_code(63017'0), nullptr);
}

}  // namespace
}  // namespace twindow::wire
