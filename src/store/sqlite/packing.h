// SPDX-License-Identifier: Apache-2.0
// Messages, webhooks and decisions as bytes, for the columns that hold them whole.
//
//   data    = format (one byte), then the fields in the order in which packing.cpp writes them
//   number  = 7 bits a byte, the lowest first, the top bit set in all but the last byte
//   signed  = number of (n << 1) ^ (n >> 63): times are milliseconds since 1970
//   text    = number of its bytes, then these
//   maybe   = 0, or 1 and the value;   list = number of items, then these
//
// What is there stays as it is: a new field makes a new format, and those before are still read.
#pragma once

#include <string>
#include <string_view>

#include "twindow/model/ledger.h"
#include "twindow/model/message.h"
#include "twindow/model/resource.h"
#include "twindow/model/webhook.h"

namespace twindow::store::sqlite {

// Without its SID and account, which the row has.
std::string pack(const Message& message);
// Without its account and token.
std::string pack(const Webhook& webhook);

// Without what the row's columns say: place, message, and how that ended.
std::string pack(const LedgerEntry& entry);

// Without its kind, SID and parent.
std::string pack(const Resource& resource);

// Errc::Internal if the bytes are not what `pack` makes.
Result<Message> unpack_message(std::string_view data, const AccountSid& account, MessageSid sid);
Result<Webhook> unpack_webhook(std::string_view data, const AccountSid& account);
Result<Resource> unpack_resource(std::string_view data);
Result<LedgerEntry> unpack_entry(std::string_view data);

}  // namespace twindow::store::sqlite
