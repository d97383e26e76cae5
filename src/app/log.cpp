// SPDX-License-Identifier: Apache-2.0
#include "src/app/log.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <ostream>

#include "twindow/base/clock.h"
#include "twindow/wire/json_writer.h"
#include "twindow/wire/time_text.h"

namespace twindow::app {

namespace {

constexpr std::size_t kLineLikely = 256;

template <class Number>
void append_number(std::string& line, Number number) {
  std::array<char, 24> digits;
  line.append(digits.begin(), std::to_chars(digits.begin(), digits.end(), number).ptr);
}

// An app calls few paths, again and again: the last one of each thread is not masked anew.
struct MaskedTarget {
  std::string target = {};
  Pii pii = Pii::Mask;
  std::string masked = {};
};

const std::string& masked_target_of(const wire::CallLogEntry& entry, Pii pii) {
  thread_local MaskedTarget last;
  if (last.target != entry.target || last.pii != pii) {
    last.masked.clear();
    append_masked_target(last.masked, entry.target, pii);
    last.target = entry.target;
    last.pii = pii;
  }
  return last.masked;
}

// Every call has this line, so it is appended piece by piece.
void append_call(std::string& line, const wire::CallLogEntry& entry, Pii pii) {
  line.append(entry.plane).append(" ").append(entry.peer).append(" ");
  append_masked(line, entry.method, pii);
  line.append(" ");
  line.append(masked_target_of(entry, pii)).append(" ");
  append_number(line, entry.status);
  if (!entry.subject.empty()) line.append(" ").append(entry.subject);
  line.append(" in ");
  append_number(line, entry.bytes_in);
  line.append(" out ");
  append_number(line, entry.bytes_out);
  line.append(" bytes, ");
  const auto tenths = (entry.took.count() + 50) / 100;
  append_number(line, tenths / 10);
  line.append(".");
  append_number(line, tenths % 10);
  line.append(" ms");
}

}  // namespace

Log::Log(LogOptions options)
    : options_(options),
      // What cannot be written is lost: there is nowhere to say so.
      lines_([](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }) {}

Log::Log(LogOptions options, std::ostream& out)
    : options_(options), lines_([&out](std::string_view text) { out << text << std::flush; }) {}

Log::~Log() = default;

void Log::info(std::string_view text) { add("info", masked_text(text, options_.pii)); }

void Log::warning(std::string_view text) { add("warning", masked_text(text, options_.pii)); }

void Log::error(std::string_view text) { add("error", masked_text(text, options_.pii)); }

void Log::masked(std::string_view text) { add("info", text); }

void Log::add(std::string_view level, std::string_view text) {
  std::string line = begin_line(level);
  if (options_.format == LogFormat::Text) {
    line.append(text).append("\n");
  } else {
    line.append("\"text\":");
    wire::append_json_string(line, text);
    line.append("}\n");
  }
  lines_.add(line);
}

// "2026-01-05T09:00:00.000Z info ", or the same as the first members of a JSON object.
std::string Log::begin_line(std::string_view level) const {
  std::string line;
  line.reserve(kLineLikely);
  if (options_.format == LogFormat::Text) {
    wire::append_iso8601_ms(line, SystemClock().now());
    line.append(" ").append(level).append(" ");
  } else {
    line.append(R"({"time":")");
    wire::append_iso8601_ms(line, SystemClock().now());
    line.append(R"(","level":")").append(level).append("\",");
  }
  return line;
}

void Log::call(const wire::CallLogEntry& entry) {
  std::string line = begin_line("info");
  if (options_.format == LogFormat::Text) {
    append_call(line, entry, options_.pii);
    line.append("\n");
    lines_.add(line);
    return;
  }
  std::string members;
  wire::JsonWriter json(members);
  json.begin_object()
      .field("plane", entry.plane)
      .field("peer", entry.peer)
      .field("method", entry.method)
      .field("target", masked_target_of(entry, options_.pii))
      .field("status", entry.status);
  if (!entry.subject.empty()) json.field("subject", entry.subject);
  json.field("bytes_in", entry.bytes_in)
      .field("bytes_out", entry.bytes_out)
      .field("took_us", entry.took.count())
      .end_object();
  lines_.add(line.append(members, 1).append("\n"));  // the brace stands in `line`
}

wire::CallLog Log::call_log() {
  return [this](const wire::CallLogEntry& entry) { call(entry); };
}

}  // namespace twindow::app
