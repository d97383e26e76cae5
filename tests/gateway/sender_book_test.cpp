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
  EXPECT_EQ(book.status_route(*parse_from("whatsapp:+14155550109")),
            SenderBook::StatusRoute{"https://app.example.com/status"});
  book.restore();
  EXPECT_EQ(addresses(book), std::vector<std::string>{"whatsapp:+14155550109"});
}

// Who is called with what comes in, and how: by whose word.
TEST(SenderBook, AServiceAnswersForItsSendersUnlessItDefersToThem) {
  AccountOptions options;
  options.fallback_url = "https://app.example.com/account-fallback";
  SenderBook book(options);
  Sender shop{.address = *parse_from("+14155550100")};
  shop.service = kService;
  shop.inbound_url = "https://app.example.com/number";
  shop.inbound_method = HttpMethod::Get;
  shop.fallback_url = "https://app.example.com/number-fallback";
  book.put(shop);
  ServiceSettings settings{.inbound_url = "https://app.example.com/service",
                           .fallback_url = "https://app.example.com/service-fallback",
                           .fallback_method = HttpMethod::Get};
  book.put_service(kService, settings);
  SenderBook::InboundRoute route = book.inbound_route(shop.address);
  EXPECT_EQ(route.url, "https://app.example.com/service");
  EXPECT_EQ(route.method, HttpMethod::Post);
  EXPECT_EQ(route.fallback_url, "https://app.example.com/service-fallback");
  EXPECT_EQ(route.fallback_method, HttpMethod::Get);

  settings.defers_inbound = true;
  book.put_service(kService, settings);
  route = book.inbound_route(shop.address);
  EXPECT_EQ(route.url, "https://app.example.com/number");
  EXPECT_EQ(route.method, HttpMethod::Get);
  EXPECT_EQ(route.fallback_url, "https://app.example.com/number-fallback");
  EXPECT_EQ(route.fallback_method, HttpMethod::Post);

  settings = {};
  book.put_service(kService, settings);
  EXPECT_EQ(book.inbound_route(shop.address).url, std::nullopt);  // nobody is to be told
  EXPECT_EQ(book.inbound_route(shop.address).fallback_url,
            "https://app.example.com/account-fallback");
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
  SenderBook book{AccountOptions{}};
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
  EXPECT_EQ(book.status_route(*parse_from("whatsapp:+14155550100")),
            SenderBook::StatusRoute{"https://app.example.com/status"});
}

SenderBook book_with_pool(const std::vector<std::string>& addresses,
                          ServiceSettings settings = {}) {
  SenderBook book{AccountOptions{}};
  book.put_service(kService, std::move(settings));
  for (const std::string& address : addresses) {
    Sender sender{.address = *parse_from(address)};
    sender.service = kService;
    book.put(std::move(sender));
  }
  return book;
}

TEST(SenderBook, ARecipientKeepsTheSenderOfAService) {
  SenderBook book = book_with_pool({"+14155550100", "+14155550101", "+14155550102"});
  const auto to_user = [&](int n) {
    return book.choose(through(kService, "+1555000000" + std::to_string(n)))->text;
  };
  std::vector<std::string> first;
  for (int n = 0; n < 6; ++n) first.push_back(to_user(n));
  EXPECT_NE(first[0], first[1]) << "they take turns";
  EXPECT_EQ(first[0], first[3]);
  for (int n = 5; n >= 0; --n) EXPECT_EQ(to_user(n), first[static_cast<std::size_t>(n)]) << n;
  book.erase(*parse_from(first[0]));
  EXPECT_NE(to_user(0), first[0]);
}

TEST(SenderBook, WithoutStickySendersTheyTakeTurns) {
  SenderBook book = book_with_pool({"+14155550100", "+14155550101"}, {.sticky = false});
  const auto one = book.choose(through(kService, "+15550000001"))->text;
  EXPECT_NE(book.choose(through(kService, "+15550000001"))->text, one);
}

TEST(SenderBook, AShortCodeThenTheAreaCodeThenAnyNumberThenAName) {
  const std::string to = "+14155550123";
  SenderBook all = book_with_pool({"ACME", "+12125550100", "+14155550100", "22395"});
  EXPECT_EQ(all.choose(through(kService, to))->text, "22395");
  SenderBook numbers = book_with_pool({"ACME", "+12125550100", "+14155550100"});
  EXPECT_EQ(numbers.choose(through(kService, to))->text, "+14155550100");
  SenderBook name = book_with_pool({"ACME"});
  EXPECT_EQ(name.choose(through(kService, "+34600000001"))->text, "ACME");
  EXPECT_EQ(name.choose(through(kService, to)).error().code, Errc::ServiceWithoutSender)
      << "the US knows no names";
}

TEST(SenderBook, AServiceThatIsDescribedSaysWhoIsTold) {
  const std::string number = "+14155550100";
  SenderBook book =
      book_with_pool({number}, {.inbound_url = "https://app.example.com/mg",
                                .status_callback = "https://app.example.com/mg-status"});
  Sender sender{.address = *parse_from(number), .inbound_url = "https://app.example.com/number"};
  book.put(sender);
  EXPECT_EQ(book.find(sender.address)->service, kService) << "it stays in its service";
  EXPECT_EQ(book.inbound_url(sender.address), "https://app.example.com/mg");
  EXPECT_EQ(book.status_route(sender.address, kService),
            SenderBook::StatusRoute{"https://app.example.com/mg-status"});
  EXPECT_EQ(book.status_route(sender.address), std::nullopt);
  sender.status_callback = "https://app.example.com/of-the-number";
  sender.status_method = HttpMethod::Get;
  book.put(sender);
  EXPECT_EQ(book.status_route(sender.address),
            (SenderBook::StatusRoute{"https://app.example.com/of-the-number", HttpMethod::Get}));
  book.put_service(kService, {});
  EXPECT_EQ(book.inbound_url(sender.address), std::nullopt) << "its inbound webhook is off";
  book.put_service(kService, {.defers_inbound = true});
  EXPECT_EQ(book.inbound_url(sender.address), "https://app.example.com/number");
  book.erase_service(kService);
  EXPECT_EQ(book.find(sender.address)->service, std::nullopt);
}

TEST(SenderBook, ComesBackAsConfigured) {
  SenderBook book = closed_book();
  const std::vector<Sender> configured = book.senders();
  book.put(Sender{.address = *parse_from("+15005550099")});
  book.put_service(ServiceSid{"MG00000000000000000000000000000009"}, {});
  book.erase(configured.front().address);
  book.restore();
  EXPECT_EQ(book.senders(), configured);
}

TEST(SenderBook, WhatWasSetByHandIsConfigurationToo) {
  SenderBook book = closed_book();
  const std::vector<Sender> set{Sender{.address = *parse_from("+15005550098")}};
  book.replace(set);
  book.put(Sender{.address = *parse_from("+15005550099")});
  book.restore();
  EXPECT_EQ(book.senders(), set);
  book.replace({});
  book.restore();
  EXPECT_TRUE(book.open());
  AccountOptions changed;
  changed.senders = set;
  book.configure(changed);
  book.put(Sender{.address = *parse_from("+15005550099")});
  book.restore();
  EXPECT_EQ(book.senders(), set) << "another configuration takes its place";
}

}  // namespace
}  // namespace twindow::gateway
