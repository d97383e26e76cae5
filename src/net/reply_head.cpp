// SPDX-License-Identifier: Apache-2.0
#include "src/net/reply_head.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "twindow/base/ascii.h"

#include "src/net/bytes.h"

namespace twindow::net {

namespace {

// `name` is in lower case.
bool is_named(const wire::Header& header, std::string_view name) {
  return header.name.size() == name.size() &&
         std::ranges::equal(header.name, name, [](char x, char y) { return lower(x) == y; });
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  const auto [end, error] = std::to_chars(digits.begin(), digits.end(), number);
  out.append(digits.begin(), end);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_status_line(std::string& out, int status) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(status));
  out.append(" ").append(wire::reason_phrase(status)).append("\r\n");
}

}  // namespace

std::string_view DateText::at(Time now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (second == written_for_ && !text_.empty()) return text_;
  static constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(second - day);
  const auto two = [this](unsigned long number) {
    text_.push_back(static_cast<char>('0' + number / 10 % 10));
    text_.push_back(static_cast<char>('0' + number % 10));
  };
  text_.assign(kDays[std::chrono::weekday(day).c_encoding()]).append(", ");
  two(static_cast<unsigned>(date.day()));
  text_.append(" ").append(kMonths[static_cast<unsigned>(date.month()) - 1]).append(" ");
  append_number(text_, static_cast<std::size_t>(static_cast<int>(date.year())));
  text_.append(" ");
  two(static_cast<unsigned long>(time.hours().count()));
  text_.append(":");
  two(static_cast<unsigned long>(time.minutes().count()));
  text_.append(":");
  two(static_cast<unsigned long>(time.seconds().count()));
  text_.append(" GMT");
  written_for_ = second;
  return text_;
}

bool is_sendable(const wire::HttpReply& reply) {
  if (reply.status < 200 || reply.status > 999) return false;
  return std::ranges::all_of(reply.headers, [](const wire::Header& header) {
    return !header.name.empty() && all_of_class(header.name, kTokenByte) &&
           is_header_text(header.value);
  });
}

bool has_body(int status, bool to_head) { return !to_head && status != 204 && status != 304; }

std::optional<std::uint64_t> length_of_stream(const wire::HttpReply& reply) {
  std::optional<std::uint64_t> length;
  for (const wire::Header& header : reply.headers) {
    if (!is_named(header, "content-length")) continue;
    if (length || !is_digits(header.value)) return std::nullopt;
    const char* const end = header.value.data() + header.value.size();
    const auto [stop, error] = std::from_chars(header.value.data(), end, length.emplace());
    if (error != std::errc()) return std::nullopt;
  }
  return length;
}

void append_reply_head(std::string& out, const wire::HttpReply& reply, const ReplyFrame& frame) {
  append_status_line(out, reply.status);
  const auto* text = std::get_if<std::string>(&reply.body);
  // Of the body that GET would have, or of one that is still to come: not for us to count.
  const bool is_given =
      text == nullptr ? frame.sized : text->empty() && (frame.to_head || reply.status == 304);
  const bool is_counted =
      !is_given && text != nullptr && reply.status != 204 && reply.status != 304;
  bool has_date = false;
  bool has_length = false;
  for (const wire::Header& header : reply.headers) {
    if (is_named(header, "connection") || is_named(header, "transfer-encoding")) continue;
    if (is_named(header, "content-length")) {
      if (has_length || !(is_given ? is_digits(header.value) : is_counted)) continue;
      has_length = true;
      if (is_counted) {
        out.append(header.name).append(": ");
        append_number(out, text->size());
        out.append("\r\n");
        continue;
      }
    }
    has_date = has_date || is_named(header, "date");
    append_header(out, header.name, header.value);
  }
  out.append(reply.own_headers).append(reply.fixed_headers);
  if (!has_date) append_header(out, "Date", frame.date);
  if (is_counted && !has_length) {
    out.append("Content-Length: ");
    append_number(out, text->size());
    out.append("\r\n");
  }
  if (frame.chunked) append_header(out, "Transfer-Encoding", "chunked");
  append_header(out, "Connection", frame.keeps_alive ? "keep-alive" : "close");
  out.append("\r\n");
}

}  // namespace twindow::net
