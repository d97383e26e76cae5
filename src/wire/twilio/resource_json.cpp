// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/resource_json.h"

#include <algorithm>
#include <array>

#include "twindow/base/ascii.h"
#include "twindow/model/address.h"
#include "twindow/model/phone_number.h"
#include "twindow/wire/json_writer.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/url.h"

namespace twindow::wire {

namespace {

void replace(std::string& text, std::string_view what, std::string_view with) {
  const auto place = text.find(what);
  if (place != std::string::npos) text.replace(place, what.size(), with);
}

// The resource itself: a path of the 2010 API without ".json", or a URL.
std::string own_path(const ResourceShape& shape, const AccountSid& account,
                     const Resource& resource) {
  std::string path = collection_path(shape, account, resource.parent);
  if (!shape.legacy()) path.insert(0, "https://" + std::string(shape.host));
  return path + "/" + percent_encode(resource.sid);
}

std::string_view digits_of(std::string_view address) {
  return address.substr(std::min(address.find('+'), address.size()));
}

std::string time_text(const ResourceShape& shape, Time time) {
  return shape.legacy() ? to_rfc2822(time) : to_iso8601(time);
}

std::string_view sender_type(std::string_view sender) {
  if (sender.starts_with("whatsapp:")) return "WhatsApp";
  return sender.starts_with("rcs:") ? "RCS" : "Messenger";
}

void write_capabilities(JsonWriter& json, const ResourceShape& shape) {
  if (shape.kind != ResourceKind::PoolPhoneNumber && shape.kind != ResourceKind::PhoneNumber) {
    json.begin_array().value("SMS").end_array();
  } else if (shape.kind == ResourceKind::PoolPhoneNumber) {
    json.begin_array().value("SMS").value("MMS").value("Voice").end_array();
  } else {
    json.begin_object().field("voice", true).field("sms", true).field("mms", true);
    json.field("fax", false).end_object();
  }
}

void write_links(JsonWriter& json, const ResourceShape& shape, const std::string& self) {
  json.begin_object();
  for (const LinkShape& link : shape.links) json.field(link.name, self + std::string(link.path));
  json.end_object();
}

void write_kept(JsonWriter& json, const FieldShape& field, const Resource& resource) {
  const std::string* const kept = resource.find(field.kept_as.empty() ? field.name : field.kept_as);
  const std::string_view text = kept == nullptr ? field.fallback : std::string_view(*kept);
  switch (field.type) {
    case FieldType::Nullable:
    case FieldType::Url:
      text.empty() ? json.value(nullptr) : json.value(text);
      break;
    case FieldType::Method:
      json.value(text.empty() ? field.fallback : text);
      break;
    case FieldType::Flag:
    case FieldType::Number:
    case FieldType::Json:
      json.raw(text.empty() ? field.fallback : text);
      break;
    default:
      json.value(text);
      break;
  }
}

constexpr std::uint64_t kNumberMax = 36'000;  // seconds of a validity period

Result<std::string> read_value(const FieldShape& field, std::string_view text) {
  const auto expected = [&](std::string_view what) {
    return fail(Errc::InvalidParameter,
                std::string(field.param) + ": expected " + std::string(what));
  };
  if (text.empty()) return std::string();
  switch (field.type) {
    case FieldType::Url:
    case FieldType::UrlText:
      if (!parse_web_url(text)) return expected("an http or https URL");
      break;
    case FieldType::Method: {
      std::string method;
      for (const char c : text) method += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      if (method != "GET" && method != "POST") return expected("GET or POST");
      return method;
    }
    case FieldType::Flag: {
      const std::string flag = lower_case(text);
      if (flag != "true" && flag != "false") return expected("true or false");
      return flag;
    }
    case FieldType::Number: {
      const auto number = parse_decimal(text, kNumberMax);
      if (!number || *number == 0) return expected("a number from 1 to 36000");
      return std::to_string(*number);
    }
    default:
      break;
  }
  return std::string(text);
}

constexpr std::size_t kPageSizeMax = 1000;
constexpr std::uint64_t kPageNumberMax = 1'000'000'000;

class PageLinks {
 public:
  PageLinks(const PageOf& of, const PageQuery& query) {
    if (!of.host.empty()) base_.append("https://").append(of.host);
    base_.append(of.path).append(of.host.empty() ? ".json?" : "?").append(query.echoed_filters);
    if (!query.echoed_filters.empty()) base_ += '&';
    base_.append("PageSize=").append(std::to_string(query.size)).append("&Page=");
  }
  std::string to(std::size_t number, std::string_view token = {}) const {
    std::string link = base_ + std::to_string(number);
    if (!token.empty()) link.append("&PageToken=").append(token);
    return link;
  }

