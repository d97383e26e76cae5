// SPDX-License-Identifier: Apache-2.0
// /__admin/messages/wait and /count, and /__admin/verify: what a test asks for instead of sleeping.
#include <algorithm>
#include <array>

#include "twindow/policy/matcher.h"

#include "src/api/control_call.h"
#include "src/api/control_json.h"
#include "src/api/match_json.h"

namespace twindow::api {

namespace {

constexpr std::int64_t kTimeoutMs = 5'000;
constexpr std::int64_t kTimeoutMsMax = 600'000;
constexpr std::int64_t kCountMax = 100'000;

struct Match {
  policy::Matcher matcher;
  bool names_to = false;
  bool names_direction = false;
};

struct Waited {
  Match match;
  std::size_t count = 1;
  Duration timeout = Duration(kTimeoutMs);
};

Read<std::int64_t> read_number(const Json& json, const char* key, std::int64_t otherwise,
                               std::int64_t most) {
  const auto found = json.find(key);
  if (found == json.end()) return otherwise;
  if (!found->is_number_integer() || found->get<std::int64_t>() < 0 ||
      found->get<std::int64_t>() > most) {
    return wrong_at(pointer_to({key}),
                    std::string(key) + " must be a whole number from 0 to " + std::to_string(most));
  }
  return found->get<std::int64_t>();
}

Read<Json> read_object(const ControlCall& call, std::initializer_list<std::string_view> keys,
                       const char* expected) {
  Json json = TWINDOW_TRY(at("", read_json(call)));
  for (const auto& [key, value] : json.items()) {
    if (std::ranges::find(keys, key) != keys.end()) continue;
    return wrong_at(pointer_to({key}), "'" + key + "': expected " + expected + " only");
  }
  return json;
}

Read<Match> read_match(const Json& json) {
  Match match;
  std::vector<policy::Condition> conditions;
  const auto said = json.find("match");
  if (said == json.end()) return match;
  if (!said->is_object()) return wrong_at("/match", "match must be an object");
  for (const auto& [field, value] : said->items()) {
    const std::string where = pointer_to({"match", field});
    policy::Condition condition = TWINDOW_TRY(at(where, read_condition(field, value)));
    // Alone first, so that a mistake has its place.
    TWINDOW_TRY(at(where, policy::Matcher::make({condition})));
    conditions.push_back(std::move(condition));
    match.names_to = match.names_to || field == "To";
    match.names_direction = match.names_direction || field == "Direction";
  }
  match.matcher = TWINDOW_TRY(at("/match", policy::Matcher::make(std::move(conditions))));
  return match;
}

Read<Waited> read_waited(const ControlCall& call) {
  const Json json = TWINDOW_TRY(
      read_object(call, {"match", "count", "timeoutMillis"}, "match, count and timeoutMillis"));
  Waited waited;
  waited.match = TWINDOW_TRY(read_match(json));
  const std::int64_t count = TWINDOW_TRY(read_number(json, "count", 1, kCountMax));
  waited.count = static_cast<std::size_t>(count);
  const std::int64_t timeout =
      TWINDOW_TRY(read_number(json, "timeoutMillis", kTimeoutMs, kTimeoutMsMax));
  waited.timeout = Duration(timeout);
  return waited;
}

struct Verified {
  Match match;
  std::optional<std::size_t> times = {};  // exactly; none: at least once
};

Read<Verified> read_verified(const ControlCall& call) {
  const Json json = TWINDOW_TRY(read_object(call, {"match", "times"}, "match and times"));
  Verified verified;
  verified.match = TWINDOW_TRY(read_match(json));
  const std::int64_t times = TWINDOW_TRY(read_number(json, "times", 0, kCountMax));
  if (json.contains("times")) verified.times = static_cast<std::size_t>(times);
  return verified;
}

using Differences = std::vector<policy::Matcher::Difference>;

// The message that comes nearest to matching: of the account that is named rather than of another;
// one to a user, if the match is about a user, rather than one from a user; then the one that
// differs least; of those the newest.
class Nearest {
 public:
  explicit Nearest(const Match& match) : to_user_(match.names_to && !match.names_direction) {}

  // Those that do not match, oldest first.
  void consider(const Message& message, Differences differences) {
    const auto differs_in = [&](std::string_view field) {
      return std::ranges::find(differences, field, &policy::Matcher::Difference::field) !=
             differences.end();
    };
    const bool inbound = message.direction == Direction::Inbound;
    // Users write to that address: it is no user's.
    if (inbound && !differs_in("To")) to_user_ = false;
    Candidate& best = inbound ? inbound_ : outbound_;
    const Distance distance{differs_in("AccountSid"), differences.size()};
    ++place_;
    if (best.message && best.distance < distance) return;
    best = {message, std::move(differences), distance, place_};
  }

  const std::optional<Message>& message() const { return best().message; }
  const Differences& differences() const { return best().differences; }

