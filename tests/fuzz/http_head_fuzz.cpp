// SPDX-License-Identifier: Apache-2.0
// Bytes from the network up to the handler: head, its checks, chunked body. Whatever comes, and in
// whatever pieces: no crash, and the same verdict as in one piece.
// Corpus: fixtures/corpora/http_head.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "twindow/base/check.h"
#include "twindow/base/limits.h"

#include "src/net/chunk_decoder.h"
#include "src/net/head_scanner.h"
#include "src/net/request_head.h"

using namespace twindow;
using namespace twindow::net;

namespace {

constexpr std::size_t kBodyMax = 1000;

struct Decoded {
  bool done;
  bool refused;
  std::string body;
  std::size_t used;

  friend bool operator==(const Decoded&, const Decoded&) = default;
};

Decoded decode(std::string_view bytes, std::size_t piece) {
  ChunkDecoder decoder(kBodyMax);
  Decoded decoded{};
  while (decoded.used < bytes.size() && !decoder.done() && !decoder.refused()) {
    decoded.used += decoder.feed(bytes.substr(decoded.used, piece), decoded.body);
  }
  decoded.done = decoder.done();
  decoded.refused = decoder.refused();
  return decoded;
}

void check_body(std::string_view bytes) {
  const Decoded whole = decode(bytes, bytes.size());
  TWINDOW_CHECK(whole.body.size() <= kBodyMax);
  TWINDOW_CHECK(whole == decode(bytes, 1));
}

void check_head(std::string_view bytes, const HeadScanner& scanner) {
  const std::string_view raw =
      bytes.substr(scanner.head_begin(), scanner.head_end() - scanner.head_begin());
  TWINDOW_CHECK(raw.ends_with("\r\n\r\n"));
  TWINDOW_CHECK(raw.find("\r\n\r\n") == raw.size() - 4);
  const auto head = parse_head(raw, kBodyMax);
  if (!head) {
    TWINDOW_CHECK(head.error().status >= 400 && !head.error().detail.empty());
    return;
  }
  TWINDOW_CHECK(head->method == scanner.method(bytes));
  TWINDOW_CHECK(head->target == scanner.target(bytes));
  TWINDOW_CHECK(head->content_length <= kBodyMax);
  TWINDOW_CHECK(!head->chunked || head->content_length == 0);
  if (head->method == "CONNECT") TWINDOW_CHECK(authority_of(head->target).has_value());
  for (const wire::Header& header : head->headers) {
    TWINDOW_CHECK(!header.name.empty());
    TWINDOW_CHECK(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  }
  if (head->chunked) check_body(bytes.substr(scanner.head_end()));
}

}  // namespace

namespace {

void check(std::string_view bytes, bool connects) {
  HeadScanner whole(limits::kHeadBytesMax, connects);
  const auto found = whole.scan(bytes);
  // In two pieces: a refusal may come from the first alone, else the verdict is the same.
  HeadScanner cut(limits::kHeadBytesMax, connects);
  if (cut.scan(bytes.substr(0, bytes.size() / 2)) == HeadScanner::State::NeedsMore) {
    TWINDOW_CHECK(cut.scan(bytes) == found);
  } else {
    TWINDOW_CHECK(found != HeadScanner::State::NeedsMore);
  }
  if (found == HeadScanner::State::Complete) check_head(bytes, whole);
  if (found == HeadScanner::State::Refused) TWINDOW_CHECK(whole.refusal().status >= 400);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check(bytes, false);
  check(bytes, true);
  return 0;
}
