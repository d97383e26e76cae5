// SPDX-License-Identifier: Apache-2.0
#include "src/app/scenario_keeper.h"

#include <algorithm>

#include "src/app/read_text.h"

namespace twindow::app {

namespace {

std::optional<AccountSid> own_account(const LoadedScenario& loaded) {
  return parse_account_sid(loaded.scenario.account_sid.value_or(""));
}

}  // namespace

Expected<ScenarioKeeper::Read, std::vector<Mistake>> ScenarioKeeper::read(
    const std::filesystem::path& file) const {
  const ScenarioSurroundings around{environment_};
  auto loaded = read_scenario(file, around);
  if (!loaded) return Unexpected(std::move(loaded).error());
  auto text = read_text(file);
  return Read{text ? *std::move(text) : std::string(), *std::move(loaded)};
}

std::vector<Mistake> ScenarioKeeper::load() {
  std::vector<Mistake> mistakes;
  std::map<std::optional<AccountSid>, std::string> taken;
  for (const std::filesystem::path& file : files_) {
    auto one = read(file);
    if (!one) {
      mistakes.insert(mistakes.end(), one.error().begin(), one.error().end());
      continue;
    }
    const auto account = own_account(one->loaded);
    const auto [other, first] = taken.try_emplace(account, file.string());
    if (!first) {
      mistakes.push_back({file.string(), "given.account.sid",
                          "found the account of " + other->second +
                              ", expected one of its own: an account has one scenario"});
    }
    read_.push_back(*std::move(one));
  }
  return mistakes;
}

Task<void> ScenarioKeeper::begin(const Take& take, const Choose& choose, Log& log) {
  for (std::size_t file = 0; file < read_.size(); ++file) {
    const auto own = own_account(read_[file].loaded);
    const Result<AccountSid> account = choose(own);
    if (!account) {
      log.error(files_[file].string() + ": " + account.error().detail);
      continue;
    }
    LoadedScenario loaded = read_[file].loaded;
    Result<void> begun = co_await take(*account, std::move(loaded), gateway::SetUp::Begin);
    if (!begun) {
      log.warning(files_[file].string() + ": " + begun.error().detail +
                  "; senders, templates and rules are taken, clock, seed and windows stay");
      LoadedScenario again = read_[file].loaded;
      begun = co_await take(*account, std::move(again), gateway::SetUp::Refresh);
    }
    if (!begun) log.error(files_[file].string() + ": " + begun.error().detail);
    accounts_[file] = *account;
    texts_.with([&](auto& texts) { texts[*account] = read_[file].text; });
  }
  read_.clear();
}

Task<void> ScenarioKeeper::reload(std::size_t file, std::string_view why, const Take& take,
                                  Log& log) {
  const std::string reason(why);
  auto one = read(files_.at(file));
  const auto account = accounts_.find(file);
  if (account == accounts_.end()) co_return;
  if (!one) {
    for (const Mistake& mistake : one.error()) log.error(to_text(mistake));
    log.error("scenario read again (" + reason + "): refused, the old one stays in force");
    co_return;
  }
  const AccountSid sid = account->second;
  const Result<void> taken = co_await take(sid, std::move(one->loaded), gateway::SetUp::Refresh);
  if (!taken) {
    log.error("scenario read again (" + reason + "): " + taken.error().detail);
    co_return;
  }
  texts_.with([&](auto& texts) { texts[sid] = std::move(one->text); });
  log.info("scenario read again (" + reason + "): " + files_[file].string() +
           ", senders, templates and rules");
}

Task<ScenarioKeeper::Set> ScenarioKeeper::set(std::string text, const Take& take,
                                              const Choose& choose) {
  Set set;
  const ScenarioSurroundings around{environment_};
  auto loaded = parse_scenario(text, "scenario", {}, around);
  if (!loaded) {
    set.mistakes = std::move(loaded).error();
    co_return set;
  }
  const Result<AccountSid> account = choose(own_account(*loaded));
  if (!account) {
    set.error = account.error();
    co_return set;
  }
  set.account = *account;
  set.name = loaded->scenario.name;
  const Result<void> taken = co_await take(set.account, *std::move(loaded), gateway::SetUp::Begin);
  if (!taken) {
    set.error = taken.error();
    co_return set;
  }
  texts_.with([&](auto& texts) { texts[set.account] = std::move(text); });
  co_return set;
}

std::map<AccountSid, std::string> ScenarioKeeper::texts() const {
  return texts_.with([](const auto& texts) { return texts; });
}

}  // namespace twindow::app
