// SPDX-License-Identifier: Apache-2.0
#include "src/app/config_load.h"

#include <algorithm>
#include <optional>

#include "src/app/config_file.h"
#include "src/app/config_secret.h"
#include "src/app/config_settings.h"
#include "src/app/config_values.h"
#include "src/app/suggestion.h"

namespace twindow::app {

namespace {

constexpr const char* kTokenVariable = "TWINDOW_CONTROL_TOKEN";

class Loader {
 public:
  explicit Loader(const ConfigSources& sources) : sources_(sources) {}

  Expected<LoadedConfig, std::vector<Mistake>> load() {
    read_file();
    read_variables();
    read_flags();
    complete_secrets();
    complete_data_dir();
    complete_store();
    complete_tls();
    check_addresses();
    if (config_.ca_cert.has_value() != config_.ca_key.has_value()) {
      const char* given = config_.ca_cert ? "ca_cert" : "ca_key";
      const char* other = config_.ca_cert ? "ca_key" : "ca_cert";
      mistake(given, "found it alone, expected " + std::string(other) + " too");
    }
    if (!mistakes_.empty()) return Unexpected(std::move(mistakes_));
    std::vector<Mistake> refused = not_in_this_version();
    return LoadedConfig{std::move(config_), nearly_variables(), std::move(refused)};
  }

 private:
  void read_file() {
    const std::string path = config_file(sources_);
    if (path.empty()) return;
    read_config_file(path, sources_.file.empty() ? "TWINDOW_CONFIG" : "--config",
                     sources_.environment, {config_, origins_, mistakes_});
  }

  void read_variables() {
    for (const Setting& setting : settings()) {
      if (setting.variable.empty()) continue;
      const auto text = find_variable(sources_.environment, setting.variable);
      if (!text) continue;
      const bool many = setting.shape == Shape::TextList || setting.shape == Shape::TextMap;
      give(setting, std::string(setting.variable), many ? split(*text) : std::vector{*text});
    }
  }

  void read_flags() {
    for (const Setting& setting : settings()) {
      const auto given = sources_.flags.find(std::string(setting.flag));
      if (setting.flag.empty() || given == sources_.flags.end()) continue;
      give(setting, std::string(setting.flag), given->second);
    }
  }

  void give(const Setting& setting, const std::string& where,
            const std::vector<std::string>& texts) {
    const std::string key(setting.key);
    origins_[key] = where;
    if (setting.clear != nullptr) setting.clear(config_);
    for (const std::string& text : texts) {
      if (setting.set(config_, text)) continue;
      mistakes_.push_back(
          {where, key, "found " + shown(text) + ", expected " + std::string(setting.expected)});
    }
  }

  static std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> items;
    while (true) {
      const auto comma = text.find(',');
      std::string_view item = text.substr(0, comma);
      while (item.starts_with(' ')) item.remove_prefix(1);
      while (item.ends_with(' ')) item.remove_suffix(1);
      if (!item.empty()) items.emplace_back(item);
      if (comma == std::string_view::npos) return items;
      text.remove_prefix(comma + 1);
    }
  }

  void complete_secrets() {
    if (auto token = find_variable(sources_.environment, "TWILIO_AUTH_TOKEN")) {
      config_.default_auth_token = AuthToken{*std::move(token)};
    }
    for (AccountOptions& account : config_.accounts) {
      if (!account.auth_token) account.auth_token = config_.default_auth_token;
    }
    if (config_.control_token_file) {
      auto token = read_secret_file(*config_.control_token_file);
      if (token) {
        config_.control_token = *std::move(token);
      } else {
        mistake("control_token_file", "found " + shown(config_.control_token_file->string()) +
                                          ", " + token.error() +
                                          ", expected a file that holds the token");
      }
    } else if (auto variable = find_variable(sources_.environment, kTokenVariable)) {
      config_.control_token = AuthToken{*std::move(variable)};
    }
  }

  void complete_data_dir() {
    if (config_.data_dir.empty()) config_.data_dir = default_data_dir(sources_.environment);
  }

  void complete_store() {
    if (config_.store.kind != StoreKind::Sqlite || !config_.store.location.empty()) return;
    config_.store.location = (config_.data_dir / "twindow.db").string();
  }

