// SPDX-License-Identifier: Apache-2.0
#include "src/net/egress.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace twindow::net {

namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

struct Range {
  std::uint32_t base;
  int bits;
  std::string_view why;  // empty: may be called

  bool holds(std::uint32_t address) const {
    return bits == 0 || (address >> (32 - bits)) == (base >> (32 - bits));
  }
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// Source: the IANA special-purpose registry (RFC 6890); the clouds' own pages for metadata.
constexpr std::array kNever{
    Range{v4(0, 0, 0, 0), 8, "is unspecified"},
    Range{v4(169, 254, 0, 0), 16, "is link-local"},
    Range{v4(100, 100, 100, 200), 32, "is a metadata service"},
    Range{v4(168, 63, 129, 16), 32, "is a metadata service"},
    Range{v4(192, 0, 0, 192), 32, "is a metadata service"},
    Range{v4(224, 0, 0, 0), 4, "is multicast"},
    Range{v4(240, 0, 0, 0), 4, "is reserved"},
};
constexpr std::array kPrivate{
    Range{v4(127, 0, 0, 0), 8, ""},
    Range{v4(10, 0, 0, 0), 8, ""},
    Range{v4(172, 16, 0, 0), 12, ""},
    Range{v4(192, 168, 0, 0), 16, ""},
};
// Neither private nor anybody's on the internet.
constexpr std::array kNobodys{
    Range{v4(100, 64, 0, 0), 10, ""},
    Range{v4(198, 18, 0, 0), 15, ""},
};
constexpr std::string_view kPublic = "is neither loopback nor private";
constexpr std::string_view kNear = "is not public";

// The IPv4 address that an IPv6 one stands for: mapped (::ffff:0:0/96), translated
// (64:ff9b::/96), or the old compatible form (::/96, but ::1 and :: are themselves).
std::optional<ip::address_v4> embedded(const ip::address_v6& address) {
  const auto bytes = address.to_bytes();
  const ip::address_v4 last({bytes[12], bytes[13], bytes[14], bytes[15]});
  constexpr std::array<unsigned char, 12> kTranslated{0x00, 0x64, 0xff, 0x9b};
  constexpr std::array<unsigned char, 12> kCompatible{};
  const auto starts_with = [&](const auto& prefix) {
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
  };
  if (address.is_v4_mapped() || starts_with(kTranslated)) return last;
  if (starts_with(kCompatible) && last.to_uint() > 0xffff) return last;
  return std::nullopt;
}

Unexpected<Error> bad(const std::string& entry) {
  return fail(Errc::BadInput,
              "callbacks.allow: \"" + entry + "\" is neither an address nor a CIDR (10.0.0.0/8)");
}

}  // namespace

Result<EgressGuard> EgressGuard::make(const std::vector<std::string>& allow, Reach reach) {
  EgressGuard guard;
  guard.reach_ = reach;
  for (const std::string& entry : allow) {
    error_code error;
    const bool cidr = entry.find('/') != std::string::npos;
    if (entry.find(':') == std::string::npos) {
      const auto network = ip::make_network_v4(cidr ? entry : entry + "/32", error);
      if (error) return bad(entry);
      guard.v4_.push_back(network.canonical());
    } else {
      const auto network = ip::make_network_v6(cidr ? entry : entry + "/128", error);
      if (error) return bad(entry);
      guard.v6_.push_back(network.canonical());
    }
  }
  return guard;
}

bool EgressGuard::may_be_listed(std::string_view refusal) {
  return refusal == kPublic || refusal == kNear;
}

std::optional<std::string_view> EgressGuard::refusal(const ip::address& address,
                                                     bool near_too) const {
  if (address.is_v4()) return refusal_v4(address.to_v4(), near_too);
  if (const auto v4 = embedded(address.to_v6())) return refusal_v4(*v4, near_too);
  return refusal_v6(address.to_v6(), near_too);
}

std::optional<std::string_view> EgressGuard::refusal_v4(ip::address_v4 address,
                                                        bool near_too) const {
  const auto holds = [&](const Range& range) { return range.holds(address.to_uint()); };
  const auto never = std::ranges::find_if(kNever, holds);
  if (never != kNever.end()) return never->why;
  const bool near = std::ranges::any_of(kPrivate, holds);
  const bool far = !near && !std::ranges::any_of(kNobodys, holds);
  if (reach_ == Reach::Near ? near : far || near_too) return std::nullopt;
  const bool listed = std::ranges::any_of(v4_, [&](const ip::network_v4& network) {
    return ip::network_v4(address, network.prefix_length()).canonical() == network;
  });
  if (listed) return std::nullopt;
  return reach_ == Reach::Near ? kPublic : kNear;
}

std::optional<std::string_view> EgressGuard::refusal_v6(const ip::address_v6& address,
                                                        bool near_too) const {
  const auto bytes = address.to_bytes();
  static const ip::address_v6 kMetadata = ip::make_address_v6("fd00:ec2::254");
  if (address.is_unspecified()) return "is unspecified";
  if (address.is_multicast()) return "is multicast";
  if (address.is_link_local() || address.is_site_local()) return "is link-local";
  if (ip::address_v6(bytes) == kMetadata) return "is a metadata service";
  const bool unique_local = (bytes[0] & 0xfe) == 0xfc;  // fc00::/7
  const bool near = address.is_loopback() || unique_local;
  if (reach_ == Reach::Near ? near : !near || near_too) return std::nullopt;
  const bool listed = std::ranges::any_of(v6_, [&](const ip::network_v6& network) {
    return ip::network_v6(ip::address_v6(bytes), network.prefix_length()).canonical() == network;
  });
  if (listed) return std::nullopt;
  return reach_ == Reach::Near ? kPublic : kNear;
}

}  // namespace twindow::net
