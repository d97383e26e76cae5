// SPDX-License-Identifier: Apache-2.0
#include "src/app/log.h"

#include <cstdio>
#include <ostream>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "src/app/json.h"

namespace twindow::app {

namespace {

const char* pattern_of(LogFormat format) {
  return format == LogFormat::Text ? "%Y-%m-%dT%H:%M:%S.%eZ %l %v"
                                   : R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
}

// The members of `json` without the braces: the pattern has those, and the time.
std::string members_of(const Json& json) {
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.substr(1, text.size() - 2);
}

void write_masked(spdlog::logger& logger, spdlog::level::level_enum level,
                  const LogOptions& options, std::string_view text) {
  if (options.format == LogFormat::Text) {
    logger.log(level, text);
  } else {
    logger.log(level, members_of({{"text", text}}));
  }
}

void write(spdlog::logger& logger, spdlog::level::level_enum level, const LogOptions& options,
           std::string_view text) {
  write_masked(logger, level, options, masked_text(text, options.pii));
}

// spdlog's own asynchronous logger wakes its thread for each line, which then writes each line.
class LinesSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit LinesSink(LineWriter& lines) : lines_(lines) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    lines_.add({line.data(), line.size()});
  }
  void flush_() override {}

  LineWriter& lines_;
};

std::shared_ptr<spdlog::logger> make_logger(LineWriter& lines, LogFormat format) {
  auto logger = std::make_shared<spdlog::logger>("twindow", std::make_shared<LinesSink>(lines));
  logger->set_pattern(pattern_of(format), spdlog::pattern_time_type::utc);
  return logger;
}

}  // namespace

Log::Log(LogOptions options)
    : options_(options),
      // What cannot be written is lost: there is nowhere to say so.
      lines_([](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }),
      logger_(make_logger(lines_, options.format)) {}

Log::Log(LogOptions options, std::ostream& out)
    : options_(options),
      lines_([&out](std::string_view text) { out << text << std::flush; }),
      logger_(make_logger(lines_, options.format)) {}

Log::~Log() = default;

void Log::info(std::string_view text) { write(*logger_, spdlog::level::info, options_, text); }

void Log::warning(std::string_view text) { write(*logger_, spdlog::level::warn, options_, text); }

void Log::error(std::string_view text) { write(*logger_, spdlog::level::err, options_, text); }

void Log::masked(std::string_view text) {
  write_masked(*logger_, spdlog::level::info, options_, text);
}

void Log::call(const wire::CallLogEntry& entry) {
  const std::string target = masked_target(entry.target, options_.pii);
  const double ms = static_cast<double>(entry.took.count()) / 1000.0;
  if (options_.format == LogFormat::Text) {
    logger_->info("{} {} {} {} {} in {} out {} bytes, {:.1f} ms", entry.plane, entry.peer,
                  masked_text(entry.method, options_.pii), target, entry.status, entry.bytes_in,
                  entry.bytes_out, ms);
    return;
  }
  logger_->info(members_of({{"plane", entry.plane},
                            {"peer", entry.peer},
                            {"method", entry.method},
                            {"target", target},
                            {"status", entry.status},
                            {"bytes_in", entry.bytes_in},
                            {"bytes_out", entry.bytes_out},
                            {"took_us", entry.took.count()}}));
}

wire::CallLog Log::call_log() {
  return [this](const wire::CallLogEntry& entry) { call(entry); };
}

}  // namespace twindow::app
