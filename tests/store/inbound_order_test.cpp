// SPDX-License-Identifier: Apache-2.0
// Messages of a user come late, in any order and more than once: the window is as open as the
// newest of them makes it, whichever way they came.
#include <algorithm>

#include "tests/store/conformance.h"

namespace twindow::store {
namespace {

// By their number: message n was sent n hours after the start.
struct OrderCase {
  std::string_view name;
  std::vector<int> come;
  int newest;
};

const std::vector<OrderCase> kOrders{
    {"One", {1}, 1},
    {"InOrder", {1, 2, 3}, 3},
    {"Backwards", {3, 2, 1}, 3},
    {"NewestInTheMiddle", {1, 3, 2}, 3},
    {"Twice", {1, 1}, 1},
    {"TheOldestAgain", {1, 3, 1}, 3},
    {"TheNewestAgain", {3, 1, 3}, 3},
    {"AllAgain", {2, 1, 3, 3, 1, 2}, 3},
    {"ADayLate", {25, 1}, 25},
};

class InboundOrder : public StoreTest {
 protected:
  Message of(int number) {
    Message message = draft_from(kAna);
    message.sid.text = "SM" + std::string(31, '0') + static_cast<char>('a' + number % 26);
    message.created = kStart + std::chrono::hours(number);
    return message;
  }
};

TEST_P(InboundOrder, IsNoDifference) {
  for (const OrderCase& c : kOrders) {
    ASSERT_TRUE(run(store_->clear()));
    std::vector<int> seen;
    for (const int number : c.come) {
      const bool repeat = std::ranges::find(seen, number) != seen.end();
      seen.push_back(number);
      const auto received = run(store_->receive(of(number), {}));
      EXPECT_EQ(received.has_value(), !repeat) << c.name;
      const auto window = *run(store_->find(window_key(kShop, kAna)));
      const int newest = *std::ranges::max_element(seen);
      ASSERT_TRUE(window) << c.name;
      EXPECT_EQ(window->last_inbound, kStart + std::chrono::hours(newest)) << c.name;
    }
    EXPECT_EQ((*run(store_->find(window_key(kShop, kAna))))->last_inbound,
              kStart + std::chrono::hours(c.newest))
        << c.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, InboundOrder, testing::ValuesIn(kBackends), test::case_name);

}  // namespace
}  // namespace twindow::store
