// SPDX-License-Identifier: Apache-2.0
// The statuses of a message, what may follow what, and their spelling: the one table of the
// program. Source: the enum of Twilio's OpenAPI document and its status guide.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace twindow {

enum class MessageStatus : std::uint8_t {
  Accepted,
  Scheduled,
  Queued,
  Sending,
  Sent,
  Delivered,
  Read,
  Undelivered,
  Failed,
  Canceled,
  Receiving,
  Received,
};

namespace detail {

using StatusSet = std::uint32_t;

template <class... Status>
constexpr StatusSet set_of(Status... statuses) {
  return (StatusSet{0} | ... | (StatusSet{1} << static_cast<unsigned>(statuses)));
}

struct StatusRow {
  MessageStatus status;
  std::string_view wire;
  StatusSet next;  // what may follow directly
  bool final;      // nothing more is expected; `delivered` may still become `read`
};

inline constexpr auto kStatusTable = [] {
  using enum MessageStatus;
  // clang-format off
  return std::array{
      // accepted -> canceled: a message that was held.
      StatusRow{Accepted,    "accepted",    set_of(Queued, Sending, Sent, Undelivered, Failed, Canceled), false},
      StatusRow{Scheduled,   "scheduled",   set_of(Accepted, Queued, Canceled, Failed),         false},
      // queued -> undelivered: 63016 comes straight after the create, the bug we exist for.
      StatusRow{Queued,      "queued",      set_of(Sending, Sent, Undelivered, Failed),         false},
      StatusRow{Sending,     "sending",     set_of(Sent, Undelivered, Failed),                  false},
      // sent -> read: WhatsApp skips `delivered` when the user reads at once.
      StatusRow{Sent,        "sent",        set_of(Delivered, Read, Undelivered, Failed),       false},
      StatusRow{Delivered,   "delivered",   set_of(Read),                                       true},
      StatusRow{Read,        "read",        set_of(),                                           true},
      StatusRow{Undelivered, "undelivered", set_of(),                                           true},
      StatusRow{Failed,      "failed",      set_of(),                                           true},
      StatusRow{Canceled,    "canceled",    set_of(),                                           true},
      StatusRow{Receiving,   "receiving",   set_of(Received),                                   false},
      StatusRow{Received,    "received",    set_of(),                                           true},
  };
  // clang-format on
}();

constexpr const StatusRow& row_of(MessageStatus status) {
  return kStatusTable[static_cast<std::size_t>(status)];
}

}  // namespace detail

constexpr std::string_view to_text(MessageStatus status) { return detail::row_of(status).wire; }
constexpr bool is_final(MessageStatus status) { return detail::row_of(status).final; }

std::optional<MessageStatus> parse_message_status(std::string_view text);

// True if `next` may come directly after `status`.
constexpr bool may_follow(MessageStatus status, MessageStatus next) {
  return (detail::row_of(status).next & detail::set_of(next)) != 0;
}

namespace detail {

constexpr bool leads_to(MessageStatus from, MessageStatus to) {
  for (const auto& row : kStatusTable) {
    if (may_follow(from, row.status) && (row.status == to || leads_to(row.status, to))) return true;
  }
  return false;
}

// What may follow at any time: the table's way through itself, walked once.
inline constexpr auto kReachable = [] {
  std::array<StatusSet, kStatusTable.size()> sets{};
  for (std::size_t from = 0; from < sets.size(); ++from) {
    for (const StatusRow& to : kStatusTable) {
      if (leads_to(kStatusTable[from].status, to.status)) sets[from] |= set_of(to.status);
    }
  }
  return sets;
}();

}  // namespace detail

// True if a message in `from` can ever come to `to`. What is not reachable is late news: it is
// recorded and moves nothing.
constexpr bool reachable(MessageStatus from, MessageStatus to) {
  return (detail::kReachable[static_cast<std::size_t>(from)] & detail::set_of(to)) != 0;
}

static_assert(reachable(MessageStatus::Queued, MessageStatus::Read));
static_assert(reachable(MessageStatus::Queued, MessageStatus::Undelivered));
static_assert(!reachable(MessageStatus::Delivered, MessageStatus::Sent));
static_assert(!reachable(MessageStatus::Queued, MessageStatus::Queued));

}  // namespace twindow
