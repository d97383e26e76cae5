// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>

#include "twindow/base/ascii.h"

#include "src/app/config_values.h"
#include "src/app/scenario_document.h"
#include "src/app/scenario_step_parts.h"
#include "src/app/suggestion.h"

namespace twindow::app {

namespace {

// JSONPath as far as it is needed: "$.a.b[0]['c d']".
bool is_json_path(std::string_view text) {
  if (!text.starts_with('$')) return false;
  text.remove_prefix(1);
  while (!text.empty()) {
    std::size_t end = 0;
    if (text.front() == '.') {
      end = std::min(text.find_first_of(".[", 1), text.size());
      if (end == 1) return false;
    } else if (text.starts_with("['") || text.starts_with("[\"")) {
      const auto close = text.find(std::string{text[1], ']'}, 2);
      if (close == std::string_view::npos || close == 2) return false;
      end = close + 2;
    } else if (text.front() == '[') {
      const auto close = text.find(']');
      if (close == std::string_view::npos || !parse_count(text.substr(1, close - 1))) return false;
      end = close + 1;
    } else {
      return false;
    }
    text.remove_prefix(end);
  }
  return true;
}

void read_http_expect(const ConfigNode& node, scenario::HttpStep& step) {
  const auto read_json = [&](const ConfigNode& value) {
    if (!value.json().is_object()) {
      return value.expected(R"(an object of paths, as {"$.state": "sent"})");
    }
    for (const auto& [path, expected] : value.json().items()) {
      const ConfigNode member = value.member(path);
      if (!is_json_path(path)) {
        member.mistake("found the path " + shown(path) + ", expected one as \"$.items[0].state\"");
      } else if (auto json = read_expectation(member)) {
        step.expect_json.push_back({path, *std::move(json)});
      }
    }
  };
  read_members(node, "an object with status, json and contains",
               {{"status", [&](const ConfigNode& v) { read_http_status(v, step.expect_status); }},
                {"json", read_json},
                {"contains", [&](const ConfigNode& v) {
                   step.expect_contains = read_text_value(v, "a text");
                 }}});
}

}  // namespace

std::optional<scenario::HttpStep> read_http(const ConfigNode& node, const Targets& targets) {
  scenario::HttpStep step;
  bool typed = false;
  std::vector<std::string> names;
  for (const scenario::Target& target : targets) names.push_back(target.name);
  const auto read_target = [&](const ConfigNode& value) {
    if (names.empty()) return value.expected("a target, and there is none (\"targets\")");
    read_word(value, names, step.target);
  };
  const auto read_path = [&](const ConfigNode& value) {
    step.path = value.json().is_string() ? value.json().get<std::string>() : "";
    if (!step.path.starts_with('/')) value.expected("a path, as \"/jobs/send-reminders\"");
  };
  const auto read_headers = [&](const ConfigNode& value) {
    if (!value.json().is_object()) {
      return value.expected(R"(an object of texts, as {"Authorization": "Bearer x"})");
    }
    for (const auto& [name, text] : value.json().items()) {
      const auto header = scalar_of(value.member(name));
      const bool fits = header && std::ranges::none_of(*header, is_control) && !name.empty();
      if (!fits) {
        value.member(name).expected("a text of one line");
        continue;
      }
      typed = typed || equals_ignoring_case(name, "Content-Type");
      step.headers[name] = *header;
    }
  };
  const auto read_body = [&](const ConfigNode& value) {
    const auto text = value.json().is_string() ? scalar_of(value) : std::nullopt;
    step.body = text ? *text : value.json().dump();
  };
  const std::vector<std::string> methods{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"};
  read_members(node, "an object with target, method, path, headers, body, within and expect",
               {{"target", read_target},
                {"method", [&](const ConfigNode& v) { read_word(v, methods, step.method); }},
                {"path", read_path, "a path, as \"/jobs/send-reminders\""},
                {"headers", read_headers},
                {"body", read_body},
                {"within", [&](const ConfigNode& v) { read_wall_time(v, step.within); }},
                {"expect", [&](const ConfigNode& v) { read_http_expect(v, step); }}});
  const bool named = node.json().is_object() && node.json().contains("target");
  if (!named && std::ranges::find(names, step.target) == names.end() && node.json().is_object()) {
    node.missing("target", "one of the targets" + (names.empty() ? "" : ": " + list_text(names)));
  }
  const bool is_json = node.json().is_object() && node.json().contains("body") &&
                       !node.json().at("body").is_string();
  if (is_json && !typed) step.headers["Content-Type"] = "application/json";
  return step;
}

}  // namespace twindow::app
