// SPDX-License-Identifier: Apache-2.0
#include "src/net/upstream_request.h"

#include "twindow/base/ascii.h"

#include "src/net/hop_by_hop.h"

namespace twindow::net {

namespace {

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string upstream_request_head(const wire::UpstreamCall& call) {
  std::string out;
  out.reserve(1024);
  out.append(call.method).append(" ").append(call.target).append(" HTTP/1.1\r\n");
  const HopByHop one_hop(call.headers);
  const std::string length = std::to_string(call.body.size());
  bool has_length = false;
  bool owes_length = !call.body.empty();
  if (!wire::find_header(call.headers, "Host")) append_header(out, "Host", call.host);
  for (const wire::Header& header : call.headers) {
    if (equals_ignoring_case(header.name, "Host")) {
      append_header(out, header.name, call.host);
    } else if (equals_ignoring_case(header.name, "Content-Length")) {
      if (!has_length) append_header(out, header.name, length);
      has_length = true;
    } else if (one_hop(header.name)) {
      owes_length = owes_length || equals_ignoring_case(header.name, "Transfer-Encoding");
    } else {
      append_header(out, header.name, header.value);
    }
  }
  if (owes_length && !has_length) append_header(out, "Content-Length", length);
  return out.append("\r\n");
}

}  // namespace twindow::net