 private:
  struct Distance {
    bool other_account = false;
    std::size_t differences = 0;
    friend auto operator<=>(const Distance&, const Distance&) = default;
  };
  struct Candidate {
    std::optional<Message> message = {};
    Differences differences = {};
    Distance distance = {};
    std::size_t place = 0;  // in the order in which they came
  };

  const Candidate& best() const {
    if (!inbound_.message || !outbound_.message) return outbound_.message ? outbound_ : inbound_;
    const Distance& in = inbound_.distance;
    const Distance& out = outbound_.distance;
    if (to_user_ && in.other_account >= out.other_account) return outbound_;
    if (in != out) return in < out ? inbound_ : outbound_;
    return inbound_.place > outbound_.place ? inbound_ : outbound_;
  }

  bool to_user_;
  std::size_t place_ = 0;
  Candidate inbound_ = {};
  Candidate outbound_ = {};
};

struct Found {
  std::vector<Message> matching;
  Nearest nearest;
};

// Every message of the call's accounts, oldest first.
Task<Result<Found>> look(const ControlCall& call, const Match& match) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  Found found{.matching = {}, .nearest = Nearest(match)};
  for (gateway::World* world : *worlds) {
    PageRequest all{.limit = SIZE_MAX};
    MessageFilter any;
    const Result<MessagePage> page = co_await world->list(std::move(any), std::move(all));
    if (!page) co_return Unexpected(page.error());
    for (auto message = page->messages.rbegin(); message != page->messages.rend(); ++message) {
      auto differences = match.matcher.differences(*message);
      if (differences.empty()) {
        found.matching.push_back(*message);
      } else {
        found.nearest.consider(*message, std::move(differences));
      }
    }
  }
  co_return found;
}

Json messages_json(const std::vector<Message>& messages) {
  Json list = Json::array();
  for (const Message& message : messages) list.push_back(to_json(message));
  return list;
}

// 406: how many there are, and the nearest of the others.
Json not_found(std::string_view title, const std::string& detail, std::string_view pointer,
               const Found& found) {
  const std::optional<Message>& nearest = found.nearest.message();
  Json differences = Json::array();
  for (const auto& [field, expected, actual] : found.nearest.differences()) {
    differences.push_back({{"field", field}, {"expected", expected}, {"actual", actual}});
  }
  return {{"errors", Json::array({{{"title", title}, {"detail", detail}, {"pointer", pointer}}})},
          {"count", found.matching.size()},
          {"nearest", nearest ? to_json(*nearest) : Json()},
          {"differences", std::move(differences)}};
}

wire::HttpReply waited_in_vain(const Waited& waited, const Found& found) {
  const std::string detail = "waited " + std::to_string(waited.timeout.count()) + " ms for " +
                             std::to_string(waited.count) + " matching message(s), saw " +
                             std::to_string(found.matching.size());
  return json_reply(not_found("Waited in vain", detail, "/match", found), 406);
}

wire::HttpReply not_verified(const Verified& verified, const Found& found) {
  const std::string expected =
      verified.times ? "exactly " + std::to_string(*verified.times) : "at least one";
  const std::string detail =
      "expected " + expected + " matching message(s), saw " + std::to_string(found.matching.size());
  // With too many it is these that are in question.
  const bool too_many = found.matching.size() > verified.times.value_or(SIZE_MAX);
  Json json = not_found("Not verified", detail, too_many ? "/times" : "/match", found);
  json["messages"] = messages_json(found.matching);
  return json_reply(json, 406);
}

}  // namespace

Task<Result<wire::HttpReply>> wait_for_messages(ControlCall call) {
  const auto waited = read_waited(call);
  if (!waited) co_return problem_reply(waited.error());
  // Listens before it looks, so that nothing falls between the two.
  const auto news = call.state.events.subscribe();
  const Time end = call.state.wall.now() + waited->timeout;
  for (;;) {
    const Result<Found> found = co_await look(call, waited->match);
    if (!found) co_return Unexpected(found.error());
    if (found->matching.size() >= waited->count) {
      const Json json{{"messages", messages_json(found->matching)}};
      co_return json_reply(json);
    }
    const Duration left = end - call.state.wall.now();
    if (left <= Duration() || call.state.phase == Phase::Draining) {
      co_return waited_in_vain(*waited, *found);
    }
    co_await news->next(left);
  }
}

Task<Result<wire::HttpReply>> count_messages(ControlCall call) {
  const auto waited = read_waited(call);
  if (!waited) co_return problem_reply(waited.error());
  const Result<Found> found = co_await look(call, waited->match);
  if (!found) co_return Unexpected(found.error());
  const Json json{{"count", found->matching.size()}};
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> verify_messages(ControlCall call) {
  const auto verified = read_verified(call);
  if (!verified) co_return problem_reply(verified.error());
  const Result<Found> found = co_await look(call, verified->match);
  if (!found) co_return Unexpected(found.error());
  const std::size_t count = found->matching.size();
  const bool holds = verified->times ? count == *verified->times : count > 0;
  if (!holds) co_return not_verified(*verified, *found);
  const Json json{{"count", count}};
  co_return json_reply(json, 202);
}

}  // namespace twindow::api
