// SPDX-License-Identifier: Apache-2.0
// /__admin/windows: the window table, looked at and set by hand.
#include <algorithm>

#include "twindow/base/duration_text.h"
#include "twindow/wire/time_text.h"

#include "src/api/control_call.h"
#include "src/api/control_json.h"
#include "src/api/windows_csv.h"

namespace twindow::api {

namespace {

struct Pair {
  Address sender;
  Address user;
  WindowKey key() const { return window_key(sender, user); }
};

Result<Address> read_whatsapp(std::string_view text, std::string_view what) {
  auto address = parse_from(text);
  if (!address || address->channel != Channel::WhatsApp) {
    return fail(Errc::BadInput, std::string(what) + ": '" + std::string(text) +
                                    "' is no WhatsApp address, such as whatsapp:+15558675310");
  }
  return address;
}

// The user's key ("+525512345678") is taken for an address of WhatsApp, the only channel there is.
Result<Address> read_user(std::string_view text) {
  std::string full(text);
  if (channel_of(text) == Channel::Sms) full.insert(0, "whatsapp:");
  return read_whatsapp(full, "user");
}

Result<Pair> read_pair(std::string_view sender, std::string_view user) {
  Address from = TWINDOW_TRY(read_whatsapp(sender, "sender"));
  Address to = TWINDOW_TRY(read_user(user));
  return Pair{std::move(from), std::move(to)};
}

Result<Pair> read_pair(const ControlCall& call) {
  return read_pair(call.captured.at(0), call.captured.at(1));
}

// "2026-01-05T09:00:00Z" or "-25h", seen from `now`.
Result<Time> read_time(std::string_view text, Time now) {
  if (const auto time = wire::parse_time(text)) return *time;
  if (const auto duration = parse_duration(text)) return now + *duration;
  return fail(Errc::BadInput, "last_inbound: '" + std::string(text) +
                                  "' is no time: expected 2026-01-05T09:00:00Z or, from now, -25h");
}

Read<Window> read_window(const wire::Form& form, const Pair& pair, Time now) {
  Window window{.key = pair.key(), .last_inbound = now, .user_spelling = pair.user.text};
  const auto state = form.first("state");
  const auto last_inbound = form.first("last_inbound");
  if (!state && !last_inbound) {
    return wrong_at("", "expected state (open or closed) or last_inbound");
  }
  if (last_inbound) {
    window.last_inbound = TWINDOW_TRY(at("/last_inbound", read_time(*last_inbound, now)));
  }
  if (window.last_inbound > now) {
    return wrong_at("/last_inbound",
                    "last_inbound is later than the account's clock, " + wire::to_iso8601_ms(now));
  }
  if (state && *state != "open" && *state != "closed") {
    return wrong_at("/state", "state: '" + std::string(*state) + "': expected open or closed");
  }
  window.closed = state == "closed";
  if (state == "open" && !is_open(window, now, Duration())) {
    return wrong_at("/state", "a window whose last inbound is 24 h old cannot be open");
  }
  return window;
}

// People write the '+' of a number into a query as it is, and a query's '+' is a space.
std::string with_plus(std::string_view text) {
  std::string address(text);
  std::ranges::replace(address, ' ', '+');
  return address;
}

struct Wanted {
  std::optional<std::string> sender = {};
  std::optional<std::string> user = {};  // canonical
  std::optional<WindowState> state = {};

