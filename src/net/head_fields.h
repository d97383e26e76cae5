// SPDX-License-Identifier: Apache-2.0
// The header fields of a head, in the order in which they came: what reading a request's and an
// answer's have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <boost/beast/http/basic_parser.hpp>

#include "twindow/wire/http.h"

#include "src/net/seen.h"

namespace twindow::net {

// Beast's parser with the pairs kept here as they come: http::fields would regroup repeated names.
// It is given whole heads, which a scanner has found and measured, and never a body. The views of
// `Seen` are into the bytes it is given.
template <bool kIsRequest>
class HeadFields : public boost::beast::http::basic_parser<kIsRequest> {
 public:
  Seen length;
  Seen transfer_encoding;

 protected:
  using Text = boost::beast::string_view;
  using Code = boost::system::error_code;

  explicit HeadFields(wire::Headers& headers) : headers_(headers) {
    this->header_limit(std::numeric_limits<std::uint32_t>::max());
    this->body_limit(boost::none);
    this->skip(true);
  }

  static std::string_view view(Text text) { return {text.data(), text.size()}; }

  void keep(boost::beast::http::field field, Text name, Text value) {
    if (field == boost::beast::http::field::content_length) length.note(view(value));
    if (field == boost::beast::http::field::transfer_encoding) transfer_encoding.note(view(value));
    headers_.push_back({std::string(view(name)), std::string(view(value))});
  }

 private:
  void on_request_impl(boost::beast::http::verb, Text, Text, int, Code&) override {}
  void on_response_impl(int, Text, int, Code&) override {}
  void on_field_impl(boost::beast::http::field field, Text name, Text value, Code&) override {
    keep(field, name, value);
  }
  void on_header_impl(Code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  std::size_t on_body_impl(Text body, Code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, Code&) override { return body.size(); }
  void on_finish_impl(Code&) override {}

  wire::Headers& headers_;
};

}  // namespace twindow::net
