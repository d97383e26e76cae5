// SPDX-License-Identifier: Apache-2.0
#include "src/net/webhook_reach.h"

#include <optional>
#include <string_view>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace twindow::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

bool is_localhost(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host == "localhost" || host.ends_with(".localhost");  // RFC 6761
}

// Names that public DNS does not know: compose services, host.docker.internal.
bool is_local_name(std::string_view host) {
  return host.find('.') == std::string_view::npos || host.ends_with(".internal") ||
         host.ends_with(".local");
}

}  // namespace

std::string egress_advice(const WebhookDelivery& delivery) {
  const WebhookTarget& target = delivery.target;
  if (delivery.rules->options.gateway) {
    return "; nothing was sent. If it is meant, list the address in callbacks.allow";
  }
  return "; nothing was sent. Add --deliver-to " + target.origin +
         "=http://127.0.0.1:3000 to have it delivered to your machine, or list the address in "
         "callbacks.allow";
}

Result<Endpoints> endpoints_without_lookup(const WebhookDelivery& delivery) {
  const WebhookTarget& target = delivery.target;
  const UrlParts& to = target.to;
  error_code not_literal;
  const auto address = asio::ip::make_address(to.host, not_literal);
  if (!not_literal) return judged_endpoints({tcp::endpoint(address, to.port)}, delivery);
  if (is_localhost(to.host)) {
    return judged_endpoints({tcp::endpoint(asio::ip::address_v4::loopback(), to.port),
                             tcp::endpoint(asio::ip::address_v6::loopback(), to.port)},
                            delivery);
  }
  if (delivery.rules->guard.allows_public() || target.redirected || is_local_name(to.host))
    return Endpoints{};
  return fail(Errc::EgressRefused, to.host + " is a public name, which a simulator does not call" +
                                       egress_advice(delivery));
}

Result<Endpoints> judged_endpoints(Endpoints found, const WebhookDelivery& delivery) {
  std::string refused;
  Endpoints allowed;
  for (const tcp::endpoint& endpoint : found) {
    const auto why = delivery.rules->guard.refusal(endpoint.address(), delivery.target.redirected);
    if (!why) allowed.push_back(endpoint);
    if (why) refused = endpoint.address().to_string() + ' ' + std::string(*why);
  }
  if (!allowed.empty()) return allowed;
  const std::string host = delivery.target.to.host;
  const bool literal = refused.starts_with(host + ' ');
  return fail(Errc::EgressRefused,
              (literal ? refused : host + ": " + refused) + egress_advice(delivery));
}

}  // namespace twindow::net
