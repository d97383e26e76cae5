// SPDX-License-Identifier: Apache-2.0
// /__admin/personas: how users behave. /__admin/sandbox: who has joined WhatsApp's Sandbox.
#include <algorithm>
#include <array>

#include "twindow/base/duration_text.h"

#include "src/api/control_call.h"
#include "src/api/control_json.h"

namespace twindow::api {

namespace {

Json to_json(const Persona& persona) {
  return {{"reads", persona.reads},
          {"read_after", twindow::to_text(persona.read_after)},
          {"skips_delivered", persona.skips_delivered},
          {"stays_sent", persona.stays_sent},
          {"fails", persona.fails ? Json(*persona.fails) : Json()}};
}

Json to_json(const AccountSid& account, const Personas& personas) {
  Json users = Json::object();
  for (const auto& [user, persona] : personas.users) users[user] = to_json(persona);
  return {{"account_sid", account.text}, {"others", to_json(personas.others)}, {"users", users}};
}

Result<void> read_switch(const Json& json, const std::string& key, bool& value) {
  if (!json.is_boolean()) return fail(Errc::BadInput, key + " must be true or false");
  value = json.get<bool>();
  return {};
}

Result<Persona> read_persona(const Json& json) {
  constexpr int kCodeMax = 99'999;
  if (!json.is_object()) return fail(Errc::BadInput, "a persona must be an object");
  Persona persona;
  for (const auto& [key, value] : json.items()) {
    if (key == "reads") {
      TWINDOW_TRY(read_switch(value, key, persona.reads));
    } else if (key == "skips_delivered") {
      TWINDOW_TRY(read_switch(value, key, persona.skips_delivered));
    } else if (key == "stays_sent") {
      TWINDOW_TRY(read_switch(value, key, persona.stays_sent));
    } else if (key == "read_after") {
      const auto after =
          value.is_string() ? parse_duration(value.get<std::string>()) : std::nullopt;
      if (!after) return fail(Errc::BadInput, "read_after must be a duration, such as \"3s\"");
      persona.read_after = *after;
    } else if (key == "fails") {
      if (value.is_null()) continue;
      const bool code = value.is_number_integer() && value.get<std::int64_t>() > 0 &&
                        value.get<std::int64_t>() <= kCodeMax;
      if (!code) return fail(Errc::BadInput, "fails must be an error code, such as 63024, or null");
      persona.fails = value.get<int>();
    } else {
      return fail(Errc::BadInput,
                  "'" + key + "': expected reads, read_after, skips_delivered, stays_sent, fails");
    }
  }
  return persona;
}

Task<Result<wire::HttpReply>> personas_of(std::vector<gateway::World*> worlds) {
  Json accounts = Json::array();
  for (gateway::World* world : worlds) {
    const Personas personas = co_await world->personas();
    accounts.push_back(to_json(world->account(), personas));
  }
  const Json json{{"accounts", accounts}};
  co_return json_reply(json);
}

}  // namespace

Task<Result<wire::HttpReply>> get_personas(ControlCall call) {
  auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  co_return co_await personas_of(*std::move(worlds));
}

// What is not given stays as it is; a user is given up with null.
Task<Result<wire::HttpReply>> put_personas(ControlCall call) {
  const auto body = read_json(call);
  if (!body) co_return Unexpected(body.error());
  std::optional<std::string> named;
  if (const auto sid = body->find("AccountSid"); sid != body->end() && sid->is_string()) {
    named = sid->get<std::string>();
  }
  const auto world = world_to_write(call, named);
  if (!world) co_return control_problem(world.error(), account_pointer(named));
  Personas personas = co_await (*world)->personas();
  for (const auto& [key, value] : body->items()) {
    if (key == "AccountSid") continue;
    if (key == "others") {
      auto persona = read_persona(value);
      if (!persona) co_return control_problem(persona.error(), "/others");
      personas.others = *persona;
      continue;
    }
    if (key != "users" || !value.is_object()) {
      co_return control_problem({Errc::BadInput, "expected others, and users by their address"},
                                "/" + key);
    }
    for (const auto& [address, wanted] : value.items()) {
      const auto user = parse_to(address);
      if (!user) {
        co_return control_problem(
            {Errc::BadInput, "'" + address + "' is no address, such as whatsapp:+15558675310"},
            "/users");
      }
      if (wanted.is_null()) {
        personas.users.erase(canonical_user(*user));
        continue;
      }
      auto persona = read_persona(wanted);
      if (!persona) co_return control_problem(persona.error(), "/users/" + address);
      personas.users[canonical_user(*user)] = *persona;
    }
  }
  co_await (*world)->set_personas(std::move(personas));
  std::vector<gateway::World*> worlds{*world};
  co_return co_await personas_of(std::move(worlds));
}

Task<Result<wire::HttpReply>> get_sandbox(ControlCall call) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  Json accounts = Json::array();
  for (gateway::World* world : *worlds) {
    const gateway::World::SandboxView view = co_await world->sandbox();
    Json members = Json::array();
    for (const auto& member : view.members) {
      members.push_back({{"user", member.user}, {"until", iso(member.until)}});
    }
    accounts.push_back({{"account_sid", world->account().text},
                        {"address", std::string(gateway::kSandboxAddress)},
                        {"join", "join " + view.join_code},
                        {"members", members}});
  }
  const Json json{{"accounts", accounts}};
  co_return json_reply(json);
}

}  // namespace twindow::api
