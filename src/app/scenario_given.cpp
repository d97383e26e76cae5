// SPDX-License-Identifier: Apache-2.0
#include "src/app/scenario_given.h"

#include <algorithm>

#include "twindow/base/duration_text.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/content_answers.h"

#include "src/app/config_values.h"

namespace twindow::app {

namespace {

using gateway::WorldSetup;

constexpr const char* kAccountSid = "\"auto\", or an Account SID: \"AC\" and 32 hexadecimal digits";
constexpr const char* kToken = "a token: a text that is not empty";
constexpr const char* kServiceSid =
    "the SID of a Messaging Service, \"MG\" and 32 hexadecimal digits, or null";
constexpr const char* kOrigin =
    "an http or https URL without a query, as \"http://127.0.0.1:3000\"";
constexpr const char* kAddress = "an address, such as \"whatsapp:+14155550100\"";
constexpr const char* kLastInbound =
    "a time, as \"2026-01-05T09:00:00Z\", or a duration back from the start, as \"-25h\"";
constexpr const char* kContent = R"(an object of types, as {"twilio/text": {"body": "Hi {{1}}"}})";

Member url_member(std::string name, const Targets& targets, std::optional<std::string>& url) {
  return {std::move(name), [&](const ConfigNode& node) {
            if (!node.json().is_null()) url = read_url(node, targets);
          }};
}

void read_base_url(const ConfigNode& node, std::string& url) {
  const std::string text = node.json().is_string() ? node.json().get<std::string>() : "";
  const auto base = parse_base_url(text);
  if (!base) return node.expected(kOrigin);
  url = *base;
}

void read_target(const ConfigNode& node, scenario::Target& target) {
  const auto read_health = [&](const ConfigNode& value) {
    const std::string path = value.json().is_string() ? value.json().get<std::string>() : "";
    if (!path.starts_with('/')) return value.expected("a path, such as \"/healthz\"");
    target.health = path;
  };
  read_members(
      node, "an object with deliver_to, sign_as and health",
      {{"deliver_to", [&](const ConfigNode& value) { read_base_url(value, target.deliver_to); },
        kOrigin},
       {"sign_as", [&](const ConfigNode& value) { read_base_url(value, target.sign_as); }},
       {"health", read_health}});
  if (target.sign_as.empty()) target.sign_as = target.deliver_to;
}

void read_account(const ConfigNode& node, scenario::Scenario& scenario, WorldSetup& setup) {
  const auto read_sid = [&](const ConfigNode& value) {
    const std::string text = value.json().is_string() ? value.json().get<std::string>() : "";
    if (text == "auto") return;
    if (!parse_account_sid(text)) return value.expected(kAccountSid);
    scenario.account_sid = text;
  };
  const auto read_token = [&](const ConfigNode& value) {
    const std::string text = value.json().is_string() ? value.json().get<std::string>() : "";
    if (text.empty()) return value.expected_in_secret(kToken);
    scenario.auth_token = text;
  };
  read_members(node, "an object with sid, auth_token, inbound_url and status_callback",
               {{"sid", read_sid},
                {"auth_token", read_token},
                url_member("inbound_url", scenario.targets, setup.inbound_url),
                url_member("status_callback", scenario.targets, setup.status_callback)});
}

void read_sender(const ConfigNode& node, const Targets& targets, std::vector<Sender>& senders) {
  Sender sender;
  bool good = false;
  const auto read_own_address = [&](const ConfigNode& value) {
    auto address = read_address(value, true);
    if (!address) return;
    if (std::ranges::find(senders, *address, &Sender::address) != senders.end()) {
      return value.expected("a sender that is not in the list already");
    }
    sender.address = *std::move(address);
    good = true;
  };
  const auto read_service = [&](const ConfigNode& value) {
    if (value.json().is_null()) return;
    sender.service =
        parse_service_sid(value.json().is_string() ? value.json().get<std::string>() : "");
    if (!sender.service) value.expected(kServiceSid);
  };
  read_members(node, "an object with address, inbound_url, status_callback and service",
               {{"address", read_own_address, kAddress},
                url_member("inbound_url", targets, sender.inbound_url),
                url_member("status_callback", targets, sender.status_callback),
                {"service", read_service}});
  if (good) senders.push_back(std::move(sender));
}

struct Approval {
  TemplateStatus status = TemplateStatus::Approved;
  std::string category = {};
};

void read_approval(const ConfigNode& node, Approval& approval) {
  const auto read_status = [&](const ConfigNode& value) {
    std::string word;
    const std::vector<std::string> words{"unsubmitted", "received", "pending", "approved",
                                         "rejected",    "paused",   "disabled"};
    if (read_word(value, words, word)) approval.status = *parse_template_status(word);
  };
  const auto read_category = [&](const ConfigNode& value) {
    read_word(value, {"UTILITY", "MARKETING", "AUTHENTICATION"}, approval.category);
  };
  read_members(node, "an object with whatsapp and category",
               {{"whatsapp", read_status}, {"category", read_category}});
}

// Twilio's own shape of a content is read by who reads Twilio's answers.
void read_template(const ConfigNode& node, std::vector<WorldSetup::GivenTemplate>& templates) {
  Approval approval;
  const auto any_text = [](const ConfigNode& value) { read_text_value(value, "a text"); };
  const auto read_sid = [](const ConfigNode& value) {
    ContentSid sid;
    read_content_sid(value, sid);
  };
  const auto read_types = [](const ConfigNode& value) {
    if (!value.json().is_object() || value.json().empty()) value.expected(kContent);
  };
  const auto read_variables = [](const ConfigNode& value) {
    if (!value.json().is_object()) value.expected("an object of texts, as {\"1\": \"Ana\"}");
  };
  const std::size_t before = node.file().mistakes.size();
  read_members(node, "an object with sid, friendly_name, language, types, variables and approval",
               {{"sid", read_sid, kContentSidText},
                {"friendly_name", any_text},
                {"language", any_text},
                {"types", read_types, kContent},
                {"variables", read_variables},
                {"approval", [&](const ConfigNode& value) { read_approval(value, approval); }}});
  if (node.file().mistakes.size() != before) return;
  const Json approvals{
      {"whatsapp", {{"status", to_text(approval.status)}, {"category", approval.category}}}};
  auto content = wire::read_content(node.json().dump(), approvals.dump());
  if (!content)
    return node.mistake("found a template that cannot be read: " + content.error().detail);
  const Json& json = node.json();
  gateway::ContentText shown{.types = json.at("types").dump(),
                             .variables = json.value("variables", Json::object()).dump()};
  templates.push_back({*std::move(content), std::move(shown)});
}

void read_last_inbound(const ConfigNode& node, const scenario::Scenario& scenario,
                       WorldSetup::GivenWindow& window) {
  const std::string text = node.json().is_string() ? node.json().get<std::string>() : "";
  if (const auto span = parse_duration(text); span && *span <= Duration()) {
    window.since_now = *span;
    return;
  }
  window.at = text.size() < 10 ? std::nullopt : wire::parse_time(text);
  if (!window.at) return node.expected(kLastInbound);
  if (scenario.start && *window.at > *scenario.start) {
    node.expected("a time that is not later than clock.start");
  }
}

void read_window(const ConfigNode& node, const scenario::Scenario& scenario,
                 std::vector<WorldSetup::GivenWindow>& windows) {
  WorldSetup::GivenWindow window;
  bool good = true;
  const auto read_side = [&](bool sender) {
    return [&, sender](const ConfigNode& value) {
      auto address = read_whatsapp(value, sender);
      good = good && address.has_value();
      if (address) (sender ? window.sender : window.user) = *std::move(address);
    };
  };
  const auto read_state = [&](const ConfigNode& value) {
    std::string word;
    if (read_word(value, {"open", "closed"}, word)) window.closed = word == "closed";
  };
  read_members(node, "an object with sender, user, last_inbound and state",
               {{"sender", read_side(true), kAddress},
                {"user", read_side(false), kAddress},
                {"last_inbound",
                 [&](const ConfigNode& value) { read_last_inbound(value, scenario, window); }},
                {"state", read_state}});
  if (good) windows.push_back(std::move(window));
}

void read_opt_out(const ConfigNode& node, std::vector<WorldSetup::GivenOptOut>& opt_outs) {
  WorldSetup::GivenOptOut given;
  bool good = true;
  const auto read_side = [&](bool sender) {
    return [&, sender](const ConfigNode& value) {
      auto address = read_address(value, sender);
      good = good && address.has_value();
      if (address) (sender ? given.sender : given.user) = *std::move(address);
    };
  };
  read_members(node, "an object with sender and user",
               {{"sender", read_side(true), kAddress}, {"user", read_side(false), kAddress}});
  if (good) opt_outs.push_back(std::move(given));
}

}  // namespace

void read_targets(const ConfigNode& node, Targets& targets) {
  if (!node.json().is_object()) {
    return node.expected(
        R"(an object of targets, as {"app": {"deliver_to": "http://127.0.0.1:3000"}})");
  }
  for (const auto& [name, value] : node.json().items()) {
    scenario::Target target{name, {}, {}};
    if (name.empty() || name == "http" || name == "https" ||
        name.find_first_of(":/ ") != name.npos) {
      node.member(name).mistake("found the name " + shown(name) +
                                ", expected one without \":\", \"/\" and blanks, and not http");
      continue;
    }
    read_target(node.member(name), target);
    targets.push_back(std::move(target));
  }
}

void read_given(const ConfigNode& node, scenario::Scenario& scenario, WorldSetup& setup) {
  const auto list = [](const char* what, auto read) {
    return [what, read](const ConfigNode& value) { read_items(value, what, read); };
  };
  read_members(
      node, "an object with account, senders, templates, windows and opt_outs",
      {{"account", [&](const ConfigNode& value) { read_account(value, scenario, setup); }},
       {"senders",
        list("senders",
             [&](const ConfigNode& item) { read_sender(item, scenario.targets, setup.senders); })},
       {"templates",
        list("templates", [&](const ConfigNode& item) { read_template(item, setup.templates); })},
       {"windows",
        list("windows",
             [&](const ConfigNode& item) { read_window(item, scenario, setup.windows); })},
       {"opt_outs",
        list("opt-outs", [&](const ConfigNode& item) { read_opt_out(item, setup.opt_outs); })}});
}

}  // namespace twindow::app
