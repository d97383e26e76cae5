// SPDX-License-Identifier: Apache-2.0
// One account as an isolated world: its time, its chance, its messages, windows and senders, and
// what is on its way to the app.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/random.h"
#include "twindow/base/wakeup.h"
#include "twindow/gateway/accounts.h"
#include "twindow/gateway/alert_book.h"
#include "twindow/gateway/aliases.h"
#include "twindow/gateway/backfill.h"
#include "twindow/gateway/callback_journal.h"
#include "twindow/gateway/cookie_jar.h"
#include "twindow/gateway/held_release.h"
#include "twindow/gateway/held_sends.h"
#include "twindow/gateway/postman.h"
#include "twindow/gateway/relay.h"
#include "twindow/gateway/reply_guard.h"
#include "twindow/gateway/sandbox.h"
#include "twindow/gateway/seen_tokens.h"
#include "twindow/gateway/sender_book.h"
#include "twindow/gateway/settler.h"
#include "twindow/gateway/template_book.h"
#include "twindow/gateway/timekeeper.h"
#include "twindow/gateway/twilio_facts.h"
#include "twindow/gateway/world_setup.h"
#include "twindow/model/decision.h"
#include "twindow/model/event.h"
#include "twindow/model/persona.h"
#include "twindow/model/resource.h"
#include "twindow/model/twiml.h"
#include "twindow/policy/fault_rules.h"
#include "twindow/policy/policy.h"
#include "twindow/policy/script.h"
#include "twindow/policy/send_call.h"
#include "twindow/ports/carrier.h"
#include "twindow/ports/event_sink.h"
#include "twindow/ports/message_store.h"
#include "twindow/ports/twilio_sender.h"

namespace twindow::gateway {

struct WorldOptions {
  AccountOptions account;
  std::uint64_t seed = 0;
  ClockMode clock = ClockMode::Real;
  Time start = {};
  // What sends are judged by; null: nothing is judged, and windows close at their end.
  std::shared_ptr<const policy::Policy> policy = {};
  bool relays = false;  // proxy mode: what Twilio has told is told to the app
  // Proxy mode: Twilio tells us of every message of a user. Else nothing stays known for long.
  bool hears_users = false;
  // Proxy mode: how long nothing is heard of a message before Twilio is asked what became of it.
  Duration settle_after = limits::kSettleAfter;
};

using MakeCarrier =
    std::function<std::unique_ptr<ports::Carrier>(const Clock&, Timers&, Random, ports::Outbox&)>;

// What an app answered to a user's message, read; `url` is what its URLs are relative to. Pure.
using ReadTwiml = std::function<TwimlDocument(const WebhookOutcome& answer, std::string_view url)>;

// What a world needs from outside; the references outlive it.
struct WorldParts {
  const Clock& wall;
  ports::AppEndpoint& app;
  ports::EventSink& events;
  Accounts& accounts;
  std::unique_ptr<ports::AccountStore> store;
  MakeCarrier make_carrier;
  // Null in simulate mode: then the world itself knows everything.
  ports::TwilioApi* twilio = nullptr;
  ports::TwilioSender* sender = nullptr;  // with `twilio`; null: nothing can be held there
  ReadTwiml read_twiml = {};              // null: answers of the app are not executed
};

// What a window is right now.
struct WindowView {
  Window window;
  WindowState state;
};

struct ClockView {
  ClockMode mode;
  Time now;
  std::optional<Time> next_due;
  bool advancing;
};

// Every function may be called from any thread and does its work on the world's strand, one at a
// time; while one of them waits for the app, others go on. Resumes on the caller's executor.
class World final : private ports::Outbox {
 public:
  World(const Strand& strand, WorldOptions options, WorldParts parts);
  ~World() override;
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void start();  // from now on time passes
  // From now on nothing begins by itself; resumes when what was under way has ended, or after
  // some seconds. For the end of the program.
  Task<void> come_to_rest();

  const AccountSid& account() const { return options_.account.sid; }

  // An API call of the app is under way; while one is, an automatic clock stands still.
  class CallGuard {
   public:
    explicit CallGuard(World& world);
    ~CallGuard();
    CallGuard(const CallGuard&) = delete;
    CallGuard& operator=(const CallGuard&) = delete;

   private:
    World& world_;
  };

  // API calls of the app that are under way, and an id for one: "RQ" and 32 hex digits, the same
  // in every run that makes the same calls.
  std::uint32_t calls_under_way() const { return calls_; }
  std::string next_request_id();

