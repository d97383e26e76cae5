// SPDX-License-Identifier: Apache-2.0
#include "src/wire/answer_record.h"

#include <algorithm>

#include <boost/json/basic_parser_impl.hpp>

#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"

namespace twindow::wire {

namespace {

constexpr std::int64_t kNumberMax = 1'000'000;  // of codes and counts

using boost::json::error_code;
using boost::json::string_view;

}  // namespace

// Receives what the parser meets. Only members of the outermost object count.
struct AnswerRecord::Handler {
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;

  explicit Handler(AnswerRecord& its_record) : record(its_record) {}

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    if (depth++ == 0) is_object = true;
    return true;
  }
  bool on_object_end(std::size_t, error_code&) { return leave(); }
  bool on_array_begin(error_code&) {
    ++depth;
    return true;
  }
  bool on_array_end(std::size_t, error_code&) { return leave(); }
  bool on_key_part(string_view part, std::size_t, error_code&) {
    if (depth == 1) key.append(part);
    return true;
  }
  bool on_key(string_view part, std::size_t, error_code&) {
    if (depth != 1) return true;
    if (key.empty()) {
      find({part.data(), part.size()});
    } else {
      find(key.append(part));
      key.clear();
    }
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) { return add(part); }
  bool on_string(string_view part, std::size_t, error_code&) {
    if (member != nullptr && depth == 1) member->kind = Member::Kind::Text;
    return add(part);
  }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t number, string_view, error_code&) {
    if (member != nullptr && depth == 1) {
      member->kind = Member::Kind::Number;
      member->number = number;
    }
    return true;
  }
  bool on_uint64(std::uint64_t, string_view, error_code&) { return true; }  // too large for us
  bool on_double(double, string_view, error_code&) { return true; }
  bool on_bool(bool, error_code&) { return true; }
  bool on_null(error_code&) { return true; }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

  void find(std::string_view name) {
    const auto found = std::ranges::find(record.wanted_, name);
    member = nullptr;
    if (found == record.wanted_.end()) return;
    member = &record.members_[static_cast<std::size_t>(found - record.wanted_.begin())];
    member->kind = Member::Kind::Absent;  // whatever was there under the same key
    member->text.clear();
  }
  bool add(string_view part) {
    if (member != nullptr && depth == 1) member->text.append(part);
    return true;
  }
  bool leave() {
    --depth;
    return true;
  }

  AnswerRecord& record;
  std::string key = {};  // the part of it that has come
  Member* member = nullptr;
  int depth = 0;
  bool is_object = false;
};

AnswerRecord::AnswerRecord(std::span<const std::string_view> wanted)
    : wanted_(wanted), members_(wanted.size()) {}

Result<void> AnswerRecord::parse(std::string_view json, std::string_view what) {
  const auto no = [&](const char* why) {
    return fail(Errc::BadReply, "Twilio's answer is not " + std::string(what) + ": " + why);
  };
  boost::json::parse_options options;
  options.max_depth = limits::kJsonDepthMax;
  boost::json::basic_parser<Handler> parser(options, *this);
  error_code error;
  const std::size_t read = parser.write_some(false, json.data(), json.size(), error);
  if (error == boost::json::error::too_deep) return no("it nests too deep");
  if (error || read < json.size()) return no("it is no JSON");
  if (!parser.handler().is_object) return no("it is no JSON object");
  return {};
}

std::string_view AnswerRecord::text(std::size_t place) const {
  const Member& member = members_[place];
  return member.kind == Member::Kind::Text ? std::string_view(member.text) : std::string_view();
}

std::optional<int> AnswerRecord::number(std::size_t place) const {
  const Member& member = members_[place];
  if (member.kind == Member::Kind::Number) {
    if (member.number < 0 || member.number > kNumberMax) return std::nullopt;
    return static_cast<int>(member.number);
  }
  const auto number = parse_decimal(text(place), kNumberMax);
  if (!number) return std::nullopt;
  return static_cast<int>(*number);
}

}  // namespace twindow::wire
