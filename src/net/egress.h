// SPDX-License-Identifier: Apache-2.0
// Which addresses we may open a connection to (contract, sections 3 and 10). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "twindow/model/error.h"

namespace twindow::net {

class EgressGuard {
 public:
  // What may be called without being listed.
  enum class Reach : std::uint8_t {
    Near,  // loopback and private addresses: a simulator's
    Far,   // public addresses: a gateway's, whose callers must not reach what is near
  };

  // `allow`: addresses ("203.0.113.7") and CIDRs ("10.0.0.0/8", "2001:db8::/32"). Errc::BadInput
  // names the one that is neither.
  static Result<EgressGuard> make(const std::vector<std::string>& allow, Reach reach = Reach::Near);

  // Why there must be no connection to `address`; nothing if it may be called. What is never
  // allowed stays so whatever `allow` says: link-local (169.254.0.0/16 holds the metadata services
  // of most clouds), unspecified, multicast, reserved and the known metadata addresses elsewhere.
  // 100.64.0.0/10 is other people's network: only if listed. `near_too`: the operator has named the
  // target, so that it may be near whatever the reach is.
  std::optional<std::string_view> refusal(const boost::asio::ip::address& address,
                                          bool near_too = false) const;

  // Of what `refusal` says: whether `allow` could change it.
  static bool may_be_listed(std::string_view refusal);

  Reach reach() const { return reach_; }
  // False: no public address can ever be allowed.
  bool allows_public() const { return reach_ == Reach::Far || !v4_.empty() || !v6_.empty(); }

 private:
  std::optional<std::string_view> refusal_v4(boost::asio::ip::address_v4 address,
                                             bool near_too) const;
  std::optional<std::string_view> refusal_v6(const boost::asio::ip::address_v6& address,
                                             bool near_too) const;

  Reach reach_ = Reach::Near;
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

}  // namespace twindow::net
