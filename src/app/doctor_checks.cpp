// SPDX-License-Identifier: Apache-2.0
// What is here: ports, the CA, the policy, the store; and the order of all checks.
#include "src/app/doctor_checks.h"

#include <iterator>
#include <utility>
#include <variant>

#include "src/app/policy_file.h"
#include "src/app/serve_options.h"

namespace twindow::app {

namespace {

void append(std::vector<Finding>& all, std::vector<Finding> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

std::string control_url(const Config& config) {
  Endpoint at = config.control;
  if (at.host == "0.0.0.0") at.host = "127.0.0.1";
  if (at.host == "::") at.host = "::1";
  return "http://" + to_text(at);
}

Finding examine_listener(const char* name, const Endpoint& at, bool must, const DoctorParts& parts,
                         bool server_runs) {
  const std::string where = std::string(name) + " " + to_text(at);
  if (at.port == 0) return fine("port", where + ": one is picked at the start");
  const Result<void> listening = parts.try_to_listen(at);
  if (listening) {
    if (!server_runs) return fine("port", where + " is free");
    return problem("port", where + " is free, although the server runs",
                   "it was started with other options than doctor; give both the same");
  }
  if (server_runs) return fine("port", where + " is the running server's");
  const std::string flag = "--" + std::string(name);
  if (!must) return skipped("port", where + ": " + listening.error().detail + "; then without TLS");
  return problem("port", where + ": " + listening.error().detail,
                 "end who listens there, or pick another port with " + flag);
}

Finding examine_policy(const Config& config) {
  if (!config.policy) {
    const bool built_in = config.mode == Mode::Proxy;
    return fine("policy", built_in ? "no file: the built-in policy" : "none: nothing is judged");
  }
  const auto policy = load_policy(*config.policy, policy_options(config).defaults);
  if (policy) {
    return fine("policy", config.policy->string() + ": " + std::to_string(policy->rules.size()) +
                              (policy->rules.size() == 1 ? " rule" : " rules"));
  }
  std::string found;
  for (const Mistake& mistake : policy.error()) {
    found += (found.empty() ? "" : "; ") + to_text(mistake);
  }
  return problem("policy", found, "correct the file; \"twindow schema policy\" describes it");
}

Finding examine_store(const Config& config) {
  if (config.store.kind == StoreKind::Sqlite)
    return fine("store", "sqlite:" + config.store.location);
  if (config.mode == Mode::Simulate) return fine("store", "memory: a restart forgets everything");
  return problem("store", "memory: a restart forgets windows, decisions and webhooks not yet told",
                 "add --store sqlite:");
}

}  // namespace

Finding fine(std::string check, std::string found) {
  return {.check = std::move(check), .found = std::move(found)};
}
Finding skipped(std::string check, std::string found) {
  return {.health = Health::Skipped, .check = std::move(check), .found = std::move(found)};
}
Finding problem(std::string check, std::string found, std::string advice) {
  return {.health = Health::Problem,
          .check = std::move(check),
          .found = std::move(found),
          .advice = std::move(advice)};
}
Finding no_answer(std::string check, std::string found, std::string advice) {
  Finding finding = problem(std::move(check), std::move(found), std::move(advice));
  finding.unreachable = true;
  return finding;
}

Task<bool> server_answers(const Config& config, const DoctorParts& parts) {
  if (config.control.port == 0) co_return false;
  const wire::UpstreamReply reply = co_await parts.fetch("GET", control_url(config) + "/livez");
  if (!reply || reply->status != 200) co_return false;
  const auto* const text = std::get_if<std::string>(&reply->body);
  co_return text != nullptr && text->compare("ok\n") == 0;
}

Task<std::vector<Finding>> examine_here(const Config& config, const DoctorParts& parts,
                                        bool server_runs) {
  std::vector<Finding> all;
  all.push_back(server_runs ? fine("server", "runs, control API at " + control_url(config))
                            : skipped("server", "none runs at " + control_url(config)));
  all.push_back(examine_listener("listen", config.listen, true, parts, server_runs));
  all.push_back(examine_listener("control", config.control, true, parts, server_runs));
  if (config.tls.listen) {
    all.push_back(
        examine_listener("tls", *config.tls.listen, config.tls.listen_given, parts, server_runs));
  }
  if (config.hooks)
    all.push_back(examine_listener("hooks", *config.hooks, true, parts, server_runs));
  const Result<void> ca = parts.check_ca();
  all.push_back(ca ? fine("ca", "fit for use, or made at first use")
                   : problem("ca", ca.error().detail, "mend its files, or \"twindow ca renew\""));
  all.push_back(examine_store(config));
  all.push_back(examine_policy(config));
  co_return all;
}

Task<std::vector<Finding>> examine(const Config& config, const DoctorParts& parts) {
  const bool server_runs = co_await server_answers(config, parts);
  std::vector<Finding> all = co_await examine_here(config, parts, server_runs);
  if (config.mode == Mode::Proxy) {
    std::vector<Finding> of_twilio = co_await examine_twilio(config, parts);
    append(all, std::move(of_twilio));
  }
  std::vector<Finding> of_targets = co_await examine_targets(config, parts, server_runs);
  append(all, std::move(of_targets));
  co_return all;
}

}  // namespace twindow::app