  // Who has the API's port picked wants no fixed one beside it.
  void complete_tls() {
    if (config_.tls.listen_given || config_.listen.port != 0) return;
    config_.tls.listen = config_.listen;
  }

  void check_addresses() {
    struct Listener {
      const char* key;
      std::optional<Endpoint> at;
    };
    const std::vector<Listener> listeners{{"listen", config_.listen},
                                          {"control", config_.control},
                                          {"tls", config_.tls.listen},
                                          {"hooks", config_.hooks}};
    for (auto later = listeners.begin(); later != listeners.end(); ++later) {
      for (auto earlier = listeners.begin(); earlier != later; ++earlier) {
        if (!later->at || later->at->port == 0 || later->at != earlier->at) continue;
        const bool later_was_given = origins_.contains(later->key);
        const char* key = later_was_given ? later->key : earlier->key;
        const char* other = later_was_given ? earlier->key : later->key;
        mistake(key, "found " + shown(to_text(*later->at)) + ", which " + other +
                         " has too, expected an address of its own");
      }
    }
  }

  void mistake(std::string_view key, std::string text) {
    const auto origin = origins_.find(key);
    mistakes_.push_back(
        {origin == origins_.end() ? "default" : origin->second, std::string(key), std::move(text)});
  }

  // A person who asks for a policy must not get a server that lets everything through.
  std::vector<Mistake> not_in_this_version() const {
    std::vector<Mistake> refused;
    for (const auto& [key, where] : origins_) {
      const Setting* setting = find_setting(key);
      std::string what = setting->later ? key : "";
      if (key == "store" && config_.store.kind == StoreKind::Postgresql) {
        what = "store \"postgresql:\"";
      }
      if (!what.empty()) refused.push_back({where, "", what + " is not in this version yet"});
    }
    if (config_.mode == Mode::Proxy && config_.clock != ClockMode::Real) {
      refused.push_back(
          {origins_.at("clock"), "clock", "in proxy mode it is the system's, expected real"});
    }
    if (config_.mode == Mode::Proxy && !config_.scenarios.empty()) {
      refused.push_back(
          {origins_.at("scenario"), "scenario", "in proxy mode nothing is simulated"});
    }
    if (config_.mode == Mode::Simulate && config_.hooks) {
      refused.push_back({origins_.at("hooks"), "hooks", "nobody calls it in simulate mode"});
    }
    return refused;
  }

  // Not a mistake: a cluster sets TWINDOW_PORT and the like for a service of that name.
  std::vector<std::string> nearly_variables() const {
    std::vector<std::string> known{"TWINDOW_CONFIG", "TWINDOW_SERVER", kTokenVariable};
    for (const Setting& setting : settings()) {
      if (!setting.variable.empty()) known.emplace_back(setting.variable);
    }
    std::vector<std::string> notes;
    for (const auto& [name, value] : sources_.environment) {
      if (!name.starts_with("TWINDOW_") || std::ranges::find(known, name) != known.end()) continue;
      const auto guess = nearest(name.substr(8), without_prefix(known));
      if (guess) {
        notes.push_back(name + " is no variable of twindow and was ignored; did you mean TWINDOW_" +
                        *guess + "?");
      }
    }
    return notes;
  }

  static std::vector<std::string> without_prefix(const std::vector<std::string>& names) {
    std::vector<std::string> rests;
    for (const std::string& name : names) rests.push_back(name.substr(8));
    return rests;
  }

  const ConfigSources& sources_;
  Config config_ = {};
  Origins origins_ = {};
  std::vector<Mistake> mistakes_ = {};
};

}  // namespace

std::filesystem::path default_data_dir(const Environment& environment) {
  // The XDG base directory specification: a relative path is to be ignored.
  if (const auto state = find_variable(environment, "XDG_STATE_HOME");
      state && state->starts_with('/')) {
    return std::filesystem::path(*state) / "twindow";
  }
  if (const auto home = find_variable(environment, "HOME")) {
    return std::filesystem::path(*home) / ".local/state/twindow";
  }
  return "/var/lib/twindow";
}

std::string config_file(const ConfigSources& sources) {
  if (!sources.file.empty()) return sources.file;
  return find_variable(sources.environment, "TWINDOW_CONFIG").value_or("");
}

Expected<LoadedConfig, std::vector<Mistake>> load_config(const ConfigSources& sources) {
  return Loader(sources).load();
}

}  // namespace twindow::app
