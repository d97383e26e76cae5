// SPDX-License-Identifier: Apache-2.0
// lookups.twilio.com: what is known of a phone number without asking anybody. Fields that would
// need a carrier (caller_name, sim_swap …) are null.
#include <algorithm>
#include <array>

#include "twindow/model/phone_number.h"
#include "twindow/wire/form.h"
#include "twindow/wire/json_writer.h"

#include "src/api/twilio_call.h"

namespace twindow::api {

namespace {

bool asks_for(std::string_view fields, std::string_view wanted) {
  while (!fields.empty()) {
    const auto comma = std::min(fields.find(','), fields.size());
    if (fields.substr(0, comma) == wanted) return true;
    fields.remove_prefix(std::min(comma + 1, fields.size()));
  }
  return false;
}

Result<PhoneNumberFacts> look_up(const TwilioCall& call, const wire::Form& form) {
  const std::string country(form.first("CountryCode").value_or("US"));
  const bool good = country.size() == 2 &&
                    std::ranges::all_of(country, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!good) return fail(Errc::InvalidParameter, "CountryCode: expected two capital letters");
  std::string number = call.captured.back();
  std::ranges::replace(number, ' ', '+');  // a '+' that was taken for a space
  return describe_phone_number(number, country);
}

void write_line_type(wire::JsonWriter& json, const PhoneNumberFacts& facts) {
  json.begin_object()
      .field("mobile_country_code", nullptr)
      .field("mobile_network_code", nullptr)
      .field("carrier_name", nullptr)
      .field("type", facts.line_type)
      .field("error_code", nullptr)
      .end_object();
}

}  // namespace

Task<Result<TwilioAnswer>> look_up_number(TwilioCall call) {
  const auto form = wire::parse_form(call.query);
  if (!form) co_return Unexpected(form.error());
  const auto facts = look_up(call, *form);
  if (!facts) co_return Unexpected(facts.error());
  const std::string_view fields = form->first("Fields").value_or("");
  const bool readable = !facts->e164.empty();
  const std::string number = readable ? facts->e164 : call.captured.back();
  std::string body;
  wire::JsonWriter json(body, wire::Spacing::Spaced);
  const auto text = [&](std::string_view name, const std::string& value) {
    json.key(name);
    value.empty() ? json.value(nullptr) : json.value(value);
  };
  json.begin_object();
  text("calling_country_code", facts->calling_code);
  text("country_code", facts->country);
  json.field("phone_number", number);
  text("national_format", facts->national);
  json.field("valid", facts->valid).key("validation_errors").begin_array();
  if (!facts->mistake.empty()) json.value(facts->mistake);
  json.end_array();
  constexpr std::array<std::string_view, 3> kBefore{"caller_name", "sim_swap", "call_forwarding"};
  for (const std::string_view name : kBefore) json.field(name, nullptr);
  json.field("line_status", nullptr).key("line_type_intelligence");
  if (facts->valid && asks_for(fields, "line_type_intelligence")) {
    write_line_type(json, *facts);
  } else {
    json.value(nullptr);
  }
  constexpr std::array<std::string_view, 5> kBehind{"identity_match", "reassigned_number",
                                                    "sms_pumping_risk",
                                                    "phone_number_quality_score", "pre_fill"};
  for (const std::string_view name : kBehind) json.field(name, nullptr);
  json.field("url", "https://lookups.twilio.com/v2/PhoneNumbers/" + number).end_object();
  co_return TwilioAnswer{.body = std::move(body)};
}

// The first version answers for valid numbers only.
Task<Result<TwilioAnswer>> look_up_number_v1(TwilioCall call) {
  const auto form = wire::parse_form(call.query);
  if (!form) co_return Unexpected(form.error());
  const auto facts = look_up(call, *form);
  if (!facts) co_return Unexpected(facts.error());
  if (!facts->valid) co_return fail(Errc::NotFound, std::string(call.path));
  const auto types = form->all("Type");
  const bool carrier = std::ranges::find(types, "carrier") != types.end();
  std::string body;
  wire::JsonWriter json(body, wire::Spacing::Spaced);
  json.begin_object()
      .field("caller_name", nullptr)
      .field("country_code", facts->country)
      .field("phone_number", facts->e164)
      .field("national_format", facts->national)
      .key("carrier");
  if (carrier) {
    json.begin_object()
        .field("mobile_country_code", nullptr)
        .field("mobile_network_code", nullptr)
        .field("name", nullptr)
        .field("type", facts->line_type == "nonFixedVoip" ? "voip" : facts->line_type)
        .field("error_code", nullptr)
        .end_object();
  } else {
    json.value(nullptr);
  }
  json.field("add_ons", nullptr)
      .field("url", "https://lookups.twilio.com/v1/PhoneNumbers/" + facts->e164)
      .end_object();
  co_return TwilioAnswer{.body = std::move(body)};
}

}  // namespace twindow::api
