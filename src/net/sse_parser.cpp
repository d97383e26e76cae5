// SPDX-License-Identifier: Apache-2.0
#include "src/net/sse_parser.h"

#include <utility>

namespace twindow::net {

bool SseParser::feed(std::string_view bytes, const OnEvent& on_event) {
  while (!bytes.empty()) {
    if (std::exchange(after_cr_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const auto end = bytes.find_first_of("\r\n");
    line_.append(bytes.substr(0, end));
    if (line_.size() + data_.size() > event_bytes_max_) {
      too_large_ = true;
      return false;
    }
    if (end == std::string_view::npos) return true;
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    if (!end_line(on_event)) return false;
  }
  return true;
}

bool SseParser::end_line(const OnEvent& on_event) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const std::string line = std::exchange(line_, {});
  std::string_view text = line;
  if (std::exchange(first_line_, false) && text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  if (text.empty()) {
    const std::string event = std::exchange(event_, {});
    const std::string data = std::exchange(data_, {});
    if (!std::exchange(has_data_, false)) return true;
    return on_event(event.empty() ? std::string_view("message") : event, data);
  }
  const auto colon = text.find(':');  // at 0: a comment, whose name is empty
  const auto name = text.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "event") event_ = value;
  if (name == "data") {
    if (std::exchange(has_data_, true)) data_ += '\n';
    data_ += value;
  }
  return true;
}

}  // namespace twindow::net
