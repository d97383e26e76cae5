// SPDX-License-Identifier: Apache-2.0
// What an account has beside messages and windows: Messaging Services and their pools, numbers,
// channel senders, contents, subaccounts, keys. All have one form: a SID, and fields by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/message.h"

namespace twindow {

// The numbers of these are on disks: enumerators may be added at the end, and none may move.
enum class ResourceKind : std::uint8_t {
  Account,          // AC: a subaccount, or the account itself once it was changed
  Key,              // SK
  PhoneNumber,      // PN: IncomingPhoneNumbers
  ShortCode,        // SC
  ChannelSender,    // XE: Channels/Senders
  Service,          // MG
  PoolPhoneNumber,  // the five pools of a service, which is their parent; the SIDs are those of
                    // what
  PoolShortCode,    // is in them, AI for alpha senders
  PoolAlphaSender,
  PoolDestinationAlphaSender,
  PoolChannelSender,
  Content,        // HX, with its approval
  SandboxMember,  // who has joined WhatsApp's Sandbox, when it was created; instead of a SID the
                  // canonical_user()
  Last_,          // none: the number of them
};
std::string_view sid_prefix(ResourceKind kind);  // "PN"
bool is_pool(ResourceKind kind);

// A value. Fields are named as Twilio's JSON names them, where it has them; text as it is, booleans
// "true" and "false", what is JSON in Twilio's answer as JSON. A name may stand more than once.
struct Resource {
  ResourceKind kind = ResourceKind::Last_;
  std::string sid = {};
  std::string parent = {};  // the SID of the service it belongs to
  Time created = {};
  Time updated = {};
  std::vector<Param> fields = {};

  friend bool operator==(const Resource&, const Resource&) = default;

  const std::string* find(std::string_view name) const;  // the first of that name; null: none
  std::string_view get(std::string_view name) const;     // empty: none
  bool is(std::string_view name) const { return get(name) == "true"; }
  void set(std::string_view name, std::string_view value);  // in the place of all of that name
};

// Resources by kind, SID and parent, in order of creation. A value.
class ResourceShelf {
 public:
  // Added behind all others, or in the place of the one with its kind, SID and parent.
  void put(Resource resource);
  bool erase(ResourceKind kind, std::string_view sid, std::string_view parent);
  // Good until the next change; null: not there.
  const Resource* find(ResourceKind kind, std::string_view sid, std::string_view parent = {}) const;
  // The first of that kind, of any parent, whose field has that value.
  const Resource* find_by(ResourceKind kind, std::string_view field, std::string_view value) const;
  std::vector<Resource> list(ResourceKind kind, std::string_view parent = {}) const;
  const std::vector<Resource>& all() const { return all_; }
  void clear() { all_.clear(); }

 private:
  std::vector<Resource>::iterator at(ResourceKind kind, std::string_view sid,
                                     std::string_view parent);
  std::vector<Resource> all_;
};

}  // namespace twindow
