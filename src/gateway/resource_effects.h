// SPDX-License-Identifier: Apache-2.0
// What resources mean for sends, and how what sends know looks as resources.
#pragma once

#include <optional>
#include <string_view>

#include "twindow/gateway/sender_book.h"
#include "twindow/model/content_template.h"
#include "twindow/model/resource.h"

namespace twindow::gateway {

// The field that holds the address of a number, short code or channel sender; empty: none does.
std::string_view address_field(ResourceKind kind);
// What an address is as a resource; nothing: an alphanumeric sender, which is only in pools.
std::optional<ResourceKind> kind_of(const Address& address);
// The pool that holds such a sender.
ResourceKind pool_of(const Address& address);
// What the members of that pool are; nothing: they are there for themselves.
std::optional<ResourceKind> member_of(ResourceKind pool);

// The sender that a number, short code, channel sender or alpha sender is. Nothing: it cannot send.
std::optional<Sender> sender_of(const Resource& resource);
// The fields of one that nobody has made through the API.
Resource described(ResourceKind kind, const Sender& sender);

ServiceSettings settings_of(const Resource& service);

// The content that sends need, and the resource that keeps it.
void write_template(Resource& content, const ContentTemplate& plain);
ContentTemplate template_of(const Resource& content);

// Whether `text` is as `pattern` says, in which '*' stands for any text.
bool fits(std::string_view pattern, std::string_view text);

}  // namespace twindow::gateway
