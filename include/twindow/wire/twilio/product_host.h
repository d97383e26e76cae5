// SPDX-License-Identifier: Apache-2.0
// Which of Twilio's products a call is for, however the app was pointed at us: by host name, by the
// name in front of the path, or by the path alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "twindow/wire/http.h"

namespace twindow::wire {

// "api.dublin.ie1.twilio.com" is product "api", edge "dublin", region "ie1";
// "api.ie1.twilio.com" has no edge. Lower case.
struct ProductHost {
  std::string product = {};
  std::string edge = {};
  std::string region = {};

  friend bool operator==(const ProductHost&, const ProductHost&) = default;
  std::string text() const;  // as Twilio writes it: "api.dublin.ie1.twilio.com"
};

// Of a host name, with or without a port. Nothing unless it is `product[.edge][.region].twilio.com`
// in letters, digits and hyphens, letter case ignored.
std::optional<ProductHost> parse_product_host(std::string_view host);

// twilio.com or a name below it, well-formed or not: nothing of ours may be sent to another.
bool is_twilio_host(std::string_view host);

enum class NamedBy : std::uint8_t {
  Host,    // the target's authority, the Host header, or TLS (SNI, CONNECT)
  Prefix,  // "/content.twilio.com/v1/Content"
  Path,    // "/v1/Content" at a base URL that is ours
};

struct CallTarget {
  ProductHost host = {};
  NamedBy named_by = NamedBy::Path;
  std::string_view path;   // as sent, without the prefix
  std::string_view query;  // as sent
};

// The views are into `call`. A path that no product is known by is api's.
// Source of the paths: Twilio's API reference, a host a product.
CallTarget locate(const HttpCall& call);

// The target as that host is to be asked: path and query as sent, "/a?" with its question mark,
// without scheme, authority, prefix and fragment.
std::string forwarded_target(const HttpCall& call, const CallTarget& target);

// The authority of an absolute-form target that names somebody else's host: the app uses us as a
// proxy for everything. Nothing for Twilio's hosts, IP addresses and names without dots.
std::optional<std::string_view> foreign_authority(const HttpCall& call);

}  // namespace twindow::wire
