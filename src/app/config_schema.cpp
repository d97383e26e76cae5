// SPDX-License-Identifier: Apache-2.0
#include "src/app/config_schema.h"

#include "src/app/config_settings.h"
#include "src/app/json.h"

namespace twindow::app {

namespace {

Json object_of(Json properties) {
  return {
      {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

Json choices_of(const Setting& setting) {
  Json choices = Json::array();
  std::string_view rest = setting.choices;
  while (!rest.empty()) {
    const auto bar = rest.find('|');
    choices.push_back(std::string(rest.substr(0, bar)));
    rest = bar == std::string_view::npos ? "" : rest.substr(bar + 1);
  }
  return choices;
}

Json schema_of(const Setting& setting) {
  Json schema = {
      {"description", std::string(setting.help) + " (" + std::string(setting.expected) + ")"}};
  const std::string fallback(setting.fallback);
  switch (setting.shape) {
    case Shape::Text:
      schema["type"] = "string";
      if (!setting.choices.empty()) schema["enum"] = choices_of(setting);
      if (!fallback.empty()) schema["default"] = fallback;
      break;
    case Shape::Integer:
      schema["type"] = "integer";
      schema["minimum"] = setting.key == "seed" || fallback == "0" ? 0 : 1;
      if (!fallback.empty()) schema["default"] = std::stoull(fallback);
      break;
    case Shape::Boolean:
      schema["type"] = "boolean";
      schema["default"] = fallback == "true";
      break;
    case Shape::TextList:
      schema["anyOf"] = {{{"type", "string"}},
                         {{"type", "array"}, {"items", {{"type", "string"}}}}};
      break;
    case Shape::TextMap:
      schema["type"] = "object";
      schema["additionalProperties"] = {{"type", "string"}};
      break;
  }
  return schema;
}

// "control" is an address, or an object with that address as "listen" and more.
Json address_or_object(const Json& address, Json properties) {
  Json all = {{"listen", address}};
  all.update(properties);
  return {{"anyOf", Json::array({address, object_of(std::move(all))})}};
}

Json properties_below(const std::string& path) {
  Json properties = Json::object();
  for (const Setting& setting : settings()) {
    if (!setting.key.starts_with(path)) continue;
    const std::string rest(setting.key.substr(path.size()));
    const std::string name = rest.substr(0, rest.find('.'));
    if (properties.contains(name)) continue;
    Json below = properties_below(path + name + ".");
    const Setting* itself = find_setting(path + name);
    if (below.empty()) {
      properties[name] = schema_of(*itself);
    } else if (itself == nullptr) {
      properties[name] = object_of(std::move(below));
    } else {
      properties[name] = address_or_object(schema_of(*itself), std::move(below));
    }
  }
  return properties;
}

Json sid(const char* prefix) {
  return {{"type", "string"}, {"pattern", "^" + std::string(prefix) + "[0-9a-fA-F]{32}$"}};
}

Json secret() {
  const auto source = [](const char* name) {
    Json schema = object_of({{name, {{"type", "string"}}}});
    schema["required"] = {name};
    return schema;
  };
  return {{"description", "The secret itself, or better the file or the variable that holds it"},
          {"anyOf",
           Json::array({{{"type", "string"}, {"minLength", 1}}, source("file"), source("env")})}};
}

Json url_or_null(const char* description) {
  return {{"description", description},
          {"type", Json::array({"string", "null"})},
          {"pattern", "^https?://"}};
}

Json method(const char* description) {
  return {{"description", description}, {"enum", Json::array({"POST", "GET"})}};
}

Json list_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

Json accounts() {
  Json service = sid("MG");
  service["type"] = Json::array({"string", "null"});
  Json sender = object_of(
      {{"address", {{"type", "string"}, {"examples", Json::array({"whatsapp:+14155550100"})}}},
       {"inbound_url", url_or_null("The webhook for messages to this sender")},
       {"inbound_method", method("How that one is called")},
       {"fallback_url", url_or_null("Called when that one fails (simulate mode)")},
       {"fallback_method", method("How that one is called")},
       {"status_callback", url_or_null("Where news of sends go that name no StatusCallback")},
       {"service", std::move(service)}});
  sender["required"] = Json::array({"address"});
  Json key = object_of({{"sid", sid("SK")}, {"secret", secret()}});
  key["required"] = Json::array({"sid", "secret"});
  Json account =
      object_of({{"sid", sid("AC")},
                 {"auth_token", secret()},
                 {"api_keys", list_of(std::move(key))},
                 {"inbound_url", url_or_null("For senders without one")},
                 {"fallback_url", url_or_null("For senders without one")},
                 {"status_callback", url_or_null("For senders without one")},
                 {"senders", list_of(std::move(sender))},
                 {"test",
                  {{"description", "Twilio's test credentials: magic numbers, no delivery"},
                   {"type", "boolean"}}},
                 {"advanced_opt_out", list_of(sid("MG"))}});
  account["required"] = Json::array({"sid"});
  Json list = list_of(std::move(account));
  list["description"] = "Accounts whose credentials and senders are fixed";
  return list;
}

}  // namespace

std::string config_schema() {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "The configuration of twindow serve"}};
  Json properties = {{"$schema", {{"type", "string"}}}};
  properties.update(properties_below(""));
  properties["accounts"] = accounts();
  schema.update(object_of(std::move(properties)));
  return pretty(schema) + "\n";
}

}  // namespace twindow::app
