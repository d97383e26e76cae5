// SPDX-License-Identifier: Apache-2.0
// monitor.twilio.com: /v1/Alerts and /v1/Alerts/{Sid}. Source: Twilio's OpenAPI document of
// Monitor.
#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/wire/form.h"
#include "twindow/wire/time_text.h"

#include "src/api/control_call.h"
#include "src/api/twilio_call.h"

namespace twindow::api {

namespace {

constexpr std::string_view kPlace = "https://monitor.twilio.com/v1/Alerts";
constexpr std::uint32_t kPageSize = 50;
constexpr std::uint32_t kPageSizeMax = 1000;

// What Twilio calls the part of itself that raised it: the one that fetches documents.
std::string alert_text(const Alert& alert) {
  return wire::encode_form({{"sourceComponent", "14100"},
                            {"ErrorCode", std::to_string(alert.code)},
                            {"LogLevel", alert.level == AlertLevel::Error ? "ERROR" : "WARN"},
                            {"Msg", alert.text},
                            {"EmailNotification", "false"}});
}

Json to_twilio(const Alert& alert) {
  const std::string at = wire::to_iso8601(alert.at);
  return {{"account_sid", alert.account.text},
          {"alert_text", alert_text(alert)},
          {"api_version", "2010-04-01"},
          {"date_created", at},
          {"date_generated", at},
          {"date_updated", at},
          {"error_code", std::to_string(alert.code)},
          {"log_level", to_text(alert.level)},
          {"more_info", "https://www.twilio.com/docs/errors/" + std::to_string(alert.code)},
          {"request_method", to_text(alert.method)},
          {"request_url", alert.url},
          {"resource_sid", alert.message.text},
          {"service_sid", Json()},
          {"sid", alert.sid},
          {"url", std::string(kPlace) + "/" + alert.sid}};
}

std::string headers_text(const Alert& alert) {
  std::vector<Param> headers;
  if (!alert.content_type.empty()) headers.push_back({"Content-Type", alert.content_type});
  headers.insert(headers.end(), alert.response_headers.begin(), alert.response_headers.end());
  return wire::encode_form(headers);
}

TwilioAnswer answer_with(const Json& json) {
  return TwilioAnswer{.body = json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

struct Query {
  std::string level = {};
  std::optional<Time> since = {};
  std::optional<Time> until = {};
  std::uint32_t size = kPageSize;
  std::uint32_t page = 0;

  bool wants(const Alert& alert) const {
    if (!level.empty() && level != to_text(alert.level)) return false;
    return (!since || alert.at >= *since) && (!until || alert.at <= *until);
  }

  std::string url(std::uint32_t number) const {
    std::vector<Param> params;
    if (!level.empty()) params.push_back({"LogLevel", level});
    if (since) params.push_back({"StartDate", wire::to_iso8601(*since)});
    if (until) params.push_back({"EndDate", wire::to_iso8601(*until)});
    params.push_back({"PageSize", std::to_string(size)});
    params.push_back({"Page", std::to_string(number)});
    if (number > 0) params.push_back({"PageToken", "PA" + std::to_string(number)});
    return std::string(kPlace) + "?" + wire::encode_form(params);
  }
};

Result<std::optional<Time>> read_date(const wire::Form& form, std::string_view name) {
  const auto text = form.first(name);
  if (!text) return std::optional<Time>();
  const auto time = wire::parse_time(*text);
  if (!time) return fail(Errc::InvalidParameter, std::string(name));
  return std::optional<Time>(*time);
}

Result<Query> read_query(std::string_view text) {
  const wire::Form form = TWINDOW_TRY(wire::parse_form(text));
  Query query;
  query.level = lower_case(form.first("LogLevel").value_or(""));
  query.since = TWINDOW_TRY(read_date(form, "StartDate"));
  query.until = TWINDOW_TRY(read_date(form, "EndDate"));
  if (const auto size = form.first("PageSize")) {
    const auto number = parse_decimal(*size, UINT32_MAX);
    if (!number || *number == 0) return fail(Errc::InvalidParameter, "PageSize");
    if (*number > kPageSizeMax) return fail(Errc::PageSizeTooLarge);
    query.size = *number;
  }
  if (const auto page = form.first("Page")) {
    const auto number = parse_decimal(*page, 100'000);
    if (!number) return fail(Errc::InvalidParameter, "Page");
    query.page = *number;
  }
  return query;
}

}  // namespace

Task<Result<TwilioAnswer>> list_alerts(TwilioCall call) {
  const auto query = read_query(call.query);
  if (!query) co_return Unexpected(query.error());
  std::vector<Alert> alerts = co_await call.world.alerts();
  std::erase_if(alerts, [&](const Alert& alert) { return !query->wants(alert); });
  const std::size_t begin =
      std::min<std::size_t>(std::size_t(query->page) * query->size, alerts.size());
  const std::size_t end = std::min<std::size_t>(begin + query->size, alerts.size());
  Json list = Json::array();
  for (std::size_t at = begin; at < end; ++at) list.push_back(to_twilio(alerts[at]));
  const bool more = end < alerts.size();
  const Json meta{
      {"page", query->page},
      {"page_size", query->size},
      {"first_page_url", query->url(0)},
      {"previous_page_url", query->page > 0 ? Json(query->url(query->page - 1)) : Json()},
      {"url", query->url(query->page)},
      {"next_page_url", more ? Json(query->url(query->page + 1)) : Json()},
      {"key", "alerts"}};
  co_return answer_with({{"meta", meta}, {"alerts", std::move(list)}});
}

Task<Result<TwilioAnswer>> fetch_alert(TwilioCall call) {
  // The SID is the last thing captured: in front of it may be an account.
  const Result<Alert> alert = co_await call.world.alert(call.captured.back());
  if (!alert) co_return fail(Errc::NotFound, std::string(call.path));
  Json json = to_twilio(*alert);
  json["request_variables"] = alert->request_body;
  json["request_headers"] = "User-Agent=TwilioProxy%2F1.1";
  json["response_body"] = alert->response_body;
  json["response_headers"] = headers_text(*alert);
  co_return answer_with(json);
}

}  // namespace twindow::api
