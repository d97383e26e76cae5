// SPDX-License-Identifier: Apache-2.0
// Text from outside on a terminal, tables, and guesses at what was meant.
#include "src/app/cli/terminal.h"

#include <sstream>

#include <gtest/gtest.h>

#include "src/app/cli/table.h"
#include "src/app/suggestion.h"

namespace twindow::app {
namespace {

TEST(Columns, CountsWhatTheEyeSees) {
  EXPECT_EQ(columns(""), 0u);
  EXPECT_EQ(columns("abc"), 3u);
  EXPECT_EQ(columns("ñandú"), 5u);
  EXPECT_EQ(columns("日本"), 4u);
  EXPECT_EQ(columns("👋"), 2u);
  EXPECT_EQ(columns("e\xCC\x81"), 1u) << "a letter and a combining accent";
  EXPECT_EQ(columns("\xff\xfe"), 2u) << "what is no UTF-8 takes a column a byte";
}

TEST(Shortened, CutsAtACharacter) {
  EXPECT_EQ(shortened("ñandú", 5), "ñandú");
  EXPECT_EQ(shortened("ñandú!", 5), "ñand…");
  EXPECT_EQ(shortened("日本語", 5), "日本…");
  EXPECT_EQ(shortened("日本語", 4), "日…");
}

TEST(Printable, LetsNothingControlTheTerminal) {
  EXPECT_EQ(printable("a\x1b[2Jb\r\n\tc\x7f"), "a [2Jb   c ");
  EXPECT_EQ(printable("a\xC2\x9b"
                      "2J"),
            "a 2J")
      << "CSI as one character";
  EXPECT_EQ(printable("ñ👋"), "ñ👋");
}

TEST(Table, AlignsByColumnsNotBytes) {
  std::ostringstream out;
  std::ostringstream err;
  Table table({"NAME", "CODE", "BODY"});
  table.add({{"ñandú 👋"}, {"63016", Color::Red}, {"x"}});
  table.add({{"a"}, {""}, {"y"}});
  table.add({{"b"}, {"1"}, {""}});
  table.print({out, err});
  EXPECT_EQ(out.str(),
            "NAME      CODE   BODY\n"
            "ñandú 👋  63016  x\n"
            "a                y\n"
            "b         1\n");
}

TEST(Table, ColorsDoNotShiftColumns) {
  std::ostringstream out;
  std::ostringstream err;
  Table table({"A", "B"});
  table.add({{"1", Color::Red}, {"2"}});
  table.print({out, err, true});
  EXPECT_EQ(out.str(), "\x1b[1mA\x1b[0m  \x1b[1mB\x1b[0m\n\x1b[31m1\x1b[0m  2\n");
}

TEST(Nearest, FindsTypingErrorsAndNothingElse) {
  const std::vector<std::string> words{"listen", "log", "log_pii", "messages"};
  EXPECT_EQ(nearest("lisen", words), "listen");
  EXPECT_EQ(nearest("lsiten", words), "listen");
  EXPECT_EQ(nearest("LOG-PII", words), "log_pii");
  EXPECT_EQ(nearest("lgo", words), "log");
  EXPECT_EQ(nearest("mesages", words), "messages");
  EXPECT_EQ(nearest("xyz", words), std::nullopt);
  EXPECT_EQ(nearest("", words), std::nullopt);
  EXPECT_EQ(nearest(std::string(1000, 'l'), words), std::nullopt);
}

}  // namespace
}  // namespace twindow::app
