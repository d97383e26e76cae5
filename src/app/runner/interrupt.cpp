// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/interrupt.h"

namespace twindow::app {

Interrupt::Interrupt() {
  sigemptyset(&signals_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals_, signal);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  thread_ = std::thread([this] { wait(); });
}

Interrupt::~Interrupt() {
  ends_ = true;
  pthread_kill(thread_.native_handle(), SIGINT);  // any that it waits for
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Interrupt::wait() {
  int signal = 0;
  sigwait(&signals_, &signal);
  if (ends_) return;
  came_ = true;
  while (!ends_) {
    sigwait(&signals_, &signal);
    if (ends_) return;
    std::signal(signal, SIG_DFL);
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signal);
    pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
    raise(signal);
  }
}

}  // namespace twindow::app
