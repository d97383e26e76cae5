// SPDX-License-Identifier: Apache-2.0
// What was wrong with a call on the control API, and where in what it said.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "twindow/model/error.h"

namespace twindow::api {

struct Problem {
  Error error;
  std::string pointer = {};  // RFC 6901, into the body; empty: no single field
};

template <class T>
using Read = Expected<T, Problem>;

// "/types/twilio~1text" for {"types", "twilio/text"}.
std::string pointer_to(std::initializer_list<std::string_view> keys);

// BadInput, at a member of the body.
inline Unexpected<Problem> wrong_at(std::string pointer, std::string detail) {
  return Unexpected(Problem{{Errc::BadInput, std::move(detail)}, std::move(pointer)});
}

// What was read of the member at `pointer`, or why it could not be.
template <class T>
Read<T> at(std::string pointer, Result<T> result) {
  if (!result) return Unexpected(Problem{std::move(result).error(), std::move(pointer)});
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return *std::move(result);
  }
}

}  // namespace twindow::api
