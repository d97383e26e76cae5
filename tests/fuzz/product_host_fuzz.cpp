// SPDX-License-Identifier: Apache-2.0
// Which product a call is for, out of its target, its Host and its TLS name: whatever they are, a
// product is named, the path is a piece of the target, and a host that is parsed is Twilio's.
// Input: three lines. Corpus: fixtures/corpora/product_host.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "twindow/base/check.h"
#include "twindow/wire/twilio/product_host.h"

using namespace twindow;
using namespace twindow::wire;

namespace {

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  HttpCall call{.method = "GET", .target = std::string(take_line(text))};
  const std::string host(take_line(text));
  if (!host.empty()) call.headers.push_back({"Host", host});
  call.server_name = text;
  const CallTarget found = locate(call);
  TWINDOW_CHECK(!found.host.product.empty() && !found.path.empty());
  TWINDOW_CHECK(found.path == "/" || call.target.find(found.path) != std::string::npos);
  TWINDOW_CHECK(parse_product_host(found.host.text()) == found.host);
  if (const auto parsed = parse_product_host(host)) {
    TWINDOW_CHECK(is_twilio_host(host));
    TWINDOW_CHECK(parse_product_host(parsed->text()) == parsed);
  }
  if (const auto foreign = foreign_authority(call)) TWINDOW_CHECK(!is_twilio_host(*foreign));
  return 0;
}
