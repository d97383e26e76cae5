// SPDX-License-Identifier: Apache-2.0
// Runs a coroutine for a thread that may block, and ends it when the one who wants the result
// has gone. The only bridge from cpp-httplib's threads to the coroutines of the program.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "twindow/base/task.h"

namespace twindow::net {

// How long a coroutine may go on after its reader has gone, and after it was told to end.
struct Patience {
  std::chrono::milliseconds after_gone;
  std::chrono::milliseconds after_cancel;
};

// Set once, by any thread; awaited by one thread together with a socket.
class DoneSignal {
 public:
  DoneSignal();
  ~DoneSignal();
  DoneSignal(const DoneSignal&) = delete;
  DoneSignal& operator=(const DoneSignal&) = delete;

  void set() const;
  enum class Seen : std::uint8_t { Done, PeerLeft };
  // Until it is set, or the other end of `socket` has closed (or shutdown(SHUT_RD) was called).
  Seen wait(int socket) const;
  bool wait_for(std::chrono::milliseconds longest) const;

 private:
  int descriptor_;
};

// The result; nothing if the coroutine threw, or went on after it was told to end: then it is left
// behind and its result thrown away. Never called on a thread that runs `strand`.
template <class T>
std::optional<T> run_blocking(const Strand& strand, Task<T> task, int socket, Patience patience) {
  struct State {
    DoneSignal done;
    boost::asio::cancellation_signal cancel;
    std::mutex mutex;
    std::optional<T> result;
  };
  // Shared with the coroutine's end, which may come after this function has given up on it.
  const auto state = std::make_shared<State>();
  boost::asio::co_spawn(strand, std::move(task),
                        boost::asio::bind_cancellation_slot(
                            state->cancel.slot(), [state](std::exception_ptr thrown, T result) {
                              const std::lock_guard lock(state->mutex);
                              if (!thrown) state->result = std::move(result);
                              state->done.set();
                            }));
  bool done = state->done.wait(socket) == DoneSignal::Seen::Done;
  if (!done) done = state->done.wait_for(patience.after_gone);
  if (!done) {
    boost::asio::post(strand,
                      [state] { state->cancel.emit(boost::asio::cancellation_type::terminal); });
    state->done.wait_for(patience.after_cancel);
  }
  const std::lock_guard lock(state->mutex);
  return std::move(state->result);
}

}  // namespace twindow::net
