// SPDX-License-Identifier: Apache-2.0
// What Twilio is asked by the gateway itself, as GETs: the host of a product, and the target there.
// Source: Twilio's OpenAPI documents.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/error.h"
#include "twindow/model/sid.h"

namespace twindow::wire {

struct ApiQuery {
  std::string host;    // "api.twilio.com"
  std::string target;  // path and query

  friend bool operator==(const ApiQuery&, const ApiQuery&) = default;
};

// Addresses as Twilio writes them, compared exactly by it.
struct MessageListQuery {
  AccountSid account;
  std::optional<std::string> to = {};
  std::optional<std::string> from = {};
  // `DateSent>`: whole seconds, and Twilio may well give all of that day. Messages that were not
  // sent yet have no such date and may be left out.
  std::optional<Time> sent_from = {};
  std::size_t page_size = 50;  // at most 1000
};
ApiQuery messages_query(const MessageListQuery& list);
ApiQuery message_query(const AccountSid& account, const MessageSid& message);

ApiQuery contents_query(std::size_t page_size);  // with the approvals
ApiQuery content_query(const ContentSid& content);
ApiQuery approvals_query(const ContentSid& content);

// Lists of addresses that may send.
enum class SenderList : std::uint8_t {
  PhoneNumbers,     // of the account: "+1415…"
  WhatsAppSenders,  // of the account: "whatsapp:+1415…"
  ServicePool,      // channel senders of a Messaging Service: "whatsapp:…", "rcs:…"
};
// `service` is for ServicePool.
ApiQuery senders_query(SenderList list, const AccountSid& account, const ServiceSid& service);

struct SenderAnswers {
  std::vector<std::string> addresses = {};  // as Twilio writes them
  std::optional<std::string> next = {};     // the link, as it came; nothing on the last page
};
Result<SenderAnswers> read_senders(SenderList list, std::string_view json);  // Errc::BadReply

// The target of a next page's link, "/2010-04-01/…?…" or "https://…/v1/…", on `host`. A link that
// leads to another host, or is none, is Errc::BadReply: credentials go with it.
Result<std::string> page_target(std::string_view link, std::string_view host);

}  // namespace twindow::wire
