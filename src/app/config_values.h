// SPDX-License-Identifier: Apache-2.0
// The kinds of values that settings have, read from text. Each answers nothing if the text is not
// of that kind; what was expected then stands in the table of settings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "src/app/config.h"

namespace twindow::app {

// "127.0.0.1:4010", "[::1]:0", "localhost:4010" (is 127.0.0.1).
std::optional<Endpoint> parse_endpoint(std::string_view text);

// An absolute http(s) URL, as wire::parse_web_url knows them.
bool is_http_url(std::string_view text);

// Such a URL without user, query and fragment; a final '/' is cut off. An origin has no path
// either.
std::optional<std::string> parse_base_url(std::string_view text);
std::optional<std::string> parse_origin(std::string_view text);

// "https://app.example.com=http://127.0.0.1:3000", both such URLs.
std::optional<std::pair<std::string, std::string>> parse_delivery(std::string_view text);

// "10.0.0.0/8", "fd00::/8", or one address.
bool is_network(std::string_view text);

bool is_ip_address(std::string_view text);

// A host name: letters, digits, '-' and '.', as in "tw.example.com".
bool is_host_name(std::string_view text);

std::optional<StoreOptions> parse_store(std::string_view text);

// Decimal digits only, within 64 bits.
std::optional<std::uint64_t> parse_count(std::string_view text);

std::optional<bool> parse_switch(std::string_view text);  // true|false|1|0|yes|no|on|off

// `text` in quotes for a message: a URL's user and password and what is too long are cut out.
std::string shown(std::string_view text);

}  // namespace twindow::app
