// SPDX-License-Identifier: Apache-2.0
// A scenario file as values (contract section 8): what there is at first, what becomes of sends,
// and the steps that are played. What a server needs of it (`given`, `on`) goes to the server as
// JSON; steps are played by a client of the server's control API.
//
// In texts `${name}` and `${env:NAME|default}` are replaced by then, but not what names a message
// of an earlier step, `${reminder.sid}`: that is known only when the step is played.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "twindow/base/clock.h"

namespace twindow::scenario {

enum class ClockMode : std::uint8_t { Real, Manual, Auto };

// Where the app is, and the name that its webhooks are signed for. "app:/path" in URLs means
// `sign_as` of the target "app", with the path behind it.
struct Target {
  std::string name = {};
  std::string deliver_to = {};
  std::string sign_as = {};  // as deliver_to if the file names none
  std::string health = {};   // a path that is answered once the app is there; empty: "/"
};

// A match: conditions by Twilio's field names and the computed ones, as JSON text of an object,
// just as the control API takes it. Checked when the file was read.
struct Match {
  std::string json = "{}";
};

// Steps. Times are the world's, unless a step says otherwise.

struct InboundStep {  // a user writes; answered when the app was told and its TwiML was executed
  std::string json;   // Twilio's fields, an object of texts
};
struct SendStep {    // Twindow plays the app: a create of the real API, with the account's token
  std::string json;  // form parameters: texts, or lists of texts for repeated ones
  std::optional<int> expect_status = {};  // HTTP; else any 2xx
  std::optional<int> expect_code = {};    // Twilio's error code
  std::string as = {};
};
struct AwaitStep {  // wall time: the oldest message that matches and was not taken by an await yet
  Match message;
  std::string as = {};
  Duration within = std::chrono::seconds(5);
};
struct AdvanceStep {
  Duration by = {};
};
struct TriggerStep {  // a status by hand: "undelivered:63016" of a message
  std::string event;  // "message.undelivered:63016"
  std::string sid;
};
struct WindowStep {  // the window is set: opened as of then, closed, or removed
  std::string sender;
  std::string user;
  std::optional<Duration> last_inbound = {};  // since now, negative: "-25h"
  bool close = false;
  bool remove = false;
};
struct TemplateStep {  // the approval of a template changes
  std::string sid;
  std::string status;
  std::string category = {};
};
struct FaultStep {
  std::string json;  // {"faults": […]}, as PUT /__admin/faults takes it; an empty list ends them
};

// "$.state": "undelivered" of a JSON answer; a value as JSON text, or an object of one operator
// (equals, contains, matches, anyOf, absent).
struct JsonExpectation {
  std::string path;
  std::string json;
};
struct HttpStep {  // wall time: a request to the app itself
  std::string target = "app";
  std::string method = "GET";
  std::string path = "/";
  std::map<std::string, std::string> headers = {};
  std::string body = {};  // JSON of an object in the file becomes its text, with its Content-Type
  Duration within = std::chrono::seconds(10);
  std::optional<int> expect_status = {};  // else any 2xx
  std::vector<JsonExpectation> expect_json = {};
  std::optional<std::string> expect_contains = {};
};

struct ExpectMessage {
  std::string sid = {};                   // "${reminder.sid}" …
  Match match = {};                       // … or any that matches, and
  std::optional<std::size_t> count = {};  // so many of them (with `match` only)
  // field and expectation (see JsonExpectation::json): "status", "error_code", "body", … in the
  // names of the API's message resource.
  std::vector<JsonExpectation> fields = {};
};
struct ExpectCallbacks {
  std::string of;                             // a SID
  std::vector<std::string> sequence = {};     // of MessageStatus, all of them in order
  std::optional<std::string> answered = {};   // "2xx", "500", "none"
  std::optional<Duration> latency_max = {};   // of each, wall time
  std::optional<std::string> signature = {};  // "valid", "invalid", "missing"
};
struct ExpectWindow {
  std::string sender;
  std::string user;
  std::string state;  // "open", "closed", "none"
};
struct ExpectDecision {                      // of the ledger; needs a policy
  std::string of = {};                       // a SID, or
  Match match = {};                          // the newest decision that matches
  std::vector<JsonExpectation> fields = {};  // "action", "rule", "reason", "window", "code"
};
struct ExpectNever {  // no such message from the scenario's start until now, nor `within` more
  Match message;
};
struct ExpectNoEgress {};

struct ExpectStep {
  std::variant<ExpectMessage, ExpectCallbacks, ExpectWindow, ExpectDecision, ExpectNever,
               ExpectNoEgress>
      what;
  Duration within = {};  // the world's time in which it must come true; capped by 10 s of wall time
};

struct Step {
  std::string where;  // "seed.json:42:5"
  std::string name;   // its keyword: "await"
  std::variant<InboundStep, SendStep, AwaitStep, AdvanceStep, TriggerStep, WindowStep, TemplateStep,
               FaultStep, HttpStep, ExpectStep>
      what;
};

struct Scenario {
  std::string file;  // as it was given
  std::string name;  // a sentence
  std::vector<std::string> tags = {};
  std::optional<std::uint64_t> seed = {};
  ClockMode clock = ClockMode::Auto;
  std::optional<Time> start = {};
  std::vector<Target> targets = {};
  std::optional<std::string> account_sid = {};  // none: one of its own for each run ("auto")
  std::string auth_token = {};
  // The file with everything replaced that can be, as JSON without comments: what PUT
  // /__admin/scenario takes.
  std::string resolved = {};
  std::vector<Step> steps = {};
};

}  // namespace twindow::scenario