 private:
  std::string base_;
};

}  // namespace

std::string collection_path(const ResourceShape& shape, const AccountSid& account,
                            std::string_view parent) {
  std::string path(shape.collection);
  replace(path, "{account}", account.text);
  replace(path, "{parent}", parent);
  return path;
}

void append_resource_json(std::string& out, const ResourceShape& shape, const AccountSid& account,
                          const Resource& resource) {
  JsonWriter json(out, Spacing::Spaced);
  const std::string self = own_path(shape, account, resource);
  const std::string uri = shape.legacy() ? self + ".json" : self;
  json.begin_object();
  for (const FieldShape& field : shape.fields) {
    json.key(field.name);
    switch (field.type) {
      case FieldType::Sid:
        json.value(resource.sid);
        break;
      case FieldType::Account:
        json.value(account.text);
        break;
      case FieldType::Parent:
        json.value(resource.parent);
        break;
      case FieldType::Created:
        json.value(time_text(shape, resource.created));
        break;
      case FieldType::Updated:
        json.value(time_text(shape, resource.updated));
        break;
      case FieldType::Self:
        json.value(&shape == &kApprovalsShape ? uri + "/ApprovalRequests" : uri);
        break;
      case FieldType::Links:
        write_links(json, shape, self);
        break;
      case FieldType::ApiVersion:
        json.value("2010-04-01");
        break;
      case FieldType::Country: {
        const std::string_view country = country_of(digits_of(resource.get(field.fallback)));
        country.empty() ? json.value(nullptr) : json.value(country);
        break;
      }
      case FieldType::Capabilities:
      case FieldType::CapabilityList:
        write_capabilities(json, shape);
        break;
      case FieldType::SenderType:
        json.value(sender_type(resource.get(field.fallback)));
        break;
      case FieldType::Always:
        json.raw(field.fallback);
        break;
      default:
        write_kept(json, field, resource);
        break;
    }
  }
  json.end_object();
}

std::string resource_json(const ResourceShape& shape, const AccountSid& account,
                          const Resource& resource) {
  std::string out;
  out.reserve(1536);
  append_resource_json(out, shape, account, resource);
  return out;
}

Result<std::vector<Param>> read_fields(const ResourceShape& shape, const Form& form) {
  std::vector<Param> fields;
  for (const FieldShape& field : shape.fields) {
    if (field.param.empty() || field.type == FieldType::Sid || !form.has(field.param)) continue;
    const std::string_view text = form.first(field.param).value_or("");
    std::string value = TWINDOW_TRY(read_value(field, text));
    fields.push_back({std::string(field.name), std::move(value)});
  }
  return fields;
}

Result<PageQuery> parse_page_query(std::string_view raw_query) {
  const Form form = TWINDOW_TRY(parse_form(raw_query));
  PageQuery query;
  if (const auto text = form.first("PageSize")) {
    const auto size = parse_decimal(*text, kPageSizeMax);
    if (!size && std::ranges::all_of(*text, is_digit)) return fail(Errc::PageSizeTooLarge);
    if (!size || *size == 0) {
      return fail(Errc::InvalidParameter, "PageSize: expected a number from 1 to 1000");
    }
    query.size = *size;
  }
  if (const auto text = form.first("Page")) {
    const auto page = parse_decimal(*text, kPageNumberMax);
    if (!page) return fail(Errc::InvalidParameter, "Page: expected a number from 0");
    query.number = *page;
  }
  query.token = form.first("PageToken").value_or("");
  constexpr std::array<std::string_view, 3> kPaging{"PageSize", "Page", "PageToken"};
  for (const Param& param : form.params()) {
    if (param.value.empty() || std::ranges::find(kPaging, param.name) != kPaging.end()) continue;
    if (!query.echoed_filters.empty()) query.echoed_filters += '&';
    query.echoed_filters += percent_encode(param.name) + '=' + percent_encode(param.value);
  }
  return query;
}

Result<PageCut> cut_page(const PageQuery& query, const std::vector<std::string>& sids) {
  PageCut cut;
  cut.begin = std::min(query.token.empty() ? query.number * query.size : 0, sids.size());
  if (!query.token.empty()) {
    const std::string_view kind = std::string_view(query.token).substr(0, 2);
    const auto found =
        std::ranges::find(sids, query.token.size() > 2 ? query.token.substr(2) : std::string());
    if (found == sids.end() || (kind != "PA" && kind != "PB")) return fail(Errc::InvalidPageToken);
    const auto place = static_cast<std::size_t>(found - sids.begin());
    // "PA": behind that one; "PB": those before it.
    cut.begin = kind == "PA" ? place + 1 : place - std::min(place, query.size);
  }
  cut.end = std::min(cut.begin + query.size, sids.size());
  if (cut.begin > 0 && cut.begin < sids.size()) cut.previous = "PB" + sids[cut.begin];
  if (cut.end < sids.size()) cut.next = "PA" + sids[cut.end - 1];
  return cut;
}

std::string page_json(const PageOf& of, const PageQuery& query, const PageCut& cut,
                      const std::vector<std::string>& elements) {
  const PageLinks links(of, query);
  const std::size_t n = query.number;
  std::optional<std::string> previous;
  std::optional<std::string> next;
  if (cut.previous) previous = links.to(n > 0 ? n - 1 : 0, *cut.previous);
  if (cut.next) next = links.to(n + 1, *cut.next);
  std::string out;
  JsonWriter json(out, Spacing::Spaced);
  const auto write_list = [&] {
    json.key(of.list_key).begin_array();
    for (const std::string& element : elements) json.raw(element);
    json.end_array();
  };
  json.begin_object();
  if (of.host.empty()) {
    const std::size_t start = cut.begin;
    json.field("first_page_uri", links.to(0))
        .field("end", elements.empty() ? start : start + elements.size() - 1)
        .field("previous_page_uri", previous);
    write_list();
    json.field("uri", links.to(n, query.token))
        .field("page_size", query.size)
        .field("start", start)
        .field("next_page_uri", next)
        .field("page", n)
        .end_object();
    return out;
  }
  write_list();
  json.key("meta")
      .begin_object()
      .field("page", n)
      .field("page_size", query.size)
      .field("first_page_url", links.to(0))
      .field("previous_page_url", previous)
      .field("url", links.to(n, query.token))
      .field("next_page_url", next)
      .field("key", of.list_key)
      .end_object()
      .end_object();
  return out;
}

}  // namespace twindow::wire
