// SPDX-License-Identifier: Apache-2.0
// Bodies that were compressed on their way (RFC 9110 section 8.4): an app asks Twilio for that, and
// the gateway reads along. What is handed on stays as it came.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace twindow::wire {

// What a body with this Content-Encoding says: "gzip", "deflate", "br", "identity", or none. Total
// over whatever comes; nothing if it is coded otherwise, broken off, or more than `bytes_max` long.
std::optional<std::string> decode_content(std::string_view body, std::string_view encoding,
                                          std::size_t bytes_max);

}  // namespace twindow::wire
