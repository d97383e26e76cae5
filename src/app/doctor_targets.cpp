// SPDX-License-Identifier: Apache-2.0
// Of those who are called back: the app's URLs, and our own public one.
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "twindow/wire/url.h"

#include "src/app/doctor_checks.h"

namespace twindow::app {

namespace {

std::string origin_of(const std::string& url) {
  const auto parts = wire::parse_web_url(url);
  if (!parts) return url;
  std::string origin = parts->secure() ? "https://" : "http://";
  origin.append(parts->host);
  if (!parts->port.empty()) origin.append(":").append(parts->port);
  return origin;
}

// The right side of the longest --deliver-to that fits; the URL itself without one.
std::pair<std::string, bool> delivered_to(const std::string& url, const Config& config) {
  const std::string* best = nullptr;
  const std::string* right = nullptr;
  for (const auto& [left, target] : config.callbacks.deliver_to) {
    const bool fits = url.starts_with(left) && (url.size() == left.size() ||
                                                url[left.size()] == '/' || url[left.size()] == '?');
    if (!fits || (best != nullptr && best->size() > left.size())) continue;
    best = &left;
    right = &target;
  }
  return right == nullptr ? std::pair(url, false) : std::pair(*right, true);
}

// Every origin that the configuration will have called, and whether the operator named it as the
// target.
std::map<std::string, bool> targets_of(const Config& config) {
  std::map<std::string, bool> targets;
  const auto add = [&](const std::optional<std::string>& url) {
    if (!url) return;
    const auto [target, named] = delivered_to(*url, config);
    targets[origin_of(target)] |= named;
  };
  add(config.inbound_url);
  for (const AccountOptions& account : config.accounts) {
    add(account.inbound_url);
    add(account.status_callback);
    for (const Sender& sender : account.senders) {
      add(sender.inbound_url);
      add(sender.status_callback);
    }
  }
  for (const auto& [left, right] : config.callbacks.deliver_to) targets[origin_of(right)] = true;
  return targets;
}

bool is_this_machine(const std::string& origin) {
  const auto url = wire::parse_web_url(origin);
  return url && (url->host == "localhost" || url->host == "[::1]" || url->host.starts_with("127."));
}

Task<Finding> examine_target(std::string origin, const DoctorParts& parts) {
  const wire::UpstreamReply reply = co_await parts.fetch("HEAD", origin + "/");
  if (reply) co_return fine("callbacks", origin + " answers");
  co_return no_answer(
      "callbacks", origin + ": " + reply.error().detail,
      "start the app, or correct its URL (--inbound-url, --deliver-to, accounts[])");
}

bool has_inbound_url(const Config& config, const AccountOptions& account) {
  if (config.inbound_url || account.inbound_url) return true;
  for (const Sender& sender : account.senders) {
    if (!sender.inbound_url) return false;
  }
  return !account.senders.empty();
}

Task<Finding> examine_public_url(const Config& config, const DoctorParts& parts, bool server_runs) {
  if (!config.public_url) {
    co_return problem("public-url", "not set: every webhook of Twilio's is refused",
                      "--public-url https://…, the address at which Twilio reaches /hooks here");
  }
  const std::string url = *config.public_url + "/livez";
  if (!server_runs) co_return skipped("public-url", url + ": there is no server that could answer");
  const std::string arrives =
      "let it lead to " + to_text(config.hooks.value_or(config.listen)) + " of this machine";
  const wire::UpstreamReply reply = co_await parts.fetch("GET", url);
  if (!reply) co_return no_answer("public-url", url + ": " + reply.error().detail, arrives);
  const auto* const text = std::get_if<std::string>(&reply->body);
  const bool ours = reply->status == 200 && text != nullptr && *text == "ok\n";
  if (ours) co_return fine("public-url", url + " answers");
  co_return problem("public-url",
                    url + " answers " + std::to_string(reply->status) + ", and is not Twindow",
                    arrives);
}

}  // namespace

Task<std::vector<Finding>> examine_targets(const Config& config, const DoctorParts& parts,
                                           bool server_runs) {
  std::vector<Finding> all;
  const bool proxy = config.mode == Mode::Proxy;
  if (proxy) {
    Finding public_url = co_await examine_public_url(config, parts, server_runs);
    all.push_back(std::move(public_url));
    for (const AccountOptions& account : config.accounts) {
      if (has_inbound_url(config, account)) continue;
      all.push_back(problem("callbacks",
                            account.sid.text + ": messages of users are kept and told to nobody",
                            "add inbound_url, the app's own, to the account or its senders"));
    }
  }
  const std::map<std::string, bool> targets = targets_of(config);
  for (const auto& [origin, named] : targets) {
    // A simulator opens no connection to the world.
    if (!proxy && !named && !is_this_machine(origin)) {
      all.push_back(skipped("callbacks", origin +
                                             ": not called by doctor in simulate mode; if it "
                                             "is public, add --deliver-to " +
                                             origin + "=http://127.0.0.1:3000"));
      continue;
    }
    Finding target = co_await examine_target(origin, parts);
    all.push_back(std::move(target));
  }
  if (targets.empty() && !proxy) {
    all.push_back(skipped("callbacks", "no URL of an app is configured"));
  }
  co_return all;
}

}  // namespace twindow::app
