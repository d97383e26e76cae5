// SPDX-License-Identifier: Apache-2.0
#include "src/app/wait_for_end.h"

#include <algorithm>
#include <cerrno>
#include <optional>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "twindow/base/check.h"

namespace twindow::app {

namespace {

using std::chrono::steady_clock;

// Since when a file is being written, and since when no more.
struct Writing {
  steady_clock::time_point first;
  steady_clock::time_point last;
};

steady_clock::time_point due(const Writing& writing, const ReloadPauses& pauses) {
  return std::min(writing.last + pauses.quiet, writing.first + pauses.patience);
}

// In milliseconds; negative: for ever.
int longest_wait(const std::vector<std::optional<Writing>>& all, const ReloadPauses& pauses) {
  int longest = -1;
  for (const auto& writing : all) {
    if (!writing) continue;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(due(*writing, pauses) - steady_clock::now());
    const int wait = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
    longest = longest < 0 ? wait : std::min(longest, wait);
  }
  return longest;
}

}  // namespace

void wait_for_end(const sigset_t& signals, const std::vector<Watched>& watched,
                  ReloadPauses pauses) {
  const int signal_source = ::signalfd(-1, &signals, SFD_CLOEXEC);
  TWINDOW_CHECK(signal_source >= 0);
  std::vector<std::optional<Writing>> writing(watched.size());
  for (;;) {
    std::vector<pollfd> sources{{signal_source, POLLIN, 0}};
    for (const Watched& one : watched) {
      sources.push_back({one.file.descriptor(), POLLIN, 0});  // none if negative
    }
    const int ready = ::poll(sources.data(), sources.size(), longest_wait(writing, pauses));
    TWINDOW_CHECK(ready >= 0 || errno == EINTR);
    if (ready > 0 && (sources[0].revents & POLLIN) != 0) {
      signalfd_siginfo signal{};
      TWINDOW_CHECK(::read(signal_source, &signal, sizeof signal) == sizeof signal);
      if (signal.ssi_signo != SIGHUP) break;
      for (std::size_t i = 0; i < watched.size(); ++i) {
        writing[i].reset();
        watched[i].file.changed();  // whatever was written until now is read now
        watched[i].reload("SIGHUP");
      }
      continue;
    }
    for (std::size_t i = 0; i < watched.size(); ++i) {
      const bool news = ready > 0 && (sources[i + 1].revents & POLLIN) != 0;
      const auto now = steady_clock::now();
      if (news && watched[i].file.changed()) {
        writing[i] = {writing[i] ? writing[i]->first : now, now};
      } else if (writing[i] && now >= due(*writing[i], pauses)) {
        writing[i].reset();
        watched[i].reload("the file has changed");
      }
    }
  }
  ::close(signal_source);
}

}  // namespace twindow::app