  // Messages. ChannelNotFound, FromNotOwned, FromNotOwnedSms, ServiceUnknown,
  // ServiceWithoutSender, NotFound, InvalidPageToken.
  Task<Result<Message>> send(SendRequest request);
  // The same without a wait, where the store needs none and nobody else is at work here: `see` is
  // shown the stored message meanwhile. Nothing if that cannot be: then `request` is untouched, and
  // send() will do it.
  using SeeMessage = std::function<void(const Message&)>;
  std::optional<Result<void>> send_now(SendRequest& request, const SeeMessage& see);
  Task<Result<Message>> find(MessageSid sid);
  Task<Result<MessagePage>> list(MessageFilter filter, PageRequest page);

  // The gate: a send is decided, and then one of the five below is what comes of it, with the entry
  // that says so. Errors as of send.
  struct Decided {
    Decision decision;
    Time at;
  };
  bool gated() const { return gated_; }
  // By what is known now; `at`: as if it were then. Nothing is kept. For an account without
  // credentials Twilio is asked with the `authorization` of a caller that it has accepted, which is
  // forgotten with the call.
  Task<Decided> decide(policy::SendCall call, std::optional<Time> at = {},
                       std::string authorization = {});
  // The same by what is known now, without a wait; nothing if somebody else is at work here, or
  // something has to be looked for first.
  std::optional<Decided> decide_now(const policy::SendCall& call);
  // True if it is known that neither the sender nor the service of such a send has Twilio tell
  // anybody its statuses (in front of the real Twilio). Nobody waits: not known is false.
  Task<bool> nobody_is_told(SendRequest request);
  std::optional<bool> nobody_is_told_now(const SendRequest& request);  // nothing: see decide_now
  Task<Result<Message>> send_decided(SendRequest request, LedgerEntry entry);
  // The app is told that it is queued; two seconds later it has failed with the entry's code.
  Task<Result<Message>> refuse_later(SendRequest request, LedgerEntry entry);
  // It waits for its user, at most `ttl`; the nudge goes out at once. Conflict: too many wait.
  Task<Result<Message>> hold(SendRequest request, Duration ttl, std::optional<SendRequest> nudge,
                             LedgerEntry entry);
  // No message is kept: it was refused at once, or nobody knows whether Twilio has made one.
  Task<Result<void>> enter(LedgerEntry entry);
  // Twilio has made a message of it, of that SID; what becomes of it comes by its callbacks.
  Task<Result<Message>> keep_sent(SendRequest request, MessageSid sid, MessageStatus status,
                                  LedgerEntry entry);
  // The same, where the store needs no wait and nobody else is at work here. Nothing if that cannot
  // be: then `request` and `entry` are untouched.
  std::optional<Result<void>> keep_sent_now(SendRequest& request, const MessageSid& sid,
                                            MessageStatus status, LedgerEntry& entry);
  Task<Result<std::vector<LedgerEntry>>> decisions(ports::LedgerQuery query);
  Task<void> set_policy(std::shared_ptr<const policy::Policy> policy);

  // What a scenario gives it (world_script.cpp). Conflict: it begins at another time or with
  // another seed than the scenario, and has messages already; then nothing has changed.
  Task<Result<void>> set_up(WorldSetup setup, SetUp how);
  bool scripted() const { return scripted_.load(std::memory_order_relaxed); }  // there are rules
  // What the rules make of a send, which is then to be asked for once; its plan goes with the
  // request that is sent.
  Task<std::optional<policy::Script::Hit>> script_of(policy::SendCall call);
  Task<std::vector<policy::Script::Counted>> script_counts();

  // The account's content templates. NotFound.
  Task<std::vector<ContentTemplate>> templates();
  // An empty SID: one is made. Kept, if it was made through an API.
  Task<Result<ContentTemplate>> put_template(ContentTemplate content, ContentText text = {});
  Task<Result<ContentTemplate>> set_approval(ContentSid sid, TemplateStatus status,
                                             std::string category, std::string reason = {});
  // What is submitted for approval is received; later pending, later decided. NotFound,
  // ContentSubmitted.
  struct Submission {
    std::string name;
    std::string category;
    bool allow_category_change = true;
  };
  Task<Result<Resource>> submit_template(ContentSid sid, Submission submission);
  // How that goes: by the first rule that fits the name that was submitted, else it is approved.
  struct ApprovalRule {
    std::string name;  // '*' stands for any text
    TemplateStatus status = TemplateStatus::Approved;
    std::string reason = {};  // of a rejection
  };
  struct ApprovalPlan {
    Duration pending_after = std::chrono::seconds(1);
    Duration decided_after = std::chrono::seconds(10);
    std::vector<ApprovalRule> rules = {};
  };
  Task<void> set_approval_plan(ApprovalPlan plan);
  Task<ApprovalPlan> approval_plan();

