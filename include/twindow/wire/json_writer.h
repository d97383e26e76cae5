// SPDX-License-Identifier: Apache-2.0
// JSON by appending: no tree, no stream. A reply of twenty fields costs a fortieth of what building
// and dumping a document does.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twindow::wire {

enum class Spacing : std::uint8_t {
  Spaced,   // {"a": 1, "b": 2}, as api.twilio.com
  Compact,  // {"a":1,"b":2}
};

// Appends `text` between quotes. Quotes, backslashes and control characters are escaped; a byte
// that is not valid UTF-8 becomes U+FFFD; all else is written as it is.
void append_json_string(std::string& out, std::string_view text);

// `out` is the caller's and must outlive the writer. Commas are set here; that begins, ends, keys
// and values come in an order that makes JSON is the caller's business.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out, Spacing spacing = Spacing::Compact)
      : out_(out), spaced_(spacing == Spacing::Spaced) {}

  JsonWriter& begin_object() { return begin('{'); }
  JsonWriter& end_object() { return end('}'); }
  JsonWriter& begin_array() { return begin('['); }
  JsonWriter& end_array() { return end(']'); }

  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool truth) { return raw(truth ? "true" : "false"); }
  JsonWriter& value(std::nullptr_t) { return raw("null"); }
  JsonWriter& value(double number);  // null if it is not finite
  template <std::signed_integral Number>
  JsonWriter& value(Number number) {
    return integer(static_cast<std::int64_t>(number));
  }
  template <std::unsigned_integral Number>
  JsonWriter& value(Number number) {
    return integer(static_cast<std::uint64_t>(number));
  }
  template <class T>
  JsonWriter& value(const std::optional<T>& maybe) {  // null if there is none
    return maybe ? value(*maybe) : value(nullptr);
  }

  template <class T>
  JsonWriter& field(std::string_view name, const T& content) {
    key(name);
    return value(content);
  }

  // A value that is JSON already.
  JsonWriter& raw(std::string_view json);

 private:
  JsonWriter& begin(char bracket);
  JsonWriter& end(char bracket);
  JsonWriter& integer(std::int64_t number);
  JsonWriter& integer(std::uint64_t number);
  void separate();

  std::string& out_;
  bool spaced_;
  bool comma_ = false;  // something stands before, in this object or array
};

}  // namespace twindow::wire
