// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/timeline.h"

#include <algorithm>
#include <map>

#include "twindow/wire/time_text.h"

#include "src/app/cli/event_text.h"

namespace twindow::app {

namespace {

constexpr std::size_t kBodyShown = 60;

Json ask(Server& control, const std::string& target) {
  const auto reply = control.call({.method = "GET", .target = target});
  if (!reply || reply->status != 200) return {};
  Json json = Json::parse(reply->body, nullptr, false);
  return json.is_discarded() ? Json() : json;
}

// All pages of a list, the oldest first.
Json read_all(Server& control, const std::string& target, const std::string& name) {
  std::vector<Json> all;
  std::string before;
  do {
    const Json page = ask(control, target + (before.empty() ? "" : "&before=" + before));
    for (const Json& each : member_at(page, name)) all.push_back(each);
    before = text_at(page, "next");
  } while (!before.empty());
  std::ranges::reverse(all);
  return Json(all);
}

std::string short_body(const Json& message) {
  std::string body = text_at(message, "body");
  if (body.empty()) return "";
  return " \"" + shortened(printable(body), kBodyShown) + "\"";
}

// Of "2026-01-05T09:00:02.000Z": "09:00:02.000", and the day before it where there are several.
std::string time_in(const std::string& iso, bool with_day) {
  if (iso.size() < 24) return iso;
  return (with_day ? iso.substr(0, 10) + " " : "") + iso.substr(11, 12);
}

struct Line {
  std::string at;
  std::string text;
};

// Texts in which SIDs stand as "message 3".
class Numbered {
 public:
  explicit Numbered(const Json& messages) {
    std::size_t number = 0;
    for (const Json& message : messages) {
      sids_.emplace(text_at(message, "sid"), "message " + std::to_string(++number));
    }
  }

  std::string operator()(std::string text) const {
    for (const auto& [sid, name] : sids_) {
      for (auto at = text.find(sid); at != text.npos; at = text.find(sid, at)) {
        text.replace(at, sid.size(), name);
      }
    }
    return text;
  }

 private:
  std::map<std::string, std::string> sids_;
};

std::int64_t offset(const std::string& iso, Time start) {
  const auto at = wire::parse_time(iso);
  return at ? (*at - start).count() : -1;
}

}  // namespace

World read_world(Server& control, const std::string& account) {
  World world;
  const std::string of = "account=" + account;
  const Json messages = read_all(control, "/__admin/messages?limit=1000&" + of, "messages");
  for (const Json& message : messages) {
    Json whole = ask(control, "/__admin/messages/" + text_at(message, "sid") + "?" + of);
    if (!whole.is_object()) whole = message;
    world.messages.push_back(std::move(whole));
  }
  world.callbacks = read_all(control, "/__admin/callbacks?limit=1000&" + of, "callbacks");
  return world;
}

std::string message_line(const Json& message) {
  const bool inbound = text_at(message, "direction") == "inbound";
  std::string text = text_at(message, "sid") + (inbound ? " from " : " to ") +
                     text_at(message, inbound ? "from" : "to") + " " + text_at(message, "status");
  if (const std::string code = text_at(message, "error_code"); !code.empty()) text += " " + code;
  return text + short_body(message);
}

std::vector<std::string> timeline_of(const World& world) {
  std::vector<Line> lines;
  for (const Json& message : world.messages) {
    const bool inbound = text_at(message, "direction") == "inbound";
    const std::string sid = text_at(message, "sid");
    std::string first = inbound
                            ? "--> inbound " + text_at(message, "from")
                            : "<-- " + text_at(message, "kind") + " to " + text_at(message, "to") +
                                  ", window " + text_at(member_at(message, "window"), "state");
    lines.push_back(
        {text_at(message, "date_created"), first + " [" + sid + "]" + short_body(message)});
    bool begins = true;
    for (const Json& entry : member_at(message, "timeline")) {
      const bool is_first = std::exchange(begins, false);
      if (text_at(entry, "event") != "status" || (is_first && !inbound) || inbound) continue;
      lines.push_back({text_at(entry, "at"), "    " + text_at(entry, "text") + " [" + sid + "]"});
    }
  }
  for (const Json& callback : world.callbacks) {
    const std::string answer =
        text_at(callback, "status") == "0" ? "---" : text_at(callback, "status");
    std::string text = "    [" + answer + "] " + text_at(callback, "type") + " webhook ";
    if (const std::string told = text_at(callback, "message_status"); !told.empty())
      text += told + " ";
    text += text_at(callback, "url");
    if (const std::string error = text_at(callback, "error"); !error.empty()) text += ": " + error;
    lines.push_back({text_at(callback, "at"), text});
  }
  std::ranges::stable_sort(lines, {}, &Line::at);
  std::vector<std::string> told;
  const bool days =
      !lines.empty() && lines.front().at.substr(0, 10) != lines.back().at.substr(0, 10);
  for (const auto& [at, text] : lines) told.push_back(time_in(at, days) + " " + text);
  return told;
}

std::string transcript_of(const World& world) {
  if (world.messages.empty()) return "";
  const Numbered numbered(world.messages);
  const Time start =
      wire::parse_time(text_at(world.messages.front(), "date_created")).value_or(Time());
  std::map<std::string, Json> callbacks;
  for (const Json& callback : world.callbacks) {
    callbacks[text_at(callback, "message_sid")].push_back(
        {{"at", offset(text_at(callback, "at"), start)},
         {"type", text_at(callback, "type")},
         {"status", text_at(callback, "message_status")},
         {"url", numbered(text_at(callback, "url"))},
         {"answered", member_at(callback, "status")}});
  }
  std::string transcript;
  for (const Json& message : world.messages) {
    Json statuses = Json::array();
    for (const Json& entry : member_at(message, "timeline")) {
      if (text_at(entry, "event") != "status") continue;
      statuses.push_back({{"at", offset(text_at(entry, "at"), start)},
                          {"status", text_at(entry, "status")},
                          {"error_code", member_at(entry, "error_code")}});
    }
    const std::string sid = text_at(message, "sid");
    const Json line{{"message", numbered(sid)},
                    {"at", offset(text_at(message, "date_created"), start)},
                    {"direction", text_at(message, "direction")},
                    {"from", member_at(message, "from")},
                    {"to", text_at(message, "to")},
                    {"kind", text_at(message, "kind")},
                    {"window", text_at(member_at(message, "window"), "state")},
                    {"body", numbered(text_at(message, "body"))},
                    {"statuses", statuses},
                    {"webhooks", callbacks[sid]}};
    transcript += line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  return transcript;
}

}  // namespace twindow::app
