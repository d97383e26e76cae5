// SPDX-License-Identifier: Apache-2.0
#include "src/net/blocking_call.h"

#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "twindow/base/check.h"

namespace twindow::net {

using std::chrono::steady_clock;

DoneSignal::DoneSignal() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  TWINDOW_CHECK(descriptor_ >= 0);
}

DoneSignal::~DoneSignal() { ::close(descriptor_); }

void DoneSignal::set() const {
  const std::uint64_t one = 1;
  TWINDOW_CHECK(::write(descriptor_, &one, sizeof one) == sizeof one);
}

DoneSignal::Seen DoneSignal::wait(int socket) const {
  std::array<pollfd, 2> waited{pollfd{descriptor_, POLLIN, 0}, pollfd{socket, POLLRDHUP, 0}};
  while (::poll(waited.data(), waited.size(), -1) < 0) TWINDOW_CHECK(errno == EINTR);
  return waited[0].revents != 0 ? Seen::Done : Seen::PeerLeft;
}

bool DoneSignal::wait_for(std::chrono::milliseconds longest) const {
  const auto until = steady_clock::now() + longest;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
    pollfd waited{descriptor_, POLLIN, 0};
    const int ready = ::poll(&waited, 1, left.count() > 0 ? static_cast<int>(left.count()) : 0);
    if (ready >= 0) return ready > 0;
    TWINDOW_CHECK(errno == EINTR);
  }
}

}  // namespace twindow::net
