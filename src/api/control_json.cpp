// SPDX-License-Identifier: Apache-2.0
#include "src/api/control_json.h"

#include <algorithm>

#include "twindow/wire/form.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/error_codes.h"

#include "src/api/why.h"

namespace twindow::api {

namespace {

template <class T>
Json or_null(const std::optional<T>& maybe) {
  return maybe ? Json(*maybe) : Json();
}
Json or_null(const std::optional<Address>& maybe) { return maybe ? Json(maybe->text) : Json(); }
template <class Kind>
Json or_null(const std::optional<Sid<Kind>>& maybe) {
  return maybe ? Json(maybe->text) : Json();
}

Json error_title(const std::optional<int>& code) {
  const auto* info = code ? wire::find_error_code(*code) : nullptr;
  return info != nullptr ? Json(info->title) : Json();
}

Json timeline_entry(Time at, const StatusReached& reached) {
  std::string text(to_text(reached.status));
  if (reached.error_code) text += " " + std::to_string(*reached.error_code);
  if (!reached.moved) text += " (late: the message had moved on)";
  return {{"at", wire::to_iso8601_ms(at)},
          {"event", "status"},
          {"status", to_text(reached.status)},
          {"error_code", or_null(reached.error_code)},
          {"moved", reached.moved},
          {"text", text}};
}

Json timeline_entry(Time at, const WebhookTried& tried) {
  std::string text = tried.http_status == 0
                         ? "callback not delivered"
                         : "callback answered " + std::to_string(tried.http_status);
  if (!tried.note.empty()) text += ": " + tried.note;
  return {{"at", wire::to_iso8601_ms(at)},
          {"event", "callback"},
          {"callback", tried.webhook},
          {"http_status", tried.http_status},
          {"text", text}};
}

std::string_view news_type(const Webhook& webhook) {
  const auto* const relayed = std::get_if<RelayedNews>(&webhook.news);
  const bool inbound =
      relayed != nullptr ? relayed->inbound : std::holds_alternative<InboundNews>(webhook.news);
  if (std::holds_alternative<ClosingSoonNews>(webhook.news)) return "closing-soon";
  return inbound ? "inbound" : "status";
}

std::string_view outcome_name(const WebhookOutcome& outcome) {
  if (outcome.error && outcome.error->code == Errc::EgressRefused) return "refused_egress";
  return outcome.http_status == 0 ? "no_answer" : "answered";
}

Json told_status(const Webhook& webhook) {
  if (const auto* const relayed = std::get_if<RelayedNews>(&webhook.news)) {
    const auto status = std::ranges::find(relayed->params, "MessageStatus", &Param::name);
    return status == relayed->params.end() ? Json() : Json(status->value);
  }
  const auto* news = std::get_if<StatusNews>(&webhook.news);
  return news == nullptr ? Json() : Json(to_text(news->message.status));
}

// From an ad: for so long messages may be free, if the business answers in time. Which right to
// write freely there is, the window says.
Json free_entry_json(const Window& window) {
  if (!window.from_ad) return {};
  return {{"since", wire::to_iso8601_ms(*window.from_ad)},
          {"until", wire::to_iso8601_ms(*window.from_ad + limits::kFreeEntryLength)}};
}

struct TypeOf {
  std::string operator()(const MessageEvent& event) const {
    if (event.message.direction == Direction::Inbound) return "message.inbound";
    return "message." + std::string(to_text(event.message.status));
  }
  std::string operator()(const WebhookEvent&) const { return "callback"; }
  std::string operator()(const WindowEvent& event) const {
    return "window." + std::string(event.state == WindowState::Open ? "opened" : "closed");
  }
  std::string operator()(const ClosingSoonEvent&) const { return "window-closing-soon"; }
  std::string operator()(const ClockEvent& event) const {
    return event.text == "set" ? "clock.set" : "clock.advanced";
  }
  std::string operator()(const DecisionEvent& event) const {
    return "decision." + std::string(to_text(event.entry.action));
  }
  std::string operator()(const BackfillEvent& event) const {
    return event.error.empty() ? "backfill.done" : "backfill.failed";
  }
  std::string operator()(const AlertEvent&) const { return "alert"; }
  std::string operator()(const ResetEvent&) const { return "reset"; }
};

}  // namespace

Json iso(const std::optional<Time>& time) {
  return time ? Json(wire::to_iso8601_ms(*time)) : Json();
}

Json window_json(const WindowAtSend& window) {
  std::optional<Time> expires;
  if (window.last_inbound) expires = *window.last_inbound + limits::kWindowLength;
  return {{"state", to_text(window.state)},
          {"last_inbound", iso(window.last_inbound)},
          {"expires", iso(expires)}};
}

Json to_json(const Message& message) {
  return {{"sid", message.sid.text},
          {"account_sid", message.account.text},
          {"direction", to_text(message.direction)},
          {"from", or_null(message.from)},
          {"to", message.to.text},
          {"messaging_service_sid", or_null(message.service)},
          {"body", message.body},
          {"status", to_text(message.status)},
          {"error_code", or_null(message.error_code)},
          {"error_message", error_title(message.error_code)},
          {"num_segments", std::to_string(message.num_segments)},
          {"num_media", std::to_string(message.media.size())},
          {"date_created", iso(message.created)},
          {"date_updated", iso(message.updated)},
          {"date_sent", iso(message.sent)},
          {"kind", to_text(message.kind)},
          {"window", window_json(message.window)},
          {"status_callback", or_null(message.status_callback)}};
}

Json to_json_with_timeline(const Message& message) {
  Json json = to_json(message);
  Json timeline = Json::array();
  Json callbacks = Json::array();
  for (const TimelineEntry& entry : message.timeline) {
    timeline.push_back(
        std::visit([&](const auto& what) { return timeline_entry(entry.at, what); }, entry.what));
    if (const auto* tried = std::get_if<WebhookTried>(&entry.what)) {
      callbacks.push_back(tried->webhook);
    }
  }
  json["timeline"] = std::move(timeline);
  json["callbacks"] = std::move(callbacks);
  json["why"] = why(message);
  return json;
}

Json to_json(const WebhookRecord& record) {
  const auto& [at, webhook, outcome] = record;
  return {{"id", webhook.id},
          {"account_sid", webhook.account.text},
          {"message_sid", webhook.message.text},
          {"type", news_type(webhook)},
          {"method", to_text(outcome.method)},
          {"at", iso(at)},
          {"message_status", told_status(webhook)},
          {"url", webhook.url},
          {"posted_to", outcome.url_posted},
          {"signed_url", outcome.url_signed},
          {"signature", outcome.signature},
          {"tries", outcome.tries},
          {"status", outcome.http_status},
          {"latency_ms", outcome.latency.count()},
          {"outcome", outcome_name(outcome)},
          {"error", outcome.error ? Json(outcome.error->detail) : Json()}};
}

Json to_json_with_bodies(const WebhookRecord& record) {
  Json json = to_json(record);
  json["request"] = {{"body", record.outcome.body_sent}};
  json["response"] = {{"content_type", record.outcome.content_type},
                      {"body", record.outcome.reply}};
  return json;
}

Json to_json(const AccountSid& account, const gateway::WindowView& view) {
  const Window& window = view.window;
  // Before its time: by hand, or by a 63016.
  const bool early = window.closed && view.state == WindowState::Closed;
  return {{"account_sid", account.text},
          {"sender", window.key.sender},
          {"user", window.key.user},
          {"user_spelling", window.user_spelling},
          {"state", to_text(view.state)},
          {"last_inbound", iso(window.last_inbound)},
          {"expires", iso(window.expires())},
          {"free_entry", free_entry_json(window)},
          {"closed_early", early}};
}

Json to_json(const AccountSid& account, const LedgerEntry& entry) {
  std::optional<std::int64_t> age;
  if (entry.window_age) {
    age = std::chrono::duration_cast<std::chrono::seconds>(*entry.window_age).count();
  }
  return {{"id", account.text + ":" + std::to_string(entry.place)},
          {"at", iso(entry.at)},
          {"account_sid", account.text},
          {"message_sid", or_null(entry.message)},
          {"from", entry.from},
          {"to", entry.to},
          {"decision", to_text(entry.action)},
          {"would", entry.would ? Json(to_text(*entry.would)) : Json()},
          {"code", or_null(entry.code)},
          {"content_sid", or_null(entry.content)},
          {"rule", entry.rule},
          {"reason", entry.reason},
          {"kind", to_text(entry.kind)},
          {"window", window_json(entry.window)},
          {"window_age_seconds", or_null(age)},
          {"campaign", entry.campaign},
          {"status", entry.ended_as ? Json(to_text(*entry.ended_as)) : Json()},
          {"error_code", or_null(entry.error_code)},
          {"price", Json()},
          {"price_unit", Json()}};
}

Json to_json(const AccountSid& account, const gateway::BackfillView& view) {
  Json senders = Json::array();
  for (const gateway::SenderBackfill& one : view.senders) {
    senders.push_back({{"sender", one.sender.text},
                       {"state", to_text(one.state)},
                       {"since", iso(one.since)},
                       {"pages", one.pages},
                       {"messages", one.messages},
                       {"users", one.users},
                       {"error", one.error ? Json(one.error->detail) : Json()}});
  }
  return {{"account_sid", account.text}, {"state", to_text(view.state)},
          {"passes", view.passes},       {"error", view.error ? Json(view.error->detail) : Json()},
          {"next", iso(view.next)},      {"senders", senders}};
}

Json to_json(const Alert& alert) {
  return {{"sid", alert.sid},
          {"at", iso(alert.at)},
          {"account_sid", alert.account.text},
          {"level", to_text(alert.level)},
          {"code", alert.code},
          {"title", error_title(alert.code)},
          {"text", alert.text},
          {"message_sid", alert.message.text},
          {"callback", alert.webhook},
          {"url", alert.url}};
}

Json to_json_with_exchange(const Alert& alert) {
  Json json = to_json(alert);
  json["request"] = {{"method", to_text(alert.method)}, {"body", alert.request_body}};
  json["response"] = {{"status", alert.http_status},
                      {"content_type", alert.content_type},
                      {"body", alert.response_body}};
  return json;
}

std::string event_type(const Event& event) { return std::visit(TypeOf{}, event.what); }

Json to_json(const Event& event) {
  Json json{{"id", event.id},
            {"at", iso(event.at)},
            {"account_sid", event.account.text},
            {"type", event_type(event)}};
  if (const auto* message = std::get_if<MessageEvent>(&event.what)) {
    json["message"] = to_json(message->message);
  } else if (const auto* webhook = std::get_if<WebhookEvent>(&event.what)) {
    json["callback"] = to_json(webhook->record);
  } else if (const auto* window = std::get_if<WindowEvent>(&event.what)) {
    json["window"] = to_json(event.account, {window->window, window->state});
  } else if (const auto* closing = std::get_if<ClosingSoonEvent>(&event.what)) {
    json["window"] = to_json(event.account, {closing->window, WindowState::Open});
    json["closes"] = iso(closing->closes);
  } else if (const auto* clock = std::get_if<ClockEvent>(&event.what)) {
    json["now"] = iso(clock->now);
    json["text"] = clock->text;
  } else if (const auto* decision = std::get_if<DecisionEvent>(&event.what)) {
    json["decision"] = to_json(event.account, decision->entry);
  } else if (const auto* backfill = std::get_if<BackfillEvent>(&event.what)) {
    json["sender"] = backfill->sender.text;
    json["messages"] = backfill->messages;
    json["users"] = backfill->users;
    json["error"] = backfill->error.empty() ? Json() : Json(backfill->error);
  } else if (const auto* alert = std::get_if<AlertEvent>(&event.what)) {
    json["alert"] = to_json(alert->alert);
  }
  return json;
}

}  // namespace twindow::api
