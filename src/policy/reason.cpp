// SPDX-License-Identifier: Apache-2.0
#include "src/policy/reason.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "twindow/base/duration_text.h"

namespace twindow::policy {

namespace {

std::string closed_text(const SendView& view, const WindowOptions& options) {
  if (!view.window.last_inbound) {
    return "there is no open window: no message of the user is known from the 24 h before";
  }
  const Time last = *view.window.last_inbound;
  const Time expires = last + limits::kWindowLength;
  const std::string ago = "the user last wrote " + people_text(view.judged_at - last) + " before";
  if (view.judged_at >= expires) return "the window closed at " + utc_text(expires) + ": " + ago;
  if (view.judged_at >= expires - options.margin) {
    return "the window closes at " + utc_text(expires) + ", which is less than the margin of " +
           twindow::to_text(options.margin) + " away: " + ago;
  }
  return "the window is closed, by hand or since WhatsApp refused a send with 63016, although " +
         ago;
}

std::string state_text(const SendView& view, const WindowOptions& options) {
  switch (view.window.state) {
    case WindowState::None:
      return "a send by " + std::string(to_text(view.call.request.to.channel)) + " has no window";
    case WindowState::Open:
      return "the window is open until " +
             utc_text(*view.window.last_inbound + limits::kWindowLength);
    case WindowState::Closed:
      return closed_text(view, options);
    case WindowState::Unknown:
      break;
  }
  return "the window is not known and taken as " + std::string(to_text(view.window_taken_as));
}

}  // namespace

std::string utc_text(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::string window_text(const SendView& view, const WindowOptions& options) {
  const bool later = view.judged_at > view.facts.now;
  return (later ? "at SendAt, " + utc_text(view.judged_at) + ", " : "") + state_text(view, options);
}

}  // namespace twindow::policy
