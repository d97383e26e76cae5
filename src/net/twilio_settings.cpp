// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/twilio_settings.h"

#include <iterator>
#include <optional>
#include <utility>

#include "src/net/twilio_exchange.h"

namespace twindow::net {

namespace {

using wire::SettingOf;
using wire::WebhookSetting;

Task<Result<WebhookSetting>> read_again(TwilioSession session, WebhookSetting setting,
                                        AccountSid account) {
  wire::ApiQuery query = wire::setting_query(setting, account);
  const auto body = co_await fetch_from_twilio(std::move(session), std::move(query));
  if (!body) co_return Unexpected(body.error());
  co_return wire::read_setting(setting.of, *body);
}

}  // namespace

TwilioSettings::TwilioSettings(wire::Upstream upstream, AccountOptions account)
    : upstream_(std::move(upstream)), account_(std::move(account)) {}

Task<Result<std::vector<WebhookSetting>>> TwilioSettings::all(SettingOf of, Longest longest) {
  const auto session = twilio_session(upstream_, account_, longest);
  if (!session) co_return Unexpected(session.error());
  std::vector<WebhookSetting> all;
  const TakePage take = [&](const std::string& body) -> Result<std::optional<std::string>> {
    wire::WebhookSettings page = TWINDOW_TRY(wire::read_settings(of, body));
    std::ranges::move(page.settings, std::back_inserter(all));
    return std::move(page.next);
  };
  wire::ApiQuery query = wire::settings_query(of, account_.sid);
  const auto walked = co_await walk_twilio(*session, std::move(query), take);
  if (!walked) co_return Unexpected(walked.error());
  for (WebhookSetting& setting : all) {
    const bool told = setting.of != SettingOf::WhatsAppSender || !setting.webhook.empty();
    if (told) continue;
    auto alone = co_await read_again(*session, setting, account_.sid);
    if (!alone) co_return Unexpected(alone.error());
    setting = *std::move(alone);
  }
  co_return all;
}

Task<Result<std::vector<std::string>>> TwilioSettings::numbers_of(std::string service,
                                                                  Longest longest) {
  auto session = twilio_session(upstream_, account_, longest);
  if (!session) co_return Unexpected(session.error());
  std::vector<std::string> all;
  const TakePage take = [&](const std::string& body) -> Result<std::optional<std::string>> {
    wire::SenderAnswers page = TWINDOW_TRY(wire::read_pool_numbers(body));
    std::ranges::move(page.addresses, std::back_inserter(all));
    return std::move(page.next);
  };
  wire::ApiQuery query = wire::pool_numbers_query(service);
  const auto walked = co_await walk_twilio(std::move(*session), std::move(query), take);
  if (!walked) co_return Unexpected(walked.error());
  co_return all;
}

Task<Result<WebhookSetting>> TwilioSettings::set_inbound_url(WebhookSetting setting,
                                                             std::string url, Longest longest) {
  const auto session = twilio_session(upstream_, account_, longest);
  if (!session) co_return Unexpected(session.error());
  wire::ApiChange change = wire::inbound_url_change(setting, account_.sid, url);
  const auto changed = co_await change_at_twilio(*session, std::move(change));
  if (!changed) co_return Unexpected(changed.error());
  co_return co_await read_again(*session, std::move(setting), account_.sid);
}

}  // namespace twindow::net
