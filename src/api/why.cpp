// SPDX-License-Identifier: Apache-2.0
#include "src/api/why.h"

#include <algorithm>

#include "twindow/base/duration_text.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/error_codes.h"

namespace twindow::api {

namespace {

constexpr int kOutsideWindow = 63016;

std::string window_sentence(const Message& message) {
  const auto& window = message.window;
  if (window.state == WindowState::Unknown) {
    return "Whether " + message.to.text + " had an open window with " + message.sender.text +
           " was not known then.";
  }
  if (!window.last_inbound) {
    return message.to.text + " had never written to " + message.sender.text +
           ", so there was no open window.";
  }
  const Duration age = message.created - *window.last_inbound;
  if (window.state == WindowState::Open) {
    return "The window was open: the user had last written " + people_text(age) + " before.";
  }
  std::string text = "The user's last message was " + people_text(age) + " before the send (" +
                     wire::to_iso8601_ms(*window.last_inbound) + ")";
  const Duration late = age - limits::kWindowLength;
  if (late.count() >= 0)
    return text + "; the window had been closed for " + people_text(late) + ".";
  return text + "; the window had been closed by hand.";
}

std::string sentence(std::string_view text) {
  return std::string(text) + (text.ends_with('.') ? "" : ".");
}

std::string code_sentences(int code) {
  const auto* info = wire::find_error_code(code);
  const std::string number = std::to_string(code);
  if (info == nullptr) return number + ": not in the list of known codes.";
  return number + " " + sentence(info->title) + " Cause: " + sentence(info->cause) +
         " Fix: " + sentence(info->fix);
}

// Of the last callback that went wrong, if the app may have missed the end of the message.
std::string callback_sentence(const Message& message) {
  const auto last = std::find_if(
      message.timeline.rbegin(), message.timeline.rend(),
      [](const TimelineEntry& e) { return std::holds_alternative<WebhookTried>(e.what); });
  if (last == message.timeline.rend()) {
    return is_final(message.status)
               ? " The app was not told: the message has no StatusCallback and its sender none."
               : "";
  }
  const auto& tried = std::get<WebhookTried>(last->what);
  if (tried.note.empty()) return "";
  return " The app may not know it: " + sentence(tried.note);
}

}  // namespace

std::string why(const Message& message) {
  if (message.direction == Direction::Inbound) {
    return "received: an inbound message of " + message.sender.text + ".";
  }
  const std::string status(to_text(message.status));
  const bool whatsapp = message.to.channel == Channel::WhatsApp;
  std::string text = status + ".";
  if (message.error_code) {
    text += " " + code_sentences(*message.error_code);
    if (whatsapp) text += " " + window_sentence(message);
    if (*message.error_code == kOutsideWindow) {
      if (message.window.state == WindowState::Open) text += " Twilio saw none all the same.";
      text +=
          " What would have worked: an approved template (ContentSid) at any time, or free text "
          "within 24 h of a message of the user.";
    }
  } else if (!is_final(message.status)) {
    text += " Not finished yet: it waits for its next status.";
    if (whatsapp) text += " " + window_sentence(message);
  } else if (message.status == MessageStatus::Undelivered ||
             message.status == MessageStatus::Failed) {
    text += " No error code was reported with it.";
    if (whatsapp) text += " " + window_sentence(message);
  } else {
    text = status + ": nothing went wrong.";
    if (whatsapp && message.kind == MessageKind::Freeform) text += " " + window_sentence(message);
  }
  return text + callback_sentence(message);
}

}  // namespace twindow::api
