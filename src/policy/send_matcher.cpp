// SPDX-License-Identifier: Apache-2.0
#include "twindow/policy/send_matcher.h"

#include <algorithm>
#include <array>

#include "twindow/model/phone_number.h"
#include "twindow/policy/send_view.h"

#include "src/policy/condition.h"

namespace twindow::policy {

namespace {

// What a field says of a send: nothing, one text, or several of which one must fit.
using Texts = std::vector<std::string_view>;

Texts text_of(const std::optional<std::string_view>& text) { return text ? Texts{*text} : Texts{}; }

Texts address_of(const SendView& view, std::string_view param, const std::optional<Address>& read) {
  return read ? Texts{read->text} : text_of(view.call.param(param));
}

Texts window_of(const SendView& view) {
  Texts texts{to_text(view.window.state)};
  if (view.window_taken_as != view.window.state) texts.push_back(to_text(view.window_taken_as));
  return texts;
}

Texts template_status_of(const SendView& view) {
  if (!view.content_sid) return {};
  return {view.content == nullptr ? "unknown" : to_text(view.content->status)};
}

// Of "whatsapp:+52…" as of "+52…"; the form says whether it is a number at all.
std::string_view digits_of(const Address& address) {
  if (address.form != AddressForm::E164) return {};
  const std::string_view text = address.text;
  return text.substr(std::min(text.find('+'), text.size()));
}

// One row a field that is not simply a parameter.
struct Field {
  std::string_view name;
  Texts (*of)(const SendView&);
  bool is_address = false;
};

const std::array kFields{
    Field{"kind", [](const SendView& v) { return Texts{to_text(v.kind)}; }},
    Field{"window", window_of},
    Field{"channel", [](const SendView& v) { return Texts{to_text(v.call.request.to.channel)}; }},
    Field{"template_status", template_status_of},
    Field{"opted_out",
          [](const SendView& v) { return Texts{v.facts.opted_out ? "true" : "false"}; }},
    Field{"account", [](const SendView& v) { return Texts{v.call.request.account.text}; }},
    Field{"country",
          [](const SendView& v) {
            const std::string_view country = country_of(digits_of(v.call.request.to));
            return country.empty() ? Texts{} : Texts{country};
          }},
    Field{"To", [](const SendView& v) { return Texts{v.call.request.to.text}; }, true},
    Field{"From", [](const SendView& v) { return address_of(v, "From", v.call.request.from); },
          true},
    Field{"MessagingServiceSid",
          [](const SendView& v) {
            const auto& service = v.call.request.service;
            return service ? Texts{service->text} : text_of(v.call.param("MessagingServiceSid"));
          }},
};
constexpr std::size_t kComputed = 7;  // the first so many rows

constexpr std::array<std::string_view, 2> kRepeated{"MediaUrl", "PersistentAction"};

Texts param_of(const SendView& view, std::string_view name) {
  if (std::ranges::find(kRepeated, name) == kRepeated.end()) return text_of(view.call.param(name));
  Texts texts;
  for (const Param& param : view.call.params) {
    if (param.name == name && !param.value.empty()) texts.push_back(param.value);
  }
  return texts;
}

}  // namespace

struct SendMatcher::Compiled {
  const Field* field;  // null: a parameter
  CompiledCondition condition;

  Texts texts(const SendView& view) const {
    return field == nullptr ? param_of(view, condition.field()) : field->of(view);
  }

  // The text that fits; empty if none does. A condition may hold for want of a text, too.
  std::optional<std::optional<std::string_view>> fitting(const SendView& view) const {
    const Texts all = texts(view);
    if (all.empty() && condition.holds(std::nullopt)) return std::optional<std::string_view>();
    for (const std::string_view text : all) {
      if (condition.holds(text)) return std::optional(text);
    }
    return std::nullopt;
  }
};

Result<SendMatcher> SendMatcher::make(std::vector<Condition> conditions) {
  SendMatcher made;
  for (Condition& condition : conditions) {
    const auto row = std::ranges::find(kFields, condition.field, &Field::name);
    const Field* field = row == kFields.end() ? nullptr : &*row;
    const bool is_address = field != nullptr && field->is_address;
    auto compiled = TWINDOW_TRY(CompiledCondition::make(std::move(condition), is_address));
    for (const std::string& group : compiled.groups()) {
      if (std::ranges::find(made.groups_, group) != made.groups_.end()) {
        return fail(Errc::BadInput, "the group '" + group + "' is in two patterns");
      }
      made.groups_.push_back(group);
    }
    made.conditions_.push_back(
        std::make_shared<const Compiled>(Compiled{field, std::move(compiled)}));
  }
  return made;
}

bool SendMatcher::matches(const SendView& view) const {
  return std::ranges::all_of(
      conditions_, [&](const auto& compiled) { return compiled->fitting(view).has_value(); });
}

std::vector<Param> SendMatcher::captures(const SendView& view) const {
  std::vector<Param> captured;
  for (const auto& compiled : conditions_) {
    if (compiled->condition.groups().empty()) continue;
    const auto text = compiled->fitting(view);
    if (text && *text) compiled->condition.capture(**text, captured);
  }
  return captured;
}

const std::vector<std::string>& computed_fields() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < kComputed; ++i) all.emplace_back(kFields[i].name);
    return all;
  }();
  return names;
}

std::vector<std::string> values_of_field(std::string_view name) {
  if (name == "kind") return {"freeform", "template", "other"};
  if (name == "window") return {"open", "closed", "unknown", "none"};
  if (name == "channel") return {"sms", "whatsapp", "messenger", "rcs"};
  if (name == "opted_out") return {"true", "false"};
  if (name == "template_status") {
    return {"approved", "unsubmitted", "received", "pending",
            "rejected", "paused",      "disabled", "unknown"};
  }
  return {};
}

const std::vector<std::string>& create_parameters() {
  // Source: the create call of Twilio's OpenAPI document for api_v2010.
  static const std::vector<std::string> names{"To",
                                              "From",
                                              "MessagingServiceSid",
                                              "Body",
                                              "MediaUrl",
                                              "ContentSid",
                                              "ContentVariables",
                                              "StatusCallback",
                                              "ApplicationSid",
                                              "MaxPrice",
                                              "ProvideFeedback",
                                              "Attempt",
                                              "ValidityPeriod",
                                              "ForceDelivery",
                                              "ContentRetention",
                                              "AddressRetention",
                                              "SmartEncoded",
                                              "PersistentAction",
                                              "TrafficType",
                                              "ShortenUrls",
                                              "ScheduleType",
                                              "SendAt",
                                              "SendAsMms",
                                              "RiskCheck",
                                              "FallbackFrom",
                                              "MessageIntent"};
  return names;
}

}  // namespace twindow::policy
