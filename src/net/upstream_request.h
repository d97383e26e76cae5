// SPDX-License-Identifier: Apache-2.0
// The bytes of a request that is forwarded. Pure.
#pragma once

#include <string>

#include "twindow/wire/upstream.h"

namespace twindow::net {

// Request line and headers, with the empty line. The headers are those of the call, in their order
// and letter case, but for those of one hop; Host, in its place, says call.host (first of all if
// there was none), Content-Length, in its place, the size of the body (last of all if there was
// none and there is a body, or was one of chunks).
std::string upstream_request_head(const wire::UpstreamCall& call);

}  // namespace twindow::net
