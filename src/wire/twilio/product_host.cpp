// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/product_host.h"

#include <algorithm>
#include <array>
#include <vector>

#include "twindow/base/ascii.h"
namespace twindow::wire {

namespace {

constexpr std::string_view kDomain = "twilio.com";
constexpr std::size_t kLabelMax = 63;  // RFC 1035

struct KnownPath {
  std::string_view start;  // of the path: up to its end, a slash, a dot or a query
  std::string_view product;
};

// "/v1/Services" is also Verify's, Sync's, Chat's: those need their host.
constexpr std::array kKnownPaths{
    KnownPath{"/2010-04-01", "api"},
    KnownPath{"/v1/Services", "messaging"},
    KnownPath{"/v2/Channels", "messaging"},
    KnownPath{"/v1/Content", "content"},
    KnownPath{"/v1/ContentAndApprovals", "content"},
    KnownPath{"/v1/LegacyContent", "content"},
    KnownPath{"/v2/Content", "content"},
    KnownPath{"/v2/ContentAndApprovals", "content"},
    KnownPath{"/v1/PhoneNumbers", "lookups"},
    KnownPath{"/v2/PhoneNumbers", "lookups"},
    KnownPath{"/v1/Alerts", "monitor"},
    KnownPath{"/v1/Events", "monitor"},
    KnownPath{"/v1/Sinks", "events"},
    KnownPath{"/v1/Subscriptions", "events"},
    KnownPath{"/v1/Types", "events"},
    KnownPath{"/v1/Schemas", "events"},
    KnownPath{"/v1/token", "oauth"},
    KnownPath{"/v2/token", "oauth"},
};

bool starts_path(std::string_view path, std::string_view start) {
  if (!path.starts_with(start)) return false;
  return path.size() == start.size() || path[start.size()] == '/' || path[start.size()] == '.';
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= kLabelMax && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

std::optional<std::vector<std::string>> labels_of(std::string_view text) {
  std::vector<std::string> labels;
  while (true) {
    const auto dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (!is_label(label)) return std::nullopt;
    labels.emplace_back(label);
    if (dot == std::string_view::npos) return labels;
    text.remove_prefix(dot + 1);
  }
}

bool is_address(std::string_view host) {
  return host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

std::string ProductHost::text() const {
  std::string text = product;
  for (const std::string* part : {&edge, &region}) {
    if (!part->empty()) text.append(".").append(*part);
  }
  return text.append(".").append(kDomain);
}

bool is_twilio_host(std::string_view host) {
  const std::string_view name = without_port(host);
  if (name.size() < kDomain.size()) return false;
  const auto before = name.size() - kDomain.size();
  return std::ranges::equal(name.substr(before), kDomain, {}, lower) &&
         (before == 0 || name[before - 1] == '.');
}

std::optional<ProductHost> parse_product_host(std::string_view host) {
  if (!is_twilio_host(host)) return std::nullopt;
  const std::string name = lower_case(without_port(host));
  if (name.size() <= kDomain.size()) return std::nullopt;
  auto labels = labels_of(std::string_view(name).substr(0, name.size() - kDomain.size() - 1));
  if (!labels || labels->size() > 3) return std::nullopt;
  ProductHost found{.product = std::move(labels->front())};
  if (labels->size() > 1) found.region = std::move(labels->back());
  if (labels->size() > 2) found.edge = std::move((*labels)[1]);
  return found;
}

CallTarget locate(const HttpCall& call) {
  const TargetParts parts = split_target(call.target);
  CallTarget found{.path = parts.path, .query = parts.query};
  const std::array candidates{parts.authority,
                              find_header(call.headers, "Host").value_or(std::string_view()),
                              std::string_view(call.server_name)};
  for (const std::string_view candidate : candidates) {
    auto host = parse_product_host(candidate);
    if (!host) continue;
    found.host = *std::move(host);
    found.named_by = NamedBy::Host;
    return found;
  }
  const std::string_view first = found.path.substr(0, found.path.find('/', 1));
  if (first.size() > 1) {
    if (auto host = parse_product_host(first.substr(1)); host && first.find(':') == first.npos) {
      found.host = *std::move(host);
      found.named_by = NamedBy::Prefix;
      found.path.remove_prefix(first.size());
      if (found.path.empty()) found.path = "/";
      return found;
    }
  }
  found.host.product = "api";
  for (const KnownPath& known : kKnownPaths) {
    if (!starts_path(found.path, known.start)) continue;
    found.host.product = known.product;
    break;
  }
  return found;
}

std::string forwarded_target(const HttpCall& call, const CallTarget& target) {
  std::string text(target.path);
  const std::string_view whole = std::string_view(call.target).substr(0, call.target.find('#'));
  if (whole.find('?') != std::string_view::npos) text.append("?").append(target.query);
  return text;
}

std::optional<std::string_view> foreign_authority(const HttpCall& call) {
  const std::string_view authority = split_target(call.target).authority;
  const std::string_view host = without_port(authority);
  if (host.find('.') == std::string_view::npos || is_address(host) || is_twilio_host(host)) {
    return std::nullopt;
  }
  return authority;
}

}  // namespace twindow::wire
