// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/content_request.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"
#include "twindow/wire/form.h"
#include "twindow/wire/json_writer.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/content_answers.h"

#include "src/wire/answer_json.h"

namespace twindow::wire {

namespace {

using Json = nlohmann::ordered_json;

// Fields that must be there, then those that may be; of lists only that they are there.
struct TypeRow {
  std::string_view type;
  std::array<std::string_view, 4> required;
  std::array<std::string_view, 6> optional;
};
constexpr std::array kTypes{
    TypeRow{"twilio/text", {"body"}, {}},
    TypeRow{"twilio/media", {"media"}, {"body"}},
    TypeRow{"twilio/location", {"latitude", "longitude"}, {"label", "id", "address"}},
    TypeRow{"twilio/list-picker", {"body", "button", "items"}, {}},
    TypeRow{"twilio/call-to-action", {"body", "actions"}, {}},
    TypeRow{"twilio/quick-reply", {"body", "actions"}, {}},
    TypeRow{"twilio/card", {}, {"title", "subtitle", "body", "media", "actions", "orientation"}},
    TypeRow{"twilio/carousel", {"body", "cards"}, {}},
    TypeRow{"twilio/catalog", {"body"}, {"title", "subtitle", "id", "items", "dynamic_items"}},
    TypeRow{"twilio/flows", {"body", "button_text", "pages", "type"}, {"subtitle", "media_url"}},
    TypeRow{"twilio/schedule", {"id", "title", "timeSlots"}, {}},
    TypeRow{"whatsapp/card", {"body"}, {"footer", "media", "header_text", "actions"}},
    TypeRow{"whatsapp/authentication",
            {"actions"},
            {"add_security_recommendation", "code_expiration_minutes"}},
    TypeRow{"whatsapp/flows",
            {"body", "button_text", "flow_id"},
            {"subtitle", "media_url", "flow_token", "flow_first_page_id",
             "is_flow_first_page_endpoint"}},
};

constexpr std::size_t kVariablesMax = 100;
constexpr std::size_t kVariableBytesMax = 1600;

Unexpected<Error> invalid(std::string detail) {
  return fail(Errc::InvalidParameter, std::move(detail));
}

Result<Json> parse_object(std::string_view text) {
  if (nests_deeper_than(text, limits::kJsonDepthMax)) return invalid("the body nests too deeply");
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return invalid("the body must be a JSON object");
  return json;
}

Result<std::string> text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || found->is_null()) return std::string();
  if (!found->is_string()) return invalid(std::string(key) + ": expected text");
  return found->get<std::string>();
}

Result<void> complete_type(std::string_view type, Json& fields) {
  const auto row = std::ranges::find(kTypes, type, &TypeRow::type);
  if (row == kTypes.end()) return fail(Errc::ContentTypeUnsupported, std::string(type));
  if (!fields.is_object()) {
    return invalid("types['" + std::string(type) + "']: expected an object");
  }
  for (const std::string_view name : row->required) {
    if (name.empty()) break;
    const auto found = fields.find(std::string(name));
    if (found == fields.end() || found->is_null() || *found == "") {
      return invalid("types['" + std::string(type) + "']." + std::string(name) + " is required");
    }
  }
  for (const std::string_view name : row->optional) {
    if (!name.empty()) fields.emplace(std::string(name), nullptr);
  }
  return {};
}

