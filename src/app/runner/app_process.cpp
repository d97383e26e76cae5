// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/app_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace twindow::app {

namespace {

constexpr int kPatienceMs = 3'000;
constexpr std::size_t kOutputShown = 4'000;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

std::string how(int status) {
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  return "exit code " + std::to_string(WEXITSTATUS(status));
}

// True if the process has ended within so many milliseconds; it is not reaped.
bool wait_for_end(pid_t pid, int milliseconds) {
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (handle < 0) return true;  // it is gone
  pollfd ended{.fd = handle, .events = POLLIN, .revents = 0};
  int got = 0;
  do {
    got = poll(&ended, 1, milliseconds);
  } while (got < 0 && errno == EINTR);
  close(handle);
  return got > 0;
}

}  // namespace

Result<std::unique_ptr<AppProcess>> AppProcess::start(const std::vector<std::string>& command,
                                                      const Environment& environment,
                                                      const std::filesystem::path& output) {
  std::vector<std::string> words = command;
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);

  // A group of its own, so that its children end with it; and no signal of ours stays blocked.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  sigset_t usual;
  sigemptyset(&usual);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) sigaddset(&usual, signal);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  pid_t pid = 0;
  const int error = posix_spawnp(&pid, words.front().c_str(), &files, &attributes,
                                 pointers(words).data(), pointers(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) {
    return fail(Errc::Unreachable,
                "the app cannot be started: " + command.front() + ": " + std::strerror(error));
  }
  return std::unique_ptr<AppProcess>(new AppProcess(pid, output));
}

AppProcess::~AppProcess() {
  if (!status_) {
    kill(-pid_, SIGTERM);
    wait_for_end(pid_, kPatienceMs);
  }
  // Children that took no notice, or were left behind.
  kill(-pid_, SIGKILL);
  if (!status_) {
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

std::optional<std::string> AppProcess::ended() {
  if (!status_) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  }
  if (!status_) return std::nullopt;
  return how(*status_);
}

std::string AppProcess::last_output() const {
  std::ifstream file(output_, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (text.size() <= kOutputShown) return text;
  const auto line = text.find('\n', text.size() - kOutputShown);
  return text.substr(line == text.npos ? text.size() - kOutputShown : line + 1);
}

namespace {

bool can_be_bound(std::uint16_t port) {
  const int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (handle < 0) return false;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool bound = bind(handle, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  close(handle);
  return bound;
}

}  // namespace

Result<std::uint16_t> free_port(const std::function<std::uint64_t()>& draw) {
  // Below the ports that systems hand out by themselves: until the app has it, nobody else may.
  constexpr std::uint64_t kFirst = 20000;
  constexpr std::uint64_t kPorts = 12000;
  constexpr int kTries = 200;
  for (int i = 0; i < kTries; ++i) {
    const auto port = static_cast<std::uint16_t>(kFirst + draw() % kPorts);
    if (can_be_bound(port)) return port;
  }
  return fail(Errc::Unavailable, "no port of 127.0.0.1 is free");
}

}  // namespace twindow::app
