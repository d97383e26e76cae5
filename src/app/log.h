// SPDX-License-Identifier: Apache-2.0
// The log on stderr: lines of text, or of JSON. Everything passes the masking.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "twindow/wire/call_log.h"

#include "src/app/config.h"
#include "src/app/line_writer.h"
#include "src/app/masking.h"

namespace twindow::app {

struct LogOptions {
  LogFormat format = LogFormat::Text;
  Pii pii = Pii::Mask;
};

// Thread-safe. Lines are written by a thread of its own (LineWriter): whoever logs never waits, and
// if the reader of stderr is too slow the oldest lines are dropped. The destructor writes what is
// left.
class Log {
 public:
  explicit Log(LogOptions options);            // to stderr
  Log(LogOptions options, std::ostream& out);  // which outlives it
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void info(std::string_view text);
  void warning(std::string_view text);
  void error(std::string_view text);
  void masked(std::string_view text);  // info that has passed the masking, as `pii` says
  Pii pii() const { return options_.pii; }

  // One line for each call a server has answered:
  // "api 127.0.0.1 POST /2010-04-01/… 201 in 150 out 810 bytes, 1.2 ms".
  void call(const wire::CallLogEntry& entry);
  wire::CallLog call_log();  // `call` as the servers want it; must not outlive this

 private:
  void add(std::string_view level, std::string_view text);
  std::string begin_line(std::string_view level) const;

  LogOptions options_;
  LineWriter lines_;
};

}  // namespace twindow::app
