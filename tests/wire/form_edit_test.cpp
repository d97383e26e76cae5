// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/form_edit.h"

#include <gtest/gtest.h>

namespace twindow::wire {
namespace {

using Change = std::optional<std::optional<std::string>>;

std::string with_value(std::string_view form, std::string_view wanted, const std::string& value) {
  return edit_form(form, [&](std::string_view name, std::string_view) {
    return name == wanted ? Change(std::optional(value)) : Change();
  });
}
std::string without(std::string_view form, std::string_view wanted) {
  return edit_form(form, [&](std::string_view name, std::string_view) {
    return name == wanted ? Change(std::optional<std::string>()) : Change();
  });
}

TEST(FormEdit, ReplacesAValueAndNothingElse) {
  EXPECT_EQ(with_value("To=%2b1&StatusCallback=http%3a//a&Body=a+b%20c", "StatusCallback",
                       "http://b?x=1"),
            "To=%2b1&StatusCallback=http%3A%2F%2Fb%3Fx%3D1&Body=a+b%20c");
  EXPECT_EQ(with_value("Status%43allback=a&Z", "StatusCallback", "b"), "Status%43allback=b&Z")
      << "the name stays as it was spelled";
  EXPECT_EQ(with_value("A=1&&B=2&", "B", "3"), "A=1&&B=3&");
  EXPECT_EQ(with_value("StatusCallback", "StatusCallback", "b"), "StatusCallback=b");
  EXPECT_EQ(with_value("", "A", "b"), "");
}

TEST(FormEdit, DropsEveryPairOfAName) {
  EXPECT_EQ(without("Body=a&To=b&B%6fdy=c", "Body"), "To=b");
  EXPECT_EQ(without("Body=a", "Body"), "");
  EXPECT_EQ(without("To=b&Body=a&From=c", "Body"), "To=b&From=c");
}

TEST(FormEdit, LeavesWhatItCannotRead) {
  EXPECT_EQ(with_value("A=%zz&%ff=1&B=1", "B", "2"), "A=%zz&%ff=1&B=2");
}

TEST(FormEdit, Appends) {
  EXPECT_EQ(append_form("To=b", {{"ContentSid", "HX1"}, {"V", "{\"1\":\"a b\"}"}}),
            "To=b&ContentSid=HX1&V=%7B%221%22%3A%22a+b%22%7D");
  EXPECT_EQ(append_form("", {{"A", "1"}}), "A=1");
  EXPECT_EQ(append_form("A=1", {}), "A=1");
}

}  // namespace
}  // namespace twindow::wire
