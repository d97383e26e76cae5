// SPDX-License-Identifier: Apache-2.0
#include "src/app/config_node.h"

#include <algorithm>

#include "src/app/config_values.h"
#include "src/app/suggestion.h"

namespace twindow::app {

namespace {

std::string place(const ConfigFile& file, const Position& at) {
  const std::string& name = at.file == 0 ? file.name : file.others.at(at.file - 1);
  return name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::string kind(const Json& json) {
  if (json.is_object()) return "an object";
  if (json.is_array()) return "a list";
  if (json.is_string()) return json.get_ref<const std::string&>().empty() ? "\"\"" : "a text";
  if (json.is_boolean()) return "true or false";
  return json.is_null() ? "null" : "a number";
}

std::string found(const Json& json) {
  if (json.is_string()) return shown(json.get_ref<const std::string&>());
  if (json.is_number() || json.is_boolean()) return json.dump();
  return kind(json);
}

}  // namespace

bool read_document(ConfigFile& file, std::string_view text) {
  auto document = parse_json_document(text);
  if (!document) {
    file.mistakes.push_back({place(file, document.error().at), "", document.error().text});
    return false;
  }
  file.document = *std::move(document);
  for (const std::string& pointer : file.document.twice) {
    std::string key = pointer.substr(1);
    std::ranges::replace(key, '/', '.');
    file.mistakes.push_back({place(file, file.document.keys.at(pointer)), key,
                             "found this key a second time, expected it once"});
  }
  return true;
}

ConfigNode ConfigNode::member(const std::string& name) const {
  ConfigNode node = *this;
  node.json_ = &json_->at(name);
  node.pointer_ = child_pointer(pointer_, name);
  node.key_ = key_.empty() ? name : key_ + "." + name;
  return node;
}

ConfigNode ConfigNode::item(std::size_t index) const {
  ConfigNode node = *this;
  node.json_ = &json_->at(index);
  node.pointer_ = child_pointer(pointer_, std::to_string(index));
  node.key_ += "[" + std::to_string(index) + "]";
  return node;
}

ConfigNode ConfigNode::without(const std::string& name) const {
  file_->parts.push_back(std::make_unique<Json>(*json_));
  file_->parts.back()->erase(name);
  ConfigNode node = *this;
  node.json_ = file_->parts.back().get();
  return node;
}

std::string ConfigNode::where() const { return place(*file_, file_->document.values.at(pointer_)); }

void ConfigNode::mistake(std::string text) const {
  file_->mistakes.push_back({where(), key_, std::move(text)});
}

void ConfigNode::expected(std::string_view what) const {
  mistake("found " + found(*json_) + ", expected " + std::string(what));
}

void ConfigNode::expected_in_secret(std::string_view what) const {
  mistake("found " + kind(*json_) + ", expected " + std::string(what));
}

void ConfigNode::missing(const std::string& name, std::string_view what) const {
  file_->mistakes.push_back({where(), key_.empty() ? name : key_ + "." + name,
                             "found nothing, expected " + std::string(what)});
}

void ConfigNode::unknown_key(const std::vector<std::string>& known) const {
  const std::string name = key_.substr(key_.rfind('.') + 1);
  std::string text = did_you_mean(name, known);
  if (text.empty()) {
    text = ", expected one of:";
    for (const std::string& one : known) text += (one == known.front() ? " " : ", ") + one;
  }
  file_->mistakes.push_back(
      {place(*file_, file_->document.keys.at(pointer_)), key_, "found an unknown key" + text});
}

void read_members(const ConfigNode& node, std::string_view what, const std::vector<Member>& known) {
  if (!node.json().is_object()) return node.expected(what);
  std::vector<std::string> names;
  for (const Member& member : known) names.push_back(member.name);
  for (const auto& [name, value] : node.json().items()) {
    const auto found = std::ranges::find(known, name, &Member::name);
    if (found != known.end()) {
      found->read(node.member(name));
    } else {
      node.member(name).unknown_key(names);
    }
  }
  for (const Member& member : known) {
    if (!member.required.empty() && !node.json().contains(member.name)) {
      node.missing(member.name, member.required);
    }
  }
}

void read_items(const ConfigNode& node, std::string_view what,
                const std::function<void(const ConfigNode&)>& read) {
  if (!node.json().is_array()) return node.expected("a list of " + std::string(what));
  for (std::size_t i = 0; i < node.json().size(); ++i) read(node.item(i));
}

}  // namespace twindow::app
