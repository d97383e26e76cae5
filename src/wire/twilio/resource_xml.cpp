// SPDX-License-Identifier: Apache-2.0
// The 2010 API's XML, made of its JSON: the same names in capitals, a list's envelope as
// attributes.
#include <nlohmann/json.hpp>

#include "twindow/wire/twilio/resource_json.h"

#include "src/wire/xml.h"

namespace twindow::wire {

namespace {

using Json = nlohmann::ordered_json;

// "sms_url" as "SmsUrl".
std::string capital_name(std::string_view name) {
  std::string text;
  bool first = true;
  for (const char c : name) {
    if (c == '_') {
      first = true;
      continue;
    }
    text += first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    first = false;
  }
  return text;
}

std::string text_of(const Json& value) {
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void append_members(std::string& out, const Json& object);

void append_element(std::string& out, const std::string& name, const Json& value) {
  if (!value.is_object()) {
    append_xml_element(out, name, text_of(value));
    return;
  }
  out.append("<").append(name).append(">");
  append_members(out, value);
  out.append("</").append(name).append(">");
}

void append_members(std::string& out, const Json& object) {
  for (const auto& [key, value] : object.items()) append_element(out, capital_name(key), value);
}

// "first_page_uri" as "firstpageuri".
void append_attribute(std::string& out, std::string_view name, const Json& value) {
  std::string escaped;
  append_xml_text(escaped, text_of(value));
  out += ' ';
  for (const char c : name) {
    if (c != '_') out += c;
  }
  out += "=\"";
  for (const char c : escaped) c == '"' ? out.append("&quot;") : out.append(1, c);
  out += '"';
}

}  // namespace

std::string xml_of_resource(std::string_view json, std::string_view element) {
  const Json parsed = Json::parse(json, nullptr, false);
  std::string out(kXmlHead);
  out += "<TwilioResponse>";
  append_element(out, std::string(element), parsed);
  return out += "</TwilioResponse>";
}

std::string xml_of_page(std::string_view json, std::string_view list_key,
                        std::string_view element) {
  const Json parsed = Json::parse(json, nullptr, false);
  std::string out(kXmlHead);
  const std::string name = capital_name(list_key);
  out.append("<TwilioResponse><").append(name);
  for (const auto& [key, value] : parsed.items()) {
    if (key != list_key) append_attribute(out, key, value);
  }
  out += '>';
  for (const Json& each : parsed.at(std::string(list_key))) {
    append_element(out, std::string(element), each);
  }
  return out.append("</").append(name).append("></TwilioResponse>");
}

}  // namespace twindow::wire
