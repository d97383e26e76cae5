// SPDX-License-Identifier: Apache-2.0
#include "src/policy/reason.h"

#include <chrono>

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
  return "the window is not known and taken as " + std::string(to_text(view.window_taken_as)) +
         (view.facts.twilio_silent ? " (it was not looked up, since Twilio has just not answered)"
                                   : "");
}

}  // namespace

std::string utc_text(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::string text = "0000-00-00T00:00:00Z";
  const auto put = [&text](std::size_t at, std::size_t width, long number) {
    for (; width > 0; --width, number /= 10) {
      text[at + width - 1] = static_cast<char>('0' + number % 10);
    }
  };
  put(0, 4, static_cast<int>(date.year()));
  put(5, 2, static_cast<unsigned>(date.month()));
  put(8, 2, static_cast<unsigned>(date.day()));
  put(11, 2, clock.hours().count());
  put(14, 2, clock.minutes().count());
  put(17, 2, clock.seconds().count());
  return text;
}

std::string window_text(const SendView& view, const WindowOptions& options) {
  const bool later = view.judged_at > view.facts.now;
  return (later ? "at SendAt, " + utc_text(view.judged_at) + ", " : "") + state_text(view, options);
}

}  // namespace twindow::policy
