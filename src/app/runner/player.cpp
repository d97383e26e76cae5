// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/player.h"

#include <utility>

#include "twindow/wire/form.h"

#include "src/app/runner/timeline.h"

namespace twindow::app {

namespace {

// "400: sid: expected …" of a refusal of the control API.
std::string refusal_text(const ServerReply& reply) {
  const Json json = Json::parse(reply.body, nullptr, false);
  std::string text;
  for (const Json& error : member_at(json, "errors")) {
    const std::string detail = text_at(error, "detail");
    text += (text.empty() ? "" : "; ") + (detail.empty() ? text_at(error, "title") : detail);
  }
  return std::to_string(reply.status) + (text.empty() ? "" : ": " + text);
}

}  // namespace

Player::Player(const scenario::Scenario& scenario, PlayerParts parts)
    : scenario_(scenario), parts_(std::move(parts)) {}

void Player::play(Outcome& outcome) {
  Done done;
  for (const scenario::Step& step : scenario_.steps) {
    step_ = &step;
    if (parts_.stopped()) done = cannot_run("it was interrupted");
    if (done) done = std::visit([&](const auto& what) { return take(what); }, step.what);
    if (!done) break;
  }
  if (done && parts_.comes_to_rest) {
    const auto world = clock();
    if (world && world->mode == "auto") done = until_it_holds([] { return Done(); }, {}, true);
  }
  // Whatever the steps say: nothing may have been on its way to somebody else.
  const Done guarded = done || done.error().verdict == Verdict::Failed ? check_egress() : Done();
  if (!guarded) done = guarded;
  if (!done) {
    outcome.verdict = done.error().verdict;
    if (outcome.verdict == Verdict::CannotRun) {
      outcome.error = std::move(done.error().error);
    } else {
      outcome.miss = std::move(done.error().miss);
    }
  }
  const World world = read_world(parts_.control, parts_.account);
  outcome.timeline = timeline_of(world);
  outcome.transcript = transcript_of(world);
}

std::string Player::admin(const std::string& path, const std::string& query) const {
  return "/__admin" + path + "?account=" + parts_.account + (query.empty() ? "" : "&" + query);
}

Unexpected<Stop> Player::cannot_run(std::string error) const {
  const std::string where = step_ == nullptr ? "" : step_->where + ": " + step_->name + ": ";
  return Unexpected(Stop{.verdict = Verdict::CannotRun, .error = where + std::move(error)});
}

Unexpected<Stop> Player::missed(std::string expected, std::string actual, std::string nearest,
                                std::string why) const {
  Miss miss{.expected = std::move(expected),
            .actual = std::move(actual),
            .nearest = std::move(nearest),
            .why = std::move(why)};
  if (step_ != nullptr) {
    miss.where = step_->where;
    miss.step = step_->name;
  }
  return Unexpected(Stop{.verdict = Verdict::Failed, .miss = std::move(miss)});
}

Player::Answer Player::ask(const std::string& method, const std::string& path, const Json* body,
                           std::chrono::milliseconds longest) {
  ServerCall call{.method = method, .target = path, .longest = longest};
  if (body != nullptr) call.body = body->dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto reply = parts_.control.call(call);
  if (!reply) return cannot_run(reply.error().detail);
  if (reply->status < 200 || reply->status > 299) {
    return cannot_run("the server answered " + refusal_text(*reply));
  }
  Json json = reply->body.empty() ? Json() : Json::parse(reply->body, nullptr, false);
  if (json.is_discarded())
    return cannot_run("the answer of " + method + " " + path + " is no JSON");
  return json;
}

Expected<std::string, Stop> Player::resolved(const std::string& text) const {
  auto value = references_.resolve(text);
  if (!value) return cannot_run(std::move(value).error());
  return *std::move(value);
}

Expected<Json, Stop> Player::resolved_json(const std::string& json) const {
  auto value = references_.resolve_json(json);
  if (!value) return cannot_run(std::move(value).error());
  return *std::move(value);
}

// Those that match by now, the oldest first.
Player::Answer Player::messages_like(const Json& match) {
  const Json body{{"match", match}, {"count", 0}, {"timeoutMillis", 0}};
  Json answer = TWINDOW_TRY(ask("POST", admin("/messages/wait"), &body));
  return member_at(answer, "messages");
}

// The message that comes nearest to matching, of those that do not, and how it differs.
Expected<std::string, Stop> Player::nearest_to(const Json& match, std::size_t more_than) {
  const Json body{{"match", match}, {"count", more_than + 1}, {"timeoutMillis", 0}};
  const auto reply = parts_.control.call(
      {.method = "POST", .target = admin("/messages/wait"), .body = body.dump()});
  if (!reply) return cannot_run(reply.error().detail);
  const Json answer = Json::parse(reply->body, nullptr, false);
  const Json& nearest = member_at(answer, "nearest");
  if (!nearest.is_object()) return std::string();
  std::string text = message_line(nearest);
  for (const Json& difference : member_at(answer, "differences")) {
    text += "\n  " + text_at(difference, "field") + ": expected " +
            text_at(difference, "expected") + ", found " + text_at(difference, "actual");
  }
  return text;
}

Player::Done Player::check_egress() {
  const Json callbacks = TWINDOW_TRY(ask("GET", admin("/callbacks", "limit=1000")));
  for (const Json& callback : member_at(callbacks, "callbacks")) {
    if (text_at(callback, "outcome") != "refused_egress") continue;
    auto stop = missed("webhooks for hosts that the scenario or callbacks.allow names",
                       "a webhook for " + text_at(callback, "url"), {}, text_at(callback, "error"));
    Stop egress = stop.error();
    egress.verdict = Verdict::Egress;
    return Unexpected(std::move(egress));
  }
  return {};
}

}  // namespace twindow::app
