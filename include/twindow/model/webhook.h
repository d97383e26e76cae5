// SPDX-License-Identifier: Apache-2.0
// One HTTP request that tells the app something, and what came of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/account.h"
#include "twindow/model/error.h"
#include "twindow/model/message.h"
#include "twindow/model/signature_fault.h"

namespace twindow {

// News of an outbound message: the message as it was when the status was reached.
struct StatusNews {
  Message message;
  // A scenario's: values of the parameters with these names, whatever the message says.
  std::vector<Param> said = {};
};
// News from a user.
struct InboundNews {
  InboundMessage message;
};
// News of either kind as Twilio told it to us, to be handed on: every parameter as it came, decoded
// and in order.
struct RelayedNews {
  bool inbound = false;  // of a user's message; else of a status
  std::vector<Param> params = {};
  std::string cookie = {};  // the header of Twilio's request, which keeps one per pair of numbers
};
// Ours, not Twilio's: a window is about to close. Is never queued in a store.
struct ClosingSoonNews {
  Window window;
  Time closes;
};
using News = std::variant<StatusNews, InboundNews, RelayedNews, ClosingSoonNews>;

// What is done wrong on purpose (model/fault.h, model/script.h).
struct WebhookFault {
  SignatureFault signature = SignatureFault::None;
  bool lost = false;  // never sent; only noted
  std::string rule = {};
};

// `url` is as the app configured it: query, userinfo and fragment included.
struct Webhook {
  std::string id;  // of the callback journal: "CB" and 32 hex digits
  AccountSid account;
  MessageSid message;
  std::string url;
  AuthToken auth_token;           // signs; the account's own
  std::string idempotency_token;  // a UUID, the same for every try of the same news
  News news;
  HttpMethod method = HttpMethod::Post;
  std::vector<Param> more = {};  // behind those of `news`: ErrorCode and ErrorUrl of a fallback
  std::string cookie = {};       // of the pair of numbers, for news of users
  WebhookFault fault = {};
};

// What was sent, and what came back. Nothing here is secret: the signature is not the token.
struct WebhookOutcome {
  std::string url_signed = {};  // the URL that the signature covers
  std::string url_posted = {};  // where it went (--deliver-to)
  std::string signature = {};
  std::string body_sent = {};
  int tries = 0;
  int http_status = 0;  // 0: no answer
  std::string content_type = {};
  std::string reply = {};  // at most limits::kWebhookReplyBytesMax
  // Of the answer's headers those that mean something to Twilio, in order: where it leads, cookies,
  // how it is encoded and for how long it is good.
  std::vector<Param> headers = {};
  Duration latency = {};            // wall time of the last try
  std::optional<Error> error = {};  // EgressRefused, Unreachable, TimedOut, BadReply
  // Twilio's number for what went wrong between it and the app (11200 …), where the transport knows
  // it better than status and error say; 0: nothing more is known.
  int alert_code = 0;
  // The last URL that was asked, after redirects, as it would be configured: what relative URLs of
  // the answer are relative to. Empty: the webhook's own.
  std::string document_url = {};
  HttpMethod method = HttpMethod::Post;  // of the last request
  bool lost = false;                     // by a fault: nothing was sent

  bool answered_ok() const { return http_status >= 200 && http_status < 300; }
};

// A row of the callback journal. `webhook.auth_token` is empty there.
struct WebhookRecord {
  Time at;  // when it had settled, by the world's clock
  Webhook webhook;
  WebhookOutcome outcome;
};

}  // namespace twindow
