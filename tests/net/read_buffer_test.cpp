// SPDX-License-Identifier: Apache-2.0
#include "src/net/read_buffer.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace twindow::net {
namespace {

void read(ReadBuffer& buffer, std::string_view bytes) {
  while (!bytes.empty()) {
    const boost::asio::mutable_buffer room = buffer.room();
    const std::size_t size = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), size);
    buffer.commit(size);
    bytes.remove_prefix(size);
  }
}

TEST(ReadBuffer, KeepsWhatWasReadWhileItGrows) {
  std::string all;
  for (int i = 0; i < 20'000; ++i) all += static_cast<char>('a' + i % 26);
  ReadBuffer buffer;
  read(buffer, all);
  EXPECT_EQ(buffer.view(), all);
  buffer.consume(19'000);
  read(buffer, "end");
  EXPECT_EQ(buffer.view(), all.substr(19'000) + "end");
}

TEST(ReadBuffer, IsUsedAgainAfterItsRelease) {
  ReadBuffer buffer;
  read(buffer, "first");
  buffer.release();
  EXPECT_TRUE(buffer.empty());
  read(buffer, "second");
  EXPECT_EQ(buffer.view(), "second");
}

TEST(PagePool, GivesAPageThatCameBackAgain) {
  char* const page = take_page();
  give_page(page);
  EXPECT_EQ(take_page(), page);
  give_page(page);
}

TEST(PagePool, HasPagesForManyAtOnce) {
  std::vector<char*> pages;
  for (int i = 0; i < 200; ++i) {
    pages.push_back(take_page());
    std::memset(pages.back(), i, kPageSize);
  }
  for (std::size_t i = 0; i < pages.size(); ++i) {
    EXPECT_EQ(pages[i][kPageSize - 1], static_cast<char>(i));
    give_page(pages[i]);
  }
}

}  // namespace
}  // namespace twindow::net