  // Everything else the account has (world_resources.cpp), in order of creation. Senders of the
  // configuration and of the control API are numbers, short codes, channel senders and pools too,
  // as they would be had they been made through the API.
  Task<std::vector<Resource>> resources(ResourceKind kind, std::string parent = {});
  Task<Result<Resource>> resource(ResourceKind kind, std::string sid, std::string parent = {});
  // Without a SID one is made; `created` is now. What it means for sends holds from then on.
  // PhoneNumberTaken; of pools NotFound, InServiceAlready, InOtherService.
  Task<Result<Resource>> put_resource(Resource resource);
  // These fields, the others stay. NotFound.
  Task<Result<Resource>> change_resource(ResourceKind kind, std::string sid,
                                         std::vector<Param> fields, std::string parent = {});
  // With what is below it. NotFound.
  Task<Result<void>> erase_resource(ResourceKind kind, std::string sid, std::string parent = {});
  Time started() const { return options_.start; }
  Task<Time> now();

  // A user writes: the window opens, then the app's webhook is called and its answer waited for.
  // `message.sid` may be empty; then one is made. A SID that is there already is a repeat: it is
  // told to the app again and does not extend the window.
  struct Received {
    Message message;
    std::optional<WindowView> window = {};
    std::optional<WebhookRecord> webhook = {};
    std::vector<Message> replies = {};  // what the app's TwiML has sent, as it was accepted
  };
  Task<Result<Received>> receive(InboundMessage message);

  // What Twilio's webhooks say (proxy mode; world_hooks.cpp), in its own words and order, under the
  // token that Twilio gave it (empty: one of ours).
  struct Told {
    RelayedNews news;
    std::string idempotency_token = {};
  };
  // As receive, but the app hears it from Twilio.
  Task<Result<Received>> hear_inbound(InboundMessage message, Told told);
  // Resumes as soon as what it says is safe; the app is told later, and again until it listens.
  struct StatusHook {
    ports::AccountStore::News news;  // `relay` is made of the rest
    std::string id = {};   // in the callback journal; the same for the same news. Empty: a new one
    std::string url = {};  // the app's. Empty: the status callback of the sender, if there is one
    // Our SID of the message, where Twilio was given it to say again.
    std::optional<MessageSid> ours = {};
    bool tell_nobody = false;  // it was asked for to learn from, by us
    Told told = {};
  };
  enum class Hearing : std::uint8_t { Queued, Kept, Repeat };  // Kept: the app has no URL
  Task<Result<Hearing>> hear_status(StatusHook hook);

  // What Twilio does not have, or has under another SID (proxy mode; world_local.cpp).
  struct Whereabouts {
    std::optional<Message> here = {};         // Twilio does not have it
    std::optional<MessageSid> upstream = {};  // Twilio has it under this one
  };
  Task<Whereabouts> whereabouts(MessageSid sid);
  // Those of Twilio's SIDs that the app knows by another.
  Task<std::vector<ports::MessageStore::Alias>> told_as(std::vector<MessageSid> upstream);
  // Of a message that is here. NotFound; NotCancelable: it is not held, or on its way; NotFinal.
  // In simulate mode all messages are, and one that is scheduled may be cancelled as well.
  Task<Result<Message>> cancel(MessageSid sid);
  Task<Result<Message>> redact(MessageSid sid);
  Task<Result<void>> remove(MessageSid sid);

  // Simulate mode (world_simulated.cpp). NotFound; InvalidParameter: nobody asked for feedback.
  Task<Result<Message>> give_feedback(MessageSid sid, bool confirmed);
  Task<Result<void>> remove_media(MessageSid sid, MediaSid item);
  // Who has Twilio's test credentials: see AccountOptions::test.
  bool test() const { return test_; }
  // How users behave from now on; forgotten by a reset.
  Task<Personas> personas();
  Task<void> set_personas(Personas personas);
  // Who has joined WhatsApp's Sandbox, until when, and by which word.
  struct SandboxView {
    std::string join_code;
    std::vector<Sandbox::Member> members;
  };
  Task<SandboxView> sandbox();
  // Messages as they are at Twilio by now: sends of ours take their status from it.
  Task<void> learn(std::vector<RemoteMessage> messages);

  // A status is reported by hand. Late news is recorded and neither moves the message nor is told
  // to the app. NotFound.
  struct Reported {
    Message message;
    bool moved = false;
    std::optional<WebhookRecord> webhook = {};
  };
  Task<Result<Reported>> report(StatusUpdate update);

