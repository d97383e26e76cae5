// SPDX-License-Identifier: Apache-2.0
#include "src/app/policy_keeper.h"

#include "src/app/read_text.h"

namespace twindow::app {

namespace {

// A file that names no rules has the built-in ones.
constexpr const char* kBuiltIn = "{ \"version\": 1 }\n";

}  // namespace

std::vector<Mistake> PolicyKeeper::load() {
  if (!options_.file) return options_.always ? take(kBuiltIn, "policy") : std::vector<Mistake>();
  auto text = read_text(*options_.file);
  if (text) return take(*std::move(text), options_.file->string());
  return {{options_.file->string(), "",
           "found a file that cannot be read (" + text.error() +
               "), expected the policy, a JSON file"}};
}

PolicyKeeper::Shared PolicyKeeper::policy() const {
  return in_force_.with([](const InForce& now) { return now.policy; });
}

std::optional<std::string> PolicyKeeper::text() const {
  return in_force_.with([](const InForce& now) { return now.text; });
}

std::vector<Mistake> PolicyKeeper::set(std::string text) { return take(std::move(text), "policy"); }

std::vector<Mistake> PolicyKeeper::restore() {
  if (options_.file || options_.always) return load();
  in_force_.with([](InForce& now) { now = {}; });
  return {};
}

void PolicyKeeper::reload(std::string_view why, const std::function<void()>& spread, Log& log) {
  if (!options_.file) return;
  const std::optional<std::string> before = text();
  const std::vector<Mistake> mistakes = load();
  for (const Mistake& mistake : mistakes) log.error(to_text(mistake));
  if (!mistakes.empty()) {
    return log.error("policy read again (" + std::string(why) +
                     "): refused, the old one stays in force");
  }
  const bool same = text() == before;
  if (!same) spread();
  log.info("policy read again (" + std::string(why) +
           "): " + (same ? "the same as before" : "in force from now on"));
}

std::vector<Mistake> PolicyKeeper::take(std::string text, const std::string& name) {
  auto parsed = parse_policy(text, name, options_.defaults);
  if (!parsed) return std::move(parsed).error();
  for (const policy::Rule& rule : parsed->rules) {
    if (options_.holds || !std::holds_alternative<policy::HoldAction>(rule.action)) continue;
    return {{name, "",
             "rule \"" + rule.name +
                 "\": found the action hold, which needs public_url (--public-url) in proxy mode: "
                 "nobody would hear of the user who writes; expected pass, reject, reroute or "
                 "observe"}};
  }
  auto policy = std::make_shared<const policy::Policy>(*std::move(parsed));
  in_force_.with([&](InForce& now) { now = {std::move(policy), std::move(text)}; });
  return {};
}

}  // namespace twindow::app
