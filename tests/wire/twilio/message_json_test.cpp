// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/message_json.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/golden.h"
#include "tests/wire/twilio/sample_message.h"

namespace twindow::wire {
namespace {

using namespace test_data;

nlohmann::json json_of(const Message& message) {
  return nlohmann::json::parse(message_json(message, true));
}

Message undelivered() {
  Message message = whatsapp();
  message.status = MessageStatus::Undelivered;
  message.error_code = 63016;
  message.updated = at(5, 1, 47);
  message.body = "\"Zoë\" <&>\n\x01";
  return message;
}

TEST(MessageJson, AtCreateIsAsCaptured) {
  test::expect_golden("twilio/message_created.json", message_json(sms(), false));
}

TEST(MessageJson, OfAnUndeliveredWhatsAppMessage) {
  test::expect_golden("twilio/message_undelivered.json", message_json(undelivered(), true));
}

TEST(MessageXml, AtCreateIsAsCaptured) {
  test::expect_golden("twilio/message_created.xml", message_xml(sms()));
}

TEST(MessageXml, OfAnUndeliveredWhatsAppMessage) {
  test::expect_golden("twilio/message_undelivered.xml", message_xml(undelivered()));
}

TEST(MessageJson, HidesTheSegmentsOfAServiceUntilItIsSent) {
  Message message = sms();
  message.service = kService;
  message.from = std::nullopt;
  message.num_segments = 3;
  message.status = MessageStatus::Accepted;
  auto json = json_of(message);
  EXPECT_EQ(json.at("num_segments"), "0");
  EXPECT_EQ(json.at("from"), nullptr);
  EXPECT_EQ(json.at("messaging_service_sid"), kService.text);

  message.sent = at(5, 1, 46);
  json = json_of(message);
  EXPECT_EQ(json.at("num_segments"), "3");
  EXPECT_EQ(json.at("date_sent"), "Thu, 24 Aug 2023 05:01:46 +0000");
}

TEST(MessageJson, HasNumbersAsTextButTheErrorCode) {
  Message message = undelivered();
  message.media = {{.sid = {"ME01"}, .url = "https://a.example/1.png"}};
  const auto json = json_of(message);
  EXPECT_EQ(json.at("num_media"), "1");
  EXPECT_EQ(json.at("num_segments"), "1");
  EXPECT_EQ(json.at("error_code"), 63016);
  EXPECT_EQ(json.at("error_message"), "Outside the allowed window");
  EXPECT_EQ(json.at("price_unit"), nullptr);
}

TEST(MessageJson, HasNoTextForACodeThatIsNotInTheDictionary) {
  Message message = undelivered();
  message.error_code = 1;
  EXPECT_EQ(json_of(message).at("error_code"), 1);
  EXPECT_EQ(json_of(message).at("error_message"), nullptr);
}

TEST(MessageJson, AppendsToWhatIsThere) {
  std::string out = "[";
  append_message_json(out, sms(), false);
  EXPECT_EQ(out, "[" + message_json(sms(), false));
}

}  // namespace
}  // namespace twindow::wire
