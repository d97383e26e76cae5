// SPDX-License-Identifier: Apache-2.0
// Where the messages and windows of one account are kept, in the gateway's words.
//
// Each call is one transaction and is made on the strand of the account's world; a call resumes
// there after what it changed is safe. Messages are given and taken as values: what is returned
// is a copy of what was stored; arguments are values too, since a coroutine keeps no reference to
// its caller's. Every backend passes tests/store/conformance.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "twindow/base/task.h"
#include "twindow/model/message.h"
#include "twindow/model/message_filter.h"
#include "twindow/model/opt_out.h"
#include "twindow/model/window.h"
#include "twindow/ports/ledger.h"
#include "twindow/ports/resource_store.h"
#include "twindow/ports/webhook_queue.h"

namespace twindow::ports {

// What is known about a send before it is decided.
struct Facts {
  Time now;
  std::optional<Window> window = {};  // of the draft's sender and user, if one was ever open
};

// Completes a draft from the facts. Pure: it runs inside the transaction that stores the draft.
// Empty: the draft is complete, and no facts are read.
using Judge = std::function<void(Message& draft, const Facts& facts)>;

// The calls that every send makes, of a store that never waits: no coroutine, no copy. A
// refused draft may be gone; what is pointed to stays until the next call.
class PromptStore {
 public:
  virtual ~PromptStore() = default;

  virtual Result<const Message*> admit_now(Message&& draft, const Judge& judge) = 0;
  // AccountStore::admit_decided.
  virtual Result<const Message*> admit_decided_now(Message&& draft, const Judge& judge,
                                                   LedgerEntry&& entry) = 0;

  struct Moved {
    const Message* message;
    bool moved;
  };
  virtual Result<Moved> move_now(const StatusUpdate& update, Time at) = 0;
};

class MessageStore {
 public:
  virtual ~MessageStore() = default;

  // Reads the facts of the draft (its `from` and `to`, at draft.created), lets `judge` complete
  // it and stores it with its first timeline entry. Errc::Conflict if the SID is there already.
  virtual Task<Result<Message>> admit(Message draft, Judge judge) = 0;

  // Null if every call waits for something outside, as for a disk.
  virtual PromptStore* prompt() { return nullptr; }

  virtual Task<Result<Message>> find(MessageSid sid) = 0;  // Errc::NotFound
  virtual Task<Result<MessagePage>> list(MessageFilter filter, PageRequest page) = 0;
  virtual Task<Result<std::size_t>> count(MessageFilter filter) = 0;

  struct Moved {
    Message message;
    bool moved;  // false: late news (unreachable from where the message is); recorded, no more
  };
  // The message comes to a status that is reachable from its own. Errc::NotFound.
  virtual Task<Result<Moved>> move(StatusUpdate update, Time at) = 0;

  // Changes a message in a way that is no status. `change` is pure: it may be run again, and
  // nothing is kept if it fails. Errc::NotFound, and whatever `change` says.
  using Change = std::function<Result<void>(Message& message)>;
  virtual Task<Result<Message>> alter(MessageSid sid, Change change) = 0;

  // Forgets one message. Errc::NotFound.
  virtual Task<Result<void>> remove(MessageSid sid) = 0;

  // The messages that Twilio has under another SID than theirs here.
  struct Alias {
    MessageSid upstream;
    MessageSid sid;
    friend bool operator==(const Alias&, const Alias&) = default;
  };
  virtual Task<Result<std::vector<Alias>>> aliases() = 0;

  // Adds to a message's timeline. Errc::NotFound.
  virtual Task<Result<void>> note(MessageSid sid, TimelineEntry entry) = 0;

  // Forgets all of the account: messages, windows, counters, resources, queued webhooks,
  // decisions.
  virtual Task<Result<void>> clear() = 0;
};

class WindowStore {
 public:
  virtual ~WindowStore() = default;

  // The user wrote at `received`: opens or extends, never shortens; a window that was closed by
  // hand opens only for a newer message. Returns the window as it now is.
  virtual Task<Result<Window>> extend(WindowKey key, Address user, Time received) = 0;

