// SPDX-License-Identifier: Apache-2.0
#include "src/app/policy_schema.h"

#include "twindow/policy/policy.h"

#include "src/app/json.h"
#include "src/app/schema_parts.h"

namespace twindow::app {

namespace {

using namespace schema;

Json window() {
  const Json words = Json::array({"lookup", "closed", "open"});
  return object_of(
      {{"margin", described("How much earlier than WhatsApp's a window closes here (default: 60s "
                            "in proxy mode, 0s in simulate mode)",
                            {{"type", "string"}, {"pattern", "^([0-9]+(ms|s|m|h|d))+$"}})},
       {"unknown",
        described("What is done about a window that is not known", one_of(words, "lookup"))},
       {"lookup_failed",
        described("What an unknown window is taken for if it could not be looked up",
                  one_of(Json::array({"open", "closed"}), "open"))},
       {"warn_before", described("When a window is told to close soon", duration("1h"))},
       {"reaction_opens",
        described("Whether an emoji reaction of the user opens a window", boolean(false))}});
}

Json templates() {
  return object_of(
      {{"auto_match", described("Whether \"template\": \"auto\" looks for a template that fits the "
                                "body",
                                boolean(true))},
       {"refresh", described("How often the approved templates are fetched", duration("10m"))}});
}

Json checks() {
  Json properties = Json::object();
  for (const policy::CheckName& check : policy::kCheckNames) {
    properties[std::string(check.name)] = one_of(Json::array({"reject", "pass"}), "reject");
  }
  return object_of(std::move(properties));
}

Json recipe(Json more = Json::object()) {
  Json properties{
      {"ContentSid", {{"type", "string"}, {"pattern", "^HX[0-9a-fA-F]{32}$"}}},
      {"ContentVariables",
       described("A value for each placeholder; ${id} is the group (?P<id>…) of a pattern in match",
                 {{"type", "object"}, {"additionalProperties", scalar()}})}};
  properties.update(more);
  Json schema = object_of(std::move(properties));
  schema["required"] = Json::array({"ContentSid"});
  return schema;
}

Json rule() {
  const Json actions = Json::array({"pass", "reject", "reroute", "hold", "observe"});
  Json schema = object_of(
      {{"name", {{"type", "string"}, {"minLength", 1}, {"maxLength", 100}}},
       {"match", described("All conditions must hold; without any the rule matches everything",
                           match_schema())},
       {"action", {{"enum", actions}}},
       {"style", described("reject: answer 400, or 201 and an undelivered callback",
                           one_of(Json::array({"sync", "async"}), "sync"))},
       {"code", described("reject: Twilio's error code", {{"type", "integer"},
                                                          {"minimum", 10000},
                                                          {"maximum", 99999},
                                                          {"default", kOutsideWindow}})},
       {"template", described("reroute: the template to send, or \"auto\": the approved one that "
                              "fits the body",
                              {{"anyOf", Json::array({{{"const", "auto"}}, recipe()})}})},
       {"ttl", described("hold: how long", duration("24h"))},
       {"nudge",
        described("hold: a template that goes out at once, at most one a pair in \"every\"",
                  recipe({{"every", duration("24h")}}))}});
  schema["required"] = Json::array({"name", "action"});
  return schema;
}

}  // namespace

std::string policy_schema() {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "The policy of twindow: what becomes of each send"}};
  schema.update(object_of(
      {{"$schema", {{"type", "string"}}},
       {"version", {{"const", 1}}},
       {"window", window()},
       {"templates", templates()},
       {"checks", described("What is found wrong is refused, or passes", checks())},
       {"rules",
        described("The first that matches and can be carried out decides; without this key "
                  "the built-in ones are in force",
                  {{"type", "array"}, {"items", rule()}})}}));
  schema["required"] = Json::array({"version"});
  schema["$defs"] = {{"condition", condition(scalar())}};
  return pretty(schema) + "\n";
}

}  // namespace twindow::app
