// SPDX-License-Identifier: Apache-2.0
// Expected<T, E>: a value, or the error that stands in its place. The names are those of C++23's
// std::expected, so that this file can be deleted on the day the compiler brings it.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>
#include <variant>

#include "twindow/base/check.h"

namespace twindow {

template <class E>
class Unexpected {
 public:
  explicit Unexpected(E error) : error_(std::move(error)) {}
  E& error() { return error_; }
  const E& error() const { return error_; }

 private:
  E error_;
};

template <class T, class E>
class [[nodiscard]] Expected {
 public:
  using value_type = T;
  using error_type = E;

  Expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Expected(Unexpected<E> error) : state_(std::in_place_index<1>, std::move(error.error())) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return check_value(), *std::get_if<0>(&state_); }
  const T& value() const& { return check_value(), *std::get_if<0>(&state_); }
  // By value, unlike the standard's: `for (auto& x : *f())` must not read a value that is gone.
  T value() && { return check_value(), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  E& error() & { return check_error(), *std::get_if<1>(&state_); }
  const E& error() const& { return check_error(), *std::get_if<1>(&state_); }
  E&& error() && { return check_error(), std::move(*std::get_if<1>(&state_)); }

  template <class U>
  T value_or(U&& other) const& {
    return has_value() ? **this : static_cast<T>(std::forward<U>(other));
  }

 private:
  void check_value() const { TWINDOW_CHECK(has_value()); }
  void check_error() const { TWINDOW_CHECK(!has_value()); }

  std::variant<T, E> state_;
};

template <class E>
class [[nodiscard]] Expected<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  Expected() = default;
  Expected(Unexpected<E> error) : state_(std::in_place_index<1>, std::move(error.error())) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  E& error() & { return check_error(), *std::get_if<1>(&state_); }
  const E& error() const& { return check_error(), *std::get_if<1>(&state_); }
  E&& error() && { return check_error(), std::move(*std::get_if<1>(&state_)); }

 private:
  void check_error() const { TWINDOW_CHECK(!has_value()); }

  std::variant<std::monostate, E> state_;
};

}  // namespace twindow

// TWINDOW_TRY(expr): the value of an Expected, or return its error from the enclosing function.
// Only as the whole of an initializer or assignment: among the members of a braced value it leaks
// those made before, in both compilers.
#define TWINDOW_TRY(...)                                                   \
  __extension__({                                                          \
    auto twindow_try_result = (__VA_ARGS__);                               \
    if (!twindow_try_result.has_value()) [[unlikely]]                      \
      return ::twindow::Unexpected(std::move(twindow_try_result).error()); \
    ::twindow::detail::take(std::move(twindow_try_result));                \
  })

namespace twindow::detail {
template <class T, class E>
T take(Expected<T, E>&& result) {
  return *std::move(result);
}
template <class E>
void take(Expected<void, E>&&) {}
}  // namespace twindow::detail
