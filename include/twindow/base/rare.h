// SPDX-License-Identifier: Apache-2.0
// A part of a value that few have: a pointer wide, allocated only where it is there.
#pragma once

#include <memory>

namespace twindow {

// A value: copied whole, equal by content. One that is absent reads as a T() and is equal to none
// that is there.
template <class T>
class Rare {
 public:
  Rare() = default;
  Rare(const Rare& other) : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) {
    if (this != &other) held_ = other.held_ ? std::make_unique<T>(*other.held_) : nullptr;
    return *this;
  }
  Rare& operator=(Rare&&) noexcept = default;
  ~Rare() = default;

  bool there() const { return held_ != nullptr; }
  const T& operator*() const {
    static const T kAbsent{};
    return held_ ? *held_ : kAbsent;
  }
  const T* operator->() const { return &**this; }
  // From then on it is there.
  T& edit() {
    if (!held_) held_ = std::make_unique<T>();
    return *held_;
  }

  friend bool operator==(const Rare& a, const Rare& b) {
    return a.there() == b.there() && *a == *b;
  }

 private:
  std::unique_ptr<T> held_;
};

}  // namespace twindow