Result<void> check_variables(const Json& variables) {
  if (!variables.is_object()) return invalid("variables: expected an object");
  if (variables.size() > kVariablesMax) {
    return fail(Errc::ContentVariablesTooMany, "at most 100 variables");
  }
  for (const auto& [name, value] : variables.items()) {
    if (!value.is_string()) return invalid("variables['" + name + "']: expected text");
    if (value.get_ref<const std::string&>().size() > kVariableBytesMax) {
      return fail(Errc::ContentVariablesTooMany, "at most 1600 characters a value");
    }
  }
  return {};
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<ContentRequest> read(Json json) {
  ContentRequest request;
  const auto types = json.find("types");
  if (types == json.end() || types->is_null()) return fail(Errc::ContentTypesMissing);
  if (!types->is_object() || types->empty()) return fail(Errc::ContentTypesMissing);
  const std::string language = TWINDOW_TRY(text_of(json, "language"));
  if (language.empty()) return fail(Errc::ContentLanguageMissing);
  if (!is_content_language(language)) return fail(Errc::ContentLanguageInvalid, language);
  TWINDOW_TRY(text_of(json, "friendly_name"));
  for (const auto& [type, fields] : types->items()) TWINDOW_TRY(complete_type(type, fields));
  Json variables = Json::object();
  if (const auto said = json.find("variables"); said != json.end() && !said->is_null()) {
    TWINDOW_TRY(check_variables(*said));
    variables = *said;
  }
  request.types = dumped(*types);
  request.variables = dumped(variables);
  json["sid"] = "HX00000000000000000000000000000000";
  request.content = TWINDOW_TRY(read_content(dumped(json), ""));
  request.content.sid.text.clear();
  return request;
}

std::string lower_text(std::string_view text) { return lower_case(text); }

bool contains(std::string_view text, std::string_view part) {
  return lower_text(text).find(lower_text(part)) != std::string::npos;
}

std::optional<std::string> text_param(const Form& form, std::string_view name) {
  const auto text = form.first(name);
  return text ? std::optional(std::string(*text)) : std::nullopt;
}

// Lists come as repeated parameters or with commas.
std::vector<std::string> list_param(const Form& form, std::string_view name) {
  std::vector<std::string> list;
  for (std::string_view text : form.all(name)) {
    while (!text.empty()) {
      const auto comma = std::min(text.find(','), text.size());
      list.emplace_back(text.substr(0, comma));
      text.remove_prefix(std::min(comma + 1, text.size()));
    }
  }
  return list;
}

Result<std::optional<bool>> ascending_param(const Form& form, std::string_view name) {
  const auto text = form.first(name);
  if (!text) return std::optional<bool>();
  const std::string direction = lower_case(*text);
  if (direction != "asc" && direction != "desc") {
    return invalid(std::string(name) + ": expected asc or desc");
  }
  return std::optional(direction == "asc");
}

Result<std::optional<Time>> time_param(const Form& form, std::string_view name) {
  const auto text = form.first(name);
  if (!text) return std::optional<Time>();
  const auto time = parse_time(*text);
  if (!time) return invalid(std::string(name) + ": expected a time such as 2026-01-05T09:00:00Z");
  return time;
}

bool has_type(const Resource& content, const std::vector<std::string>& types) {
  const Json all = Json::parse(content.get("types"), nullptr, false);
  return std::ranges::any_of(
      types, [&](const std::string& type) { return all.is_object() && all.contains(type); });
}

bool matches(const ContentQuery& query, const Resource& content) {
  const auto is_one_of = [](const std::vector<std::string>& list, std::string_view text) {
    return list.empty() || std::ranges::find(list, text) != list.end();
  };
  if (query.created_after && content.created <= *query.created_after) return false;
  if (query.created_before && content.created >= *query.created_before) return false;
  if (query.name && !contains(content.get("friendly_name"), *query.name)) return false;
  if (query.content && !contains(content.get("types"), *query.content)) return false;
  if (!query.types.empty() && !has_type(content, query.types)) return false;
  return is_one_of(query.languages, content.get("language")) &&
         is_one_of(query.eligibility, "whatsapp:" + std::string(content.get("status")));
}

}  // namespace

bool is_content_language(std::string_view text) {
  const auto end = std::min(text.find_first_of("_-"), text.size());
  const std::string_view name = text.substr(0, end);
  const std::string_view country = text.substr(std::min(end + 1, text.size()));
  const auto in = [](std::string_view part, std::size_t least, std::size_t most) {
    return part.size() >= least && part.size() <= most && std::ranges::all_of(part, is_letter);
  };
  return in(name, 2, 3) && (end == text.size() || in(country, 2, 4));
}

