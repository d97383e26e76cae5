// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/account.h"

#include "twindow/base/ascii.h"

namespace twindow {

std::optional<HttpMethod> parse_http_method(std::string_view text) {
  if (equals_ignoring_case(text, "POST")) return HttpMethod::Post;
  if (equals_ignoring_case(text, "GET")) return HttpMethod::Get;
  return std::nullopt;
}

}  // namespace twindow
