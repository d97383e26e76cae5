// SPDX-License-Identifier: Apache-2.0
// What the endpoints of all resources have in common: one, a page, and the five verbs by a shape.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "twindow/wire/twilio/resource_shape.h"

#include "src/api/twilio_call.h"

namespace twindow::api {

// `resource` as the call wants it: JSON, or XML of the 2010 API.
TwilioAnswer answer_one(const TwilioCall& call, const wire::ResourceShape& shape,
                        const Resource& resource, int status = 200);

// The page of `resources` that the call asks for; they come in the order in which they are shown.
// Errors of parse_page_query and cut_page; NotSimulated for CSV.
Result<TwilioAnswer> answer_page(const TwilioCall& call, const wire::ResourceShape& shape,
                                 const std::vector<Resource>& resources);

// Of a list that is no resources': `elements` are JSON, `ids` name them in page tokens.
struct ElementPage {
  std::string path;
  std::string_view list_key;
  std::string_view element;  // in XML
};
Result<TwilioAnswer> answer_elements(const TwilioCall& call, const ElementPage& of,
                                     const std::vector<std::string>& ids,
                                     const std::vector<std::string>& elements);

// JSON of the 2010 API in the call's format.
TwilioAnswer answer_legacy(const TwilioCall& call, std::string json, std::string_view element,
                           int status = 200);

inline Unexpected<Error> not_found(const TwilioCall& call) {
  return fail(Errc::NotFound, std::string(call.path));
}
// NotFound names the path that was asked for.
Unexpected<Error> as_of(const TwilioCall& call, Error error);

// The SID of the service that a pool is of; empty for what is no pool.
std::string parent_in(const TwilioCall& call, const wire::ResourceShape& shape);

// Of shapes that need nothing else. In order of creation, the newest first; `sids` behind that.
Task<Result<TwilioAnswer>> list_resources(TwilioCall call, const wire::ResourceShape& shape);
Task<Result<TwilioAnswer>> fetch_resource(TwilioCall call, const wire::ResourceShape& shape);
Task<Result<TwilioAnswer>> create_resource(TwilioCall call, const wire::ResourceShape& shape);
Task<Result<TwilioAnswer>> update_resource(TwilioCall call, const wire::ResourceShape& shape);
Task<Result<TwilioAnswer>> erase_resource(TwilioCall call, const wire::ResourceShape& shape);

// The same as rows of a route table.
template <const wire::ResourceShape& kShape>
Task<Result<TwilioAnswer>> list_of(TwilioCall call) {
  return list_resources(std::move(call), kShape);
}
template <const wire::ResourceShape& kShape>
Task<Result<TwilioAnswer>> fetch_of(TwilioCall call) {
  return fetch_resource(std::move(call), kShape);
}
template <const wire::ResourceShape& kShape>
Task<Result<TwilioAnswer>> create_of(TwilioCall call) {
  return create_resource(std::move(call), kShape);
}
template <const wire::ResourceShape& kShape>
Task<Result<TwilioAnswer>> update_of(TwilioCall call) {
  return update_resource(std::move(call), kShape);
}
template <const wire::ResourceShape& kShape>
Task<Result<TwilioAnswer>> erase_of(TwilioCall call) {
  return erase_resource(std::move(call), kShape);
}

}  // namespace twindow::api
