// SPDX-License-Identifier: Apache-2.0
#include "src/app/scenario_document.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"

#include "src/app/config_values.h"
#include "src/app/policy_node.h"
#include "src/app/read_text.h"
#include "src/app/suggestion.h"

namespace twindow::app {

namespace {

// Behind a string or a comment that begins at `at`, else `at`.
std::size_t behind_opaque(std::string_view text, std::size_t at) {
  if (text[at] == '"') {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] == '\\') ++at;
    }
    return std::min(at + 1, text.size());
  }
  const std::string_view rest = text.substr(at);
  const bool line = rest.starts_with("//");
  if (!line && !rest.starts_with("/*")) return at;
  const auto end = line ? text.find('\n', at) : text.find("*/", at + 2);
  return end == std::string_view::npos ? text.size() : end + (line ? 1 : 2);
}

// The values below `pointer`, itself included.
template <class Positions>
void copy_places(const Positions& from, const std::string& pointer, std::size_t file,
                 Positions& to) {
  for (auto each = from.lower_bound(pointer); each != from.end(); ++each) {
    if (!each->first.starts_with(pointer)) break;
    const bool below = each->first.size() == pointer.size() || each->first[pointer.size()] == '/';
    if (!below) continue;
    Position place = each->second;
    place.file = file;
    to.insert_or_assign(each->first, place);
  }
}

// Objects are merged, in the order of the one beneath; of all else the one above stays.
void merge(Json& json, const Json& base, const std::string& pointer, const JsonDocument& beneath,
           std::size_t file, JsonDocument& document) {
  Json merged = Json::object();
  for (const auto& [name, value] : base.items()) {
    const std::string child = child_pointer(pointer, name);
    const auto own = json.find(name);
    if (own == json.end()) {
      merged[name] = value;
      copy_places(beneath.values, child, file, document.values);
      copy_places(beneath.keys, child, file, document.keys);
      continue;
    }
    if (own->is_object() && value.is_object()) merge(*own, value, child, beneath, file, document);
    merged[name] = std::move(*own);
  }
  for (auto& [name, value] : json.items()) {
    if (!merged.contains(name)) merged[name] = std::move(value);
  }
  json = std::move(merged);
}

// How deep values lie is told by their pointers, in which a '/' of a name is escaped.
bool too_deep(ConfigFile& file) {
  for (const auto& [pointer, at] : file.document.values) {
    const auto depth = static_cast<std::size_t>(std::ranges::count(pointer, '/'));
    if (depth < limits::kJsonDepthMax) continue;
    file.mistakes.push_back(
        {file.name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column), "",
         "found values that nest too deep, expected at most 64 levels"});
    return true;
  }
  return false;
}

bool extend(ConfigFile& file) {
  const Json& root = file.document.root;
  if (!root.is_object() || !root.contains("extends")) return true;
  const ConfigNode node = ConfigNode(file).member("extends");
  if (!node.json().is_string() || node.json().get_ref<const std::string&>().empty()) {
    node.expected("the path of a scenario file, as \"base.json\"");
    return false;
  }
  const std::string name = node.json().get<std::string>();
  if (file.folder.empty()) {
    node.expected("no such key: only a file can extend another");
    return false;
  }
  const std::filesystem::path path =
      file.folder == "." ? std::filesystem::path(name) : file.folder / name;
  const auto text = read_text(path);
  if (!text) {
    node.mistake("found " + shown(name) + ", which cannot be read (" + text.error() +
                 "), expected a scenario file");
    return false;
  }
  ConfigFile beneath{path.string(), path.parent_path(), {}, file.environment, file.mistakes};
  if (!read_document(beneath, without_trailing_commas(*text)) || too_deep(beneath)) return false;
  if (!beneath.document.root.is_object()) {
    ConfigNode(beneath).expected("a scenario: an object");
    return false;
  }
  if (beneath.document.root.contains("extends")) {
    ConfigNode(beneath).member("extends").expected("none: this file is extended itself, by " +
                                                   file.name);
    return false;
  }
  file.others.push_back(beneath.name);
  merge(file.document.root, beneath.document.root, "", beneath.document, file.others.size(),
        file.document);
  return true;
}

