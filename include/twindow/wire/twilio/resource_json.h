// SPDX-License-Identifier: Apache-2.0
// Resources as Twilio's APIs write them, one and in pages, and the forms that make and change them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/error.h"
#include "twindow/model/resource.h"
#include "twindow/model/sid.h"
#include "twindow/wire/form.h"
#include "twindow/wire/twilio/resource_shape.h"

namespace twindow::wire {

// JSON, with spaces as Twilio writes it. Absolute links name the product's host.
void append_resource_json(std::string& out, const ResourceShape& shape, const AccountSid& account,
                          const Resource& resource);
std::string resource_json(const ResourceShape& shape, const AccountSid& account,
                          const Resource& resource);

// The fields that the parameters of a create or an update set; what is not the shape's is ignored.
// An empty value clears. Errc::InvalidParameter names the parameter and what was expected.
Result<std::vector<Param>> read_fields(const ResourceShape& shape, const Form& form);

// One page of a list whose elements are JSON already, the newest first.
struct PageOf {
  std::string_view path;  // of the collection, {…} filled in, without ".json"
  std::string_view host;  // empty: the 2010 API's flat envelope
  std::string_view list_key;
};

struct PageQuery {
  std::size_t size = 50;
  std::size_t number = 0;
  std::string token = {};           // empty: from the beginning
  std::string echoed_filters = {};  // "Channel=whatsapp", encoded, in the order given
};
// PageSize (1 to 1000), Page, PageToken; all other parameters are echoed in the links.
// Errc::PageSizeTooLarge, InvalidPageToken, InvalidParameter.
Result<PageQuery> parse_page_query(std::string_view raw_query);

// `sids` of all that the list has, in its order: a page begins behind the one its token names.
struct PageCut {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::optional<std::string> previous = {};  // tokens
  std::optional<std::string> next = {};
};
Result<PageCut> cut_page(const PageQuery& query, const std::vector<std::string>& sids);

std::string page_json(const PageOf& of, const PageQuery& query, const PageCut& cut,
                      const std::vector<std::string>& elements);

// {collection} of a shape with {account}, {parent} filled in.
std::string collection_path(const ResourceShape& shape, const AccountSid& account,
                            std::string_view parent);

// What the 2010 API answers without ".json": the same as an XML document. `json` is ours.
std::string xml_of_resource(std::string_view json, std::string_view element);
std::string xml_of_page(std::string_view json, std::string_view list_key, std::string_view element);

}  // namespace twindow::wire
