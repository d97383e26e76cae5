// SPDX-License-Identifier: Apache-2.0
// What a gate in front of the real Twilio has to ask it: who wrote lately, which templates there
// are, from whom a service sends.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/base/near_executor.h"
#include "twindow/base/task.h"
#include "twindow/base/wakeup.h"
#include "twindow/gateway/template_book.h"
#include "twindow/model/window.h"
#include "twindow/ports/twilio_api.h"

namespace twindow::gateway {

// Of one account; used on its world's strand. Questions that several sends have at the same time
// are asked once. After one that could not be put to Twilio, or three in a row that it has not
// answered, no other is asked for some seconds: sends shall not all wait for a Twilio that is not
// there.
//
// An `authorization` is that of a caller whom Twilio has accepted, for an account without
// credentials of its own. It is used within the call and not kept; and since nobody tells us what
// is said to such an account, what was learned with it is believed for some seconds only.
class TwilioFacts {
 public:
  // `clock` (the world's) and `twilio` outlive it. `hears`: Twilio tells us of each message, so
  // that what was learned once stays known.
  TwilioFacts(const Strand& strand, ports::TwilioApi& twilio, const Clock& clock,
              AccountSid account, bool hears);

  // Every inbound message of the last 24 hours of this pair has been seen.
  bool covers(const WindowKey& pair) const;
  bool covers_alone(const WindowKey& pair) const;  // it was looked up
  // The same for all pairs of a sender.
  bool covers(const Address& sender) const { return senders_covered_.contains(sender.text); }
  void cover(const Address& sender) { senders_covered_.insert(sender.text); }

  // Asks for the user's newest message of the last 24 hours, and hands it to `keep` if there is
  // one; then the pair is covered, or it could not be learned within limits::kLookupTime. False:
  // Twilio was not asked, since it has just not answered.
  using Keep = std::function<Task<Result<void>>(ports::PastInbound)>;
  Task<bool> look_up(Address sender, Address user, Keep keep, std::string authorization = {});
  bool resting() const { return clock_.now() < rests_until_; }  // nothing is asked right now

  // The senders among which a service picks; empty if that is not known. Kept for some minutes.
  Task<std::vector<Address>> pool(ServiceSid service, std::string authorization = {});
  // The same, if nobody has to be asked; else null.
  const std::vector<Address>* known_pool(const ServiceSid& service) const;

  // Whether the account has this WhatsApp sender; nothing while that is not known. Asking makes it
  // known to those who ask later: nobody waits. A sender is called missing only by a list that is
  // at most a minute old.
  std::optional<bool> has_sender(const Address& sender);
  // The account's senders, as last fetched; null before.
  const std::vector<ports::OwnSender>* senders() const {
    return senders_fetched_ ? &own_senders_ : nullptr;
  }

  // True if it is known that nobody is told what becomes of a send from one of `senders`, through
  // `service` if there is one, that has no StatusCallback. Nobody waits, as with has_sender.
  bool nobody_is_told(const std::vector<Address>& senders,
                      const std::optional<ServiceSid>& service);

  // Brings the book up to date if it is older than `refresh`; whoever comes first waits for the
  // first list, nobody for a later one. With a caller's authorization he waits for a later one too.
  Task<void> refresh_templates(TemplateBook& book, Duration refresh, std::string authorization);
  // That would fetch them, or wait for those who do.
  bool templates_due(Duration refresh) const;
  bool templates_known() const { return synced_.has_value(); }
  // Since when the templates could not be asked for again; nothing if that went well last time.
  std::optional<Time> templates_stale_since() const { return failing_ ? synced_ : std::nullopt; }

  // One template that the book lacks; false if there is none, nothing if that is not known.
  Task<std::optional<bool>> find_template(TemplateBook& book, ContentSid content,
                                          std::string authorization = {});

  void clear();

 private:
  using Waiting = std::vector<std::shared_ptr<Wakeup>>;

  Task<void> wait_for(Waiting& waiting);
  static void wake(Waiting waiting);
  Task<void> fetch_templates(TemplateBook& book, std::string authorization);
  bool refresh_due(Duration refresh) const;
  bool first_list_is_fetched() const { return fetching_ && !synced_ && !failing_; }
  void refresh_senders(Duration age_max);
  Task<void> fetch_senders();
  Task<void> fetch_service(ServiceSid service);
  void answered() { unanswered_ = 0; }
  void not_answered(const Error& error);

  Strand strand_;
  ports::TwilioApi& twilio_;
  const Clock& clock_;
  const AccountSid account_;
  const bool hears_;
  struct Covered {
    Time since;
    bool heard;  // Twilio tells us what comes after
  };
  std::map<WindowKey, Covered> covered_;
  std::set<std::string> senders_covered_;
  std::map<WindowKey, Waiting> lookups_;
  struct Pool {
    std::vector<Address> senders;
    Time fetched;
  };
  std::map<ServiceSid, Pool> pools_;
  std::vector<ports::OwnSender> own_senders_;
  std::optional<Time> senders_fetched_;
  std::optional<Time> senders_tried_;
  bool fetching_senders_ = false;
  struct Service {
    std::optional<bool> tells;  // nothing: not known
    Time tried;
  };
  std::map<ServiceSid, Service> services_;
  std::optional<Time> synced_;  // the templates, last
  std::optional<Time> tried_;
  bool fetching_ = false;
  bool failing_ = false;
  Waiting for_templates_;
  int unanswered_ = 0;  // questions in a row
  Time rests_until_ = {};
};

}  // namespace twindow::gateway
