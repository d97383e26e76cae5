// SPDX-License-Identifier: Apache-2.0
// Twilio's answers to what we ask it: whatever comes, no crash; a record that is kept as it is
// written is a piece of what came and reads the same by itself; a next page is on the same host.
// Corpus: fixtures/corpora/twilio_answers.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "twindow/base/check.h"
#include "twindow/wire/twilio/api_queries.h"
#include "twindow/wire/twilio/content_answers.h"
#include "twindow/wire/twilio/message_answers.h"
#include "twindow/wire/twilio/webhook_settings.h"

#include "tests/fuzz/text_of.h"

using namespace twindow;
using namespace twindow::wire;

namespace {

void check_link(const std::optional<std::string>& link, std::string_view host) {
  if (!link) return;
  const auto target = page_target(*link, host);
  if (!target) return;
  TWINDOW_CHECK(target->starts_with('/') && !target->starts_with("//"));
  TWINDOW_CHECK(target->find_first_of(" \r\n\\#") == std::string::npos);
  TWINDOW_CHECK(page_target(*target, host).value_or("") == *target);
}

void check_messages(std::string_view text) {
  const auto list = read_messages(text);
  if (!list) return;
  check_link(list->next, "api.twilio.com");
  for (const RemoteMessage& message : list->messages) {
    TWINDOW_CHECK(text.find(message.json) != std::string_view::npos);
    const auto again = read_message(message.json);
    TWINDOW_CHECK(again.has_value() && *again == message);
    TWINDOW_CHECK(parse_message_sid(message.sid.text).has_value() && !message.to.empty());
  }
}

void check_contents(std::string_view text) {
  const auto list = read_contents(text);
  if (!list) return;
  check_link(list->next, "content.twilio.com");
  for (const ContentTemplate& content : list->templates) {
    TWINDOW_CHECK(parse_content_sid(content.sid.text).has_value());
  }
}

// What would be sent back can be read as what it is.
void check_settings(SettingOf of, std::string_view text) {
  const AccountSid account{"AC0123456789abcdef0123456789abcdef"};
  const auto list = read_settings(of, text);
  if (!list) return;
  check_link(list->next, settings_query(of, account).host);
  for (const WebhookSetting& setting : list->settings) {
    TWINDOW_CHECK(!setting.sid.empty() || !setting.address.empty());
    const ApiChange change = inbound_url_change(setting, account, "https://tw.example.com/in");
    TWINDOW_CHECK(change.body.find("tw.example.com") != std::string::npos);
    TWINDOW_CHECK(change.place.target.find("..") == std::string::npos ||
                  setting.sid.find("..") != std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = test::text_of(data, size);
  check_messages(text);
  check_contents(text);
  (void)read_message(text);
  (void)read_error_code(text);
  (void)read_content(text, text);
  for (const SenderList list :
       {SenderList::PhoneNumbers, SenderList::WhatsAppSenders, SenderList::ServicePool}) {
    const auto senders = read_senders(list, text);
    if (senders) check_link(senders->next, "messaging.twilio.com");
  }
  for (const SettingOf of :
       {SettingOf::PhoneNumber, SettingOf::WhatsAppSender, SettingOf::Service}) {
    check_settings(of, text);
    (void)read_setting(of, text);
  }
  (void)read_pool_numbers(text);
  check_link(std::string(text), "api.twilio.com");
  return 0;
}
