// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/eight_bytes.h"

#include <string>

#include <gtest/gtest.h>

namespace twindow {
namespace {

// Beside others of every kind, for a carry from one byte into the next would show there.
template <class Check>
void for_each_byte_and_place(const Check& check) {
  for (const char other : {'\x01', ' ', 'a', '\x7e', '\x7f'}) {
    for (int byte = 0; byte < 256; ++byte) {
      for (std::size_t place = 0; place < 8; ++place) {
        std::string text(8, other);
        text[place] = static_cast<char>(byte);
        check(load_eight(text.data()), text);
      }
    }
  }
}

TEST(EightBytes, FindsWhatIsAmongThem) {
  for_each_byte_and_place([](EightBytes bytes, const std::string& text) {
    bool control = false;
    bool above = false;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      control |= byte < 0x20 || byte == 0x7f;
      above |= byte >= 0x80;
    }
    EXPECT_EQ(any_control(bytes) != 0, control);
    EXPECT_EQ(any_above_ascii(bytes) != 0, above);
    EXPECT_EQ(any_is(bytes, '%') != 0, text.find('%') != std::string::npos);
    EXPECT_EQ(any_is(bytes, '\0') != 0, text.find('\0') != std::string::npos);
  });
}

TEST(EightBytes, SaysWhereAByteOfAsciiIs) {
  for_each_byte_and_place([](EightBytes bytes, const std::string& text) {
    if (any_above_ascii(bytes) != 0) return;
    std::string ones;
    for (const char c : text) ones += c == 'a' ? '\1' : '\0';
    EXPECT_EQ(ones_where(bytes, 'a'), load_eight(ones.data()));
  });
}

TEST(EightBytes, AreSkippedUpToThoseThatStop) {
  const auto stops = [](EightBytes bytes) { return any_is(bytes, '!'); };
  EXPECT_EQ(skip_eights("", stops), 0u);
  EXPECT_EQ(skip_eights("1234567", stops), 0u);
  EXPECT_EQ(skip_eights("12345678", stops), 8u);
  EXPECT_EQ(skip_eights("12345678123456!", stops), 8u);
  EXPECT_EQ(skip_eights("1234567!12345678", stops), 0u);
  EXPECT_EQ(skip_eights("123456781234567!", stops), 8u);
}

}  // namespace
}  // namespace twindow
