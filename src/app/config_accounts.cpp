// SPDX-License-Identifier: Apache-2.0
#include "src/app/config_accounts.h"

#include <algorithm>
#include <optional>

#include "src/app/config_secret.h"
#include "src/app/config_values.h"

namespace twindow::app {

namespace {

constexpr const char* kAccountSid = "an Account SID: \"AC\" and 32 hexadecimal digits";
constexpr const char* kKeySid = "the SID of an API key: \"SK\" and 32 hexadecimal digits";
constexpr const char* kServiceSid =
    "the SID of a Messaging Service, \"MG\" and 32 hexadecimal digits, or null";
constexpr const char* kService = "the SID of a Messaging Service: \"MG\" and 32 hexadecimal digits";
constexpr const char* kSecret = "a text, {\"file\": \"PATH\"} or {\"env\": \"VARIABLE\"}";
constexpr const char* kSender =
    "a sender: \"+14155550100\", \"whatsapp:+14155550100\", a short code, or a name of at most 11 "
    "letters and digits";
constexpr const char* kUrl =
    "an http or https URL, such as \"https://app.example.com/in\", or null";

std::string text_of(const ConfigNode& node) {
  return node.json().is_string() ? node.json().get<std::string>() : "";
}

// A member that may be null, which is as good as not being there.
Member optional_url(std::string name, std::optional<std::string>& url) {
  return {std::move(name), [&url](const ConfigNode& node) {
            if (node.json().is_null()) return;
            if (!is_http_url(text_of(node))) return node.expected(kUrl);
            url = text_of(node);
          }};
}

void read_service(const ConfigNode& node, Sender& sender) {
  if (node.json().is_null()) return;
  sender.service = parse_service_sid(text_of(node));
  if (!sender.service) node.expected(kServiceSid);
}

void read_sender(const ConfigNode& node, std::vector<Sender>& senders) {
  Sender sender;
  const auto read_address = [&](const ConfigNode& value) {
    auto address = parse_from(text_of(value));
    if (!address) return value.expected(kSender);
    sender.address = *std::move(address);
    if (std::ranges::find(senders, sender.address, &Sender::address) != senders.end()) {
      value.expected("a sender that is not in the list already");
    }
  };
  const auto method = [](std::string name, HttpMethod& into) {
    return Member{std::move(name), [&into](const ConfigNode& value) {
                    const auto read = parse_http_method(text_of(value));
                    if (!read) return value.expected("\"POST\" or \"GET\"");
                    into = *read;
                  }};
  };
  read_members(node, "an object with address, inbound_url, status_callback and service",
               {{"address", read_address, kSender},
                optional_url("inbound_url", sender.inbound_url),
                method("inbound_method", sender.inbound_method),
                optional_url("fallback_url", sender.fallback_url),
                method("fallback_method", sender.fallback_method),
                optional_url("status_callback", sender.status_callback),
                {"service", [&](const ConfigNode& value) { read_service(value, sender); }}});
  senders.push_back(std::move(sender));
}

void read_api_key(const ConfigNode& node, std::vector<ApiKey>& keys) {
  ApiKey key;
  const auto read_sid = [&](const ConfigNode& value) {
    key.sid = text_of(value);
    if (!is_sid(key.sid, "SK")) value.expected(kKeySid);
  };
  const auto read_key_secret = [&](const ConfigNode& value) {
    key.secret = read_secret(value).value_or(AuthToken{});
  };
  read_members(node, "an object with sid and secret",
               {{"sid", read_sid, kKeySid}, {"secret", read_key_secret, kSecret}});
  keys.push_back(std::move(key));
}

void read_account(const ConfigNode& node, std::vector<AccountOptions>& accounts) {
  AccountOptions account;
  const auto read_sid = [&](const ConfigNode& value) {
    auto sid = parse_account_sid(text_of(value));
    if (!sid) return value.expected(kAccountSid);
    account.sid = *std::move(sid);
    if (std::ranges::find(accounts, account.sid, &AccountOptions::sid) != accounts.end()) {
      value.expected("an account that is not in the list already");
    }
  };
  const auto read_keys = [&](const ConfigNode& value) {
    read_items(value, "API keys",
               [&](const ConfigNode& item) { read_api_key(item, account.api_keys); });
  };
  const auto read_senders = [&](const ConfigNode& value) {
    read_items(value, "senders",
               [&](const ConfigNode& item) { read_sender(item, account.senders); });
  };
  const auto read_test = [&](const ConfigNode& value) {
    if (!value.json().is_boolean()) return value.expected("true or false");
    account.test = value.json().get<bool>();
  };
  const auto read_services = [&](const ConfigNode& value) {
    read_items(value, "Messaging Services", [&](const ConfigNode& item) {
      auto service = parse_service_sid(text_of(item));
      if (!service) return item.expected(kService);
      account.advanced_opt_out.push_back(*std::move(service));
    });
  };
  read_members(
      node, "an object with sid, auth_token, api_keys and senders",
      {{"sid", read_sid, kAccountSid},
       {"auth_token", [&](const ConfigNode& value) { account.auth_token = read_secret(value); }},
       {"api_keys", read_keys},
       optional_url("inbound_url", account.inbound_url),
       optional_url("fallback_url", account.fallback_url),
       optional_url("status_callback", account.status_callback),
       {"senders", read_senders},
       {"test", read_test},
       {"advanced_opt_out", read_services}});
  accounts.push_back(std::move(account));
}

}  // namespace

std::vector<AccountOptions> read_accounts(const ConfigNode& node) {
  std::vector<AccountOptions> accounts;
  read_items(node, "accounts", [&](const ConfigNode& item) { read_account(item, accounts); });
  return accounts;
}

}  // namespace twindow::app
