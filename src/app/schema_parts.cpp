// SPDX-License-Identifier: Apache-2.0
#include "src/app/schema_parts.h"

#include "twindow/policy/send_matcher.h"

namespace twindow::app::schema {

Json object_of(Json properties) {
  return {
      {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

Json described(const char* description, Json schema) {
  Json with{{"description", description}};
  with.update(schema);
  return with;
}

Json one_of(Json words, const char* fallback) {
  return {{"enum", std::move(words)}, {"default", fallback}};
}

Json duration(const char* fallback) {
  return {{"type", "string"}, {"pattern", "^([0-9]+(ms|s|m|h|d))+$"}, {"default", fallback}};
}

Json boolean(bool fallback) { return {{"type", "boolean"}, {"default", fallback}}; }

Json scalar() { return {{"type", Json::array({"string", "number", "boolean"})}}; }

// A text to be equal to, or operations.
Json condition(Json value) {
  Json ops = object_of({{"equals", value},
                        {"contains", scalar()},
                        {"matches", described("A regular expression of RE2; its named groups, "
                                              "(?P<id>…), are ${id} in ContentVariables",
                                              {{"type", "string"}})},
                        {"anyOf", {{"type", "array"}, {"minItems", 1}, {"items", value}}},
                        {"absent", {{"type", "boolean"}}}});
  ops["minProperties"] = 1;
  return {{"anyOf", Json::array({std::move(value), std::move(ops)})}};
}

Json match_schema() {
  Json properties = Json::object();
  for (const std::string& field : policy::computed_fields()) {
    const std::vector<std::string> words = policy::values_of_field(field);
    Json value = words.empty() ? scalar() : Json{{"enum", words}};
    if (field == "opted_out") value = {{"enum", Json::array({true, false, "true", "false"})}};
    properties[field] =
        words.empty() ? Json{{"$ref", "#/$defs/condition"}} : condition(std::move(value));
  }
  for (const std::string& param : policy::create_parameters()) {
    properties[param] = Json{{"$ref", "#/$defs/condition"}};
  }
  Json schema = object_of(std::move(properties));
  schema["patternProperties"] = {{"^[A-Z][A-Za-z0-9]*$", {{"$ref", "#/$defs/condition"}}}};
  return schema;
}

}  // namespace twindow::app::schema