  // Callbacks, newest first. NotFound.
  struct CallbackQuery {
    std::size_t limit = 50;
    std::optional<std::string> older_than = {};  // an id; nothing is found if it is not there
    std::optional<Time> before = {};
    std::optional<MessageSid> message = {};
  };
  Task<std::vector<WebhookRecord>> callbacks(CallbackQuery query);
  Task<Result<WebhookRecord>> callback(std::string id);
  Task<Result<WebhookRecord>> resend(std::string id);

  // The debugger, newest first (simulate mode). NotFound.
  Task<std::vector<Alert>> alerts();
  Task<Result<Alert>> alert(std::string sid);

  // What is done wrong on purpose (world_faults.cpp). A mistake changes nothing.
  void begin_with_faults(std::vector<policy::FaultRule> rules);  // before start()
  Task<std::optional<policy::FaultMistake>> set_faults(std::vector<policy::FaultRule> rules);
  Task<std::vector<policy::FaultRules::Counted>> faults();
  bool faulty() const { return faulty_.load(std::memory_order_relaxed); }  // there are rules
  // What the rules do with an API call, which is then to be asked for once. The views live until
  // it resumes.
  Task<std::optional<policy::FaultRules::Hit<FaultResponse>>> fault_of(policy::FaultCall call);
  // An API call waits until so much of the world's time has gone by, or the world is reset. Until
  // the pause is dropped time goes no further, unless the clock is real.
  class Pause {
   public:
    explicit Pause(World& world) : world_(world) {}
    ~Pause();
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    World& world_;
  };
  Task<std::unique_ptr<Pause>> pause(Duration time);
  // If a rule wants the first news of a message that was made just now told before its maker has
  // his answer, tells it.
  Task<void> tell_before_answer(MessageSid sid);

  // Windows. NotFound.
  Task<std::vector<WindowView>> windows();
  Task<Result<WindowView>> window(WindowKey key);
  Task<Result<WindowView>> put_window(Window window);
  Task<Result<void>> erase_window(WindowKey key);

  // Reads who has written to the senders of late, if `reach` says how far back, and answers at once
  // with what is known of that (world_backfill.cpp). Conflict in simulate mode.
  Task<Result<BackfillView>> backfill(std::optional<Backfill::Reach> reach);

  // Senders.
  Task<std::vector<Sender>> senders();
  // Those that the account has at the real Twilio, as last fetched; nothing before.
  Task<std::optional<std::vector<Address>>> senders_at_twilio();
  Task<void> replace_senders(std::vector<Sender> senders);
  // The account's section of the configuration has changed: its URLs are taken, and its senders if
  // they are others than before. Else those that were set since stay.
  Task<void> configure(AccountOptions account);

  // Time. `advance` and `set_time` return after every due event has run and every callback was
  // answered, with what happened. Conflict: another one runs, or time would go back.
  struct Advanced {
    Time now;
    std::vector<Event> events = {};
    std::size_t events_left_out = 0;
  };
  Task<ClockView> clock();
  Task<Result<Advanced>> advance(Duration by);
  Task<Result<Advanced>> set_time(Time to);
  Task<void> set_clock_mode(ClockMode mode);

  struct Counts {
    std::size_t messages = 0;
    std::size_t windows = 0;
    std::size_t callbacks = 0;
  };
  Task<Counts> counts();

  // What is there right now, at little cost: for those who ask again and again.
  struct Gauges {
    std::size_t messages = 0;
    std::size_t windows_open = 0;
  };
  Task<Gauges> gauges();

  // Forgets messages, windows, callbacks, what was made through the REST API and what was on its
  // way; the senders are those of the configuration, or that were set since; SIDs start anew. The
  // clock stays. An error is the store's, which then keeps what it has.
  Task<Result<void>> reset();

