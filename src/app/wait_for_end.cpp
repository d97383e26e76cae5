// SPDX-License-Identifier: Apache-2.0
#include "src/app/wait_for_end.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "twindow/base/check.h"

namespace twindow::app {

namespace {

using std::chrono::steady_clock;

// Since when the file is being written, and since when no more.
struct Writing {
  steady_clock::time_point first;
  steady_clock::time_point last;
};

int milliseconds_until(steady_clock::time_point time) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(time - steady_clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

}  // namespace

void wait_for_end(const sigset_t& signals, FileWatch& watch,
                  const std::function<void(std::string_view why)>& reload, ReloadPauses pauses) {
  const int signal_source = ::signalfd(-1, &signals, SFD_CLOEXEC);
  TWINDOW_CHECK(signal_source >= 0);
  std::optional<Writing> writing;
  for (;;) {
    std::array<pollfd, 2> sources{pollfd{signal_source, POLLIN, 0},
                                  pollfd{watch.descriptor(), POLLIN, 0}};  // none if negative
    int longest = -1;
    if (writing) {
      longest = milliseconds_until(
          std::min(writing->last + pauses.quiet, writing->first + pauses.patience));
    }
    const int ready = ::poll(sources.data(), sources.size(), longest);
    TWINDOW_CHECK(ready >= 0 || errno == EINTR);
    if (ready == 0) {
      writing.reset();
      reload("the file has changed");
    }
    if (ready <= 0) continue;
    if ((sources[0].revents & POLLIN) != 0) {
      signalfd_siginfo signal{};
      TWINDOW_CHECK(::read(signal_source, &signal, sizeof signal) == sizeof signal);
      if (signal.ssi_signo != SIGHUP) break;
      writing.reset();
      watch.changed();  // whatever was written until now is read now
      reload("SIGHUP");
    }
    if ((sources[1].revents & POLLIN) != 0 && watch.changed()) {
      const auto now = steady_clock::now();
      writing = {writing ? writing->first : now, now};
    }
  }
  ::close(signal_source);
}

}  // namespace twindow::app
