// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/content_coding.h"

#include <gtest/gtest.h>

namespace twindow::wire {
namespace {

constexpr std::size_t kEnough = 1024;
const std::string kText = R"({"sid":"SM1","sid":"SM1"})";

std::string bytes(std::string_view hex) {
  std::string made;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    made += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return made;
}

// As zlib and brotli of Node 20 write it.
const std::string kGzip =
    bytes("1f8b0800000000000003ab562ace4c51b2520af63554d24162d70200181eab1f19000000");
const std::string kDeflate = bytes("789cab562ace4c51b2520af63554d24162d702005b3f06cb");
const std::string kRawDeflate = bytes("ab562ace4c51b2520af63554d24162d70200");
const std::string kBrotli = bytes("0b0c807b22736964223a22534d31222c22736964223a22534d31227d03");

TEST(ContentCoding, ReadsWhatAppsAskTwilioFor) {
  EXPECT_EQ(decode_content(kText, "", kEnough), kText);
  EXPECT_EQ(decode_content(kText, "Identity", kEnough), kText);
  EXPECT_EQ(decode_content(kGzip, "gzip", kEnough), kText);
  EXPECT_EQ(decode_content(kGzip, "X-GZip", kEnough), kText);
  EXPECT_EQ(decode_content(kDeflate, "deflate", kEnough), kText);
  EXPECT_EQ(decode_content(kRawDeflate, "deflate", kEnough), kText);
  EXPECT_EQ(decode_content(kBrotli, "br", kEnough), kText);
}

TEST(ContentCoding, RefusesWhatItCannotRead) {
  EXPECT_EQ(decode_content(kText, "zstd", kEnough), std::nullopt);
  EXPECT_EQ(decode_content(kText, "gzip, br", kEnough), std::nullopt);
  EXPECT_EQ(decode_content(kText, "gzip", kEnough), std::nullopt);
  EXPECT_EQ(decode_content(kText, "deflate", kEnough), std::nullopt);
  EXPECT_EQ(decode_content(kText, "br", kEnough), std::nullopt);
  EXPECT_EQ(decode_content(kGzip + "more", "gzip", kEnough), std::nullopt);
  EXPECT_EQ(decode_content(kBrotli + "more", "br", kEnough), std::nullopt);
}

TEST(ContentCoding, RefusesWhatBrokeOff) {
  for (std::size_t size = 0; size < kGzip.size(); ++size) {
    EXPECT_EQ(decode_content(kGzip.substr(0, size), "gzip", kEnough), std::nullopt) << size;
  }
  for (std::size_t size = 0; size < kBrotli.size(); ++size) {
    EXPECT_EQ(decode_content(kBrotli.substr(0, size), "br", kEnough), std::nullopt) << size;
  }
}

TEST(ContentCoding, GrowsNoLargerThanItMay) {
  EXPECT_EQ(decode_content(kGzip, "gzip", kGzip.size()), kText);
  EXPECT_EQ(decode_content(kGzip, "gzip", kText.size()), std::nullopt) << "what is coded is longer";
  EXPECT_EQ(decode_content(kBrotli, "br", kText.size() - 1), std::nullopt);
  EXPECT_EQ(decode_content(kText, "", kText.size() - 1), std::nullopt);
  EXPECT_EQ(decode_content(kRawDeflate, "deflate", kText.size() - 1), std::nullopt);
  EXPECT_EQ(decode_content(kRawDeflate, "deflate", kText.size()), kText);
}

}  // namespace
}  // namespace twindow::wire
