// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/media_json.h"

#include <algorithm>
#include <span>

#include "twindow/wire/form.h"
#include "twindow/wire/json_writer.h"
#include "twindow/wire/time_text.h"

#include "src/wire/twilio/list_params.h"
#include "src/wire/xml.h"

namespace twindow::wire {

namespace {

std::string path_of(const Message& message) {
  return "/2010-04-01/Accounts/" + message.account.text + "/Messages/" + message.sid.text;
}

std::string uri_of(const Message& message, const MediaItem& item) {
  return path_of(message) + "/Media/" + item.sid.text;
}

void append_json(std::string& out, const Message& message, const MediaItem& item) {
  const std::string created = to_rfc2822(item.created);
  JsonWriter(out, Spacing::Spaced)
      .begin_object()
      .field("sid", item.sid.text)
      .field("account_sid", message.account.text)
      .field("parent_sid", message.sid.text)
      .field("content_type", item.content_type)
      .field("date_created", created)
      .field("date_updated", created)
      .field("uri", uri_of(message, item) + ".json")
      .end_object();
}

void append_xml(std::string& out, const Message& message, const MediaItem& item) {
  const std::string created = to_rfc2822(item.created);
  out += "<Media>";
  append_xml_element(out, "Sid", item.sid.text);
  append_xml_element(out, "AccountSid", message.account.text);
  append_xml_element(out, "ParentSid", message.sid.text);
  append_xml_element(out, "ContentType", item.content_type);
  append_xml_element(out, "DateCreated", created);
  append_xml_element(out, "DateUpdated", created);
  append_xml_element(out, "Uri", uri_of(message, item));
  out += "</Media>";
}

// A page of the media of one message: at most ten, so that all that match are at hand.
struct Page {
  std::vector<const MediaItem*> matching = {};
  std::size_t size = 0;
  std::size_t number = 0;
  std::size_t first = 0;
  std::string echoed = {};
  std::string token = {};

  std::span<const MediaItem* const> items() const {
    const std::size_t begin = std::min(first, matching.size());
    return std::span(matching).subspan(begin, std::min(size, matching.size() - begin));
  }
  bool more() const { return first + size < matching.size(); }
};

Result<Page> page_of(const Message& message, std::string_view raw_query) {
  const Form form = TWINDOW_TRY(parse_form(raw_query));
  Page page;
  page.size = TWINDOW_TRY(read_page_size(form));
  page.number = TWINDOW_TRY(read_page_number(form));
  const TimeRange range = TWINDOW_TRY(read_time_range(form, "DateCreated"));
  for (const MediaItem& item : message.media) {
    if (range.holds(item.created)) page.matching.push_back(&item);
  }
  for (const Param& param : form.params()) {
    if (!param.name.starts_with("DateCreated") || param.value.empty()) continue;
    page.echoed += percent_encode(param.name) + '=' + percent_encode(param.value) + '&';
  }
  const auto token = form.first("PageToken");
  if (!token) {
    page.number = 0;
    return page;
  }
  page.token = *token;
  const std::string_view sid = token->substr(std::min<std::size_t>(2, token->size()));
  const auto found = std::ranges::find_if(
      page.matching, [&](const MediaItem* item) { return item->sid.text == sid; });
  if (found == page.matching.end()) return fail(Errc::InvalidPageToken);
  const auto place = static_cast<std::size_t>(found - page.matching.begin());
  if (token->starts_with("PA")) {
    page.first = place + 1;
  } else if (token->starts_with("PB")) {
    page.first = place - std::min(place, page.size);
  } else {
    return fail(Errc::InvalidPageToken);
  }
  return page;
}

struct Links {
  std::string base;

  Links(const Message& message, const Page& page, std::string_view suffix)
      : base(path_of(message) + "/Media" + std::string(suffix) + "?" + page.echoed +
             "PageSize=" + std::to_string(page.size) + "&Page=") {}

  std::string to(std::size_t number, const std::string& token = {}) const {
    return base + std::to_string(number) + (token.empty() ? "" : "&PageToken=" + token);
  }
};

}  // namespace

std::string media_record(const Message& message, const MediaItem& item, Format format) {
  std::string out;
  if (format == Format::Json) {
    append_json(out, message, item);
    return out;
  }
  out = std::string(kXmlHead) + "<TwilioResponse>";
  append_xml(out, message, item);
  return out + "</TwilioResponse>";
}

Result<std::string> media_list(const Message& message, std::string_view raw_query, Format format) {
  const Page page = TWINDOW_TRY(page_of(message, raw_query));
  const bool json = format == Format::Json;
  const Links links(message, page, json ? ".json" : "");
  const auto items = page.items();
  std::optional<std::string> previous;
  std::optional<std::string> next;
  if (page.first > 0 && !items.empty()) {
    previous = links.to(page.number > 0 ? page.number - 1 : 0, "PB" + items.front()->sid.text);
  }
  if (page.more()) next = links.to(page.number + 1, "PA" + items.back()->sid.text);
  const std::size_t start = page.number * page.size;
  const std::size_t end = items.empty() ? start : start + items.size() - 1;
  std::string out;
  if (!json) {
    out = std::string(kXmlHead) + "<TwilioResponse><MediaList";
    append_xml_attribute(out, "page", std::to_string(page.number));
    append_xml_attribute(out, "pagesize", std::to_string(page.size));
    append_xml_attribute(out, "start", std::to_string(start));
    append_xml_attribute(out, "end", std::to_string(end));
    append_xml_attribute(out, "uri", links.to(page.number, page.token));
    append_xml_attribute(out, "firstpageuri", links.to(0));
    append_xml_attribute(out, "previouspageuri", previous.value_or(""));
    append_xml_attribute(out, "nextpageuri", next.value_or(""));
    out += '>';
    for (const MediaItem* item : items) append_xml(out, message, *item);
    return out + "</MediaList></TwilioResponse>";
  }
  JsonWriter writer(out, Spacing::Spaced);
  writer.begin_object()
      .field("first_page_uri", links.to(0))
      .field("end", end)
      .key("media_list")
      .begin_array();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ", ";
    append_json(out, message, *items[i]);
  }
  writer.end_array()
      .field("previous_page_uri", previous)
      .field("uri", links.to(page.number, page.token))
      .field("page_size", page.size)
      .field("start", start)
      .field("next_page_uri", next)
      .field("page", page.number)
      .end_object();
  return out;
}

std::string feedback_record(const Message& message, Format format) {
  const Feedback& feedback = *message.feedback;
  const std::string uri = path_of(message) + "/Feedback";
  const std::string_view outcome = feedback.confirmed ? "confirmed" : "unconfirmed";
  const std::string created = to_rfc2822(feedback.created);
  const std::string updated = to_rfc2822(feedback.updated);
  std::string out;
  if (format == Format::Json) {
    JsonWriter(out, Spacing::Spaced)
        .begin_object()
        .field("date_updated", updated)
        .field("account_sid", message.account.text)
        .field("message_sid", message.sid.text)
        .field("outcome", outcome)
        .field("date_created", created)
        .field("uri", uri + ".json")
        .end_object();
    return out;
  }
  out = std::string(kXmlHead) + "<TwilioResponse><Feedback>";
  append_xml_element(out, "AccountSid", message.account.text);
  append_xml_element(out, "MessageSid", message.sid.text);
  append_xml_element(out, "Outcome", outcome);
  append_xml_element(out, "DateCreated", created);
  append_xml_element(out, "DateUpdated", updated);
  append_xml_element(out, "Uri", uri);
  return out + "</Feedback></TwilioResponse>";
}

}  // namespace twindow::wire
