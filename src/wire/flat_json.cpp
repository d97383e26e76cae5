// SPDX-License-Identifier: Apache-2.0
#include "src/wire/flat_json.h"

#include <nlohmann/json.hpp>

namespace twindow::wire {

namespace {

using Json = nlohmann::json;

// Receives what the parser meets, and stops it (by returning false) at the first value that does
// not belong into a flat object.
class FlatReader final : public nlohmann::json_sax<Json> {
 public:
  std::vector<FlatMember> members;
  std::string error;

  bool null() override { return add(std::nullopt); }
  bool boolean(bool truth) override { return add(truth ? "true" : "false"); }
  bool number_integer(number_integer_t number) override { return add(std::to_string(number)); }
  bool number_unsigned(number_unsigned_t number) override { return add(std::to_string(number)); }
  // The text that was written: 1.50 stays 1.50.
  bool number_float(number_float_t, const string_t& text) override { return add(text); }
  bool string(string_t& text) override { return add(std::move(text)); }
  bool binary(binary_t&) override { return no_object(); }

  bool start_object(std::size_t) override {
    if (inside_) return nested();
    inside_ = true;
    return true;
  }
  bool key(string_t& text) override {
    key_ = std::move(text);
    return true;
  }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return inside_ ? nested() : no_object(); }
  bool end_array() override { return true; }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    error = "position " + std::to_string(position) + ": expected JSON";
    return false;
  }

 private:
  bool add(std::optional<std::string> text) {
    if (!inside_) return no_object();
    members.push_back({key_, std::move(text)});
    return true;
  }
  bool nested() {
    error = "\"" + key_ + "\": expected a string, a number, true, false or null";
    return false;
  }
  bool no_object() {
    error = "expected a JSON object";
    return false;
  }

  bool inside_ = false;
  std::string key_;
};

}  // namespace

Expected<std::vector<FlatMember>, FlatJsonError> parse_flat_object(std::string_view json) {
  FlatReader reader;
  if (!Json::sax_parse(json.begin(), json.end(), &reader)) {
    return Unexpected(FlatJsonError{std::move(reader.error)});
  }
  return std::move(reader.members);
}

}  // namespace twindow::wire
