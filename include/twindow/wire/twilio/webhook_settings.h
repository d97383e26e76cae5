// SPDX-License-Identifier: Apache-2.0
// Where Twilio sends what users write and what becomes of sends, as its console has it: read and
// set through the API. Sources: Twilio's OpenAPI documents of IncomingPhoneNumbers (2010-04-01),
// Services (messaging v1) and Channels/Senders (messaging v2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/error.h"
#include "twindow/model/sid.h"
#include "twindow/wire/twilio/api_queries.h"

namespace twindow::wire {

enum class SettingOf : std::uint8_t { PhoneNumber, WhatsAppSender, Service };

struct WebhookSetting {
  SettingOf of = SettingOf::PhoneNumber;
  std::string sid = {};              // PN…, XE…, MG…
  std::string address = {};          // "+1415…", "whatsapp:+1415…"; of a service its name
  std::string inbound_url = {};      // as Twilio has it; empty: none
  std::string inbound_method = {};   // "POST", "GET"; empty: not said
  std::string fallback_url = {};     // tried if that one fails
  std::string status_callback = {};  // of senders and services: for sends without one
  // Of a phone number: the application whose URL counts in the place of its own.
  std::string application = {};
  // Of a service: each of its numbers keeps its own URL.
  bool numbers_keep_theirs = false;
  // Of a WhatsApp sender: its `webhook` as JSON, to be sent back whole when a part of it changes.
  // Empty: it was not said.
  std::string webhook = {};

  friend bool operator==(const WebhookSetting&, const WebhookSetting&) = default;
};

struct WebhookSettings {
  std::vector<WebhookSetting> settings = {};
  std::optional<std::string> next = {};  // the link, as it came; nothing on the last page
};

// All of one kind: a page of the list, and one alone.
ApiQuery settings_query(SettingOf of, const AccountSid& account);
ApiQuery setting_query(const WebhookSetting& setting, const AccountSid& account);
// Records with neither SID nor address are left out; one alone has a SID. Errc::BadReply.
Result<WebhookSettings> read_settings(SettingOf of, std::string_view json);
Result<WebhookSetting> read_setting(SettingOf of, std::string_view json);

// The phone numbers of a service's pool.
ApiQuery pool_numbers_query(const std::string& service);
Result<SenderAnswers> read_pool_numbers(std::string_view json);  // Errc::BadReply

// A POST.
struct ApiChange {
  ApiQuery place;
  std::string content_type;
  std::string body;
};
// Makes `url` the one that is told what users write, by POST; all else stays.
ApiChange inbound_url_change(const WebhookSetting& setting, const AccountSid& account,
                             const std::string& url);

}  // namespace twindow::wire
