// SPDX-License-Identifier: Apache-2.0
// How Twilio's APIs show and take resources: a table each. Source: Twilio's OpenAPI documents
// api_v2010, messaging_v1, messaging_v2 and content_v1.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "twindow/model/resource.h"

namespace twindow::wire {

enum class FieldType : std::uint8_t {
  // Kept as text, and taken from a parameter if the row names one.
  Text,      // "" if there is none
  Nullable,  // null if there is none
  Url,       // as Nullable; must be http or https
  UrlText,   // as Text; likewise
  Method,    // "GET" or "POST"
  Flag,      // true or false
  Number,    // 1 to 36000
  Json,      // as it is
  // Made of what the resource is.
  Sid,
  Account,
  Parent,
  Created,
  Updated,
  Self,            // its URI or URL
  Links,           // of ResourceShape::links
  ApiVersion,      // "2010-04-01"
  Country,         // of the address in the field that `fallback` names
  Capabilities,    // {"voice": true, …}
  CapabilityList,  // ["SMS", …]
  SenderType,      // "WhatsApp"
  Always,          // `fallback`, which is JSON
};

struct FieldShape {
  std::string_view name;  // in JSON; of the kept ones also in Resource::fields
  FieldType type = FieldType::Text;
  std::string_view param = {};     // of create and update; empty: it cannot be set
  std::string_view fallback = {};  // while it was never set
  std::string_view kept_as = {};   // in Resource::fields, if by another name
};

struct LinkShape {
  std::string_view name;
  std::string_view path;  // behind the resource's own
};

// Paths hold {account}, {parent} and {sid}.
struct ResourceShape {
  ResourceKind kind;
  std::string_view host;        // "messaging.twilio.com"; empty: the 2010 API, with its own forms
  std::string_view collection;  // "/v1/Services"; of the 2010 API without ".json"
  std::string_view list_key;    // "services"
  std::string_view element;     // "IncomingPhoneNumber": in XML, which only the 2010 API has
  std::span<const FieldShape> fields;
  std::span<const LinkShape> links = {};
  std::string_view required = {};  // the parameter that a create must have

  bool legacy() const { return host.empty(); }
};

extern const ResourceShape kAccountShape;
extern const ResourceShape kKeyShape;
extern const ResourceShape kNewKeyShape;  // shows its secret, once
extern const ResourceShape kPhoneNumberShape;
extern const ResourceShape kShortCodeShape;
extern const ResourceShape kServiceShape;
extern const ResourceShape kPoolPhoneNumberShape;
extern const ResourceShape kPoolShortCodeShape;
extern const ResourceShape kPoolAlphaSenderShape;
extern const ResourceShape kPoolDestinationAlphaSenderShape;
extern const ResourceShape kPoolChannelSenderShape;
extern const ResourceShape kContentShape;
extern const ResourceShape kContentAndApprovalsShape;
extern const ResourceShape kContentV2Shape;
extern const ResourceShape kContentAndApprovalsV2Shape;
extern const ResourceShape kLegacyContentShape;
extern const ResourceShape kApprovalsShape;  // of one content
extern const ResourceShape kChannelSenderShape;

}  // namespace twindow::wire
