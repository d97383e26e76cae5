// SPDX-License-Identifier: Apache-2.0
// What the app answers to a user's message is executed: its TwiML, and that of the URLs to which it
// leads. Source: twilio.com/docs/messaging/twiml.
#include "twindow/base/limits.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

namespace {

std::string_view document_url(const WebhookRecord& record) {
  return record.outcome.document_url.empty() ? record.webhook.url : record.outcome.document_url;
}

WindowKey pair_of(const InboundMessage& inbound) { return window_key(inbound.to, inbound.from); }

}  // namespace

Webhook World::inbound_webhook(const InboundMessage& inbound, std::string url, HttpMethod method) {
  Webhook hook = webhook(inbound.sid, std::move(url), InboundNews{inbound});
  hook.method = method;
  hook.cookie = cookies_.header(pair_of(inbound), time_.now());
  return hook;
}

Task<WebhookRecord> World::ask_app(Webhook webhook, WindowKey pair) {
  const std::uint64_t epoch = epoch_;
  WebhookRecord record = co_await postman_.deliver(std::move(webhook));
  if (epoch == epoch_) cookies_.take(pair, record.outcome.headers, time_.now());
  co_return record;
}

// From the first document to the last. `received` is the caller's, who waits.
Task<void> World::converse(InboundMessage inbound, Received& received) {
  const std::uint64_t epoch = epoch_;
  const WindowKey pair = pair_of(inbound);
  const SenderBook::InboundRoute route = senders_.inbound_route(inbound.to);
  if (!route.url) co_return;
  Webhook first = inbound_webhook(inbound, *route.url, route.method);
  if (faulty()) {
    co_await deliver_faulted(received.message, first);
  }
  WebhookRecord last = co_await ask_app(std::move(first), pair);
  received.webhook = last;
  bool fallen_back = false;
  for (int documents = 1; epoch == epoch_ && !last.outcome.lost; ++documents) {
    int failure = alert_code_of(last.outcome);
    TwimlDocument document;
    if (failure == 0) document = read_twiml_(last.outcome, document_url(last));
    if (document.unreadable) failure = document.problems.back().code;
    for (const TwimlProblem& problem : document.problems) {
      TwimlProblem raised = problem;
      co_await raise_and_note(std::move(raised), last);
    }
    std::optional<Webhook> next;
    if (failure == 0) {
      next = co_await run_twiml(inbound, std::move(document), last, received.replies);
    } else if (route.fallback_url && !fallen_back) {
      fallen_back = true;
      next = inbound_webhook(inbound, *route.fallback_url, route.fallback_method);
      next->more = {{"ErrorCode", std::to_string(failure)}, {"ErrorUrl", last.webhook.url}};
    }
    if (!next || epoch != epoch_) co_return;
    if (documents == limits::kTwimlDocumentsMax) {
      TwimlProblem many{.code = 14106,
                        .text = "more than " + std::to_string(limits::kTwimlDocumentsMax) +
                                " documents were asked for, for one message: a loop of redirects?"};
      co_await raise_and_note(std::move(many), last);
      co_return;
    }
    last = co_await ask_app(*std::move(next), pair);
  }
}

// Answers what leads to the next document, if anything does: what follows it is not run.
Task<std::optional<Webhook>> World::run_twiml(const InboundMessage& inbound, TwimlDocument document,
                                              const WebhookRecord& answered,
                                              std::vector<Message>& replies) {
  for (TwimlVerb& verb : document.verbs) {
    if (const auto* const redirect = std::get_if<TwimlRedirect>(&verb)) {
      co_return inbound_webhook(inbound, redirect->url, redirect->method);
    }
    if (replies.size() == limits::kTwimlRepliesMax) {
      TwimlProblem many{.code = 14109,
                        .text = "more than " + std::to_string(limits::kTwimlRepliesMax) +
                                " replies to one message; the others are not sent"};
      co_await raise_and_note(std::move(many), answered);
      co_return std::nullopt;
    }
    auto& message = std::get<TwimlMessage>(verb);
    const std::optional<std::string> action = message.action;
    const HttpMethod method = message.method;
    std::optional<Message> sent = co_await reply(inbound, std::move(message), answered);
    if (!sent) continue;
    replies.push_back(*sent);
    if (!action) continue;
    const MessageSid sid = sent->sid;
    Webhook told = webhook(sid, *action, StatusNews{std::move(*sent)});
    told.method = method;
    co_return told;
  }
  co_return std::nullopt;
}

// Nothing if it could not be sent; then the debugger says why.
Task<std::optional<Message>> World::reply(const InboundMessage& inbound, TwimlMessage verb,
                                          const WebhookRecord& answered) {
  SendRequest request;
  request.account = account();
  request.direction = Direction::OutboundReply;
  request.to = verb.to.value_or(inbound.from);
  request.from = verb.from.value_or(inbound.to);
  request.body = std::move(verb.body);
  request.media_urls = std::move(verb.media_urls);
  request.status_callback = std::move(verb.status_callback);
  std::optional<TwimlProblem> problem;
  if (request.from->channel != request.to.channel) {
    problem = TwimlProblem{.code = 14101,
                           .text = "Message: " + request.to.text + " cannot be written to from " +
                                   request.from->text + ", which is of another channel"};
  } else if (!reply_guard_.admit(window_key(*request.from, request.to), time_.now())) {
    problem = TwimlProblem{.code = 14107,
                           .text = "more than 30 replies in a row between " + request.from->text +
                                   " and " + request.to.text + ": a loop of two machines?"};
  }
  if (!problem) {
    Result<Message> sent = co_await do_send(std::move(request));
    if (sent) co_return *std::move(sent);
    const Error& error = sent.error();
    std::string why = error.detail.empty() ? "" : ": " + error.detail;
    if (error.code == Errc::OptedOut) why = ": the user has opted out";
    problem = TwimlProblem{.code = alert_code_of(error), .text = "Message: not sent" + why};
  }
  co_await raise_and_note(*std::move(problem), answered);
  co_return std::nullopt;
}

}  // namespace twindow::gateway
