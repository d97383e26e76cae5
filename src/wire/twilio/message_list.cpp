// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/message_list.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "twindow/base/ascii.h"
#include "twindow/wire/form.h"
#include "twindow/wire/json_writer.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/message_json.h"

namespace twindow::wire {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kPageSizeMax = 1000;
constexpr std::uint32_t kPageNumberMax = 1'000'000'000;  // keeps `start` far from overflow
constexpr std::array<std::string_view, 5> kFilters{"To", "From", "DateSent", "DateSent<",
                                                   "DateSent>"};

Result<void> read_times(const Form& form, MessageFilter& filter) {
  for (const std::string_view name : kFilters) {
    if (!name.starts_with("DateSent")) continue;
    const auto text = form.first(name);
    if (!text) continue;
    const auto asked = parse_day_or_instant(*text);
    if (!asked) {
      return fail(Errc::InvalidParameter, std::string(name) + ": expected a date, such as " +
                                              "2026-01-31 or 2026-01-31T18:00:00Z");
    }
    // The SDKs write a day as its midnight: `dateSent: new Date(Date.UTC(2026, 0, 2))`.
    const bool midnight = asked->begin == std::chrono::floor<std::chrono::days>(asked->begin);
    const bool whole_day = asked->whole_day || (name == "DateSent" && midnight);
    const Time begin =
        whole_day ? asked->begin : std::chrono::floor<std::chrono::seconds>(asked->begin);
    const Time end = begin + (whole_day ? Duration(24h) : Duration(1s));
    // Given together, every one of them must hold.
    if (!name.ends_with('<')) filter.sent_from = std::max(filter.sent_from.value_or(begin), begin);
    if (!name.ends_with('>')) filter.sent_before = std::min(filter.sent_before.value_or(end), end);
  }
  return {};
}

Result<std::size_t> read_page_size(const Form& form) {
  const auto text = form.first("PageSize");
  if (!text) return PageRequest().limit;
  const bool digits = std::ranges::all_of(*text, is_digit);
  const auto size = parse_decimal(*text, kPageSizeMax);
  if (digits && !size) return fail(Errc::PageSizeTooLarge);
  if (!size || *size == 0) {
    return fail(Errc::InvalidParameter, "PageSize: expected a number from 1 to 1000");
  }
  return std::size_t{*size};
}

// "PA" and the last SID of the page before, or "PB" and the first of the page after.
Result<void> read_page_token(const Form& form, ListQuery& query) {
  const auto token = form.first("PageToken");
  const auto number = form.first("Page");
  if (number) {
    const auto page = parse_decimal(*number, kPageNumberMax);
    if (!page) return fail(Errc::InvalidParameter, "Page: expected a number from 0");
    if (token) query.page_number = *page;
  }
  if (!token) return {};
  auto sid = parse_message_sid(token->substr(std::min<std::size_t>(2, token->size())));
  if (!sid) return fail(Errc::InvalidPageToken);
  if (token->starts_with("PA")) {
    query.page.older_than = std::move(sid);
  } else if (token->starts_with("PB")) {
    query.page.newer_than = std::move(sid);
  } else {
    return fail(Errc::InvalidPageToken);
  }
  return {};
}

std::string echo(const Form& form) {
  std::string text;
  for (const Param& param : form.params()) {
    if (param.value.empty() || std::ranges::find(kFilters, param.name) == kFilters.end()) continue;
    if (!text.empty()) text += '&';
    text += percent_encode(param.name) + '=' + percent_encode(param.value);
  }
  return text;
}

// The links of an envelope: one path and filter, different pages.
class Links {
 public:
  Links(const AccountSid& account, const ListQuery& query)
      : base_("/2010-04-01/Accounts/" + account.text + "/Messages.json?" + query.echoed_filters) {
    if (!query.echoed_filters.empty()) base_ += '&';
    base_ += "PageSize=" + std::to_string(query.page.limit) + "&Page=";
  }

  std::string to(std::size_t page_number, std::string_view token = {}) const {
    std::string uri = base_ + std::to_string(page_number);
    if (!token.empty()) uri.append("&PageToken=").append(token);
    return uri;
  }

 private:
  std::string base_;
};

std::string token_of(const PageRequest& page) {
  if (page.older_than) return "PA" + page.older_than->text;
  if (page.newer_than) return "PB" + page.newer_than->text;
  return {};
}

}  // namespace

Result<ListQuery> parse_list_query(std::string_view raw_query) {
  const Form form = TWINDOW_TRY(parse_form(raw_query));
  ListQuery query;
  query.page.limit = TWINDOW_TRY(read_page_size(form));
  TWINDOW_TRY(read_page_token(form, query));
  TWINDOW_TRY(read_times(form, query.filter));
  // As a send is: "555-867-5310" finds what went to +15558675310. What is no address finds nothing.
  if (const auto to = form.first("To")) {
    const auto address = parse_to(*to);
    query.filter.to = address ? address->text : std::string(*to);
  }
  if (const auto from = form.first("From")) {
    const auto address = parse_from(*from);
    query.filter.from = address ? address->text : std::string(*from);
  }
  query.echoed_filters = echo(form);
  return query;
}

std::string message_list_json(const AccountSid& account, const ListQuery& query,
                              const MessagePage& page) {
  const Links links(account, query);
  const std::size_t n = query.page_number;
  const std::size_t start = n * query.page.limit;
  const bool empty = page.messages.empty();
  std::optional<std::string> previous;
  std::optional<std::string> next;
  if (page.more_newer && !empty) {
    previous = links.to(n > 0 ? n - 1 : 0, "PB" + page.messages.front().sid.text);
  }
  if (page.more_older && !empty) next = links.to(n + 1, "PA" + page.messages.back().sid.text);

  std::string out;
  out.reserve(1024 + page.messages.size() * 1280);
  JsonWriter json(out, Spacing::Spaced);
  json.begin_object()
      .field("first_page_uri", links.to(0))
      .field("end", empty ? start : start + page.messages.size() - 1)
      .field("previous_page_uri", previous)
      .key("messages")
      .begin_array();
  for (std::size_t i = 0; i < page.messages.size(); ++i) {
    if (i > 0) out += ", ";
    append_message_json(out, page.messages[i], true);
  }
  json.end_array()
      .field("uri", links.to(n, token_of(query.page)))
      .field("page_size", query.page.limit)
      .field("start", start)
      .field("next_page_uri", next)
      .field("page", n)
      .end_object();
  return out;
}

}  // namespace twindow::wire
