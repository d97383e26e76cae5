// SPDX-License-Identifier: Apache-2.0
// /__admin/windows: the window table, looked at and set by hand.
#include <algorithm>

#include "twindow/base/duration_text.h"
#include "twindow/wire/time_text.h"

#include "src/api/control_call.h"
#include "src/api/control_json.h"

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

Result<Window> read_window(const wire::Form& form, const Pair& pair, Time now) {
  Window window{.key = pair.key(), .last_inbound = now, .user_spelling = pair.user.text};
  const auto state = form.first("state");
  const auto last_inbound = form.first("last_inbound");
  if (!state && !last_inbound) {
    return fail(Errc::BadInput, "expected state (open or closed) or last_inbound");
  }
  if (last_inbound) window.last_inbound = TWINDOW_TRY(read_time(*last_inbound, now));
  if (window.last_inbound > now) {
    return fail(Errc::BadInput,
                "last_inbound is later than the account's clock, " + wire::to_iso8601_ms(now));
  }
  if (state && *state != "open" && *state != "closed") {
    return fail(Errc::BadInput, "state: '" + std::string(*state) + "': expected open or closed");
  }
  window.closed = state == "closed";
  if (state == "open" && !is_open(window, now, Duration())) {
    return fail(Errc::BadInput, "a window whose last inbound is 24 h old cannot be open");
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

// The next line of `text`, without its end; `text` goes on behind it.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// "sender,user,last_inbound": no field of these three ever needs quotes, so none are read.
Result<Window> read_row(std::string_view line, Time now) {
  const auto first = line.find(',');
  const auto second = first == std::string_view::npos ? first : line.find(',', first + 1);
  if (second == std::string_view::npos || line.find(',', second + 1) != std::string_view::npos) {
    return fail(Errc::BadInput, "expected three columns: sender,user,last_inbound");
  }
  const Pair pair =
      TWINDOW_TRY(read_pair(line.substr(0, first), line.substr(first + 1, second - first - 1)));
  wire::Form form;
  form.add("last_inbound", line.substr(second + 1));
  return read_window(form, pair, now);
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
  if (!world) co_return Unexpected(world.error());
  const gateway::ClockView clock = co_await (*world)->clock();
  auto window = read_window(*form, *pair, clock.now);
  if (!window) co_return Unexpected(window.error());
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
  const gateway::ClockView clock = co_await (*world)->clock();
  std::size_t imported = 0;
  Json errors = Json::array();
  std::string_view text = call.http.body;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (line.empty() || (number == 1 && line == "sender,user,last_inbound")) continue;
    const auto window = read_row(line, clock.now);
    if (!window) {
      errors.push_back({{"line", number}, {"detail", window.error().detail}});
      continue;
    }
    const Result<gateway::WindowView> stored = co_await (*world)->put_window(*window);
    if (!stored) co_return Unexpected(stored.error());
    ++imported;
  }
  const Json json{{"imported", imported}, {"errors", errors}};
  co_return json_reply(json);
}

}  // namespace twindow::api
