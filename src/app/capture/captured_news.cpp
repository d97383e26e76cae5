// SPDX-License-Identifier: Apache-2.0
#include "src/app/capture/captured_news.h"

#include <algorithm>
#include <array>
#include <optional>

#include "twindow/base/ascii.h"
#include "twindow/wire/form.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/error_codes.h"

namespace twindow::app {

namespace {

// What says which message it is, and where it is: the simulator writes that itself, with the
// scenario's own names. Source: twilio-api.md, status callbacks.
constexpr auto kOfTheMessage = std::to_array<std::string_view>(
    {"AccountSid", "ApiVersion", "ChannelInstallSid", "ChannelPrefix", "ChannelToAddress", "From",
     "MessageSid", "MessageStatus", "MessagingServiceSid", "ParentMessageSid", "RawDlrDoneDate",
     "SmsMessageSid", "SmsSid", "SmsStatus", "StructuredMessage", "To"});

// What a message is made with, and what a rule cannot say.
constexpr auto kBeforeAll =
    std::to_array<std::string_view>({"accepted", "scheduled", "queued", "sending"});

constexpr std::uint32_t kCodeMax = 99'999;

struct Happened {
  Time at;
  std::string status;
  std::string code;
  const Json* callback = nullptr;
  bool by_itself = false;  // whatever the rule says: a scheduled message is queued at its time
};

bool is_status(const Json& callback) { return text_at(callback, "type") == "status"; }

bool is_lost_before(const Json& callback, Time at) {
  const auto when = wire::parse_time(text_at(callback, "at"));
  return !when || *when < at;
}

std::vector<Happened> of_timeline(const Json& message, Time created) {
  std::vector<Happened> all;
  bool first = true;
  bool scheduled = false;
  for (const Json& entry : member_at(message, "timeline")) {
    const auto at = wire::parse_time(text_at(entry, "at"));
    if (text_at(entry, "event") != "status" || !at) continue;
    const std::string status = text_at(entry, "status");
    const bool begins = std::exchange(first, false) && *at <= created &&
                        std::ranges::find(kBeforeAll, status) != kBeforeAll.end();
    scheduled = scheduled || status == "scheduled";
    if (begins || status == "accepted" || status == "scheduled") continue;
    all.push_back({*at, status, text_at(entry, "error_code")});
    all.back().by_itself = status == "queued" && std::exchange(scheduled, false);
  }
  return all;
}

// What the simulator says by itself of such a status on WhatsApp, and this webhook did not.
void leave_unsaid(Json& json, const Happened& what, std::string_view to) {
  if (!to.starts_with("whatsapp:")) return;
  const auto unsaid = [&](const char* name) {
    if (!json.contains(name)) json[name] = "";
  };
  if (what.status == "delivered" || what.status == "read") unsaid("EventType");
  const auto code = parse_decimal(what.code, kCodeMax);
  if (code && wire::find_error_code(static_cast<int>(*code)) != nullptr) {
    unsaid("ErrorMessage");
    unsaid("ChannelStatusMessage");
  }
}

Json callback_of(const Happened& what, Duration after, bool drop, Masker& mask) {
  Json json{{"after", span_text(after)}, {"MessageStatus", what.status}};
  if (!what.code.empty()) json["ErrorCode"] = what.code;
  if (drop) json["drop"] = true;
  if (what.callback == nullptr) return json;
  const auto form = wire::parse_form(text_at(member_at(*what.callback, "request"), "body"));
  if (!form) return json;
  for (const Param& param : form->params()) {
    if (std::ranges::find(kOfTheMessage, param.name) != kOfTheMessage.end()) continue;
    if (param.name == "ErrorCode" && param.value.empty()) continue;
    json[param.name] = escaped(mask.identifiers(param.value));
  }
  leave_unsaid(json, what, form->first("To").value_or(""));
  return json;
}

}  // namespace

std::string span_text(Duration span) {
  struct Unit {
    std::int64_t size;
    const char* name;
  };
  std::string text;
  std::int64_t left = span.count();
  for (const Unit& unit :
       {Unit{3'600'000, "h"}, Unit{60'000, "m"}, Unit{1000, "s"}, Unit{1, "ms"}}) {
    if (left < unit.size) continue;
    text += std::to_string(left / unit.size) + unit.name;
    left %= unit.size;
  }
  return text.empty() ? "0s" : text;
}

std::string escaped(std::string text) {
  for (auto at = text.find("${"); at != text.npos; at = text.find("${", at + 3)) {
    text.insert(at, "$");
  }
  return text;
}

CapturedNews captured_news(const Json& material, Masker& mask) {
  const Json& message = member_at(material, "message");
  const Json& callbacks = member_at(material, "callbacks");
  const Time created = wire::parse_time(text_at(message, "date_created")).value_or(Time());
  std::vector<Happened> all = of_timeline(message, created);
  std::vector<const Json*> left;
  for (const Json& callback : callbacks) {
    if (is_status(callback)) left.push_back(&callback);
  }
  const bool told_at_all = !left.empty();
  for (Happened& what : all) {
    const auto found = std::ranges::find_if(left, [&](const Json* callback) {
      return text_at(*callback, "message_status") == what.status &&
             !is_lost_before(*callback, what.at);
    });
    if (found == left.end()) continue;
    what.callback = *found;
    left.erase(found);
  }
  // In front of the real Twilio what is left over are tries of ours to tell the same again.
  const bool simulated = text_at(material, "mode") == "simulate";
  for (const Json* callback : left) {
    const auto at = wire::parse_time(text_at(*callback, "at"));
    if (simulated && at) all.push_back({*at, text_at(*callback, "message_status"), "", callback});
  }
  std::ranges::stable_sort(all, {}, &Happened::at);

  CapturedNews news;
  Time last = created;
  for (const Happened& what : all) {
    const bool drop = simulated && told_at_all && what.callback == nullptr;
    if (!what.by_itself) {
      const Duration after = std::max<Duration>(what.at - last, Duration());
      news.callbacks.push_back(callback_of(what, after, drop, mask));
      last = std::max(last, what.at);
    }
    if (drop) continue;
    news.told.push_back(what.status);
    if (what.callback == nullptr) continue;
    const std::string http = text_at(*what.callback, "status");
    news.answered = news.answered && http.size() == 3 && http.front() == '2';
  }
  news.length = last - created;
  return news;
}

}  // namespace twindow::app
