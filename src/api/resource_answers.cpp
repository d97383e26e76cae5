// SPDX-License-Identifier: Apache-2.0
#include "src/api/resource_answers.h"

#include <algorithm>

#include "twindow/model/address.h"
#include "twindow/wire/form.h"
#include "twindow/wire/twilio/resource_json.h"

namespace twindow::api {

namespace {

// What a create names that is no field: the SID of what joins a pool.
std::string_view sid_param(const wire::ResourceShape& shape) {
  for (const wire::FieldShape& field : shape.fields) {
    if (field.type == wire::FieldType::Sid) return field.param;
  }
  return {};
}

Result<Resource> read_create(const TwilioCall& call, const wire::ResourceShape& shape) {
  const wire::Form form = TWINDOW_TRY(wire::parse_form(call.http.body));
  if (!shape.required.empty() && !form.first(shape.required)) {
    return fail(Errc::ParameterMissing, std::string(shape.required));
  }
  Resource made{.kind = shape.kind, .parent = parent_in(call, shape)};
  if (const std::string_view named = sid_param(shape); !named.empty()) {
    made.sid = std::string(form.first(named).value_or(""));
    if (!is_sid(made.sid, sid_prefix(shape.kind))) {
      return fail(Errc::InvalidParameter, std::string(named) + ": expected " +
                                              std::string(sid_prefix(shape.kind)) +
                                              " and 32 hexadecimal digits");
    }
  }
  made.fields = TWINDOW_TRY(wire::read_fields(shape, form));
  if (shape.required == "AlphaSender") {
    const auto address = parse_from(made.get("alpha_sender"));
    if (!address || address->form != AddressForm::Alphanumeric) {
      return fail(Errc::InvalidParameter,
                  "AlphaSender: expected up to 11 letters, digits and spaces, a letter among them");
    }
  }
  return made;
}

}  // namespace

Unexpected<Error> as_of(const TwilioCall& call, Error error) {
  if (error.code == Errc::NotFound) error.detail = std::string(call.path);
  return Unexpected(std::move(error));
}

TwilioAnswer answer_legacy(const TwilioCall& call, std::string json, std::string_view element,
                           int status) {
  TwilioAnswer answer{.status = status, .body = std::move(json)};
  if (call.format == wire::Format::Xml) answer.body = wire::xml_of_resource(answer.body, element);
  return answer;
}

TwilioAnswer answer_one(const TwilioCall& call, const wire::ResourceShape& shape,
                        const Resource& resource, int status) {
  TwilioAnswer answer = answer_legacy(
      call, wire::resource_json(shape, call.world.account(), resource), shape.element, status);
  if (status == 201) answer.subject = resource.sid;
  return answer;
}

Result<TwilioAnswer> answer_elements(const TwilioCall& call, const ElementPage& of,
                                     const std::vector<std::string>& ids,
                                     const std::vector<std::string>& elements) {
  if (call.format == wire::Format::Csv) {
    return fail(Errc::NotSimulated, std::string(call.path) + " (simulated as .json and .xml)");
  }
  const wire::PageQuery query = TWINDOW_TRY(wire::parse_page_query(call.query));
  const wire::PageCut cut = TWINDOW_TRY(wire::cut_page(query, ids));
  const std::vector<std::string> shown(elements.begin() + static_cast<std::ptrdiff_t>(cut.begin),
                                       elements.begin() + static_cast<std::ptrdiff_t>(cut.end));
  TwilioAnswer answer{.body =
                          wire::page_json({.path = of.path, .host = {}, .list_key = of.list_key},
                                          query, cut, shown)};
  if (call.format == wire::Format::Xml) {
    answer.body = wire::xml_of_page(answer.body, of.list_key, of.element);
  }
  return answer;
}

Result<TwilioAnswer> answer_page(const TwilioCall& call, const wire::ResourceShape& shape,
                                 const std::vector<Resource>& resources) {
  if (call.format == wire::Format::Csv) {
    return fail(Errc::NotSimulated, std::string(call.path) + " (simulated as .json and .xml)");
  }
  const wire::PageQuery query = TWINDOW_TRY(wire::parse_page_query(call.query));
  std::vector<std::string> sids;
  for (const Resource& resource : resources) sids.push_back(resource.sid);
  const wire::PageCut cut = TWINDOW_TRY(wire::cut_page(query, sids));
  std::vector<std::string> elements;
  for (std::size_t i = cut.begin; i < cut.end; ++i) {
    elements.push_back(wire::resource_json(shape, call.world.account(), resources[i]));
  }
  const std::string path =
      wire::collection_path(shape, call.world.account(), parent_in(call, shape));
  TwilioAnswer answer{
      .body = wire::page_json({.path = path, .host = shape.host, .list_key = shape.list_key}, query,
                              cut, elements)};
  if (shape.legacy() && call.format == wire::Format::Xml) {
    answer.body = wire::xml_of_page(answer.body, shape.list_key, shape.element);
  }
  return answer;
}

std::string parent_in(const TwilioCall& call, const wire::ResourceShape& shape) {
  return is_pool(shape.kind) ? call.captured.at(1) : std::string();
}

Task<Result<TwilioAnswer>> list_resources(TwilioCall call, const wire::ResourceShape& shape) {
  std::string parent = parent_in(call, shape);
  if (!parent.empty()) {
    const auto service = co_await call.world.resource(ResourceKind::Service, parent);
    if (!service) co_return not_found(call);
  }
  std::vector<Resource> all = co_await call.world.resources(shape.kind, std::move(parent));
  std::ranges::reverse(all);
  co_return answer_page(call, shape, all);
}

Task<Result<TwilioAnswer>> fetch_resource(TwilioCall call, const wire::ResourceShape& shape) {
  std::string sid = call.captured.back();
  std::string parent = parent_in(call, shape);
  const auto found = co_await call.world.resource(shape.kind, std::move(sid), std::move(parent));
  if (!found) co_return as_of(call, found.error());
  co_return answer_one(call, shape, *found);
}

Task<Result<TwilioAnswer>> create_resource(TwilioCall call, const wire::ResourceShape& shape) {
  auto made = read_create(call, shape);
  if (!made) co_return Unexpected(std::move(made).error());
  const auto stored = co_await call.world.put_resource(*std::move(made));
  if (!stored) co_return as_of(call, stored.error());
  co_return answer_one(call, shape, *stored, 201);
}

Task<Result<TwilioAnswer>> update_resource(TwilioCall call, const wire::ResourceShape& shape) {
  const auto form = wire::parse_form(call.http.body);
  if (!form) co_return Unexpected(form.error());
  auto fields = wire::read_fields(shape, *form);
  if (!fields) co_return Unexpected(std::move(fields).error());
  std::string sid = call.captured.back();
  std::string parent = parent_in(call, shape);
  const auto changed = co_await call.world.change_resource(shape.kind, std::move(sid),
                                                           *std::move(fields), std::move(parent));
  if (!changed) co_return as_of(call, changed.error());
  co_return answer_one(call, shape, *changed);
}

Task<Result<TwilioAnswer>> erase_resource(TwilioCall call, const wire::ResourceShape& shape) {
  std::string sid = call.captured.back();
  std::string parent = parent_in(call, shape);
  const bool pool = !parent.empty();
  const auto erased =
      co_await call.world.erase_resource(shape.kind, std::move(sid), std::move(parent));
  if (!erased && pool) co_return fail(Errc::NotInService, call.captured.back());
  if (!erased) co_return as_of(call, erased.error());
  co_return TwilioAnswer{.status = 204};
}

}  // namespace twindow::api
