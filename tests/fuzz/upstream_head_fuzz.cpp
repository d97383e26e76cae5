// SPDX-License-Identifier: Apache-2.0
// What an upstream answers: whatever comes, and in whatever pieces, no crash, the same verdict as
// in one piece, and a body whose end is certain.
// Corpus: fixtures/corpora/upstream_head.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "twindow/base/check.h"
#include "twindow/base/limits.h"

#include "src/net/hop_by_hop.h"
#include "src/net/upstream_head.h"

using namespace twindow;
using namespace twindow::net;

namespace {

void check_head(std::string_view bytes, bool to_head) {
  TWINDOW_CHECK(bytes.ends_with("\r\n\r\n") && bytes.find("\r\n\r\n") == bytes.size() - 4);
  auto head = parse_answer_head(bytes, to_head);
  if (!head) {
    TWINDOW_CHECK(!head.error().empty());
    return;
  }
  TWINDOW_CHECK(head->status >= 100 && head->status <= 599 && head->status != 101);
  TWINDOW_CHECK(!to_head || head->framing == Framing::None);
  TWINDOW_CHECK(head->framing != Framing::ToClose || !head->keeps_alive);
  const bool has_length = wire::find_header(head->headers, "Content-Length").has_value();
  const bool has_coding = wire::find_header(head->headers, "Transfer-Encoding").has_value();
  TWINDOW_CHECK(!(has_length && has_coding));
  if (head->framing == Framing::Sized) TWINDOW_CHECK(has_length);
  if (head->framing == Framing::Chunked) TWINDOW_CHECK(has_coding);
  for (const wire::Header& header : head->headers) {
    TWINDOW_CHECK(!header.name.empty());
    TWINDOW_CHECK(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  }
  drop_hop_by_hop(head->headers);
  TWINDOW_CHECK(!wire::find_header(head->headers, "Transfer-Encoding"));
  TWINDOW_CHECK(!wire::find_header(head->headers, "Connection"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  AnswerScanner whole(limits::kUpstreamHeadBytesMax);
  const auto found = whole.scan(bytes);
  // In two pieces: a refusal may come from the first alone, else the verdict is the same.
  AnswerScanner cut(limits::kUpstreamHeadBytesMax);
  const auto first = cut.scan(bytes.substr(0, size / 2));
  if (first == AnswerScanner::State::NeedsMore) {
    TWINDOW_CHECK(cut.scan(bytes) == found);
  } else {
    TWINDOW_CHECK(first == found);
  }
  if (found == AnswerScanner::State::Refused) TWINDOW_CHECK(!whole.refusal().empty());
  if (found != AnswerScanner::State::Complete) return 0;
  check_head(bytes.substr(0, whole.head_end()), false);
  check_head(bytes.substr(0, whole.head_end()), true);
  return 0;
}
