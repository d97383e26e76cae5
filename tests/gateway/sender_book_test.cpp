// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/sender_book.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::gateway {
namespace {

const ServiceSid kService{"MG0123456789abcdef0123456789abcdef"};
const ServiceSid kOtherService{"MG0123456789abcdef0123456789abcdee"};

SendRequest from(const std::string& sender, const std::string& to) {
  SendRequest request;
  request.to = *parse_to(to);
  request.from = *parse_from(sender);
  return request;
}

SendRequest through(const ServiceSid& service, const std::string& to) {
  SendRequest request;
  request.to = *parse_to(to);
  request.service = service;
  return request;
}

SenderBook closed_book() {
  AccountOptions options;
  Sender shop;
  shop.address = *parse_from("whatsapp:+14155550100");
  shop.service = kService;
  shop.inbound_url = "https://app.example.com/shop";
  options.senders = {shop};
  options.inbound_url = "https://app.example.com/all";
  options.status_callback = "https://app.example.com/status";
  return SenderBook(options);
}

std::vector<std::string> addresses(const SenderBook& book) {
  std::vector<std::string> all;
  for (const Sender& sender : book.senders()) all.push_back(sender.address.text);
  return all;
}

AccountOptions with_sender(const std::string& address) {
  AccountOptions options;
  options.senders = {{.address = *parse_from(address)}};
  return options;
}

TEST(SenderBook, TakesTheSendersOfANewConfiguration) {
  SenderBook book(with_sender("whatsapp:+14155550100"));
  book.replace({{.address = *parse_from("whatsapp:+14155550109")}});
  book.configure(with_sender("whatsapp:+14155550101"));
  EXPECT_EQ(addresses(book), std::vector<std::string>{"whatsapp:+14155550101"});
  book.configure({});
  EXPECT_TRUE(book.open());
}

TEST(SenderBook, KeepsWhatWasSetSinceIfTheConfigurationHasTheSameSenders) {
  AccountOptions options = with_sender("whatsapp:+14155550100");
  SenderBook book(options);
  book.replace({{.address = *parse_from("whatsapp:+14155550109")}});
  options.inbound_url = "https://app.example.com/new";
  options.status_callback = "https://app.example.com/status";
  book.configure(options);
  EXPECT_EQ(addresses(book), std::vector<std::string>{"whatsapp:+14155550109"});
  EXPECT_EQ(book.inbound_url(*parse_from("whatsapp:+14155550109")), "https://app.example.com/new");
  EXPECT_EQ(book.status_callback(*parse_from("whatsapp:+14155550109")),
            "https://app.example.com/status");
  book.restore();
  EXPECT_EQ(addresses(book), std::vector<std::string>{"whatsapp:+14155550100"});
}

struct ChoiceCase {
  std::string_view name;
  SendRequest request;
  std::string_view want;  // the sender, or empty
  Errc error = Errc::Internal;
};

class ClosedBook : public testing::TestWithParam<ChoiceCase> {};

TEST_P(ClosedBook, KnowsItsOwnOnly) {
  const auto chosen = closed_book().choose(GetParam().request);
  if (GetParam().want.empty()) {
    ASSERT_FALSE(chosen.has_value());
    EXPECT_EQ(chosen.error().code, GetParam().error);
  } else {
    ASSERT_TRUE(chosen.has_value());
    EXPECT_EQ(chosen->text, GetParam().want);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, ClosedBook,
    testing::ValuesIn(std::vector<ChoiceCase>{
        {"Own", from("whatsapp:+14155550100", "whatsapp:+15558675310"), "whatsapp:+14155550100"},
        {"Sandbox", from("whatsapp:+14155238886", "whatsapp:+15558675310"),
         "whatsapp:+14155238886"},
        {"ForeignWhatsApp", from("whatsapp:+14155550199", "whatsapp:+15558675310"), "",
         Errc::ChannelNotFound},
        {"ForeignNumber", from("+15005550006", "+15558675310"), "", Errc::FromNotOwned},
        {"ForeignShortCode", from("22395", "+15558675310"), "", Errc::FromNotOwnedSms},
        {"ForeignName", from("ACME", "+15558675310"), "", Errc::FromNotOwnedSms},
        {"Service", through(kService, "whatsapp:+15558675310"), "whatsapp:+14155550100"},
        {"ServiceWithoutSms", through(kService, "+15558675310"), "", Errc::ServiceWithoutSender},
        {"UnknownService", through(kOtherService, "whatsapp:+15558675310"), "",
         Errc::ServiceUnknown},
    }),
    test::case_name);

TEST(SenderBook, IsOpenWhileEmpty) {
  const SenderBook book{AccountOptions{}};
  EXPECT_TRUE(book.open());
  EXPECT_EQ(book.choose(from("+15005550006", "+15558675310"))->text, "+15005550006");
  const auto whatsapp = book.choose(through(kService, "whatsapp:+15558675310"));
  ASSERT_TRUE(whatsapp);
  EXPECT_EQ(whatsapp->channel, Channel::WhatsApp);
  EXPECT_TRUE(parse_from(whatsapp->text).has_value());
  EXPECT_EQ(*book.choose(through(kService, "whatsapp:+15558675310")), *whatsapp);
  const auto sms = book.choose(through(kService, "+15558675310"));
  ASSERT_TRUE(sms);
  EXPECT_EQ(sms->channel, Channel::Sms);
}

TEST(SenderBook, GivesASendersOwnUrlsBeforeTheAccounts) {
  const SenderBook book = closed_book();
  EXPECT_EQ(book.inbound_url(*parse_from("whatsapp:+14155550100")), "https://app.example.com/shop");
  EXPECT_EQ(book.inbound_url(*parse_from("+15005550006")), "https://app.example.com/all");
  EXPECT_EQ(book.status_callback(*parse_from("whatsapp:+14155550100")),
            "https://app.example.com/status");
}

TEST(SenderBook, ComesBackAsConfigured) {
  SenderBook book = closed_book();
  book.replace({});
  EXPECT_TRUE(book.open());
  book.restore();
  EXPECT_FALSE(book.open());
}

}  // namespace
}  // namespace twindow::gateway
