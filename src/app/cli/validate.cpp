// SPDX-License-Identifier: Apache-2.0
// `twindow validate`: reads policy, scenario and configuration files as the program would, and says
// what is wrong in them.
#include <algorithm>
#include <filesystem>
#include <set>

#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/exit_code.h"
#include "src/app/config_file.h"
#include "src/app/policy_file.h"
#include "src/app/read_text.h"
#include "src/app/scenario_document.h"
#include "src/app/scenario_file.h"

namespace twindow::app {

namespace {

namespace fs = std::filesystem;

enum class Kind : std::uint8_t { Scenario, Policy, Config };
constexpr std::array<const char*, 3> kKinds{"scenario", "policy", "configuration"};

// Which keys only one kind has, at the top; what most of a file's keys say, it is.
const std::array<std::set<std::string>, 3>& keys_of_kinds() {
  static const std::array<std::set<std::string>, 3> keys{
      std::set<std::string>{"steps", "given", "on", "vars", "targets", "extends", "tags"},
      std::set<std::string>{"rules", "checks", "window", "templates"},
      std::set<std::string>{"mode", "listen", "control", "tls", "accounts", "callbacks", "store",
                            "policy", "scenario", "upstream", "public_url", "profile", "connect",
                            "hooks", "limits", "max_messages", "log", "deliver_to"}};
  return keys;
}

// Nothing if no key tells.
std::optional<Kind> kind_of(std::string_view text) {
  const auto document = parse_json_document(without_trailing_commas(text));
  if (!document || !document->root.is_object()) return std::nullopt;
  std::array<int, 3> said{};
  for (const auto& [name, value] : document->root.items()) {
    for (std::size_t kind = 0; kind < said.size(); ++kind) {
      if (keys_of_kinds()[kind].contains(name)) ++said[kind];
    }
  }
  const auto most = std::ranges::max_element(said);
  if (*most == 0) return std::nullopt;
  return static_cast<Kind>(most - said.begin());
}

class Validation {
 public:
  explicit Validation(Surroundings& around) : around_(around) {}

  void take(const std::string& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) return take_folder(path);
    const auto text = read_text(path);
    if (!text) {
      around_.terminal.complain(path + " cannot be read (" + text.error() + ")");
      unreadable_ = true;
      return;
    }
    check(path, kind_of(*text).value_or(Kind::Scenario));
  }

  int finish() const {
    if (wrong_ > 0) return kExitInvalidFile;
    if (unreadable_) return kExitUsage;
    if (checked_ == 0) {
      around_.terminal.complain("no scenario, policy or configuration file was found");
      return kExitUsage;
    }
    return kExitOk;
  }

 private:
  // Files of other programs lie about in folders: only what has a key of ours is looked at.
  void take_folder(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code error;
    fs::recursive_directory_iterator entry(folder, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (name.starts_with('.') || name == "node_modules") {
        if (entry->is_directory(error)) entry.disable_recursion_pending();
        continue;
      }
      const auto extension = entry->path().extension();
      const bool json = extension == ".json" || extension == ".jsonc";
      if (json && entry->is_regular_file(error)) files.push_back(entry->path().string());
    }
    std::ranges::sort(files);
    for (const std::string& file : files) {
      const auto text = read_text(file);
      if (!text) {
        take(file);
        continue;
      }
      const auto kind = kind_of(*text);
      const bool broken = !parse_json_document(without_trailing_commas(*text)).has_value();
      if (kind || broken) check(file, kind.value_or(Kind::Scenario));
    }
  }

  void check(const std::string& path, Kind kind) {
    const std::vector<Mistake> mistakes = mistakes_in(path, kind);
    const Terminal& terminal = around_.terminal;
    if (mistakes.empty()) {
      ++checked_;
      terminal.out << terminal.paint(Color::Green, "ok") << "  " << path << "  ("
                   << kKinds[static_cast<std::size_t>(kind)] << ")\n";
      return;
    }
    ++wrong_;
    // As compilers say it, so that editors find the place.
    for (const Mistake& mistake : mistakes) terminal.err << to_text(mistake) << "\n";
  }

  std::vector<Mistake> mistakes_in(const std::string& path, Kind kind) const {
    switch (kind) {
      case Kind::Scenario: {
        const auto read = read_scenario(path, {around_.environment});
        return read ? std::vector<Mistake>() : read.error();
      }
      case Kind::Policy: {
        const auto read = load_policy(path, {});
        return read ? std::vector<Mistake>() : read.error();
      }
      case Kind::Config:
        break;
    }
    Config config;
    Origins origins;
    std::vector<Mistake> mistakes;
    read_config_file(path, path, around_.environment, {config, origins, mistakes});
    return mistakes;
  }

  Surroundings& around_;
  std::size_t checked_ = 0;
  std::size_t wrong_ = 0;
  bool unreadable_ = false;
};

}  // namespace

void add_validate(CommandTree& tree) {
  CLI::App& validate = tree.command(
      tree.root(), "validate",
      {"twindow validate scenarios policy.json",
       "Check scenario, policy and configuration files.\nOf a folder all that are in it. Each "
       "mistake is told as file:line:column, with what was found and what\nwas expected; then the "
       "exit code is 2."});
  auto paths = std::make_shared<std::vector<std::string>>();
  validate.add_option("PATH", *paths, "Files and folders")->required();
  tree.on(validate, [paths](Surroundings& around) {
    Validation validation(around);
    for (const std::string& path : *paths) validation.take(path);
    return validation.finish();
  });
}

}  // namespace twindow::app
