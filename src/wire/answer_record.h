// SPDX-License-Identifier: Apache-2.0
// Some members of one JSON object, read without a tree: the answer of every send that passes
// through is read so, and a tree of it was a tenth of what such a send costs.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/error.h"

namespace twindow::wire {

class AnswerRecord {
 public:
  // `wanted` lives longer. What is asked for below is one of them, by its place there.
  explicit AnswerRecord(std::span<const std::string_view> wanted);

  // The whole text is looked at; of a repeated key the last counts. Errc::BadReply, also for more
  // than limits::kJsonDepthMax levels; `what` names it in the detail: "a message".
  Result<void> parse(std::string_view json, std::string_view what);

  // The member, if it is a string; else empty. Stays as long as the record.
  std::string_view text(std::size_t place) const;

  // A whole number from 0 to a million, or its decimal text: Twilio writes some of its numbers so.
  std::optional<int> number(std::size_t place) const;

 private:
  struct Member {
    enum class Kind : std::uint8_t { Absent, Text, Number } kind = Kind::Absent;
    std::string text = {};
    std::int64_t number = 0;
  };
  struct Handler;

  std::span<const std::string_view> wanted_;
  std::vector<Member> members_;
};

}  // namespace twindow::wire
