// SPDX-License-Identifier: Apache-2.0
#include "src/api/local_answers.h"

#include <array>

namespace twindow::api {

namespace {

struct Suffix {
  std::string_view text;
  wire::Format format;
};
constexpr std::array kSuffixes{Suffix{".json", wire::Format::Json},
                               Suffix{".xml", wire::Format::Xml},
                               Suffix{".csv", wire::Format::Csv}};

}  // namespace

wire::Format take_format(std::string_view& path) {
  for (const Suffix& suffix : kSuffixes) {
    if (!path.ends_with(suffix.text)) continue;
    path.remove_suffix(suffix.text.size());
    return suffix.format;
  }
  return wire::Format::Xml;
}

wire::Format shape_of(std::string_view path, wire::Format format) {
  const bool legacy = path.starts_with("/2010-04-01/");
  return legacy && format == wire::Format::Xml ? wire::Format::Xml : wire::Format::Json;
}

std::string own_origin(const wire::HttpCall& call, const wire::CallTarget& target) {
  if (target.named_by == wire::NamedBy::Host) return {};
  const auto host = wire::find_header(call.headers, "Host");
  if (!host || host->empty()) return {};
  return (call.tls ? "https://" : "http://") + std::string(*host);
}

std::string not_a_proxy_for(std::string_view authority) {
  return "Twindow is a proxy for Twilio's hosts only, not for \"" + std::string(authority) +
         "\". Take it out of HTTP_PROXY's reach with NO_PROXY.";
}

std::string who_we_are(const ServerState& state) {
  return "this is Twindow in " + state.mode +
         " mode, in Twilio's place; its control API is at http://" + state.control_address;
}

}  // namespace twindow::api
