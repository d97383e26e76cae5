// SPDX-License-Identifier: Apache-2.0
// nlohmann's SAX events say what comes next, never where. A scan beside them knows: between two
// tokens stand only blanks, comments, ',' and ':', and the length of a token follows from its kind.
#include "src/app/json_document.h"

#include <algorithm>
#include <optional>

namespace twindow::app {

namespace {

Position position_of(std::string_view text, std::size_t offset) {
  Position at;
  for (const char c : text.substr(0, offset)) {
    const bool continues_character = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (c == '\n') {
      at = {.line = at.line + 1};
    } else if (!continues_character) {
      ++at.column;
    }
  }
  return at;
}

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class PositionIndex final : public nlohmann::json_sax<Json> {
 public:
  explicit PositionIndex(std::string_view text, JsonDocument& document)
      : text_(text), document_(document), at_(text.starts_with(kByteOrderMark) ? 3 : 0) {}

  bool null() override { return literal(4); }
  bool boolean(bool value) override { return literal(value ? 4 : 5); }
  bool number_integer(number_integer_t) override { return number(); }
  bool number_unsigned(number_unsigned_t) override { return number(); }
  bool number_float(number_float_t, const string_t&) override { return number(); }
  bool string(string_t&) override {
    begin_value();
    skip_string();
    return true;
  }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    skip_blanks();
    open_.back().next = child_pointer(open_.back().pointer, name);
    const bool is_new =
        document_.keys.insert_or_assign(open_.back().next, position_of(text_, at_)).second;
    if (!is_new) document_.twice.push_back(open_.back().next);
    skip_string();
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    std::size_t last = at_;
    for (std::size_t i = at_; i < text_.size() && text_[i] == ','; ++i) last = i + 1;
    skip_blanks();
    const std::size_t offset = std::min(at_, position == 0 ? 0 : position - 1);
    mistake_ = JsonMistake{position_of(text_, offset), told(error.what())};
    const bool closes = at_ < text_.size() && (text_[at_] == '}' || text_[at_] == ']');
    if (closes && last != 0 && text_.substr(0, last).ends_with(',')) {
      mistake_->text = std::string("found \",\" before \"") + text_[at_] +
                       "\", expected no comma after the last value";
    }
    return false;
  }

  const std::optional<JsonMistake>& mistake() const { return mistake_; }

 private:
  struct Open {  // an object or array whose end has not come
    std::string pointer;
    bool array;
    std::size_t index = 0;
    std::string next = {};  // pointer of an object's next value
  };

  // "[…] parse error at line 1, column 2: syntax error while parsing value - invalid literal; last
  // read: 'x'; expected …" without where (we know better) and without what was read.
  static std::string told(std::string text) {
    if (const auto dash = text.find(" - "); dash != std::string::npos) text.erase(0, dash + 3);
    const auto read = text.find("; last read: '");
    if (read != std::string::npos) {
      const auto expected = text.rfind("'; expected ");
      text.erase(read, expected == std::string::npos ? std::string::npos : expected + 1 - read);
    }
    return "this is not JSON: " + text;
  }

  void skip_comment() {
    const bool line = text_.substr(at_).starts_with("//");
    const auto end = line ? text_.find('\n', at_) : text_.find("*/", at_ + 2);
    at_ = end == std::string_view::npos ? text_.size() : end + (line ? 1 : 2);
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      if (text_[at_] == '/') {
        skip_comment();
      } else if (std::string_view(" \t\r\n,:").find(text_[at_]) != std::string_view::npos) {
        ++at_;
      } else {
        return;
      }
    }
  }

  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }

  void begin_value() {
    skip_blanks();
    document_.values.insert_or_assign(next_pointer(), position_of(text_, at_));
  }

  std::string next_pointer() {
    if (open_.empty()) return "";
    Open& open = open_.back();
    if (!open.array) return open.next;
    return child_pointer(open.pointer, std::to_string(open.index++));
  }

  bool literal(std::size_t length) {
    begin_value();
    at_ += length;
    return true;
  }

  bool number() {
    begin_value();
    const auto end = text_.find_first_not_of("+-.0123456789eE", at_);
    at_ = end == std::string_view::npos ? text_.size() : end;
    return true;
  }

  bool open(bool array) {
    skip_blanks();
    std::string pointer = next_pointer();
    document_.values.insert_or_assign(pointer, position_of(text_, at_));
    open_.push_back({std::move(pointer), array});
    ++at_;
    return true;
  }

  bool close() {
    skip_blanks();
    ++at_;
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  JsonDocument& document_;
  std::size_t at_;
  std::vector<Open> open_ = {};
  std::optional<JsonMistake> mistake_ = {};
};

}  // namespace

std::string child_pointer(const std::string& pointer, std::string_view name) {
  return pointer + (Json::json_pointer() / std::string(name)).to_string();
}

Expected<JsonDocument, JsonMistake> parse_json_document(std::string_view text) {
  JsonDocument document;
  PositionIndex index(text, document);
  constexpr bool kStrict = true;
  constexpr bool kIgnoreComments = true;
  Json::sax_parse(text, &index, Json::input_format_t::json, kStrict, kIgnoreComments);
  if (index.mistake()) return Unexpected(*index.mistake());
  document.root = Json::parse(text, nullptr, false, kIgnoreComments);
  return document;
}

}  // namespace twindow::app
