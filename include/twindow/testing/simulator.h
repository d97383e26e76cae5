// SPDX-License-Identifier: Apache-2.0
// A simulator inside a test's own process: a whole Twindow on ports of its own, ready within
// milliseconds and gone with its object. Link `twindow::testing`. With GoogleTest take
// twindow/testing/gtest.h.
//
// The app under test is pointed at `base_url()` and, in clear text, has what Twilio's API has. Its
// webhooks come to the URLs that it names (loopback needs no more said). With the manual clock,
// which is the default, nothing happens until `advance`, and when that returns the app has answered
// every webhook of that time.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twindow/model/error.h"

namespace twindow::testing {

enum class Clock : std::uint8_t {
  Manual,  // `advance` moves it
  Auto,    // jumps to what is due as soon as nobody calls
  Real,
};

struct SimulatorOptions {
  std::string account_sid = "AC0123456789abcdef0123456789abcdef";
  std::string auth_token = "0123456789abcdef0123456789abcdef";
  Clock clock = Clock::Manual;
  std::string start = "2026-01-05T09:00:00Z";  // when the world begins; ISO 8601
  std::uint64_t seed = 63016;                  // same seed, same calls: same SIDs and delays
  std::string inbound_url = {};                // where users' messages are told; empty: nowhere
  // The app's public origin, which webhooks are signed for, and where they are posted instead:
  // {"https://app.example.com", "http://127.0.0.1:3000"}.
  std::map<std::string, std::string> deliver_to = {};
};

// As Twilio's API has it at that moment.
struct Message {
  std::string sid;
  std::string direction;  // "outbound-api", "outbound-reply", "inbound"
  std::string from;
  std::string to;
  std::string body;
  std::string status;
  std::optional<int> error_code = {};
  std::string kind = {};    // "freeform", "template", "other"
  std::string window = {};  // what it was at the send: "open", "closed", "none" …
};

// What a user's message came to.
struct Inbound {
  std::string sid;
  int app_status = 0;                 // HTTP, of the app's answer; 0: it was not asked, or silent
  std::vector<Message> replies = {};  // what its TwiML has sent
};

// One try to tell the app something.
struct Callback {
  std::string id;
  std::string message_sid;
  std::string message_status;  // empty for users' messages
  std::string url;
  int app_status = 0;  // HTTP; 0: no answer, and `error` says why
  std::string error = {};
};

struct Reply {
  int status = 0;
  std::string body = {};
};

// Not thread-safe, but the app may call and be called meanwhile, from any thread. Errors are
// sentences: Unreachable, TimedOut and BadReply of the connection, BadInput with what the server
// said of a call that it refused.
class Simulator {
 public:
  // Errors: BadInput (an option), Unavailable (no port, no temporary folder).
  static Result<Simulator> start(SimulatorOptions options = {});

  Simulator(Simulator&& other) noexcept;
  Simulator& operator=(Simulator&& other) noexcept;
  ~Simulator();  // the server ends; what is under way is not waited for

  const std::string& base_url() const;     // "http://127.0.0.1:34567", in api.twilio.com's place
  const std::string& control_url() const;  // for `twindow messages list --server URL`
  const std::string& account_sid() const;
  const std::string& auth_token() const;

  // A user writes; the window opens, and the app has answered when this returns. `more` are
  // further parameters of Twilio's ("ProfileName", "ButtonText").
  Result<Inbound> inbound(std::string_view from, std::string_view to, std::string_view body,
                          const std::vector<std::pair<std::string, std::string>>& more = {});
  // Time passes, and all that is due in it happens.
  Result<void> advance(std::chrono::milliseconds by);
  Result<std::string> now();  // ISO 8601

  // The oldest first; `query` as of `twindow messages search`: "to:+15555550123 is:undelivered".
  Result<std::vector<Message>> messages(std::string_view query = {});
  Result<Message> message(std::string_view sid);
  // Why it ended as it did, in sentences.
  Result<std::string> why(std::string_view sid);
  // The oldest first; of one message, or of all.
  Result<std::vector<Callback>> callbacks(std::string_view message_sid = {});
  Result<std::string> window(std::string_view sender, std::string_view user);  // "open" …, "none"

  // `given` and `on` of a scenario file (docs/SCENARIO_FORMAT.md), as JSON.
  Result<void> scenario(std::string_view json);
  // A list of rules, as PUT /__admin/faults takes it; "[]" ends them.
  Result<void> faults(std::string_view json);
  // Messages, windows and callbacks are forgotten; the world begins anew, with its seed.
  Result<void> reset();

  // Any call of the control API (docs/CONTROL_API.md), whatever its status.
  Result<Reply> call(std::string_view method, std::string_view target, std::string_view json = {});

 private:
  class Parts;
  explicit Simulator(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace twindow::testing
