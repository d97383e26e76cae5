// SPDX-License-Identifier: Apache-2.0
// Server-sent events, read as the bytes come in (WHATWG HTML, section 9.2.6).
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace twindow::net {

class SseParser {
 public:
  // False: no more events are wanted.
  using OnEvent = std::function<bool(std::string_view event, std::string_view data)>;

  explicit SseParser(std::size_t event_bytes_max) : event_bytes_max_(event_bytes_max) {}

  // Calls `on_event` for each event that `bytes` completes: its name ("message" if it has none)
  // and its data, lines joined with LF. An event without data is none. False once `on_event` has
  // said so, or an event is larger than the limit; then nothing more may be fed.
  bool feed(std::string_view bytes, const OnEvent& on_event);
  bool too_large() const { return too_large_; }

 private:
  bool end_line(const OnEvent& on_event);

  std::size_t event_bytes_max_;
  std::string line_;
  std::string event_;
  std::string data_;
  bool has_data_ = false;
  bool after_cr_ = false;  // a LF that comes next belongs to the line that is over
  bool first_line_ = true;
  bool too_large_ = false;
};

}  // namespace twindow::net
