// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/url_rewrite.h"

#include <algorithm>
#include <array>
#include <vector>

#include <nlohmann/json.hpp>

#include "twindow/base/ascii.h"

namespace twindow::wire {

namespace {

constexpr std::string_view kMark = "twilio.com";  // without it there is nothing to do
constexpr std::array<std::string_view, 4> kLinkKeys{"next_page_url", "previous_page_url",
                                                    "first_page_url", "url"};

// Takes a slash, plain or escaped, from the front of a string's inside; false if there is none.
bool take_slash(std::string_view& text, bool& escaped) {
  escaped = text.starts_with("\\/");
  if (!escaped && !text.starts_with('/')) return false;
  text.remove_prefix(escaped ? 2 : 1);
  return true;
}

bool take_scheme(std::string_view& text) {
  for (const std::string_view scheme : {"https:", "http:"}) {
    if (!equals_ignoring_case(text.substr(0, scheme.size()), scheme)) continue;
    text.remove_prefix(scheme.size());
    return true;
  }
  return false;
}

std::string without_escapes(std::string_view path) {
  std::string plain;
  for (const char c : path) {
    if (c != '\\') plain.push_back(c);
  }
  return plain;
}

class Rewriter {
 public:
  Rewriter(std::string_view json, std::string_view origin, NamedBy named_by)
      : json_(json), origin_(origin), named_by_(named_by) {}

  // Of text that is JSON, so that only what matters need be looked at.
  std::optional<std::string> run() {
    for (std::size_t at = 0; at < json_.size(); ++at) {
      switch (json_[at]) {
        case '{':
          open_.push_back({.object = true, .links = key_ == "links"});
          key_ = {};
          expects_key_ = true;
          break;
        case '[':
          open_.push_back({.object = false, .links = false});
          key_ = {};
          expects_key_ = false;
          break;
        case '}':
        case ']':
          open_.pop_back();
          expects_key_ = false;
          break;
        case ',':
          expects_key_ = !open_.empty() && open_.back().object;
          key_ = {};
          break;
        case '"':
          at = take_string(at);
          break;
        default:
          break;
      }
    }
    if (copied_ == 0) return std::nullopt;
    out_.append(json_.substr(copied_));
    return std::move(out_);
  }

 private:
  struct Level {
    bool object;
    bool links;
  };

  // Returns where the string ends: at its last quote.
  std::size_t take_string(std::size_t begin) {
    std::size_t end = begin + 1;
    while (json_[end] != '"') end += json_[end] == '\\' ? 2 : 1;
    const std::string_view inside = json_.substr(begin + 1, end - begin - 1);
    if (expects_key_) {
      key_ = inside;
      expects_key_ = false;
    } else if (!open_.empty() && open_.back().object && is_link()) {
      replace(begin + 1, inside);
    }
    return end;
  }

  bool is_link() const {
    return open_.back().links || std::ranges::find(kLinkKeys, key_) != kLinkKeys.end();
  }

  void replace(std::size_t begin, std::string_view url) {
    std::string_view rest = url;
    bool escaped = false;
    if (!take_scheme(rest) || !take_slash(rest, escaped) || !take_slash(rest, escaped)) return;
    const std::string_view host = rest.substr(0, rest.find_first_of("/\\?#"));
    const auto product = parse_product_host(host);
    if (!product) return;
    rest.remove_prefix(host.size());
    std::string to(origin_);
    if (!leads_to(*product, without_escapes(rest))) to.append("/").append(product->text());
    out_.append(json_.substr(copied_, begin - copied_));
    for (const char c : to) {
      if (c == '/' && escaped) out_.push_back('\\');
      out_.push_back(c);
    }
    copied_ = begin + (url.size() - rest.size());
  }

  bool leads_to(const ProductHost& product, std::string path) const {
    if (named_by_ == NamedBy::Prefix) return false;
    const HttpCall call{.method = "GET", .target = std::move(path)};
    const CallTarget found = locate(call);
    return found.named_by == NamedBy::Path && found.host == product;
  }

  std::string_view json_;
  std::string_view origin_;
  NamedBy named_by_;
  std::vector<Level> open_;
  std::string_view key_;
  bool expects_key_ = false;
  std::string out_;
  std::size_t copied_ = 0;  // of json_ to out_; 0: nothing was replaced yet
};

}  // namespace

std::optional<std::string> rewrite_links(std::string_view json, std::string_view origin,
                                         NamedBy named_by) {
  const auto same = [](char a, char b) { return lower(a) == b; };
  // Not std::ranges::search: clang 14 cannot read libstdc++'s subrange.
  if (std::search(json.begin(), json.end(), kMark.begin(), kMark.end(), same) == json.end()) {
    return std::nullopt;
  }
  if (!nlohmann::json::accept(json)) return std::nullopt;
  return Rewriter(json, origin, named_by).run();
}

}  // namespace twindow::wire