 private:
  // world.cpp
  struct Draft {
    Message message;
    std::optional<int> failure = {};  // with this code it will fail, whatever the window
    std::shared_ptr<const ScriptPlan> script = {};  // whatever else is said
  };
  Task<Result<Message>> do_send(SendRequest request);
  Result<Draft> draft_of(SendRequest&& request);
  Result<std::optional<int>> foresee(const SendRequest& request, const Address& sender,
                                     const ContentTemplate* content);
  Message draft(SendRequest&& request, Address sender, MessageSid sid);
  MessageSid next_sid(const SendRequest& request, const ContentTemplate* content = nullptr);
  const ContentTemplate* find_content(const ContentSid& sid, const Address& sender) const;
  ports::Judge judge() const;
  std::string next_sid(std::string_view prefix);
  void complete(Message& draft, const ports::Facts& facts) const;
  Task<Counts> do_counts();
  Task<Gauges> do_gauges();
  Task<Result<void>> do_reset();
  void record(Time at, Event::What what);
  void record_message(Time at, const Message& message);
  void tell(const Event& event);
  void keep(const Event& event);
  void begin(const Message& stored, std::optional<int> failure,
             const std::shared_ptr<const ScriptPlan>& script);
  void fail_later(const MessageSid& sid, int code);
  Duration margin() const { return policy_ ? policy_->window.margin : Duration(); }
  Duration warn_before() const;
  bool heard() const { return events_.wanted() || log_ != nullptr; }

  // world_gate.cpp
  Task<Decided> do_decide(policy::SendCall call, std::optional<Time> at, std::string authorization);
  std::shared_ptr<const policy::Policy> judging_policy() const;
  Task<bool> do_nobody_is_told(SendRequest request);
  Task<std::optional<std::vector<Address>>> do_senders_at_twilio();
  std::optional<Task<Result<Message>>> begin_keeping(SendRequest& request, const MessageSid& sid,
                                                     MessageStatus status, LedgerEntry& entry);
  Task<Result<Message>> end_keeping(Task<Result<Message>> begun);
  bool watch_sent_now(const Message& stored);  // false: nobody is alone here
  Task<void> do_watch_sent(Message stored);
  Task<Result<Message>> do_keep_sent(SendRequest request, MessageSid sid, MessageStatus status,
                                     LedgerEntry entry);
  Message sent_message(SendRequest&& request, const MessageSid& sid, MessageStatus status,
                       const LedgerEntry& entry);
  void watch_sent(const Message& stored);
  Task<Result<Message>> do_send_decided(SendRequest request, LedgerEntry entry,
                                        std::optional<int> failure);
  Task<Result<void>> do_enter(LedgerEntry entry);
  Task<void> do_set_policy(std::shared_ptr<const policy::Policy> policy);
  ports::Judge judge_as(const LedgerEntry& entry) const;

  // world_facts.cpp
  // What a decision depends on, as far as somebody may have to be asked for it.
  struct Learned {
    std::vector<Address> senders = {};
    std::vector<WindowFact> windows = {};
    bool content_known = true;
    bool asked = true;                   // whatever had to be known of the window
    std::optional<WindowKey> pair = {};  // of the sender that was named, as the store knows it
  };
  Task<Learned> learn(policy::SendCall call, std::shared_ptr<const policy::Policy> policy,
                      std::string authorization);
  std::optional<Learned> learned(const policy::SendCall& call, const policy::Policy& policy) const;
  policy::Facts facts_of(const policy::SendCall& call, const policy::Policy& policy,
                         const policy::TemplateCatalog& templates, Learned learned, Time now);
  bool must_look_up(const policy::SendCall& call, const policy::Policy& policy,
                    const policy::Facts& facts) const;
  Task<std::vector<WindowFact>> window_facts(std::vector<Address> senders, Address user);
  Task<bool> look_up_windows(std::vector<Address> senders, Address user, std::string authorization);
  Task<bool> covered(WindowKey asked);
  std::optional<bool> covered_now(const WindowKey& asked) const;
  Task<Result<void>> keep_past(ports::PastInbound inbound);
  Task<bool> know_content(ContentSid content, std::string authorization);

  // world_simulated.cpp
  struct Due {
    MessageSid sid;
    std::optional<int> failure = {};
    std::shared_ptr<const ScriptPlan> script = {};
  };
  Task<Result<Message>> do_give_feedback(MessageSid sid, bool confirmed);
  Task<Result<void>> do_remove_media(MessageSid sid, MediaSid item);
  Task<Personas> do_personas();
  Task<void> do_set_personas(Personas personas);
  Task<SandboxView> do_sandbox();
  Result<void> check_schedule(const SendRequest& request) const;
  void watch_scheduled(const Message& message, std::optional<int> failure,
                       std::shared_ptr<const ScriptPlan> script);
  Task<void> send_due(Due due);
  Task<void> take_up_sent();
  Task<std::optional<Message>> reply(Address from, Address to, std::string text);
  Task<Result<std::string>> ask_sandbox(InboundMessage message, Time now, bool has_url);
  std::string sandbox_hears(const InboundMessage& message, Time now, bool has_url);