bool is_name(std::string_view text) {
  return !text.empty() && (is_letter(text.front()) || text.front() == '_') &&
         std::ranges::all_of(
             text, [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; });
}

class Replacer {
 public:
  explicit Replacer(ConfigFile& file) : file_(file) {}

  void run() {
    Json& root = file_.document.root;
    if (!root.is_object()) return;
    const ConfigNode node(file_);
    if (root.contains("vars")) read_vars(root["vars"], node.member("vars"));
    for (auto& [name, value] : root.items()) {
      if (name == "vars") continue;
      if (name == "steps" && value.is_array()) {
        replace_steps(value, node.member(name));
      } else {
        replace(value, node.member(name), false);
      }
    }
  }

 private:
  void read_vars(Json& vars, const ConfigNode& node) {
    if (!vars.is_object()) {
      return node.expected("an object of texts, as {\"shop\": \"whatsapp:+14155550100\"}");
    }
    for (auto& [name, value] : vars.items()) {
      const ConfigNode var = node.member(name);
      replace(value, var, false);
      const auto text = scalar_of(var);
      if (!is_name(name)) {
        var.mistake(
            "found a name that \"${…}\" cannot have, expected letters, digits, \"_\" and "
            "\"-\", a letter first");
      } else if (!text) {
        var.expected("a text");
      } else {
        names_.push_back(name);
        vars_[name] = *text;
      }
    }
  }

  void replace_steps(Json& steps, const ConfigNode& node) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      replace(steps[i], node.item(i), true);
      if (!steps[i].is_object() || steps[i].empty()) continue;
      const std::string named = text_at(steps[i].front(), "as");
      if (!named.empty()) bound_.push_back(named);
    }
  }

  void replace(Json& json, const ConfigNode& node, bool in_step) {
    if (json.is_object()) {
      for (auto& [name, value] : json.items()) replace(value, node.member(name), in_step);
    } else if (json.is_array()) {
      for (std::size_t i = 0; i < json.size(); ++i) replace(json[i], node.item(i), in_step);
    } else if (json.is_string()) {
      const std::string& text = json.get_ref<const std::string&>();
      if (text.find("${") == std::string::npos) return;
      if (auto replaced = replaced_in(text, node, in_step)) json = *std::move(replaced);
    }
  }

  std::optional<std::string> replaced_in(std::string_view text, const ConfigNode& node,
                                         bool in_step) {
    std::string made;
    while (!text.empty()) {
      const auto at = std::min(text.find("${"), text.size());
      const bool escaped = at > 0 && at < text.size() && text[at - 1] == '$';
      made += text.substr(0, at);
      text.remove_prefix(at);
      if (text.empty()) break;
      if (escaped) {  // "$${"
        made.back() = '$';
        made += '{';
        text.remove_prefix(2);
        continue;
      }
      const auto end = text.find('}');
      if (end == std::string_view::npos) {
        node.mistake(
            "found \"${\" without \"}\" behind it, expected a name and \"}\"; a text "
            "with \"${\" in it is written \"$${\"");
        return std::nullopt;
      }
      const auto value = value_of(text.substr(2, end - 2), node, in_step);
      if (!value) return std::nullopt;
      made += *value;
      text.remove_prefix(end + 1);
    }
    return made;
  }

  std::optional<std::string> value_of(std::string_view name, const ConfigNode& node, bool in_step) {
    constexpr std::string_view kVariable = "env:";
    const std::string whole = "${" + std::string(name) + "}";
    if (name.starts_with(kVariable)) {
      name.remove_prefix(kVariable.size());
      const auto bar = name.find('|');
      auto variable = find_variable(file_.environment, name.substr(0, bar));
      if (variable) return variable;
      if (bar != std::string_view::npos) return std::string(name.substr(bar + 1));
      node.mistake("found " + shown(whole) +
                   ", a variable that is not set, expected one that is, "
                   "or a default: \"${env:" +
                   std::string(name) + "|…}\"");
      return std::nullopt;
    }
    if (const auto dot = name.find('.'); dot != std::string_view::npos) {
      const std::string of(name.substr(0, dot));
      const std::string field(name.substr(dot + 1));
      return is_reference(of, field, whole, node, in_step) ? std::optional(whole) : std::nullopt;
    }
    const auto found = vars_.find(std::string(name));
    if (found != vars_.end()) return found->second;
    node.mistake("found " + shown(whole) + ", expected " +
                 (names_.empty() ? "a name of \"vars\", which is empty"
                                 : "a name of \"vars\": " + list_text(names_)) +
                 did_you_mean(name, names_));
    return std::nullopt;
  }

  bool is_reference(const std::string& of, const std::string& field, const std::string& whole,
                    const ConfigNode& node, bool in_step) {
    if (!in_step) {
      node.mistake("found " + shown(whole) +
                   ", which is known only when steps are played, expected it in steps only");
      return false;
    }
    if (std::ranges::find(bound_, of) == bound_.end()) {
      node.mistake("found " + shown(whole) +
                   ", expected a name that an earlier step gives (\"as\")" +
                   (bound_.empty() ? "" : ": " + list_text(bound_)) + did_you_mean(of, bound_));
      return false;
    }
    if (std::ranges::find(message_fields(), field) == message_fields().end()) {
      node.mistake("found " + shown(whole) + ", expected \"${" + of +
                   ".sid}\" or another field of a " + "message: " + list_text(message_fields()) +
                   did_you_mean(field, message_fields()));
      return false;
    }
    return true;
  }

  ConfigFile& file_;
  std::map<std::string, std::string> vars_ = {};
  std::vector<std::string> names_ = {};
  std::vector<std::string> bound_ = {};
};

