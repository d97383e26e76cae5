// SPDX-License-Identifier: Apache-2.0
// /__admin/clock: what time it is, and making it later.
#include "twindow/base/duration_text.h"
#include "twindow/base/limits.h"
#include "twindow/wire/time_text.h"

#include "src/api/control_call.h"
#include "src/api/control_json.h"

namespace twindow::api {

namespace {

using Advanced = gateway::World::Advanced;

// With an account the call is about that world alone (made if need be); without, about all there
// are and all that will be.
Result<std::vector<gateway::World*>> worlds_to_move(const ControlCall& call) {
  if (!call.query.first("account")) return call.state.worlds.all();
  gateway::World* const world = TWINDOW_TRY(world_to_write(call, std::nullopt));
  return std::vector{world};
}

Task<Json> clock_json(const ControlCall& call, std::vector<gateway::World*> worlds) {
  Json accounts = Json::array();
  Time now = call.state.worlds.base_time();
  for (gateway::World* world : worlds) {
    const gateway::ClockView clock = co_await world->clock();
    accounts.push_back({{"account_sid", world->account().text},
                        {"mode", to_text(clock.mode)},
                        {"now", iso(clock.now)},
                        {"next_event", iso(clock.next_due)},
                        {"advancing", clock.advancing}});
    if (call.query.first("account")) now = clock.now;
  }
  co_return Json{{"mode", to_text(call.state.worlds.base_mode())},
                 {"now", iso(now)},
                 {"accounts", std::move(accounts)}};
}

// Asked of every world before the first one moves, so that a refusal moves none of them.
Task<Result<void>> check_movable(std::vector<gateway::World*> worlds, std::optional<Time> to) {
  for (gateway::World* world : worlds) {
    const gateway::ClockView clock = co_await world->clock();
    if (clock.advancing) {
      co_return fail(Errc::Conflict,
                     "the clock of " + world->account().text +
                         " is being advanced already; wait for that answer (a callback's handler "
                         "cannot advance the clock that waits for it)");
    }
    if (to && *to < clock.now) {
      co_return fail(Errc::Conflict, "time never goes back; the clock of " + world->account().text +
                                         " is at " + wire::to_iso8601_ms(clock.now));
    }
  }
  co_return Result<void>();
}

Result<Duration> read_by(const wire::Form& form) {
  const auto text = form.first("by");
  const auto by = text ? parse_duration(*text) : std::nullopt;
  if (!by || by->count() < 0 || *by > limits::kAdvanceMax) {
    return fail(Errc::BadInput,
                "by: '" + std::string(text.value_or("")) +
                    "': expected how far to advance, such as 24h or 90s, at most 366 days");
  }
  return *by;
}

}  // namespace

Task<Result<wire::HttpReply>> get_clock(ControlCall call) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  const Json json = co_await clock_json(call, *worlds);
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> put_clock(ControlCall call) {
  const auto form = read_fields(call);
  if (!form) co_return Unexpected(form.error());
  const Read<void> known = expect_only(*form, {"now", "mode"});
  if (!known) co_return problem_reply(known.error());
  const auto mode_text = form->first("mode");
  const auto mode = mode_text ? gateway::parse_clock_mode(*mode_text) : std::nullopt;
  if (mode_text && !mode) {
    co_return control_problem({Errc::BadInput, "mode: expected real, manual or auto"}, "/mode");
  }
  const auto now_text = form->first("now");
  const auto now = now_text ? wire::parse_time(*now_text) : std::nullopt;
  if (now_text && !now) {
    co_return control_problem(
        {Errc::BadInput, "now: expected a time, such as 2026-01-05T09:00:00Z"}, "/now");
  }
  if (!mode && !now) co_return fail(Errc::BadInput, "expected now, mode or both");
  const auto worlds = worlds_to_move(call);
  if (!worlds) co_return Unexpected(worlds.error());
  const bool all = !call.query.first("account");
  if (now) {
    if (all && *now < call.state.worlds.base_time()) {
      co_return fail(Errc::Conflict, "time never goes back");
    }
    const Result<void> movable = co_await check_movable(*worlds, now);
    if (!movable) co_return Unexpected(movable.error());
  }
  if (mode) {
    for (gateway::World* world : *worlds) {
      co_await world->set_clock_mode(*mode);
    }
    if (all) call.state.worlds.set_base_mode(*mode);
  }
  if (now) {
    for (gateway::World* world : *worlds) {
      const Result<Advanced> set = co_await world->set_time(*now);
      if (!set) co_return Unexpected(set.error());
    }
    if (all) call.state.worlds.advance_base(*now - call.state.worlds.base_time());
  }
  const Json json = co_await clock_json(call, *worlds);
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> advance_clock(ControlCall call) {
  const auto form = read_fields(call);
  if (!form) co_return Unexpected(form.error());
  const Read<void> known = expect_only(*form, {"by"});
  if (!known) co_return problem_reply(known.error());
  const auto by = read_by(*form);
  if (!by) co_return control_problem(by.error(), "/by");
  const auto worlds = worlds_to_move(call);
  if (!worlds) co_return Unexpected(worlds.error());
  const Result<void> movable = co_await check_movable(*worlds, std::nullopt);
  if (!movable) co_return Unexpected(movable.error());
  Json accounts = Json::array();
  Json events = Json::array();
  std::size_t left_out = 0;
  Time now = call.state.worlds.base_time() + *by;
  if (!call.query.first("account")) call.state.worlds.advance_base(*by);
  for (gateway::World* world : *worlds) {
    const Result<Advanced> advanced = co_await world->advance(*by);
    if (!advanced) co_return Unexpected(advanced.error());
    accounts.push_back(world->account().text);
    for (const Event& event : advanced->events) events.push_back(to_json(event));
    left_out += advanced->events_left_out;
    if (call.query.first("account")) now = advanced->now;
  }
  Json json{{"now", iso(now)}, {"accounts", std::move(accounts)}, {"events", std::move(events)}};
  if (left_out > 0) json["events_left_out"] = left_out;
  co_return json_reply(json);
}

}  // namespace twindow::api