  // world_hold.cpp
  Task<Result<Message>> do_hold(SendRequest request, Duration ttl, std::optional<SendRequest> nudge,
                                LedgerEntry entry);
  Task<void> take_up_held();
  std::optional<Address> held_for(const SendRequest& request,
                                  const std::vector<Address>& senders) const;
  Task<Result<Draft>> draft_to_hold(SendRequest request);
  void watch_held(const Message& message);
  Task<void> release_held(WindowKey pair);
  Task<void> release_all(std::vector<WindowKey> pairs);  // in their order

  // world_release.cpp
  HeldRelease::Parts release_parts(ports::TwilioApi& twilio, ports::TwilioSender& sender);
  Task<bool> is_open_now(WindowKey pair);
  Task<void> nudge_upstream(SendRequest request, LedgerEntry entry);
  Task<void> name_as_told(StatusHook& hook);

  // world_local.cpp
  Task<Whereabouts> do_whereabouts(MessageSid sid);
  Task<std::vector<ports::MessageStore::Alias>> do_told_as(std::vector<MessageSid> upstream);
  Task<Result<Message>> do_cancel(MessageSid sid);
  Task<Result<Message>> do_redact(MessageSid sid);
  Task<Result<void>> do_remove(MessageSid sid);
  Task<void> take_up_refused();
  Task<void> do_learn(std::vector<RemoteMessage> messages);

  // world_script.cpp
  struct ScriptedStep {  // of a message whose rule has come to it
    MessageSid sid;
    std::shared_ptr<const ScriptPlan> plan;
    std::size_t index;
  };
  Task<Result<void>> do_set_up(WorldSetup setup, SetUp how);
  Task<Result<void>> begin_anew(std::uint64_t seed, Time start);
  Task<Result<void>> put_given(WorldSetup setup);
  Task<std::optional<policy::Script::Hit>> do_script_of(policy::SendCall call);
  Task<std::vector<policy::Script::Counted>> do_script_counts();
  void follow(const Message& stored, std::shared_ptr<const ScriptPlan> script);
  Task<void> apply_scripted(ScriptedStep step);

  // world_templates.cpp
  Task<std::vector<ContentTemplate>> do_templates();
  Task<Result<ContentTemplate>> do_put_template(ContentTemplate content, ContentText text);
  Task<Result<ContentTemplate>> do_set_approval(ContentSid sid, TemplateStatus status,
                                                std::string category, std::string reason);
  Task<Result<Resource>> do_submit_template(ContentSid sid, Submission submission);
  Task<void> do_set_approval_plan(ApprovalPlan plan);
  Task<ApprovalPlan> do_approval_plan();
  void await_approval(const Resource& content);
  void approval_moves(const ContentSid& sid, TemplateStatus status, std::string_view reason);
  Task<void> keep_approval(ContentSid sid, TemplateStatus status, std::string reason);

  // world_resources.cpp
  using Changes = ports::ResourceStore::ResourceChanges;
  void take_up_resources();
  void take_effect(const Resource& resource);
  void lose_effect(const Resource& resource);
  void await_online(const Resource& sender);
  Task<void> come_online(std::string sid);
  std::vector<Resource> described(ResourceKind kind) const;
  std::vector<Resource> all_of(ResourceKind kind, std::string_view parent) const;
  std::optional<Resource> one_of(ResourceKind kind, std::string_view sid,
                                 std::string_view parent) const;
  std::string sid_of(ResourceKind kind, std::string_view address) const;
  Result<void> check_new(const Resource& resource) const;
  Task<std::vector<Resource>> do_resources(ResourceKind kind, std::string parent);
  Task<Result<Resource>> do_resource(ResourceKind kind, std::string sid, std::string parent);
  Task<Result<Resource>> do_put_resource(Resource resource);
  Task<Result<Resource>> do_change_resource(ResourceKind kind, std::string sid,
                                            std::vector<Param> fields, std::string parent);
  Task<Result<void>> do_erase_resource(ResourceKind kind, std::string sid, std::string parent);
  Task<Time> do_now();

  // world_replies.cpp
  Task<void> converse(InboundMessage inbound, Received& received);
  Task<std::optional<Webhook>> run_twiml(const InboundMessage& inbound, TwimlDocument document,
                                         const WebhookRecord& answered,
                                         std::vector<Message>& replies);
  Task<std::optional<Message>> reply(const InboundMessage& inbound, TwimlMessage verb,
                                     const WebhookRecord& answered);
  Webhook inbound_webhook(const InboundMessage& inbound, std::string url, HttpMethod method);
  Task<WebhookRecord> ask_app(Webhook webhook, WindowKey pair);

