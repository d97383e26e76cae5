// SPDX-License-Identifier: Apache-2.0
// A value of the configuration file together with its place, so that whoever reads it can say
// where it is wrong.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/app/environment.h"
#include "src/app/json_document.h"
#include "src/app/mistake.h"

namespace twindow::app {

// What all values of a file share. Outlives its nodes.
struct ConfigFile {
  std::string name;              // as it was given
  std::filesystem::path folder;  // relative paths in the file start here
  JsonDocument document = {};
  const Environment& environment;
  std::vector<Mistake>& mistakes;
  std::vector<std::unique_ptr<Json>> parts = {};  // what nodes made by without() refer to
  std::vector<std::string> others = {};  // names of files that were merged into it: Position::file
};

// Parses `text` into the file's document; notes as mistakes what is no JSON, and each key that
// stands twice in its object. False if there is no document.
bool read_document(ConfigFile& file, std::string_view text);

class ConfigNode {
 public:
  explicit ConfigNode(ConfigFile& file) : file_(&file), json_(&file.document.root) {}

  const Json& json() const { return *json_; }
  const std::string& key() const { return key_; }  // "accounts[0].sid"; empty: the root
  ConfigFile& file() const { return *file_; }

  ConfigNode member(const std::string& name) const;
  ConfigNode item(std::size_t index) const;
  // The same object but for one member. Lives as long as this node's file.
  ConfigNode without(const std::string& name) const;

  std::string where() const;  // "config.json:3:13"

  // "found …, expected …" of this value. The second never shows the value: it may be a secret.
  void expected(std::string_view what) const;
  void expected_in_secret(std::string_view what) const;
  // "found nothing, expected …" of a member that is not there.
  void missing(const std::string& name, std::string_view what) const;
  void mistake(std::string text) const;
  // That this member is none of `known`; names the one that was meant, if that can be guessed.
  void unknown_key(const std::vector<std::string>& known) const;

 private:
  ConfigFile* file_;
  const Json* json_;
  std::string pointer_ = {};
  std::string key_ = {};
};

struct Member {
  std::string name;
  std::function<void(const ConfigNode&)> read;
  std::string required = {};  // what is expected, if the member must be there
};

// Reads an object; a member that is not in `known` is a mistake. `what` is the object.
void read_members(const ConfigNode& node, std::string_view what, const std::vector<Member>& known);

// Reads each item of a list of `what`.
void read_items(const ConfigNode& node, std::string_view what,
                const std::function<void(const ConfigNode&)>& read);

}  // namespace twindow::app
