// SPDX-License-Identifier: Apache-2.0
// A world's beginning and end, and its sends.
#include "twindow/gateway/world.h"

#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"
#include "twindow/policy/template_failure.h"

namespace twindow::gateway {

namespace {

std::uint64_t webhook_seed(std::uint64_t seed) { return Random(seed).fork("webhooks").next(); }
// Ids of webhooks that may have been given out since the last change of the store that said so: a
// restart must give none of them again, for apps take an idempotency token they know as a repeat.
constexpr std::uint64_t kWebhookIdsUntoldMax = 100'000;

std::uint64_t request_seed(std::uint64_t seed) { return Random(seed).fork("requests").next(); }

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
      carrier_(parts.make_carrier(
          time_, time_, Random(options_.seed).fork("carrier").fork(options_.account.sid.text),
          *this)),
      postman_(strand_, parts.app, time_,
               [this](WebhookRecord record) { return settle(std::move(record)); }),
      relay_(strand_, relay_parts()),
      settler_(strand_, settler_parts()),
      closing_soon_url_(options_.account.closing_soon_url),
      tick_wakeup_(strand_),
      rest_wakeup_(strand_),
      gated_(policy_ != nullptr),
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
  begin(*stored, draft->failure);
  nudge();
  co_return stored;
}

// Most of the cost of a send was its way to the strand and back, for work that waits for nothing.
std::optional<Result<void>> World::send_now(SendRequest& request, const SeeMessage& see) {
  if (prompt_ == nullptr) return std::nullopt;
  std::unique_lock lock(home_.mutex, std::try_to_lock);
  if (!lock) return std::nullopt;
  Result<Draft> draft = draft_of(std::move(request));
  if (!draft) return Unexpected(std::move(draft).error());
  const Result<const Message*> stored = prompt_->admit_now(std::move(draft->message), judge());
  if (!stored) return Unexpected(stored.error());
  begin(**stored, draft->failure);
  see(**stored);
  const bool wake = needs_nudge();
  lock.unlock();  // the ticker comes with a lock of its own
  if (wake) tick_wakeup_.notify();
  return Result<void>();
}

void World::begin(const Message& stored, std::optional<int> failure) {
  record_message(stored.created, stored);
  if (failure) {
    fail_later(stored.sid, *failure);
  } else {
    carrier_->submit(stored);
  }
}

// As Twilio does: it is accepted first, and what is wrong with it comes out later.
void World::fail_later(const MessageSid& sid, int code) {
  constexpr Duration kLater = std::chrono::seconds(2);
  const MessageStatus status =
      code == kOutsideWindow ? MessageStatus::Undelivered : MessageStatus::Failed;
  time_.at(time_.now() + kLater, TimerKind::Progress, [this, sid, status, code, epoch = epoch_] {
    if (epoch == epoch_) put({.sid = sid, .status = status, .error_code = code});
  });
}

Result<World::Draft> World::draft_of(SendRequest&& request) {
  Address sender = TWINDOW_TRY(senders_.choose(request));
  // In front of the real Twilio that one says so.
  if (real_twilio_ == nullptr && opted_out(request, &sender, canonical_user(request.to))) {
    return fail(Errc::OptedOut);
  }
  if (!request.content) {
    MessageSid sid = next_sid(request);
    return Draft{draft(std::move(request), std::move(sender), std::move(sid))};
  }
  const ContentTemplate* const content = templates_.find(*request.content);
  // Templates are never open: what nobody has added is not there.
  if (content == nullptr) return fail(Errc::ContentSidInvalid, request.content->text);
  std::string text = fill_template(content->body, request.variables, content->samples);
  const bool whatsapp = request.to.channel == Channel::WhatsApp;
  std::optional<int> failure;
  if (whatsapp) failure = policy::template_failure(*content, request.variables, true);
  const bool approved = content->status == TemplateStatus::Approved;
  MessageSid sid = next_sid(request);
  Message message = draft(std::move(request), std::move(sender), std::move(sid));
  message.body = std::move(text);
  if (whatsapp && !approved) message.kind = MessageKind::Freeform;
  return Draft{std::move(message), failure};
}

ports::Judge World::judge() const {
  return [this](Message& draft, const ports::Facts& facts) { complete(draft, facts); };
}

Message World::draft(SendRequest&& request, Address sender, MessageSid sid) {
  const Time now = time_.now();
  // A service chooses its sender later; until then the API shows none (unless the app named it).
  const bool service_chooses = request.service.has_value();
  Message message{
      .sid = std::move(sid),
      .account = std::move(request.account),
      .direction = Direction::OutboundApi,
      .kind = kind_of(request),
      .from = std::move(request.from),
      .sender = std::move(sender),
      .to = std::move(request.to),
      .service = std::move(request.service),
      .body = std::move(request.body),
      .media_urls = std::move(request.media_urls),
      .content = std::move(request.content),
      .content_variables = std::move(request.content_variables),
      .status_callback = std::move(request.status_callback),
      .status = service_chooses ? MessageStatus::Accepted : MessageStatus::Queued,
      .created = now,
      .updated = now,
  };
  return message;
}

MessageSid World::next_sid(const SendRequest& request) {
  return MessageSid{next_sid(request.media_urls.empty() ? "SM" : "MM")};
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
  senders_.restore();
  templates_.clear();
  approval_plan_ = {};
  held_.clear();
  aliases_.clear();
  if (release_) release_->clear();
  if (twilio_) twilio_->clear();
  if (backfill_) backfill_->clear();
  sids_ = SidSource(options_.seed, account());
  webhook_ids_ = SidSource(webhook_seed(options_.seed), account());
  Result<void> cleared = co_await store_->clear();
  if (cleared) record(time_.now(), ResetEvent{});
  begin_backfill();
  co_return cleared;
}

}  // namespace twindow::gateway