  // The same for many at once: one transaction; each as it was and as it now is, in their order.
  struct Written {
    WindowKey key;
    Address user;
    Time received;
  };
  struct Extended {
    std::optional<Window> before = {};
    Window now;
  };
  virtual Task<Result<std::vector<Extended>>> extend_all(std::vector<Written> written) = 0;

  virtual Task<Result<std::optional<Window>>> find(WindowKey key) = 0;
  // What find() would say, where that is known without a wait: `there` is empty if there is none.
  struct Known {
    std::optional<Window> there;
  };
  virtual std::optional<Known> find_now(const WindowKey& key) const = 0;
  virtual Task<Result<std::vector<Window>>> list() = 0;  // by sender, then user
  virtual Task<Result<void>> put(Window window) = 0;     // as given, whatever was there
  virtual Task<Result<void>> erase(WindowKey key) = 0;   // Errc::NotFound
  // The key under which the window of that user is kept, whichever name was given.
  virtual Task<Result<WindowKey>> resolve(WindowKey key) = 0;
};

// Numbers that a world counts on from after a restart: how many SIDs it has given out. Of memory
// only, so never awaited.
class CounterStore {
 public:
  virtual ~CounterStore() = default;

  virtual std::uint64_t counter(std::string_view name) const = 0;  // 0: never raised
  // Never lowers. What it has been raised to is safe together with the next change that the
  // account's store is asked for, in the same transaction: raise it before a SID it counts is
  // stored, and no restart gives that SID again.
  virtual void raise_counter(std::string_view name, std::uint64_t value) = 0;
};

// All of one account: what a backend gives.
class AccountStore : public MessageStore,
                     public WindowStore,
                     public CounterStore,
                     public ResourceStore,
                     public WebhookQueue,
                     public Ledger {
 public:
  using MessageStore::find;
  using MessageStore::list;
  using WindowStore::find;
  using WindowStore::list;

  // As `admit`, with the decision on the draft: one transaction. The entry has the draft's SID from
  // then on, and learns its final status.
  virtual Task<Result<Message>> admit_decided(Message draft, Judge judge, LedgerEntry entry) = 0;

  // True if admit_decided() without a judge may be called now by who is alone with the store
  // without being on its strand, and what it returns awaited anywhere.
  virtual bool admits_anywhere() const { return false; }

  // What a message of a user does beside being there.
  struct Effects {
    bool opens_window = true;  // the window of its `to` and `from`, extended as by `extend`
    bool from_ad = false;      // noted in that window
    // Other names (canonical_user()) of the user, for this sender: from then on every call that has
    // one of them means the same window. Two windows become one, as open as the newer message.
    std::vector<std::string> aliases = {};
    struct Opted {
      bool out = false;                  // else in again
      std::vector<std::string> of = {};  // senders and services; empty: neither
    };
    Opted opted = {};
  };
  // A message of a user and its effects, as of the message's `created`: one transaction, so that no
  // crash keeps the message and loses the window. Errc::Conflict as of admit; then there are none.
  struct Received {
    Message message;
    WindowKey pair = {};                // under which the user's window is kept
    std::optional<Window> before = {};  // the window as it was
    std::optional<Window> window = {};  // and as it is now; none if the message opens none
  };
  virtual Task<Result<Received>> receive(Message message, Effects effects) = 0;

  virtual Task<Result<std::vector<OptOut>>> opt_outs() = 0;  // by sender, then user

  // What Twilio tells of a send of ours, in one transaction: the message moves as by `move` if it
  // is here and `status` is one we know; a 63016 that moves it closes its pair's window as of the
  // send, unless the user has written since; `relay` is queued, due `at` once. An id that is in the
  // queue already is a repeat, and changes nothing.
  struct News {
    MessageSid sid;
    std::optional<MessageStatus> status = {};
    std::optional<int> error_code = {};
    std::optional<Address> from = {};  // the sender that a service has chosen
    std::optional<Webhook> relay = {};
  };
  struct Heard {
    std::optional<Moved> moved = {};    // none if the message is not here
    std::optional<Window> closed = {};  // which was not closed before
    bool repeat = false;
  };
  virtual Task<Result<Heard>> hear(News news, Time at) = 0;
};

}  // namespace twindow::ports
