// SPDX-License-Identifier: Apache-2.0
// Of Twilio: that it answers, to whom, and where it sends what users write.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "twindow/base/duration_text.h"
#include "twindow/net/twilio_settings.h"
#include "twindow/wire/basic_auth.h"
#include "twindow/wire/form.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/hook_url.h"
#include "twindow/wire/twilio/message_answers.h"

#include "src/app/doctor_checks.h"

namespace twindow::app {

namespace {

using namespace std::chrono_literals;
using wire::SettingOf;
using wire::UpstreamFailure;
using wire::UpstreamFault;
using wire::WebhookSetting;

constexpr std::chrono::milliseconds kListTime = 20s;
constexpr Duration kSkewMax = 10s;
constexpr const char* kProduct = "api.twilio.com";

std::string upstream_name(const Config& config) {
  return config.upstream.value_or(std::string("https://") + kProduct);
}

std::optional<std::string> authorization_of(const AccountOptions& account) {
  if (account.auth_token) {
    return wire::basic_authorization(account.sid.text, account.auth_token->text);
  }
  if (account.api_keys.empty()) return std::nullopt;
  const ApiKey& key = account.api_keys.front();
  return wire::basic_authorization(key.sid, key.secret.text);
}

wire::UpstreamCall small_call(const AccountSid& account, std::string authorization) {
  return {.host = kProduct,
          .method = "GET",
          .target = "/2010-04-01/Accounts/" + wire::percent_encode(account.text) +
                    "/Messages.json?PageSize=1",
          .headers = {{"Authorization", std::move(authorization)},
                      {"Accept", "application/json"},
                      {"Accept-Encoding", "identity"},
                      {"User-Agent", "twindow"}}};
}

Finding not_reached(const Config& config, const UpstreamFailure& failure) {
  if (failure.fault == UpstreamFault::NotTrusted) {
    return no_answer("tls", failure.detail,
                     config.upstream ? "name its CA with upstream_ca"
                                     : "see what stands between here and Twilio, and the system's "
                                       "certificates (ca-certificates)");
  }
  return no_answer("upstream", upstream_name(config) + ": " + failure.detail,
                   "see the network, DNS and firewall; --upstream names another server");
}

// What Twilio said of the credentials.
Finding credentials_finding(const AccountSid& account, const wire::HttpReply& reply) {
  if (reply.status >= 200 && reply.status < 300) {
    return fine("credentials", account.text + ": accepted");
  }
  std::string found = account.text + ": Twilio answered " + std::to_string(reply.status);
  const auto* const text = std::get_if<std::string>(&reply.body);
  const auto code = text == nullptr ? std::nullopt : wire::read_error_code(*text);
  if (code) found += " (code " + std::to_string(*code) + ")";
  if (reply.status == 429 || reply.status >= 500) {
    return no_answer("credentials", found, "try again later");
  }
  return problem("credentials", found, "check sid and auth_token of the account in the file");
}

Finding clock_finding(const wire::HttpReply& reply, const Clock& clock) {
  const wire::Headers headers = wire::all_headers(reply);
  const auto date = wire::find_header(headers, "Date");
  const auto told = date ? wire::parse_time(*date) : std::nullopt;
  if (!told) return skipped("clock", "Twilio's answer has no Date");
  const Duration ahead = std::chrono::floor<std::chrono::seconds>(clock.now()) - *told;
  const std::string apart = people_text(std::chrono::abs(ahead));
  if (std::chrono::abs(ahead) <= kSkewMax) return fine("clock", "within " + apart + " of Twilio's");
  return problem("clock", apart + (ahead > Duration() ? " ahead of" : " behind") + " Twilio's",
                 "set this machine's clock (NTP): windows are judged by it");
}

bool lists(const std::vector<Sender>& senders, const std::string& address) {
  return std::ranges::any_of(senders,
                             [&](const Sender& each) { return each.address.text == address; });
}

// One setting against what it should be.
Finding webhook_finding(const AccountSid& account, const WebhookSetting& setting,
                        const std::string& who, const std::string& url) {
  const std::string to = setting.inbound_url.empty() ? "nowhere" : setting.inbound_url;
  const bool by_get = setting.inbound_method == "GET";
  std::string found = who + " sends messages to " + to + (by_get ? ", by GET" : "");
  if (setting.inbound_url == url && !by_get) {
    const std::string& status = setting.status_callback;
    const bool past_us = !status.empty() && !status.starts_with(url.substr(0, url.rfind('/')));
    if (past_us) found += "; statuses of sends without StatusCallback go past us to " + status;
    return fine("webhook", std::move(found));
  }
  Finding finding = problem("webhook", std::move(found),
                            "set it to " + url + ", by POST: in the console, or with --fix");
  if (!setting.sid.empty()) finding.remedy = Remedy{account, setting, url};
  return finding;
}

std::string name_of(const WebhookSetting& setting) {
  if (setting.of != SettingOf::Service) return setting.address;
  return "service " + setting.sid + (setting.address.empty() ? "" : " (" + setting.address + ")");
}

// Everything that the account has, as its console shows it.
struct Console {
  std::vector<WebhookSetting> numbers = {};
  std::vector<WebhookSetting> senders = {};
  std::vector<WebhookSetting> services = {};
  std::map<std::string, std::size_t> pools = {};  // number -> the service whose URL counts for it
};

Task<Result<Console>> read_console(net::TwilioSettings& settings) {
  Console console;
  auto numbers = co_await settings.all(SettingOf::PhoneNumber, kListTime);
  if (!numbers) co_return Unexpected(std::move(numbers).error());
  console.numbers = *std::move(numbers);
  auto senders = co_await settings.all(SettingOf::WhatsAppSender, kListTime);
  if (!senders) co_return Unexpected(std::move(senders).error());
  console.senders = *std::move(senders);
  auto services = co_await settings.all(SettingOf::Service, kListTime);
  if (!services) co_return Unexpected(std::move(services).error());
  console.services = *std::move(services);
  for (std::size_t i = 0; i < console.services.size(); ++i) {
    if (console.services[i].numbers_keep_theirs) continue;
    const auto pool = co_await settings.numbers_of(console.services[i].sid, kListTime);
    if (!pool) co_return Unexpected(pool.error());
    for (const std::string& number : *pool) console.pools.emplace(number, i);
  }
  co_return console;
}

Finding number_finding(const AccountSid& account, const WebhookSetting& number,
                       const std::string& url) {
  if (number.application.empty()) return webhook_finding(account, number, number.address, url);
  return problem("webhook",
                 number.address + " sends messages where the application " + number.application +
                     " says, not to its own URL",
                 "take the application off the number in the console, then run doctor again");
}

std::vector<Finding> compare(const AccountOptions& account, const Console& console,
                             const std::string& url) {
  std::vector<Finding> all;
  // Of an account whose senders are not listed, all.
  const auto counts = [&](const std::string& address) {
    return account.senders.empty() || lists(account.senders, address);
  };
  for (const WebhookSetting& sender : console.senders) {
    if (counts(sender.address)) {
      all.push_back(webhook_finding(account.sid, sender, sender.address, url));
    }
  }
  std::map<std::size_t, std::string> by_service;
  for (const WebhookSetting& number : console.numbers) {
    if (!counts(number.address)) continue;
    const auto pool = console.pools.find(number.address);
    if (pool == console.pools.end()) {
      all.push_back(number_finding(account.sid, number, url));
      continue;
    }
    std::string& numbers = by_service[pool->second];
    numbers += (numbers.empty() ? "" : ", ") + number.address;
  }
  for (const auto& [index, numbers] : by_service) {
    const WebhookSetting& service = console.services[index];
    all.push_back(webhook_finding(account.sid, service, name_of(service) + " for " + numbers, url));
  }
  for (const Sender& sender : account.senders) {
    const auto is_it = [&](const WebhookSetting& each) {
      return each.address == sender.address.text;
    };
    const bool there =
        std::ranges::any_of(console.senders, is_it) || std::ranges::any_of(console.numbers, is_it);
    if (there || sender.address.form != AddressForm::E164) continue;
    all.push_back(problem("webhook", account.sid.text + " has no sender " + sender.address.text,
                          "correct accounts[].senders in the file; Twilio refuses sends from it"));
  }
  if (all.empty()) all.push_back(skipped("webhook", account.sid.text + " has no senders"));
  return all;
}

const AccountOptions* find_account(const Config& config, const AccountSid& sid) {
  const auto found = std::ranges::find(config.accounts, sid, &AccountOptions::sid);
  return found == config.accounts.end() ? nullptr : &*found;
}

}  // namespace

Task<std::vector<Finding>> examine_webhooks(const AccountOptions& account,
                                            const std::string& public_url,
                                            const DoctorParts& parts) {
  net::TwilioSettings settings(parts.twilio, account);
  const Result<Console> console = co_await read_console(settings);
  std::vector<Finding> all;
  if (console) {
    all = compare(account, *console, public_url + std::string(wire::kInboundHook));
  } else {
    const Error& error = console.error();
    const std::string found = account.sid.text + ": " + error.detail;
    const bool refused = error.code == Errc::WrongPassword || error.code == Errc::NotFound;
    all.push_back(refused
                      ? problem("webhook", found, "let the credentials read senders and services")
                      : no_answer("webhook", found, "try again, or look into Twilio's console"));
  }
  co_return all;
}

Task<std::vector<Finding>> examine_twilio(const Config& config, const DoctorParts& parts) {
  std::vector<Finding> all;
  if (config.accounts.empty()) {
    all.push_back(problem("accounts", "none in the file: no webhook of Twilio's is believed",
                          "add accounts[] with sid and auth_token to the --config file"));
  }
  bool reached = false;
  for (const AccountOptions& account : config.accounts) {
    auto authorization = authorization_of(account);
    if (!authorization) {
      all.push_back(problem("credentials",
                            account.sid.text + " has neither auth_token nor api_keys",
                            "add its auth_token: {\"file\": \"PATH\"} or {\"env\": \"NAME\"}"));
      continue;
    }
    if (!account.auth_token) {
      all.push_back(problem("credentials", account.sid.text + " has api_keys, but no auth_token",
                            "add it: Twilio's webhooks are signed with the token, not with a key"));
    }
    wire::UpstreamCall call = small_call(account.sid, *std::move(authorization));
    const wire::UpstreamReply reply = co_await parts.twilio(std::move(call));
    if (!reply) {
      all.push_back(not_reached(config, reply.error()));
      break;
    }
    if (!reached) {
      const std::string name = upstream_name(config);
      all.push_back(fine("upstream", name + " answers"));
      all.push_back(name.starts_with("https")
                        ? fine("tls", "its certificate is good")
                        : skipped("tls", "in clear text, as --upstream says"));
      all.push_back(clock_finding(*reply, parts.clock));
    }
    reached = true;
    all.push_back(credentials_finding(account.sid, *reply));
    if (all.back().health != Health::Ok) continue;
    if (!config.public_url) {
      all.push_back(skipped("webhook", account.sid.text + ": nothing to compare with"));
      continue;
    }
    std::vector<Finding> webhooks = co_await examine_webhooks(account, *config.public_url, parts);
    std::move(webhooks.begin(), webhooks.end(), std::back_inserter(all));
  }
  co_return all;
}

Task<Finding> cure(const Config& config, const DoctorParts& parts, Remedy remedy) {
  const AccountOptions* const account = find_account(config, remedy.account);
  const std::string who = name_of(remedy.setting);
  if (account == nullptr) co_return problem("webhook", who + ": no such account", "");
  net::TwilioSettings settings(parts.twilio, *account);
  WebhookSetting setting = remedy.setting;
  const auto now = co_await settings.set_inbound_url(std::move(setting), remedy.url, kListTime);
  if (!now) {
    co_return no_answer("webhook", who + ": " + now.error().detail, "set it in Twilio's console");
  }
  Finding finding = webhook_finding(remedy.account, *now, who, remedy.url);
  if (finding.health == Health::Problem) {
    finding.advice = "Twilio took the change and does not show it yet; run doctor again";
  }
  co_return finding;
}

}  // namespace twindow::app
