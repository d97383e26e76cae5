// SPDX-License-Identifier: Apache-2.0
// A world's beginning and end, and its sends.
#include "twindow/gateway/world.h"

#include <algorithm>

#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"
#include "twindow/model/terminal_status.h"
#include "twindow/policy/template_failure.h"

#include "src/gateway/magic_numbers.h"
#include "src/gateway/marketing.h"

namespace twindow::gateway {

namespace {

std::uint64_t webhook_seed(std::uint64_t seed) { return Random(seed).fork("webhooks").next(); }
// Ids of webhooks that may have been given out since the last change of the store that said so: a
// restart must give none of them again, for apps take an idempotency token they know as a repeat.
constexpr std::uint64_t kWebhookIdsUntoldMax = 100'000;

std::uint64_t request_seed(std::uint64_t seed) { return Random(seed).fork("requests").next(); }

// What a service decides for its sends. Of one that nobody described Twilio's defaults are true.
void heed_service(SendRequest& request, const ServiceSettings* service) {
  constexpr Duration kLongest = std::chrono::hours(10);  // of every message
  const auto longest = service == nullptr ? std::nullopt : service->validity;
  if (longest && *longest < request.options->validity.value_or(kLongest)) {
    request.options.edit().validity = longest;
  }
  if (request.to.channel != Channel::Sms || request.options->smart_encoded) return;
  // Only what is not ASCII is encoded in another way; of content the text is not known yet.
  const bool matters = request.content || std::ranges::any_of(request.body, [](char c) {
                         return static_cast<unsigned char>(c) > 0x7f;
                       });
  const bool smart = service == nullptr || service->smart_encoding;
  if (matters && smart) request.options.edit().smart_encoded = true;
}

}  // namespace

World::World(const Strand& strand, WorldOptions options, WorldParts parts)
    : home_(strand.get_inner_executor().context()),
      strand_(NearExecutor(home_)),
      options_(std::move(options)),
      app_(parts.app),
      events_(parts.events),
      accounts_(parts.accounts),
      time_(options_.clock, parts.wall, options_.start),
      sids_(options_.seed, options_.account.sid),
      webhook_ids_(webhook_seed(options_.seed), options_.account.sid),
      senders_(options_.account),
      policy_(options_.policy),
      real_twilio_(parts.twilio),
      sender_(parts.sender),
      journal_(limits::kCallbacksKeptMax),
      store_(std::move(parts.store)),
      prompt_(store_->prompt()),
      make_carrier_(std::move(parts.make_carrier)),
      carrier_(make_carrier_(time_, time_,
                             Random(options_.seed).fork("carrier").fork(options_.account.sid.text),
                             *this)),
      script_(Random(options_.seed).fork("script").fork(options_.account.sid.text)),
      seed_(options_.seed),
      start_(options_.start),
      postman_(strand_, parts.app, time_,
               [this](WebhookRecord record) { return settle(std::move(record)); }),
      relay_(strand_, relay_parts()),
      settler_(strand_, settler_parts()),
      closing_soon_url_(options_.account.closing_soon_url),
      read_twiml_(std::move(parts.read_twiml)),
      alerts_(options_.seed, options_.account.sid, limits::kAlertsKeptMax),
      faults_(Random(options_.seed).fork("faults").fork(options_.account.sid.text)),
      pause_over_(strand_),
      advanced_opt_out_(options_.account.advanced_opt_out),
      sandbox_(options_.account.sid),
      tick_wakeup_(strand_),
      rest_wakeup_(strand_),
      gated_(policy_ != nullptr),
      test_(options_.account.test),
      request_ids_(request_seed(options_.seed), options_.account.sid) {
  if (parts.twilio != nullptr) {
    twilio_.emplace(strand_, *parts.twilio, time_, account(), options_.hears_users);
    backfill_.emplace(strand_, backfill_parts(*parts.twilio));
  }
  if (twilio_ && sender_ != nullptr) {
    release_.emplace(strand_, release_parts(*parts.twilio, *sender_));
  }
  take_up_resources();
  sids_.resume_at(store_->counter(kSidCounter));
  const std::uint64_t webhook_ids = store_->counter(kWebhookIdCounter);
  if (webhook_ids > 0) webhook_ids_.resume_at(webhook_ids + kWebhookIdsUntoldMax);
}

World::~World() = default;

void World::start() { start_on(strand_, tick()); }

World::CallGuard::CallGuard(World& world) : world_(world) {
  ++world_.calls_;
  ++world_.calls_seen_;
}

World::CallGuard::~CallGuard() {
  ++world_.calls_seen_;
  --world_.calls_;
}

std::string World::next_request_id() {
  SidSource ids = request_ids_;
  ids.resume_at(requests_++);
  return ids.next("RQ");
}

Task<Result<Message>> World::send(SendRequest request) {
  return run_on(strand_, do_send(std::move(request)));
}

Task<Result<Message>> World::find(MessageSid sid) {
  return run_on(strand_, store_->find(std::move(sid)));
}

Task<Result<MessagePage>> World::list(MessageFilter filter, PageRequest page) {
  return run_on(strand_, store_->list(std::move(filter), std::move(page)));
}

Task<Result<Message>> World::do_send(SendRequest request) {
  const std::uint64_t epoch = epoch_;
  Result<Draft> draft = draft_of(std::move(request));
  if (!draft) co_return Unexpected(std::move(draft).error());
  ports::Judge judged = judge();
  Result<Message> stored = co_await store_->admit(std::move(draft->message), std::move(judged));
  if (!stored || epoch != epoch_) co_return stored;
  begin(*stored, draft->failure, draft->script);
  nudge();
  co_return stored;
}

// Most of the cost of a send was its way to the strand and back, for work that waits for nothing.
std::optional<Result<void>> World::send_now(SendRequest& request, const SeeMessage& see) {
  if (prompt_ == nullptr) return std::nullopt;
  const Alone alone(*this);
  if (!alone) return std::nullopt;
  Result<Draft> draft = draft_of(std::move(request));
  if (!draft) return Unexpected(std::move(draft).error());
  const Result<const Message*> stored = prompt_->admit_now(std::move(draft->message), judge());
  if (!stored) return Unexpected(stored.error());
  begin(**stored, draft->failure, draft->script);
  see(**stored);
  nudge();
  return Result<void>();
}

void World::begin(const Message& stored, std::optional<int> failure,
                  const std::shared_ptr<const ScriptPlan>& script) {
  record_message(stored.created, stored);
  if (!taken_up_) begun_.insert(stored.sid);
  if (test_) return;  // with test credentials nothing becomes of it
  if (stored.status == MessageStatus::Scheduled) {
    watch_scheduled(stored, failure, script);
  } else if (script) {
    follow(stored, script);
  } else if (failure) {
    fail_later(stored.sid, *failure);
  } else {
    carrier_->submit(stored);
  }
}

// As Twilio does: it is accepted first, and what is wrong with it comes out later.
void World::fail_later(const MessageSid& sid, int code) {
  constexpr Duration kLater = std::chrono::seconds(2);
  const MessageStatus status = terminal_status(code);
  time_.at(time_.now() + kLater, TimerKind::Progress, [this, sid, status, code, epoch = epoch_] {
    if (epoch == epoch_) put({.sid = sid, .status = status, .error_code = code});
  });
}

// In the order in which Twilio looks. In front of the real one that one does.
Result<World::Draft> World::draft_of(SendRequest&& request) {
  const bool simulated = real_twilio_ == nullptr;
  if (simulated) TWINDOW_TRY(check_magic_addresses(request, test_));
  std::shared_ptr<const ScriptPlan> script = std::move(request.script);
  Result<Address> chosen = test_ ? Result<Address>(*request.from) : senders_.choose(request);
  Address sender = TWINDOW_TRY(std::move(chosen));
  if (simulated && request.service) heed_service(request, senders_.settings(*request.service));
  if (request.fault.there()) return Unexpected(*request.fault);
  const ContentTemplate* content = nullptr;
  if (request.content) {
    content = find_content(*request.content, sender);
    // Templates are never open: what nobody has added is not there.
    if (content == nullptr) return fail(Errc::ContentSidInvalid, request.content->text);
  }
  std::optional<int> failure;
  if (simulated) failure = TWINDOW_TRY(foresee(request, sender, content));
  if (content == nullptr) {
    MessageSid sid = next_sid(request);
    return Draft{draft(std::move(request), std::move(sender), std::move(sid)), failure,
                 std::move(script)};
  }
  std::string text = fill_template(content->body, request.variables, content->samples);
  const bool whatsapp = request.to.channel == Channel::WhatsApp;
  if (whatsapp && !failure) failure = policy::template_failure(*content, request.variables, true);
  // The Sandbox has templates of its own, and no others leave a closed window there.
  const bool approved = content->status == TemplateStatus::Approved &&
                        (sender.text != kSandboxAddress || sandbox_template(content->sid));
  MessageSid sid = next_sid(request, content);
  Message message = draft(std::move(request), std::move(sender), std::move(sid));
  message.body = std::move(text);
  message.num_segments = segments_of(message);
  if (whatsapp && !approved) message.kind = MessageKind::Freeform;
  return Draft{std::move(message), failure, std::move(script)};
}

const ContentTemplate* World::find_content(const ContentSid& sid, const Address& sender) const {
  const ContentTemplate* const own = templates_.find(sid);
  if (own != nullptr || sender.text != kSandboxAddress) return own;
  return sandbox_template(sid);
}

// What is against a send that is well formed: a refusal, or the code it will fail with.
Result<std::optional<int>> World::foresee(const SendRequest& request, const Address& sender,
                                          const ContentTemplate* content) {
  constexpr int kUnsubscribed = 21610;
  constexpr int kNotInSandbox = 63015;
  constexpr int kMarketingRefused = 63049;
  TWINDOW_TRY(check_schedule(request));
  TWINDOW_TRY(check_magic_route(request, test_));
  std::optional<int> failure;
  if (!opted_out_.empty() && opted_out(request, &sender, canonical_user(request.to))) {
    // A service with Advanced Opt-Out has accepted it before it looks.
    if (!has_advanced_opt_out(request.service)) return fail(Errc::OptedOut);
    failure = kUnsubscribed;
  }
  const bool whatsapp = request.to.channel == Channel::WhatsApp;
  const bool marketing = whatsapp && content != nullptr && is_marketing(*content);
  auto foreseen = TWINDOW_TRY(carrier_->foresee(request, sender, marketing));
  if (!failure) failure = foreseen;
  if (!failure && marketing && is_us_number(request.to)) failure = kMarketingRefused;
  if (sender.text != kSandboxAddress) return failure;
  const Time now = time_.now();
  TWINDOW_TRY(sandbox_.admit(now));
  if (!failure && !sandbox_.has(canonical_user(request.to), now)) failure = kNotInSandbox;
  return failure;
}

ports::Judge World::judge() const {
  return [this](Message& draft, const ports::Facts& facts) { complete(draft, facts); };
}

Message World::draft(SendRequest&& request, Address sender, MessageSid sid) {
  const Time now = time_.now();
  // A service chooses its sender later; until then the API shows none (unless the app named it).
  const bool service_chooses = request.service.has_value();
  const bool scheduled = service_chooses && request.options->send_at.has_value();
  const auto status = scheduled         ? MessageStatus::Scheduled
                      : service_chooses ? MessageStatus::Accepted
                                        : MessageStatus::Queued;
  Message message{
      .sid = std::move(sid),
      .account = std::move(request.account),
      .direction = request.direction,
      .kind = kind_of(request),
      .from = std::move(request.from),
      .sender = std::move(sender),
      .to = std::move(request.to),
      .service = std::move(request.service),
      .body = std::move(request.body),
      .content = std::move(request.content),
      .content_variables = std::move(request.content_variables),
      .status_callback = std::move(request.status_callback),
      .status = status,
      .created = now,
      .updated = now,
      .options = std::move(request.options),
  };
  // WhatsApp has one in a message; Twilio leaves the others out.
  if (message.to.channel == Channel::WhatsApp && request.media_urls.size() > 1) {
    request.media_urls.resize(1);
  }
  for (std::string& url : request.media_urls) {
    std::string type(content_type_of(url));
    message.media.push_back({.sid = {next_sid("ME")},
                             .url = std::move(url),
                             .content_type = std::move(type),
                             .created = now});
  }
  message.num_segments = segments_of(message);
  return message;
}

// With media, and with content that is more than a text, it is an MM….
MessageSid World::next_sid(const SendRequest& request, const ContentTemplate* content) {
  const bool rich = content != nullptr && !content->type.empty() && content->type != "twilio/text";
  const bool plain = request.media_urls.empty() && !rich && !request.options->send_as_mms;
  return MessageSid{next_sid(plain ? "SM" : "MM")};
}

// It is stored with the next change, which is that of the message it is for.
std::string World::next_sid(std::string_view prefix) {
  std::string sid = sids_.next(prefix);
  store_->raise_counter(kSidCounter, sids_.counter());
  return sid;
}

void World::complete(Message& draft, const ports::Facts& facts) const {
  if (draft.to.channel != Channel::WhatsApp) return;
  // This world has seen every message of its users: who never wrote has no open window.
  draft.window.state = WindowState::Closed;
  if (!facts.window) return;
  draft.window.last_inbound = facts.window->last_inbound;
  if (is_open(*facts.window, facts.now, margin())) {
    draft.window.state = WindowState::Open;
  }
}

void World::record(Time at, Event::What what) {
  tell(Event{.at = at, .account = account(), .what = std::move(what)});
}

void World::tell(const Event& event) {
  keep(event);
  events_.record(event);
}

void World::record_message(Time at, const Message& message) {
  if (log_ != nullptr) keep(Event{.at = at, .account = account(), .what = MessageEvent{message}});
  events_.record_message(at, message);
}

// For the answer of the advance that runs.
void World::keep(const Event& event) {
  constexpr std::size_t kLogMax = 10'000;
  if (log_ == nullptr) return;
  if (log_->events.size() < kLogMax) {
    log_->events.push_back(event);
  } else {
    ++log_->events_left_out;
  }
}

Task<World::Counts> World::counts() { return run_on(strand_, do_counts()); }

Task<World::Counts> World::do_counts() {
  const MessageFilter all;
  const Result<std::size_t> messages = co_await store_->count(all);
  const Result<std::vector<Window>> windows = co_await store_->list();
  co_return Counts{.messages = messages.value_or(0),
                   .windows = windows ? windows->size() : 0,
                   .callbacks = journal_.size()};
}

Task<World::Gauges> World::gauges() { return run_on(strand_, do_gauges()); }

Task<World::Gauges> World::do_gauges() {
  const MessageFilter all;
  const Result<std::size_t> messages = co_await store_->count(all);
  co_return Gauges{.messages = messages.value_or(0), .windows_open = window_ends_.size()};
}

Task<Result<void>> World::reset() { return run_on(strand_, do_reset()); }

Task<Result<void>> World::do_reset() {
  ++epoch_;
  time_.clear();
  carrier_->reset();
  outbox_.clear();
  postman_.clear();
  relay_.clear();
  journal_.clear();
  settler_.clear();
  window_ends_.clear();
  opted_out_.clear();
  sandbox_.clear();
  personas_ = Personas();
  due_.clear();
  scheduled_ = 0;
  alerts_.clear();
  cookies_.clear();
  reply_guard_.clear();
  inbound_tokens_.clear();
  behind_next_.clear();
  [[maybe_unused]] const auto no_mistake = faults_.replace({});
  faulty_ = false;
  end_pauses();
  senders_.restore();
  templates_.clear();
  approval_plan_ = {};
  held_.clear();
  aliases_.clear();
  if (release_) release_->clear();
  if (twilio_) twilio_->clear();
  if (backfill_) backfill_->clear();
  script_.clear();
  scripted_ = false;
  scripted_due_.clear();
  sids_ = SidSource(seed_, account());
  webhook_ids_ = SidSource(webhook_seed(seed_), account());
  Result<void> cleared = co_await store_->clear();
  if (cleared) record(time_.now(), ResetEvent{});
  begin_backfill();
  co_return cleared;
}

}  // namespace twindow::gateway