  bool fits(const gateway::WindowView& view) const {
    return (!sender || view.window.key.sender == *sender) &&
           (!user || view.window.key.user == *user) && (!state || view.state == *state);
  }
};

Result<Wanted> read_wanted(const wire::Form& query) {
  Wanted wanted;
  if (const auto sender = query.first("sender")) {
    const Address address = TWINDOW_TRY(read_whatsapp(with_plus(*sender), "sender"));
    wanted.sender = address.text;
  }
  if (const auto user = query.first("user")) {
    const Address address = TWINDOW_TRY(read_user(with_plus(*user)));
    wanted.user = canonical_user(address);
  }
  if (const auto state = query.first("state")) {
    wanted.state = parse_window_state(*state);
    if (!wanted.state) {
      return fail(Errc::BadInput, "state: '" + std::string(*state) + "': expected open or closed");
    }
  }
  return wanted;
}

// What a row says, with what is known of that window beside it.
Result<Window> read_row(const WindowRow& row, const Pair& pair,
                        const Result<gateway::WindowView>& before, Time now) {
  wire::Form form;
  form.add("last_inbound", row.last_inbound);
  auto window = read_window(form, pair, now);
  if (!window) return Unexpected(window.error().error);
  window->closed = row.closed_early.value_or(false);
  if (!before) return *std::move(window);
  window->user_spelling = before->window.user_spelling;
  window->from_ad = before->window.from_ad;
  // A file that does not say so does not open what was closed.
  const bool same_inbound = window->last_inbound == before->window.last_inbound;
  if (!row.closed_early && same_inbound) window->closed = before->window.closed;
  return *std::move(window);
}

// Where a window has run out it makes no difference that it was closed before.
bool is_same(const Window& a, const Window& b, Time now) {
  return a.last_inbound == b.last_inbound && (a.closed == b.closed || a.expires() <= now);
}

}  // namespace

Task<Result<wire::HttpReply>> list_windows(ControlCall call) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  const auto wanted = read_wanted(call.query);
  if (!wanted) co_return Unexpected(wanted.error());
  Json windows = Json::array();
  for (gateway::World* world : *worlds) {
    const std::vector<gateway::WindowView> views = co_await world->windows();
    for (const auto& view : views) {
      if (wanted->fits(view)) windows.push_back(to_json(world->account(), view));
    }
  }
  const Json json{{"windows", windows}};
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> get_window(ControlCall call) {
  const auto pair = read_pair(call);
  if (!pair) co_return Unexpected(pair.error());
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  for (gateway::World* world : *worlds) {
    const Result<gateway::WindowView> view = co_await world->window(pair->key());
    if (view) co_return json_reply(to_json(world->account(), *view));
  }
  co_return fail(Errc::NotFound, pair->user.text + " never wrote to " + pair->sender.text);
}

Task<Result<wire::HttpReply>> put_window(ControlCall call) {
  const auto pair = read_pair(call);
  if (!pair) co_return Unexpected(pair.error());
  const auto form = read_fields(call);
  if (!form) co_return Unexpected(form.error());
  std::optional<std::string> named;
  if (const auto account = form->first("AccountSid")) named = std::string(*account);
  const auto world = world_to_write(call, named);
  if (!world) co_return control_problem(world.error(), account_pointer(named));
  const gateway::ClockView clock = co_await (*world)->clock();
  auto window = read_window(*form, *pair, clock.now);
  if (!window) co_return problem_reply(window.error());
  // By hand nobody writes: what is known of the user's last message stays, where nothing else is
  // said.
  const Result<gateway::WindowView> before = co_await (*world)->window(pair->key());
  if (before) {
    window->user_spelling = before->window.user_spelling;
    window->from_ad = before->window.from_ad;
    if (window->closed && !form->first("last_inbound")) {
      window->last_inbound = before->window.last_inbound;
    }
  }
  const Result<gateway::WindowView> view = co_await (*world)->put_window(*window);
  if (!view) co_return Unexpected(view.error());
  co_return json_reply(to_json((*world)->account(), *view));
}

Task<Result<wire::HttpReply>> delete_window(ControlCall call) {
  const auto pair = read_pair(call);
  if (!pair) co_return Unexpected(pair.error());
  const auto world = world_to_write(call, std::nullopt);
  if (!world) co_return Unexpected(world.error());
  const Result<void> erased = co_await (*world)->erase_window(pair->key());
  if (!erased) co_return Unexpected(erased.error());
  co_return wire::HttpReply{.status = 204};
}

Task<Result<wire::HttpReply>> import_windows(ControlCall call) {
  const auto world = world_to_write(call, std::nullopt);
  if (!world) co_return Unexpected(world.error());
  const auto csv = read_windows_csv(call.http.body);
  if (!csv) co_return Unexpected(csv.error());
  const gateway::ClockView clock = co_await (*world)->clock();
  std::size_t imported = 0;
  std::vector<BadLine> bad = csv->bad;
  for (const WindowRow& row : csv->rows) {
    const auto pair = read_pair(row.sender, row.user);
    if (!pair) {
      bad.push_back({row.line, pair.error().detail});
      continue;
    }
    const Result<gateway::WindowView> before = co_await (*world)->window(pair->key());
    const auto window = read_row(row, *pair, before, clock.now);
    if (!window) {
      bad.push_back({row.line, window.error().detail});
      continue;
    }
    ++imported;
    if (before && is_same(*window, before->window, clock.now)) continue;
    const Result<gateway::WindowView> stored = co_await (*world)->put_window(*window);
    if (!stored) co_return Unexpected(stored.error());
  }
  std::ranges::sort(bad, {}, &BadLine::line);
  Json errors = Json::array();
  for (const BadLine& line : bad) errors.push_back({{"line", line.line}, {"detail", line.detail}});
  const Json json{{"imported", imported}, {"errors", std::move(errors)}};
  co_return json_reply(json);
}

}  // namespace twindow::api
