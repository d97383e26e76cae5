// SPDX-License-Identifier: Apache-2.0
// The bytes a connection has read and not yet used, in one flat piece. Costs nothing but itself
// while released: a parked connection must be cheap.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

#include <boost/asio/buffer.hpp>

#include "src/net/page_pool.h"

namespace twindow::net {

struct GiveBack {
  std::size_t size = 0;
  void operator()(char* bytes) const {
    if (size == kPageSize) {
      give_page(bytes);
    } else {
      delete[] bytes;
    }
  }
};

class ReadBuffer {
 public:
  // Unused bytes; the view ends with the next room(), release() or destruction.
  std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }

  // Free space behind the unused bytes, moving or growing them if there is little.
  boost::asio::mutable_buffer room() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (size_ - end_ < kRoomMin) make_room();
    return {bytes_.get() + end_, size_ - end_};
  }
  void commit(std::size_t bytes) { end_ += bytes; }            // that were read into room()
  void consume(std::size_t bytes) { begin_ += bytes; }         // from the front
  void truncate(std::size_t bytes) { end_ = begin_ + bytes; }  // keeps that many at the front

  void release() {
    bytes_.reset();
    begin_ = end_ = size_ = 0;
  }

 private:
  static constexpr std::size_t kSizeFirst = kPageSize;
  static constexpr std::size_t kRoomMin = 1024;

  using Bytes = std::unique_ptr<char[], GiveBack>;

  void make_room() {
    const std::size_t used = end_ - begin_;
    if (size_ - used >= kRoomMin) {
      std::memmove(bytes_.get(), bytes_.get() + begin_, used);
    } else {
      const std::size_t size = size_ == 0 ? kSizeFirst : size_ * 2;
      Bytes bytes(size == kPageSize ? take_page() : new char[size], GiveBack{size});
      if (used > 0) std::memcpy(bytes.get(), bytes_.get() + begin_, used);
      bytes_ = std::move(bytes);
      size_ = size;
    }
    begin_ = 0;
    end_ = used;
  }

  Bytes bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t size_ = 0;
};

}  // namespace twindow::net