  // world_alerts.cpp
  void raise(int code, AlertLevel level, std::string text, const WebhookRecord& about);
  Task<void> raise_and_note(TwimlProblem problem, const WebhookRecord& about);
  Task<std::vector<Alert>> do_alerts();
  Task<Result<Alert>> do_alert(std::string sid);

  // world_faults.cpp
  Task<std::optional<policy::FaultMistake>> do_set_faults(std::vector<policy::FaultRule> rules);
  Task<std::vector<policy::FaultRules::Counted>> do_faults();
  Task<std::optional<policy::FaultRules::Hit<FaultResponse>>> do_fault_of(policy::FaultCall call);
  Task<void> do_pause(Duration time);
  Task<void> do_tell_before_answer(MessageSid sid);
  void tell_faultily(const Message& message, Webhook hook);
  std::vector<Webhook> faulted(Webhook hook, const policy::FaultRules::Hit<FaultCallbacks>& hit);
  void hand_over(const MessageSid& message, std::vector<Webhook> hooks, bool behind_next);
  Task<void> deliver_faulted(const Message& message, Webhook& hook);
  void end_pauses();

  // world_inbound.cpp
  Task<Result<Received>> do_receive(InboundMessage message, std::optional<Told> told);
  Task<void> hand_on(InboundMessage inbound, std::string url, std::optional<Told> told,
                     Received& received);
  WindowView window_opened(const std::optional<Window>& before, const Window& window, Time now);

  // world_window_ends.cpp
  enum class Warn : std::uint8_t { Always, IfInTime };  // of a window that closes soon already
  void watch_end(const Window& window, Warn warn = Warn::Always);
  void closing_soon(const Window& window, Time end);
  void closed(const Window& window, Time end);
  struct WatchedEnd {
    Time at;
    bool warned = false;
  };
  WatchedEnd* watched_end(const WindowKey& key, Time end);

  // world_opt_outs.cpp
  Task<void> learn_opt_outs();
  void note_opted(const ports::AccountStore::Effects& effects, const InboundMessage& message,
                  const WindowKey& pair);
  bool opted_out(const SendRequest& request, const Address* sender, const std::string& user) const;
  std::optional<ServiceSid> service_of(const Address& sender) const;
  bool has_advanced_opt_out(const std::optional<ServiceSid>& service) const;

  // world_hooks.cpp
  Task<Result<Hearing>> do_hear_status(StatusHook hook);
  Task<WebhookRecord> relay(Webhook webhook, std::uint32_t tries);
  Relay::Parts relay_parts();
  void tell_heard(const ports::AccountStore::Heard& news, Time now);

  // world_settle.cpp
  Settler::Parts settler_parts();
  Task<void> settle_message(MessageSid sid);
  Task<void> take_up_unsettled();

  // world_delivery.cpp
  void put(StatusUpdate update) override { outbox_.push_back(std::move(update)); }
  Task<void> apply(StatusUpdate update);
  void apply_now(const StatusUpdate& update);
  void tell_app(const Message& message);
  Task<Result<Reported>> do_report(StatusUpdate update);
  Task<Result<WebhookRecord>> do_resend(std::string id);
  std::optional<Webhook> status_webhook(const Message& message);
  Webhook webhook(const MessageSid& message, std::string url, News news);
  Task<void> settle(WebhookRecord record);
  Task<std::vector<WebhookRecord>> do_callbacks(CallbackQuery query);
  Task<Result<WebhookRecord>> do_callback(std::string id);

  // world_windows.cpp
  WindowView view(const Window& window) const;
  Task<void> watch_known_windows();
  Task<std::vector<WindowView>> do_windows();
  Task<Result<WindowView>> do_window(WindowKey key);
  Task<Result<WindowView>> do_put_window(Window window);
  Task<Result<void>> do_erase_window(WindowKey key);
  Task<std::vector<Sender>> do_senders();
  Task<void> do_replace_senders(std::vector<Sender> senders);
  Task<void> do_configure(AccountOptions account);

  // world_backfill.cpp
  Backfill::Parts backfill_parts(ports::TwilioApi& twilio);
  Task<Result<BackfillView>> do_backfill(std::optional<Backfill::Reach> reach);
  Task<Result<void>> keep_all_past(std::vector<ports::PastInbound> inbound);
  Task<void> cover(Address sender, Time at);
  void begin_backfill();
  void note_heard(const Address& sender, Time at);

