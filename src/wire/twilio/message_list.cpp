// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/message_list.h"

#include <algorithm>
#include <array>
#include <optional>

#include "twindow/wire/form.h"
#include "twindow/wire/json_writer.h"
#include "twindow/wire/twilio/message_json.h"

#include "src/wire/twilio/list_params.h"
#include "src/wire/xml.h"

namespace twindow::wire {

namespace {

constexpr std::array<std::string_view, 5> kFilters{"To", "From", "DateSent", "DateSent<",
                                                   "DateSent>"};

// "PA" and the last SID of the page before, or "PB" and the first of the page after.
Result<void> read_page_token(const Form& form, ListQuery& query) {
  const auto token = form.first("PageToken");
  const std::size_t number = TWINDOW_TRY(read_page_number(form));
  if (token) query.page_number = number;
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
  Links(const AccountSid& account, const ListQuery& query, std::string_view suffix)
      : base_("/2010-04-01/Accounts/" + account.text + "/Messages" + std::string(suffix) + "?" +
              query.echoed_filters) {
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

struct Envelope {
  Envelope(const Links& links, const ListQuery& query, const MessagePage& page)
      : start(query.page_number * query.page.limit), end(start) {
    if (page.messages.empty()) return;
    const std::size_t n = query.page_number;
    end = start + page.messages.size() - 1;
    if (page.more_newer) {
      previous = links.to(n > 0 ? n - 1 : 0, "PB" + page.messages.front().sid.text);
    }
    if (page.more_older) next = links.to(n + 1, "PA" + page.messages.back().sid.text);
  }

  std::size_t start;
  std::size_t end;
  std::optional<std::string> previous = {};
  std::optional<std::string> next = {};
};

}  // namespace

Result<ListQuery> parse_list_query(std::string_view raw_query) {
  const Form form = TWINDOW_TRY(parse_form(raw_query));
  ListQuery query;
  query.page.limit = TWINDOW_TRY(read_page_size(form));
  TWINDOW_TRY(read_page_token(form, query));
  const TimeRange sent = TWINDOW_TRY(read_time_range(form, "DateSent"));
  query.filter.sent_from = sent.from;
  query.filter.sent_before = sent.before;
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
  const Links links(account, query, ".json");
  const Envelope envelope(links, query, page);
  const std::size_t n = query.page_number;
  const auto& [start, end, previous, next] = envelope;

  std::string out;
  out.reserve(1024 + page.messages.size() * 1280);
  JsonWriter json(out, Spacing::Spaced);
  json.begin_object()
      .field("first_page_uri", links.to(0))
      .field("end", end)
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

std::string message_list_xml(const AccountSid& account, const ListQuery& query,
                             const MessagePage& page) {
  const Links links(account, query, "");
  const Envelope envelope(links, query, page);
  const std::size_t n = query.page_number;
  std::string out(kXmlHead);
  out.reserve(1024 + page.messages.size() * 1280);
  out += "<TwilioResponse><Messages";
  append_xml_attribute(out, "page", std::to_string(n));
  append_xml_attribute(out, "pagesize", std::to_string(query.page.limit));
  append_xml_attribute(out, "start", std::to_string(envelope.start));
  append_xml_attribute(out, "end", std::to_string(envelope.end));
  append_xml_attribute(out, "uri", links.to(n, token_of(query.page)));
  append_xml_attribute(out, "firstpageuri", links.to(0));
  append_xml_attribute(out, "previouspageuri", envelope.previous.value_or(""));
  append_xml_attribute(out, "nextpageuri", envelope.next.value_or(""));
  out += '>';
  for (const Message& message : page.messages) append_message_xml(out, message, true);
  out += "</Messages></TwilioResponse>";
  return out;
}

std::string message_list_csv(const MessagePage& page) {
  std::string out(message_csv_head());
  for (const Message& message : page.messages) append_message_csv(out, message);
  return out;
}

}  // namespace twindow::wire
