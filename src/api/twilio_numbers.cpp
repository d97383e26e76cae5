// SPDX-License-Identifier: Apache-2.0
// IncomingPhoneNumbers: the numbers of an account. Buying one costs nothing and never fails for
// want of it: whoever asks for a number, or for any of an area, has it.
#include <algorithm>

#include "twindow/base/random.h"
#include "twindow/model/phone_number.h"
#include "twindow/wire/form.h"
#include "twindow/wire/twilio/resource_json.h"

#include "src/api/resource_answers.h"

namespace twindow::api {

namespace {

// Any number of that area code that the account does not have: in the exchange 555, which is given
// to nobody.
std::string number_in(std::string_view area_code, const std::vector<Resource>& owned) {
  for (std::uint32_t line = 100;; ++line) {
    const std::string digits = std::to_string(10'000 + line).substr(1);
    std::string number = "+1" + std::string(area_code) + "555" + digits;
    const bool taken = std::ranges::any_of(
        owned, [&](const Resource& one) { return one.get("phone_number") == number; });
    if (!taken) return number;
  }
}

Result<std::string> wanted_number(const wire::Form& form, const std::vector<Resource>& owned) {
  if (const auto number = form.first("PhoneNumber")) {
    const auto address = parse_from(*number);
    const bool good = address && address->channel == Channel::Sms &&
                      address->form == AddressForm::E164 && address->text.starts_with('+');
    if (!good) return fail(Errc::PhoneNumberInvalid, std::string(*number));
    return address->text;
  }
  const auto area = form.first("AreaCode");
  if (!area) return fail(Errc::ParameterMissing, "PhoneNumber");
  const bool good = area->size() == 3 && area->front() >= '2' &&
                    std::ranges::all_of(*area, [](char c) { return c >= '0' && c <= '9'; });
  if (!good) return fail(Errc::InvalidParameter, "AreaCode: expected three digits, such as 415");
  return number_in(*area, owned);
}

}  // namespace

namespace {

void name_number(Resource& number) {
  if (!number.get("friendly_name").empty()) return;
  number.set("friendly_name", describe_phone_number(number.get("phone_number")).national);
}

}  // namespace

Task<Result<TwilioAnswer>> create_number(TwilioCall call) {
  const auto form = wire::parse_form(call.http.body);
  if (!form) co_return Unexpected(form.error());
  auto fields = wire::read_fields(wire::kPhoneNumberShape, *form);
  if (!fields) co_return Unexpected(std::move(fields).error());
  const std::vector<Resource> owned = co_await call.world.resources(ResourceKind::PhoneNumber);
  auto wanted = wanted_number(*form, owned);
  if (!wanted) co_return Unexpected(std::move(wanted).error());
  Resource number{.kind = ResourceKind::PhoneNumber, .fields = *std::move(fields)};
  number.set("phone_number", *wanted);
  name_number(number);
  const auto stored = co_await call.world.put_resource(std::move(number));
  if (!stored) co_return as_of(call, stored.error());
  co_return answer_one(call, wire::kPhoneNumberShape, *stored, 201);
}

Task<Result<TwilioAnswer>> list_numbers(TwilioCall call) {
  const auto form = wire::parse_form(call.query);
  if (!form) co_return Unexpected(form.error());
  std::vector<Resource> all = co_await call.world.resources(ResourceKind::PhoneNumber);
  for (Resource& number : all) name_number(number);
  const auto number = form->first("PhoneNumber");
  const auto name = form->first("FriendlyName");
  const auto origin = form->first("Origin");
  const auto beta = form->first("Beta");
  std::erase_if(all, [&](const Resource& one) {
    // Part of a number finds it; a '+' that came as a space is one.
    std::string part(number.value_or(""));
    std::ranges::replace(part, ' ', '+');
    return one.get("phone_number").find(part) == std::string_view::npos ||
           (name && one.get("friendly_name") != *name) || (origin && *origin != "twilio") ||
           (beta && *beta == "true");
  });
  std::ranges::reverse(all);
  co_return answer_page(call, wire::kPhoneNumberShape, all);
}

Task<Result<TwilioAnswer>> fetch_number(TwilioCall call) {
  std::string sid = call.captured.back();
  auto number = co_await call.world.resource(ResourceKind::PhoneNumber, std::move(sid));
  if (!number) co_return as_of(call, number.error());
  name_number(*number);
  co_return answer_one(call, wire::kPhoneNumberShape, *number);
}

Task<Result<TwilioAnswer>> update_number(TwilioCall call) {
  const auto form = wire::parse_form(call.http.body);
  if (!form) co_return Unexpected(form.error());
  auto fields = wire::read_fields(wire::kPhoneNumberShape, *form);
  if (!fields) co_return Unexpected(std::move(fields).error());
  std::string sid = call.captured.back();
  auto number = co_await call.world.change_resource(ResourceKind::PhoneNumber, std::move(sid),
                                                    *std::move(fields));
  if (!number) co_return as_of(call, number.error());
  name_number(*number);
  co_return answer_one(call, wire::kPhoneNumberShape, *number);
}

}  // namespace twindow::api