  // world_clock.cpp
  Task<void> tick();
  Task<Time> wait_for_tick();
  Task<Time> wait_for_quiet_time(Time due);
  void nudge();
  bool needs_nudge() const;
  // Alone at work here without being on the strand, if nobody else is: see LockedHome. Whoever is
  // nudged meanwhile is woken when it ends, since the ticker takes the lock itself.
  class Alone {
   public:
    explicit Alone(World& world);
    ~Alone();
    Alone(const Alone&) = delete;
    Alone& operator=(const Alone&) = delete;
    explicit operator bool() const { return lock_.owns_lock(); }

   private:
    World& world_;
    std::unique_lock<std::mutex> lock_;
  };
  Task<void> drain(Time until, std::size_t in_flight_max);
  Task<bool> settle_down();
  Task<void> do_come_to_rest();
  bool at_rest() const;
  Task<ClockView> do_clock();
  Task<Result<Advanced>> do_advance(std::optional<Duration> by, Time to);
  Task<void> do_set_clock_mode(ClockMode mode);

  // In the store, so that a world goes on where it was: how many SIDs, and how many ids of webhooks
  // it has given out.
  static constexpr std::string_view kSidCounter = "sids";
  static constexpr std::string_view kWebhookIdCounter = "webhook ids";

  LockedHome home_;
  Strand strand_;
  WorldOptions options_;
  ports::AppEndpoint& app_;
  ports::EventSink& events_;
  Accounts& accounts_;

  // Touched on the strand only, or with its lock.
  Timekeeper time_;
  SidSource sids_;
  SidSource webhook_ids_;  // apart, so that callbacks do not move the SIDs of messages
  SenderBook senders_;
  std::shared_ptr<const policy::Policy> policy_;
  TemplateBook templates_;
  ApprovalPlan approval_plan_;
  HeldSends held_;
  Aliases aliases_;
  ports::TwilioApi* const real_twilio_;  // null in simulate mode
  ports::TwilioSender* const sender_;    // likewise
  std::optional<TwilioFacts> twilio_;    // in front of the real Twilio
  CallbackJournal journal_;
  std::unique_ptr<ports::AccountStore> store_;
  ports::PromptStore* prompt_;  // null if the store waits
  const MakeCarrier make_carrier_;
  std::unique_ptr<ports::Carrier> carrier_;
  std::deque<StatusUpdate> outbox_;
  policy::Script script_;
  std::deque<ScriptedStep> scripted_due_;
  std::uint64_t seed_;  // as the server's, or a scenario's
  Time start_;
  Postman postman_;
  Relay relay_;
  std::optional<HeldRelease> release_;  // in front of the real Twilio
  std::optional<Backfill> backfill_;    // in front of the real Twilio
  Settler settler_;
  std::map<WindowKey, WatchedEnd> window_ends_;  // of the open ones, to tell when they close
  std::optional<std::string> closing_soon_url_;
  const ReadTwiml read_twiml_;
  AlertBook alerts_;
  CookieJar cookies_;
  ReplyGuard reply_guard_;
  SeenTokens inbound_tokens_;  // in front of the real Twilio
  policy::FaultRules faults_;
  std::map<MessageSid, std::vector<Webhook>> behind_next_;  // wait for another of their message
  std::set<std::shared_ptr<Wakeup>> paused_;                // API calls that wait for their time
  Wakeup pause_over_;
  std::map<std::string, std::set<std::string>> opted_out_;  // users, and of which senders
  std::vector<ServiceSid> advanced_opt_out_;
  Sandbox sandbox_;
  Personas personas_;
  std::deque<Due> due_;                // whose time to be sent has come
  std::size_t scheduled_ = 0;          // that wait for theirs
  std::size_t direct_deliveries_ = 0;  // that somebody waits for
  std::uint64_t epoch_ = 0;            // grows with each reset
  bool taken_up_ = false;              // what an earlier run has left
  std::set<MessageSid> begun_;         // of this run, until then
  bool alone_ = false;
  bool nudged_ = false;  // since then
  bool advancing_ = false;
  bool draining_ = false;
  bool stopping_ = false;
  Advanced* log_ = nullptr;  // of the advance that runs
  std::optional<Time> tick_target_;
  Wakeup tick_wakeup_;
  Wakeup rest_wakeup_;

  // From any thread.
  std::atomic<bool> gated_ = false;
  std::atomic<bool> test_ = false;
  std::atomic<bool> scripted_ = false;
  std::atomic<bool> faulty_ = false;
  std::atomic<std::size_t> pauses_ending_ = 0;  // calls that go on now
  const SidSource request_ids_;
  std::atomic<std::uint64_t> requests_ = 0;
  std::atomic<std::uint32_t> calls_ = 0;
  std::atomic<std::uint64_t> calls_seen_ = 0;
};

}  // namespace twindow::gateway
