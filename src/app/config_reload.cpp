// SPDX-License-Identifier: Apache-2.0
#include "src/app/config_reload.h"

#include "src/app/config_change.h"

namespace twindow::app {

namespace {

std::string listed(const std::vector<std::string>& keys) {
  std::string text;
  for (const std::string& key : keys) text += (text.empty() ? "" : ", ") + key;
  return text;
}

}  // namespace

ConfigReload::ConfigReload(ConfigSources sources, Config in_force, Apply apply, Log& log,
                           Metrics& metrics)
    : sources_(std::move(sources)),
      in_force_(std::move(in_force)),
      apply_(std::move(apply)),
      log_(log),
      metrics_(metrics) {}

void ConfigReload::run(std::string_view why) {
  if (config_file(sources_).empty()) {
    return log_.info(std::string(why) + ": there is no configuration file to read again");
  }
  const auto loaded = load_config(sources_);
  if (!loaded) return refuse(why, loaded.error());
  if (!loaded->refused.empty()) return refuse(why, loaded->refused);
  Config next = in_force_;
  const ConfigChange change = take_changes(next, loaded->config);
  if (!change.taken.empty()) {
    const Result<void> applied = apply_(next);
    if (!applied) return refuse(why, {{config_file(sources_), "", applied.error().detail}});
    in_force_ = std::move(next);
  }
  metrics_.config_reloaded(true);
  const bool same = change.taken.empty() && change.pending.empty();
  const std::string taken = change.taken.empty() ? "nothing" : listed(change.taken);
  log_.info("configuration read again (" + std::string(why) +
            "): " + (same ? "the same as before" : "taken: " + taken));
  if (!change.pending.empty()) {
    log_.warning("configuration: kept until a restart: " + listed(change.pending));
  }
}

void ConfigReload::refuse(std::string_view why, const std::vector<Mistake>& mistakes) {
  metrics_.config_reloaded(false);
  for (const Mistake& mistake : mistakes) log_.error(to_text(mistake));
  log_.error("configuration read again (" + std::string(why) +
             "): refused, the old one stays in force");
}

}  // namespace twindow::app
