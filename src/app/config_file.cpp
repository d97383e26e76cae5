// SPDX-License-Identifier: Apache-2.0
#include "src/app/config_file.h"

#include <algorithm>

#include "src/app/config_accounts.h"
#include "src/app/config_node.h"
#include "src/app/config_settings.h"
#include "src/app/config_values.h"
#include "src/app/read_text.h"

namespace twindow::app {

namespace {

class Reader {
 public:
  explicit Reader(ConfigFileTargets targets) : targets_(targets) {}

  void read(const ConfigNode& root) {
    std::vector<Member> members = members_below("");
    members.push_back({"accounts", [this](const ConfigNode& node) {
                         targets_.config.accounts = read_accounts(node);
                       }});
    // Editors find the schema of a file by it.
    members.push_back({"$schema", [](const ConfigNode&) {}});
    read_members(root, "an object with settings, as {\"listen\": \"127.0.0.1:4010\"}", members);
  }

 private:
  // The members of the object at `path` ("" or "callbacks."), in the order of the table.
  std::vector<Member> members_below(const std::string& path) {
    std::vector<Member> members;
    for (const Setting& setting : settings()) {
      if (!setting.key.starts_with(path)) continue;
      const std::string_view rest = setting.key.substr(path.size());
      const std::string name(rest.substr(0, rest.find('.')));
      if (std::ranges::find(members, name, &Member::name) != members.end()) continue;
      members.push_back(
          {name, [this, below = path + name](const ConfigNode& node) { read_at(below, node); }});
    }
    return members;
  }

  // `key` is a setting ("listen"), a group of them ("callbacks"), or both: "control" may be an
  // address, or an object with that address as "listen" and with "hosts".
  void read_at(const std::string& key, const ConfigNode& node) {
    const Setting* setting = find_setting(key);
    std::vector<Member> members = members_below(key + ".");
    if (members.empty()) return read_setting(*setting, node);
    if (setting == nullptr) return read_members(node, group_text(members), members);
    if (!node.json().is_object()) return read_setting(*setting, node);
    members.insert(members.begin(), {"listen", [this, setting](const ConfigNode& value) {
                                       read_setting(*setting, value);
                                     }});
    read_members(node, setting->expected, members);
  }

  static std::string group_text(const std::vector<Member>& members) {
    std::string text = "an object with";
    for (const Member& member : members) {
      const bool first = &member == &members.front();
      text += (first ? " " : &member == &members.back() ? " and " : ", ") + member.name;
    }
    return text;
  }

  void read_setting(const Setting& setting, const ConfigNode& node) {
    // An empty list says nothing.
    if (!node.json().is_structured() || !node.json().empty()) {
      targets_.origins[std::string(setting.key)] = node.where();
    }
    switch (setting.shape) {
      case Shape::Text:
        return read_text_value(setting, node);
      case Shape::Integer:
        return node.json().is_number_unsigned() ? set(setting, node, node.json().dump())
                                                : node.expected(setting.expected);
      case Shape::Boolean:
        return node.json().is_boolean() ? set(setting, node, node.json().dump())
                                        : node.expected(setting.expected);
      case Shape::TextList:
        setting.clear(targets_.config);
        if (node.json().is_string()) return read_text_value(setting, node);
        return read_items(node, "texts, each " + std::string(setting.expected),
                          [&](const ConfigNode& item) { read_text_value(setting, item); });
      case Shape::TextMap:
        setting.clear(targets_.config);
        return read_map(setting, node);
    }
  }

  void read_text_value(const Setting& setting, const ConfigNode& node) {
    if (!node.json().is_string()) return node.expected(setting.expected);
    const auto& text = node.json().get_ref<const std::string&>();
    const bool relative = setting.is_path && !text.empty();
    set(setting, node, relative ? (node.file().folder / text).string() : text);
  }

  void read_map(const Setting& setting, const ConfigNode& node) {
    if (!node.json().is_object()) {
      return node.expected(
          "an object, as {\"https://app.example.com\": \"http://127.0.0.1:3000\"}");
    }
    for (const auto& [left, right] : node.json().items()) {
      const ConfigNode value = node.member(left);
      const std::string text = right.is_string() ? right.get<std::string>() : "";
      if (!setting.set(targets_.config, left + "=" + text)) {
        value.mistake("found " + shown(left) + ": " +
                      (right.is_string() ? shown(text) : "no text") + ", expected " +
                      std::string(setting.expected));
      }
    }
  }

  void set(const Setting& setting, const ConfigNode& node, const std::string& text) {
    if (!setting.set(targets_.config, text)) node.expected(setting.expected);
  }

  ConfigFileTargets targets_;
};

}  // namespace

void read_config_file(const std::string& path, const std::string& named_by,
                      const Environment& environment, ConfigFileTargets targets) {
  const auto text = read_text(path);
  if (!text) {
    targets.mistakes.push_back({named_by, "",
                                "found " + shown(path) + ", which cannot be read (" + text.error() +
                                    "), expected a JSON file"});
    return;
  }
  ConfigFile file{
      path, std::filesystem::path(path).parent_path(), {}, environment, targets.mistakes};
  if (!read_document(file, *text)) return;
  Reader(targets).read(ConfigNode(file));
}

}  // namespace twindow::app
