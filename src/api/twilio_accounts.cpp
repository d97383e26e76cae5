// SPDX-License-Identifier: Apache-2.0
// Accounts, their keys and their balance.
#include <algorithm>

#include "twindow/wire/form.h"
#include "twindow/wire/json_writer.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/resource_json.h"

#include "src/api/resource_answers.h"

namespace twindow::api {

namespace {

// An account that was made by another one is kept there.
gateway::World& home_of(const TwilioCall& call) {
  const auto parent = call.state.accounts.parent_of(call.world.account());
  return parent ? call.state.worlds.open(*parent) : call.world;
}

// Nobody has stored an account's own token but those who know it.
void add_token(const TwilioCall& call, Resource& account) {
  if (account.get("auth_token").empty()) {
    account.set("auth_token", call.state.accounts.signing_token(AccountSid{account.sid}).text);
  }
}

bool is_status(std::string_view text) {
  return text == "active" || text == "suspended" || text == "closed";
}

}  // namespace

Task<Result<TwilioAnswer>> list_accounts(TwilioCall call) {
  const auto form = wire::parse_form(call.query);
  if (!form) co_return Unexpected(form.error());
  std::vector<Resource> all = co_await home_of(call).resources(ResourceKind::Account);
  const auto name = form->first("FriendlyName");
  const auto status = form->first("Status");
  // A subaccount sees itself.
  const bool is_parent = &home_of(call) == &call.world;
  std::erase_if(all, [&](const Resource& account) {
    return (!is_parent && account.sid != call.world.account().text) ||
           (name && account.get("friendly_name") != *name) ||
           (status && account.get("status") != *status);
  });
  std::ranges::reverse(all);
  for (Resource& account : all) add_token(call, account);
  co_return answer_page(call, wire::kAccountShape, all);
}

Task<Result<TwilioAnswer>> create_account(TwilioCall call) {
  const auto form = wire::parse_form(call.http.body);
  if (!form) co_return Unexpected(form.error());
  Resource account{.kind = ResourceKind::Account};
  const Time now = co_await call.world.now();
  const std::string named = "SubAccount Created at " + wire::to_iso8601(now).substr(0, 10) + " " +
                            wire::to_iso8601(now).substr(11, 5);
  account.set("friendly_name", form->first("FriendlyName").value_or(named));
  account.set("status", "active");
  account.set("owner_account_sid", call.world.account().text);
  const auto made = co_await call.world.put_resource(std::move(account));
  if (!made) co_return as_of(call, made.error());
  co_return answer_one(call, wire::kAccountShape, *made, 201);
}

Task<Result<TwilioAnswer>> fetch_account(TwilioCall call) {
  std::string sid = call.captured.front();
  auto account = co_await home_of(call).resource(ResourceKind::Account, std::move(sid));
  if (!account) co_return as_of(call, account.error());
  add_token(call, *account);
  co_return answer_one(call, wire::kAccountShape, *account);
}

Task<Result<TwilioAnswer>> update_account(TwilioCall call) {
  const auto form = wire::parse_form(call.http.body);
  if (!form) co_return Unexpected(form.error());
  auto fields = wire::read_fields(wire::kAccountShape, *form);
  if (!fields) co_return Unexpected(std::move(fields).error());
  const auto status = form->first("Status");
  if (status && !is_status(*status)) {
    co_return fail(Errc::InvalidParameter, "Status: expected active, suspended or closed");
  }
  std::string sid = call.captured.front();
  auto account = co_await home_of(call).change_resource(ResourceKind::Account, std::move(sid),
                                                        *std::move(fields));
  if (!account) co_return as_of(call, account.error());
  add_token(call, *account);
  co_return answer_one(call, wire::kAccountShape, *account);
}

// Nothing that is simulated costs anything.
Task<Result<TwilioAnswer>> fetch_balance(TwilioCall call) {
  std::string body;
  wire::JsonWriter(body, wire::Spacing::Spaced)
      .begin_object()
      .field("currency", "USD")
      .field("balance", "100.00")
      .field("account_sid", call.world.account().text)
      .end_object();
  co_return answer_legacy(call, std::move(body), "Balance");
}

Task<Result<TwilioAnswer>> create_key(TwilioCall call) {
  return create_resource(std::move(call), wire::kNewKeyShape);
}

}  // namespace twindow::api
