// SPDX-License-Identifier: Apache-2.0
#include "src/api/control_call.h"

#include <charconv>

#include "twindow/base/limits.h"
#include "twindow/wire/json_body.h"

namespace twindow::api {

namespace {

struct StatusRow {
  Errc code;
  int status;
  std::string_view title;
};

// What is not here is bad input.
constexpr std::array kStatuses{
    StatusRow{Errc::NotFound, 404, "Not found"},
    StatusRow{Errc::NotSimulated, 404, "Not found"},
    StatusRow{Errc::MethodNotAllowed, 405, "Method not allowed"},
    StatusRow{Errc::TimedOut, 406, "Waited in vain"},
    StatusRow{Errc::Conflict, 409, "Not now"},
    StatusRow{Errc::BodyTooLarge, 413, "Too large"},
    StatusRow{Errc::Unavailable, 503, "Not available"},
    StatusRow{Errc::Internal, 500, "A fault of Twindow"},
};

bool is_json(const wire::HttpCall& call) {
  const auto type = wire::find_header(call.headers, "Content-Type");
  if (type && type->find("json") != std::string_view::npos) return true;
  // Without a type (curl -d sends one, others do not) the first byte tells.
  const auto first = call.body.find_first_not_of(" \t\r\n");
  return first != std::string::npos && (call.body[first] == '{' || call.body[first] == '[');
}

// nlohmann's parser recurses no deeper than its input nests, so the input's nesting is bounded.
bool nests_too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limits::kJsonDepthMax) return true;
    } else if (c == '}' || c == ']') {
      if (depth > 0) --depth;
    }
  }
  return false;
}

std::vector<AccountSid> known_accounts(const ServerState& state) {
  std::vector<AccountSid> known = state.accounts.configured();
  for (const gateway::World* world : state.worlds.all()) {
    if (std::ranges::find(known, world->account()) == known.end()) {
      known.push_back(world->account());
    }
  }
  return known;
}

Unexpected<Error> no_account(std::string_view text) {
  return fail(Errc::BadInput,
              "'" + std::string(text) + "' is no account SID (AC and 32 hex digits)");
}

}  // namespace

wire::HttpReply json_reply(const Json& json, int status) {
  wire::HttpReply reply{.status = status};
  reply.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  // Bytes that are no UTF-8 came from outside and must not stop an answer.
  reply.body = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return reply;
}

wire::HttpReply control_problem(const Error& error, std::string_view pointer) {
  int status = 400;
  std::string_view title = "Bad input";
  for (const StatusRow& row : kStatuses) {
    if (row.code != error.code) continue;
    status = row.status;
    title = row.title;
  }
  return problem_reply(status, title, error.detail, pointer);
}

wire::HttpReply problem_reply(const Problem& problem) {
  return control_problem(problem.error, problem.pointer);
}

wire::HttpReply problem_reply(int status, std::string_view title, std::string_view detail,
                              std::string_view pointer) {
  const Json json{
      {"errors", Json::array({{{"title", title}, {"detail", detail}, {"pointer", pointer}}})}};
  return json_reply(json, status);
}

std::string pointer_to(std::initializer_list<std::string_view> keys) {
  Json::json_pointer pointer;
  for (const std::string_view key : keys) pointer.push_back(std::string(key));
  return pointer.to_string();
}

Result<wire::Form> read_fields(const ControlCall& call, std::string_view object) {
  if (!is_json(call.http)) return wire::parse_form(call.http.body);
  if (!object.empty() && !nests_too_deep(call.http.body)) {
    Json json = Json::parse(call.http.body, nullptr, false);
    const auto member = json.is_object() ? json.find(object) : json.end();
    if (member != json.end() && member->is_object()) {
      *member = member->dump(-1, ' ', false, Json::error_handler_t::replace);
      return wire::parse_json_object_as_form(
          json.dump(-1, ' ', false, Json::error_handler_t::replace), limits::kJsonDepthMax);
    }
  }
  return wire::parse_json_object_as_form(call.http.body, limits::kJsonDepthMax);
}

Read<void> expect_only(const wire::Form& fields, std::initializer_list<std::string_view> names) {
  for (const Param& field : fields.params()) {
    if (std::ranges::find(names, field.name) != names.end()) continue;
    std::string list;
    for (const std::string_view name : names) {
      if (!list.empty()) list += name == *(names.end() - 1) ? " and " : ", ";
      list += name;
    }
    return wrong_at(pointer_to({field.name}), "'" + field.name + "': expected " + list + " only");
  }
  return {};
}

Result<Json> read_json(const ControlCall& call) {
  if (call.http.body.find_first_not_of(" \t\r\n") == std::string::npos) return Json::object();
  if (nests_too_deep(call.http.body)) {
    return fail(Errc::BadInput, "the body nests more than 64 levels deep");
  }
  Json json = Json::parse(call.http.body, nullptr, false);
  if (json.is_discarded()) return fail(Errc::BadInput, "the body is not JSON");
  if (!json.is_object()) return fail(Errc::BadInput, "the body must be a JSON object");
  return json;
}

Result<std::size_t> query_number(const ControlCall& call, std::string_view name,
                                 std::size_t otherwise, std::size_t most) {
  const auto text = call.query.first(name);
  if (!text) return otherwise;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || number > most) {
    return fail(Errc::BadInput, std::string(name) + " must be a whole number from 0 to " +
                                    std::to_string(most) + ", not '" + std::string(*text) + "'");
  }
  return number;
}

Result<std::vector<gateway::World*>> worlds_to_read(const ControlCall& call) {
  // Configured accounts are there from the start, not from their first call on.
  for (const AccountSid& account : call.state.accounts.configured()) {
    call.state.worlds.open(account);
  }
  const auto named = call.query.first("account");
  if (!named) return call.state.worlds.all();
  const auto account = parse_account_sid(*named);
  if (!account) return no_account(*named);
  std::vector<gateway::World*> worlds;
  if (gateway::World* world = call.state.worlds.find(*account)) worlds.push_back(world);
  return worlds;
}

Result<gateway::World*> world_to_write(const ControlCall& call,
                                       const std::optional<std::string>& named) {
  const auto asked = named ? std::optional<std::string_view>(*named) : call.query.first("account");
  if (asked) {
    const auto account = parse_account_sid(*asked);
    if (!account) return no_account(*asked);
    return &call.state.worlds.open(*account);
  }
  const auto known = known_accounts(call.state);
  if (known.size() > 1) {
    std::string list;
    for (const AccountSid& account : known) list += " " + account.text;
    return fail(Errc::BadInput,
                "which account? (AccountSid, ?account=, --account of the commands) one of:" + list);
  }
  const AccountSid nobody{"AC" + std::string(32, '0')};
  return &call.state.worlds.open(known.empty() ? nobody : known.front());
}

}  // namespace twindow::api
