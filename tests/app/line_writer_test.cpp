// SPDX-License-Identifier: Apache-2.0
#include "src/app/line_writer.h"

#include <future>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "twindow/base/limits.h"

namespace twindow::app {
namespace {

// Writes when it is let to.
struct SlowReader {
  std::promise<void> reached;
  std::promise<void> open;
  std::vector<std::string> pieces;  // read when the writer is gone

  LineWriter::Write write() {
    return [this, opened = open.get_future().share()](std::string_view text) {
      if (pieces.empty()) reached.set_value();
      opened.wait();
      pieces.emplace_back(text);
    };
  }
};

TEST(LineWriter, WritesWhatWaitedInOnePieceAndInOrder) {
  SlowReader reader;
  {
    LineWriter lines(reader.write());
    lines.add("first\n");
    reader.reached.get_future().wait();
    for (int i = 0; i < 100; ++i) lines.add(std::to_string(i) + "\n");
    reader.open.set_value();
  }
  std::string rest;
  for (int i = 0; i < 100; ++i) rest += std::to_string(i) + "\n";
  EXPECT_EQ(reader.pieces, (std::vector<std::string>{"first\n", rest}));
}

TEST(LineWriter, DropsTheOldestWholeLinesOfTooMany) {
  const std::string line = std::string(99, 'x') + "\n";
  SlowReader reader;
  {
    LineWriter lines(reader.write());
    lines.add("first\n");
    reader.reached.get_future().wait();
    lines.add("oldest\n");
    for (std::size_t size = 0; size <= limits::kLogBytesWaitingMax; size += line.size()) {
      lines.add(line);
    }
    lines.add("newest\n");
    reader.open.set_value();
  }
  ASSERT_EQ(reader.pieces.size(), 2u);
  const std::string& rest = reader.pieces[1];
  EXPECT_LE(rest.size(), limits::kLogBytesWaitingMax);
  EXPECT_GE(rest.size(), limits::kLogBytesWaitingMax / 3);
  EXPECT_TRUE(rest.starts_with(line));
  EXPECT_TRUE(rest.ends_with(line + "newest\n"));
}

TEST(LineWriter, EndsWithoutALine) {
  std::vector<std::string> pieces;
  {
    LineWriter lines([&](std::string_view text) { pieces.emplace_back(text); });
  }
  EXPECT_TRUE(pieces.empty());
}

}  // namespace
}  // namespace twindow::app