std::vector<std::string_view> content_types() {
  std::vector<std::string_view> types;
  for (const TypeRow& row : kTypes) types.push_back(row.type);
  return types;
}

Result<ContentRequest> read_content_request(std::string_view json) {
  Json parsed = TWINDOW_TRY(parse_object(json));
  return read(std::move(parsed));
}

Result<ContentRequest> read_content_update(std::string_view json, const Resource& before) {
  const Json update = TWINDOW_TRY(parse_object(json));
  Json whole{{"friendly_name", before.get("friendly_name")},
             {"language", before.get("language")},
             {"variables", Json::parse(before.get("variables"), nullptr, false)},
             {"types", Json::parse(before.get("types"), nullptr, false)}};
  for (const auto& [key, value] : update.items()) {
    if (!value.is_null()) whole[key] = value;
  }
  return read(std::move(whole));
}

Result<ApprovalRequest> read_approval_request(std::string_view json) {
  const Json parsed = TWINDOW_TRY(parse_object(json));
  ApprovalRequest request;
  request.name = TWINDOW_TRY(text_of(parsed, "name"));
  request.category = TWINDOW_TRY(text_of(parsed, "category"));
  const bool legal = !request.name.empty() && std::ranges::all_of(request.name, [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_';
  });
  if (!legal) return invalid("name: expected lowercase letters, digits and underscores");
  constexpr std::array<std::string_view, 4> kCategories{"UTILITY", "MARKETING", "AUTHENTICATION",
                                                        "TRANSACTIONAL"};
  if (std::ranges::find(kCategories, request.category) == kCategories.end()) {
    return invalid("category: expected UTILITY, MARKETING or AUTHENTICATION");
  }
  const auto allow = parsed.find("allow_category_change");
  if (allow != parsed.end() && allow->is_boolean()) {
    request.allow_category_change = allow->get<bool>();
  }
  return request;
}

std::string approval_json(const Resource& content, bool with_type) {
  std::string out;
  JsonWriter json(out, Spacing::Spaced);
  json.begin_object();
  const bool submitted = content.get("status") != "unsubmitted";
  if (with_type) json.field("type", "whatsapp");
  if (submitted || with_type) {
    json.field("name", content.get("approval_name"))
        .field("category", content.get("category"))
        .field("content_type", content.get("shown_type"))
        .field("status", content.get("status"))
        .field("rejection_reason", content.get("rejection_reason"))
        .field("allow_category_change", content.get("allow_category_change") != "false");
  }
  json.end_object();
  return out;
}

Result<ContentQuery> parse_content_query(std::string_view raw_query) {
  const Form form = TWINDOW_TRY(parse_form(raw_query));
  ContentQuery query;
  query.oldest_first = TWINDOW_TRY(ascending_param(form, "SortByDate"));
  query.by_name = TWINDOW_TRY(ascending_param(form, "SortByContentName"));
  query.created_after = TWINDOW_TRY(time_param(form, "DateCreatedAfter"));
  query.created_before = TWINDOW_TRY(time_param(form, "DateCreatedBefore"));
  query.name = text_param(form, "ContentName");
  query.content = text_param(form, "Content");
  query.languages = list_param(form, "Language");
  query.types = list_param(form, "ContentType");
  query.eligibility = list_param(form, "ChannelEligibility");
  return query;
}

std::vector<Resource> answer_query(const ContentQuery& query, std::vector<Resource> contents) {
  std::erase_if(contents, [&](const Resource& content) { return !matches(query, content); });
  if (query.oldest_first.value_or(false)) std::ranges::reverse(contents);
  if (query.by_name) {
    std::ranges::stable_sort(contents, [&](const Resource& a, const Resource& b) {
      return *query.by_name ? a.get("friendly_name") < b.get("friendly_name")
                            : b.get("friendly_name") < a.get("friendly_name");
    });
  }
  return contents;
}

}  // namespace twindow::wire