void escape(Json& json) {
  if (json.is_structured()) {
    for (Json& each : json) escape(each);
  } else if (json.is_string()) {
    std::string text = json.get<std::string>();
    for (std::size_t at = 0; (at = text.find("${", at)) != std::string::npos; at += 3) {
      text.insert(at, 1, '$');
    }
    json = std::move(text);
  }
}

}  // namespace

std::string without_trailing_commas(std::string_view text) {
  std::string made(text);
  constexpr std::size_t kNone = std::string::npos;
  std::size_t comma = kNone;  // behind which nothing but blanks and comments has come
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t behind = behind_opaque(text, at);
    if (behind > at) {
      if (text[at] == '"') comma = kNone;
      at = behind;
      continue;
    }
    const char c = text[at];
    if ((c == '}' || c == ']') && comma != kNone) made[comma] = ' ';
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (c == ',' && at > 0) {
      // A second comma, or one that has no value before it, is a mistake and stays one.
      const auto before = made.find_last_not_of(" \t\r\n", at - 1);
      const bool follows = before != std::string::npos && made[before] != ',' &&
                           made[before] != '[' && made[before] != '{' && comma == kNone;
      comma = follows ? at : kNone;
    } else if (!blank) {
      comma = kNone;
    }
    ++at;
  }
  return made;
}

bool read_scenario_document(ConfigFile& file, std::string_view text) {
  const std::string strict = without_trailing_commas(text);
  return read_document(file, strict) && !too_deep(file) && extend(file);
}

void replace_variables(ConfigFile& file) { Replacer(file).run(); }

const std::vector<std::string>& message_fields() {
  static const std::vector<std::string> fields{"sid",
                                               "status",
                                               "error_code",
                                               "error_message",
                                               "body",
                                               "from",
                                               "to",
                                               "direction",
                                               "num_segments",
                                               "num_media",
                                               "price",
                                               "price_unit",
                                               "date_created",
                                               "date_sent",
                                               "date_updated",
                                               "account_sid",
                                               "messaging_service_sid"};
  return fields;
}

std::string resolved_text(const JsonDocument& document) {
  Json json = document.root;
  for (const char* done : {"vars", "extends", "steps"}) json.erase(done);
  escape(json);
  return pretty(json) + "\n";
}

}  // namespace twindow::app
