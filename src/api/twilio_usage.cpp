// SPDX-License-Identifier: Apache-2.0
// Usage records: the messages that were simulated, counted by category and period.
// Source of the categories: Twilio's SDKs; of the paths and fields: its OpenAPI document api_v2010.
#include <algorithm>
#include <array>
#include <map>

#include "twindow/base/ascii.h"
#include "twindow/wire/form.h"
#include "twindow/wire/json_writer.h"
#include "twindow/wire/time_text.h"

#include "src/api/resource_answers.h"

namespace twindow::api {

namespace {

using Days = std::chrono::sys_days;

enum class Period : std::uint8_t { Whole, Day, Month, Year };

struct Category {
  std::string_view name;
  std::string_view description;
  bool (*holds)(const Message& message);
};

bool is_sms(const Message& message) { return message.to.channel == Channel::Sms; }
bool is_mms(const Message& message) { return is_sms(message) && !message.media.empty(); }
bool is_inbound(const Message& message) { return message.direction == Direction::Inbound; }

constexpr std::array kCategories{
    Category{"channels", "Channels", [](const Message& m) { return !is_sms(m); }},
    Category{"mms", "MMS", [](const Message& m) { return is_mms(m); }},
    Category{"mms-inbound", "Inbound MMS",
             [](const Message& m) { return is_mms(m) && is_inbound(m); }},
    Category{"mms-outbound", "Outbound MMS",
             [](const Message& m) { return is_mms(m) && !is_inbound(m); }},
    Category{"sms", "SMS", [](const Message& m) { return is_sms(m) && !is_mms(m); }},
    Category{"sms-inbound", "Inbound SMS",
             [](const Message& m) { return is_sms(m) && !is_mms(m) && is_inbound(m); }},
    Category{"sms-outbound", "Outbound SMS",
             [](const Message& m) { return is_sms(m) && !is_mms(m) && !is_inbound(m); }},
    Category{"totalprice", "Total Price", [](const Message&) { return true; }},
};

struct Usage {
  std::array<std::size_t, kCategories.size()> messages = {};
  std::array<std::size_t, kCategories.size()> segments = {};
  std::array<std::int64_t, kCategories.size()> spent = {};  // hundred-thousandths of a dollar
};

struct Span {
  Days first;
  Days last;
};

Days first_of_month(Days day) {
  const std::chrono::year_month_day date(day);
  return Days(date.year() / date.month() / 1);
}

Days first_of_year(Days day) {
  return Days(std::chrono::year_month_day(day).year() / std::chrono::January / 1);
}

Days begin_of(Period period, Days day, Days whole) {
  switch (period) {
    case Period::Day:
      return day;
    case Period::Month:
      return first_of_month(day);
    case Period::Year:
      return first_of_year(day);
    case Period::Whole:
      break;
  }
  return whole;
}

Days end_of(Period period, Days begin, Days whole) {
  const std::chrono::year_month_day date(begin);
  switch (period) {
    case Period::Day:
      return begin;
    case Period::Month:
      return Days(date.year() / date.month() / std::chrono::last);
    case Period::Year:
      return Days(date.year() / std::chrono::December / 31);
    case Period::Whole:
      break;
  }
  return whole;
}

// "2026-01-05", or "-30days" from today.
Result<Days> read_day(std::string_view name, std::string_view text, Days today) {
  constexpr std::string_view kUnit = "days";
  if (text.ends_with(kUnit)) {
    std::string_view number = text.substr(0, text.size() - kUnit.size());
    const bool back = number.starts_with('-');
    if (back || number.starts_with('+') || number.starts_with(' ')) number.remove_prefix(1);
    constexpr std::uint32_t kDaysMax = 100'000;
    if (const auto days = parse_decimal(number, kDaysMax)) {
      const std::chrono::days distance(*days);
      return back ? today - distance : today + distance;
    }
  }
  const auto time = wire::parse_time(text);
  if (!time) {
    return fail(Errc::InvalidParameter,
                std::string(name) + ": expected a day such as 2026-01-05 or -30days");
  }
  return std::chrono::floor<std::chrono::days>(*time);
}

struct Question {
  std::string_view collection;  // behind "/Usage/Records"
  Period period = Period::Whole;
  Span span = {};
  std::string category = {};
};

Result<Question> read_question(const TwilioCall& call, Question question, Days today) {
  const wire::Form form = TWINDOW_TRY(wire::parse_form(call.query));
  if (const auto text = form.first("StartDate")) {
    question.span.first = TWINDOW_TRY(read_day("StartDate", *text, today));
  }
  if (const auto text = form.first("EndDate")) {
    question.span.last = TWINDOW_TRY(read_day("EndDate", *text, today));
  }
  question.category = form.first("Category").value_or("");
  return question;
}

std::string records_path(const TwilioCall& call, std::string_view collection) {
  return "/2010-04-01/Accounts/" + call.world.account().text + "/Usage/Records" +
         std::string(collection);
}

std::string day_text(Days day) { return wire::to_iso8601(Time(day)).substr(0, 10); }

// "0.0075": what was spent, in dollars.
std::string money_text(std::int64_t hundred_thousandths) {
  constexpr std::int64_t kDollar = 100'000;
  const std::string parts = std::to_string(kDollar + hundred_thousandths % kDollar).substr(1);
  std::string text = std::to_string(hundred_thousandths / kDollar) + "." + parts;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string record_json(const TwilioCall& call, const Question& question, const Span& span,
                        std::size_t place, const Usage& usage, Time now) {
  const Category& category = kCategories[place];
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kLinks{
      {{"all_time", "/AllTime"},
       {"daily", "/Daily"},
       {"last_month", "/LastMonth"},
       {"monthly", "/Monthly"},
       {"this_month", "/ThisMonth"},
       {"today", "/Today"},
       {"yearly", "/Yearly"},
       {"yesterday", "/Yesterday"}}};
  const std::string by_category = ".json?Category=" + std::string(category.name);
  const bool money = category.name == "totalprice";
  const std::string price = money_text(usage.spent[place]);
  std::string iso = wire::to_iso8601(now);
  iso.replace(iso.size() - 1, 1, "+00:00");
  std::string out;
  wire::JsonWriter json(out, wire::Spacing::Spaced);
  json.begin_object()
      .field("account_sid", call.world.account().text)
      .field("api_version", "2010-04-01")
      .field("as_of", iso)
      .field("category", category.name)
      .field("count", money ? "" : std::to_string(usage.messages[place]))
      .field("count_unit", money ? "" : "messages")
      .field("description", category.description)
      .field("end_date", day_text(span.last))
      .field("price", price)
      .field("price_unit", "usd")
      .field("start_date", day_text(span.first))
      .key("subresource_uris")
      .begin_object();
  for (const auto& [name, collection] : kLinks) {
    json.field(name, records_path(call, collection) + by_category);
  }
  json.end_object()
      .field("uri", records_path(call, question.collection) + by_category +
                        "&StartDate=" + day_text(span.first) + "&EndDate=" + day_text(span.last))
      .field("usage", money ? price : std::to_string(usage.segments[place]))
      .field("usage_unit", money                         ? "usd"
                           : category.name == "channels" ? "messages"
                                                         : "segments")
      .end_object();
  return out;
}

void count(Usage& usage, const Message& message) {
  for (std::size_t i = 0; i < kCategories.size(); ++i) {
    if (!kCategories[i].holds(message)) continue;
    ++usage.messages[i];
    usage.segments[i] += static_cast<std::size_t>(std::max(message.num_segments, 1));
    usage.spent[i] -= message.price.value_or(0);
  }
}

Task<Result<TwilioAnswer>> answer(TwilioCall call, Question asked, Time now) {
  const Days today = std::chrono::floor<std::chrono::days>(now);
  const auto question = read_question(call, std::move(asked), today);
  if (!question) co_return Unexpected(question.error());
  std::map<Days, Usage, std::greater<>> periods;  // by their first day, the newest first
  if (question->period == Period::Whole) periods[question->span.first];
  MessageFilter filter;
  filter.created_from = Time(question->span.first);
  PageRequest page;
  page.limit = 1000;
  const Time end(question->span.last + std::chrono::days(1));
  for (bool more = true; more;) {
    const Result<MessagePage> found = co_await call.world.list(filter, page);
    if (!found) co_return Unexpected(found.error());
    for (const Message& message : found->messages) {
      if (message.created >= end) continue;
      const Days day = std::chrono::floor<std::chrono::days>(message.created);
      count(periods[begin_of(question->period, day, question->span.first)], message);
    }
    more = found->more_older && !found->messages.empty();
    if (more) page.older_than = found->messages.back().sid;
  }
  std::vector<std::string> ids;
  std::vector<std::string> records;
  for (const auto& [begin, usage] : periods) {
    const Span span{
        std::max(begin, question->span.first),
        std::min(end_of(question->period, begin, question->span.last), question->span.last)};
    for (std::size_t i = 0; i < kCategories.size(); ++i) {
      if (!question->category.empty() && question->category != kCategories[i].name) continue;
      ids.push_back(day_text(begin) + "." + std::string(kCategories[i].name));
      records.push_back(record_json(call, *question, span, i, usage, now));
    }
  }
  const ElementPage of{.path = records_path(call, question->collection),
                       .list_key = "usage_records",
                       .element = "UsageRecord"};
  co_return answer_elements(call, of, ids, records);
}

}  // namespace

Task<Result<TwilioAnswer>> list_usage(TwilioCall call) {
  const Time now = co_await call.world.now();
  const Days today = std::chrono::floor<std::chrono::days>(now);
  const Days start = std::chrono::floor<std::chrono::days>(std::min(call.world.started(), now));
  Question question{.collection = "", .period = Period::Whole, .span = {start, today}};
  const std::string name = call.captured.size() > 1 ? call.captured.at(1) : std::string();
  if (name == "Daily") question = {"/Daily", Period::Day, {start, today}, {}};
  if (name == "Monthly") question = {"/Monthly", Period::Month, {start, today}, {}};
  if (name == "Yearly") question = {"/Yearly", Period::Year, {start, today}, {}};
  if (name == "AllTime") question = {"/AllTime", Period::Whole, {start, today}, {}};
  if (name == "Today") question = {"/Today", Period::Whole, {today, today}, {}};
  const Days yesterday = today - std::chrono::days(1);
  if (name == "Yesterday") question = {"/Yesterday", Period::Whole, {yesterday, yesterday}, {}};
  const Days month = first_of_month(today);
  if (name == "ThisMonth") question = {"/ThisMonth", Period::Whole, {month, today}, {}};
  const Days last = month - std::chrono::days(1);
  if (name == "LastMonth") {
    question = {"/LastMonth", Period::Whole, {first_of_month(last), last}, {}};
  }
  if (!name.empty() && question.collection.empty()) co_return not_found(call);
  auto answered = co_await answer(std::move(call), std::move(question), now);
  co_return answered;
}

}  // namespace twindow::api
