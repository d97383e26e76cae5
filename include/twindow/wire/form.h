// SPDX-License-Identifier: Apache-2.0
// Forms: application/x-www-form-urlencoded text, as bodies and queries hold it, and the
// percent-encoding of path segments.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/error.h"
#include "twindow/model/message.h"

namespace twindow::wire {

// A value. Order and repetitions are kept. Names are case-sensitive, as Twilio's are.
class Form {
 public:
  Form() = default;
  explicit Form(std::vector<Param> params) : params_(std::move(params)) {}

  const std::vector<Param>& params() const { return params_; }

  // An empty value behaves as absent, as at Twilio: these two see only the others. The views live
  // as long as the form is not changed.
  std::optional<std::string_view> first(std::string_view name) const;
  std::vector<std::string_view> all(std::string_view name) const;

  bool has(std::string_view name) const;  // an empty value counts: "Body=" redacts
  void add(std::string_view name, std::string_view value);

 private:
  std::vector<Param> params_;
};

// Reads `text` without a leading '?'. '+' is a space; a value may hold '='; a name without '=' has
// an empty value; empty pairs are skipped. Errc::InvalidParameter for a broken %-escape, a NUL and
// invalid UTF-8 after decoding: the detail gives the position (bytes of `text`, from 0) and what
// was expected, never the value.
Result<Form> parse_form(std::string_view text);

// As Twilio writes its webhooks: a space is '+', all bytes but letters, digits and "-_." are
// escaped with capital digits.
std::string encode_form(const std::vector<Param>& params);

// One path segment or query value: all but RFC 3986's unreserved characters are escaped.
std::string percent_encode(std::string_view text);

// '+' stays. Empty for a broken escape or a NUL; the bytes need not be UTF-8.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace twindow::wire
