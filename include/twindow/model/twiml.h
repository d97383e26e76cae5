// SPDX-License-Identifier: Apache-2.0
// What an app answers to a user's message: the verbs of Twilio's Messaging TwiML, read.
// Source: twilio.com/docs/messaging/twiml.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "twindow/model/account.h"
#include "twindow/model/address.h"

namespace twindow {

// <Message>. All URLs are absolute. What is not given follows from the message that is answered.
struct TwimlMessage {
  std::optional<Address> to = {};
  std::optional<Address> from = {};
  std::string body = {};
  std::vector<std::string> media_urls = {};
  std::optional<std::string> action = {};  // is told of the send, and its answer is run next
  HttpMethod method = HttpMethod::Post;    // of `action`
  std::optional<std::string> status_callback = {};

  friend bool operator==(const TwimlMessage&, const TwimlMessage&) = default;
};

// <Redirect>: the answer of that URL is run instead of what follows.
struct TwimlRedirect {
  std::string url;
  HttpMethod method = HttpMethod::Post;

  friend bool operator==(const TwimlRedirect&, const TwimlRedirect&) = default;
};

using TwimlVerb = std::variant<TwimlMessage, TwimlRedirect>;

// One entry of Twilio's debugger about a document: its number, and what was found.
struct TwimlProblem {
  int code = 0;
  bool warning = false;  // the rest of the document is run all the same
  std::string text = {};

  friend bool operator==(const TwimlProblem&, const TwimlProblem&) = default;
};

struct TwimlDocument {
  std::vector<TwimlVerb> verbs = {};  // in order
  std::vector<TwimlProblem> problems = {};
  // No document at all, so that a fallback URL is asked instead; then there are no verbs.
  bool unreadable = false;
};

}  // namespace twindow
