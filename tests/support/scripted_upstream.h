// SPDX-License-Identifier: Apache-2.0
// A server in Twilio's place that records the bytes it is sent and answers those it is told to: in
// pieces, late, never, or by breaking off. One thread, whatever the number of its connections.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace twindow::test {

class ScriptedUpstream {
 public:
  struct Request {
    int connection = 0;     // in the order in which they were made, from 1
    std::string head = {};  // as it came, with the empty line
    std::string body = {};
  };

  struct Step {
    enum class What : std::uint8_t {
      Send,      // `bytes`
      SendEach,  // `bytes`, each by itself
      Hold,      // until release()
      Close,
      Reset,
    };
    What what = What::Send;
    std::string bytes = {};
  };
  // What is done when a request has come; after it the next is waited for.
  using Script = std::function<std::vector<Step>(const Request& request)>;

  static Step send(std::string bytes) { return {Step::What::Send, std::move(bytes)}; }
  static Step send_each(std::string bytes) { return {Step::What::SendEach, std::move(bytes)}; }
  static Step hold() { return {Step::What::Hold}; }
  static Step close() { return {Step::What::Close}; }
  static Step reset() { return {Step::What::Reset}; }
  // A 200 with that body and its length.
  static std::string ok(std::string_view body);

  explicit ScriptedUpstream(Script script);
  ~ScriptedUpstream();
  ScriptedUpstream(const ScriptedUpstream&) = delete;
  ScriptedUpstream& operator=(const ScriptedUpstream&) = delete;

  std::uint16_t port() const;
  std::vector<Request> requests() const;
  bool wait_for_requests(std::size_t count) const;  // false after 10 s
  bool wait_for_open(std::size_t count) const;      // connections open now
  bool wait_for_holds(std::size_t count) const;
  bool holds_now() const;  // somebody does
  void release();          // whoever holds, and will
  void close_idle();       // all connections, those on which something is under way after it

 private:
  struct State;
  std::shared_ptr<State> state_;
  std::thread thread_;
};

}  // namespace twindow::test
