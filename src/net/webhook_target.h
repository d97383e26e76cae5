// SPDX-License-Identifier: Apache-2.0
// From the URL that the app configured to what is signed, what is posted to and what the app is
// told. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/error.h"

namespace twindow::net {

// An absolute http(s) URL in parts. Nothing is decoded.
struct UrlParts {
  bool tls = false;
  std::string userinfo = {};   // "user:password", encoded
  std::string authority = {};  // host and, if written, port: what a Host header says
  std::string host = {};       // in lower case, without the brackets of an IPv6 address
  std::uint16_t port = 0;
  std::string path = {};   // "/" if there is none
  std::string query = {};  // with its '?'

  std::string origin() const;  // "https://app.example.com", as written
};

// Errc::BadInput, with a reason, for everything but http and https, and for bytes that a request
// line cannot hold.
Result<UrlParts> parse_url(std::string_view url);

struct WebhookTarget {
  std::string url_posted;
  UrlParts to;                                    // where to connect
  std::string host;                               // for the Host header: of the configured URL
  std::string origin;                             // of the configured URL, for advice
  bool redirected = false;                        // by deliver_to
  std::optional<std::string> authorization = {};  // "Basic …", from userinfo
  std::string user = {};                          // of the userinfo, decoded
  std::string password = {};
};

class DeliverTo {
 public:
  // Errc::BadInput names the side that is no URL.
  static Result<DeliverTo> make(const std::map<std::string, std::string>& rules);
  // Errc::BadInput if `url` is none.
  Result<WebhookTarget> target_of(std::string_view url) const;

 private:
  struct Rule {
    UrlParts from;
    UrlParts to;
  };
  std::vector<Rule> rules_;  // the longest path first
};

}  // namespace twindow::net
