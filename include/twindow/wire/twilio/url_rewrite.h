// SPDX-License-Identifier: Apache-2.0
// Links in Twilio's JSON that would lead an SDK past us: its next page is fetched by an absolute
// URL, and an app that was pointed at our base URL must come back to it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "twindow/wire/twilio/product_host.h"

namespace twindow::wire {

// `json` with "https://messaging.twilio.com" replaced, in the strings that are links, by `origin`
// ("http://127.0.0.1:4010"), followed by "/messaging.twilio.com" if the app names hosts by prefix,
// or if the path alone would not lead to that host. Every other byte stays. Links are the values of
// next_page_url, previous_page_url, first_page_url and url, and the members of an object that is
// called links, at any depth; a host is any of the products'.
//
// Nothing if there is nothing to replace, or `json` is none.
std::optional<std::string> rewrite_links(std::string_view json, std::string_view origin,
                                         NamedBy named_by);

}  // namespace twindow::wire
