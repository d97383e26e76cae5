// SPDX-License-Identifier: Apache-2.0
// What a scenario gives a world: where it begins, and the rules that say what becomes of sends.
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"
#include "twindow/policy/send_view.h"

namespace twindow::gateway {

namespace {

// Wakes who waits for a timer when it fires, and when it is forgotten (a reset).
class Alarm {
 public:
  explicit Alarm(std::shared_ptr<Wakeup> wakeup) : wakeup_(std::move(wakeup)) {}
  ~Alarm() { wakeup_->notify(); }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

 private:
  std::shared_ptr<Wakeup> wakeup_;
};

}  // namespace

Task<Result<void>> World::set_up(WorldSetup setup, SetUp how) {
  return run_on(strand_, do_set_up(std::move(setup), how));
}

Task<std::optional<policy::Script::Hit>> World::script_of(policy::SendCall call) {
  return run_on(strand_, do_script_of(std::move(call)));
}

Task<std::vector<policy::Script::Counted>> World::script_counts() {
  return run_on(strand_, do_script_counts());
}

Task<std::vector<policy::Script::Counted>> World::do_script_counts() { co_return script_.counts(); }

Task<Result<void>> World::do_set_up(WorldSetup setup, SetUp how) {
  const std::uint64_t seed = setup.seed.value_or(seed_);
  const Time start = setup.start.value_or(start_);
  const bool begins = how == SetUp::Begin;
  const bool elsewhere = seed != seed_ || (setup.start && start != start_);
  if (begins) {
    const Counts there = co_await do_counts();
    const bool used = there.messages > 0 || there.callbacks > 0;
    if (elsewhere && used) {
      co_return fail(Errc::Conflict,
                     "the account has messages already, and the scenario begins at another time "
                     "or with another seed: POST /__admin/reset first");
    }
    if (elsewhere || (setup.start && !used)) {
      Result<void> begun = co_await begin_anew(seed, setup.start.value_or(time_.now()));
      if (!begun) co_return begun;
    }
    if (setup.clock) {
      co_await do_set_clock_mode(*setup.clock);
    }
  }
  AccountOptions account = options_.account;
  if (setup.inbound_url) account.inbound_url = setup.inbound_url;
  if (setup.status_callback) account.status_callback = setup.status_callback;
  if (!setup.senders.empty()) account.senders = setup.senders;
  senders_.configure(account);
  if (!setup.senders.empty()) senders_.replace(std::move(setup.senders));
  for (auto& [content, text] : setup.templates) {
    const auto put = co_await do_put_template(std::move(content), std::move(text));
    if (!put) co_return Unexpected(put.error());
  }
  setup.templates.clear();
  script_.replace(std::move(setup.rules));
  scripted_ = !script_.empty();
  Result<void> given;
  if (begins) {
    given = co_await put_given(std::move(setup));
  }
  nudge();
  co_return given;
}

// As if it had just been made: with that seed, at that time, which may lie in the past.
Task<Result<void>> World::begin_anew(std::uint64_t seed, Time start) {
  if (advancing_) co_return fail(Errc::Conflict, "the clock is being advanced; wait for that");
  seed_ = seed;
  start_ = start;
  Result<void> cleared = co_await do_reset();
  if (!cleared) co_return cleared;
  const std::string& name = account().text;
  carrier_ = make_carrier_(time_, time_, Random(seed_).fork("carrier").fork(name), *this);
  script_ = policy::Script(Random(seed_).fork("script").fork(name));
  time_.restart(start);
  tick_wakeup_.notify();
  co_return cleared;
}

Task<Result<void>> World::put_given(WorldSetup setup) {
  const Time now = time_.now();
  for (const WorldSetup::GivenWindow& given : setup.windows) {
    Window window{.key = window_key(given.sender, given.user),
                  .last_inbound = given.at.value_or(now + given.since_now),
                  .user_spelling = given.user.text,
                  .closed = given.closed};
    const Result<WindowView> stored = co_await do_put_window(std::move(window));
    if (!stored) co_return Unexpected(stored.error());
  }
  for (const WorldSetup::GivenOptOut& given : setup.opt_outs) {
    opted_out_[canonical_user(given.user)].insert(given.sender.text);
  }
  co_return Result<void>();
}

Task<std::optional<policy::Script::Hit>> World::do_script_of(policy::SendCall call) {
  policy::Facts facts{.now = time_.now()};
  if (call.request.to.channel == Channel::WhatsApp) {
    std::vector<Address> senders = senders_.candidates(call.request);
    facts.windows = co_await window_facts(std::move(senders), call.request.to);
  }
  const policy::TemplateCatalog templates = templates_.catalog();
  const auto content = call.param("ContentSid");
  facts.templates = &templates;
  facts.content_absent = content && templates.find(*content) == nullptr;
  facts.opted_out = opted_out(call.request, nullptr, canonical_user(call.request.to));
  const policy::WindowOptions options{.margin = margin()};
  auto hit = script_.of_send(policy::view_of(options, call, facts));
  const Duration delay = hit && hit->respond ? hit->respond->delay : Duration();
  if (delay == Duration()) co_return hit;
  auto wakeup = std::make_shared<Wakeup>(strand_);
  auto alarm = std::make_shared<Alarm>(wakeup);
  time_.at(time_.now() + delay, TimerKind::Progress, [alarm] {});
  alarm.reset();
  nudge();
  --calls_;  // an automatic clock would wait for us, and we for it
  co_await wakeup->wait();
  ++calls_;
  co_return hit;
}

void World::follow(const Message& stored, std::shared_ptr<const ScriptPlan> script) {
  for (std::size_t i = 0; i < script->news.size(); ++i) {
    time_.at(stored.created + script->news[i].at, TimerKind::Progress,
             [this, epoch = epoch_, sid = stored.sid, script, i] {
               if (epoch == epoch_) scripted_due_.push_back({sid, script, i});
             });
  }
}

// The app is told what the rule says, also where that is late news for us: a real carrier's
// receipts overtake each other too.
Task<void> World::apply_scripted(ScriptedStep step) {
  const ScriptedNews& news = step.plan->news[step.index];
  const Time now = time_.now();
  StatusUpdate update{.sid = step.sid, .status = news.status, .error_code = news.error_code};
  const std::uint64_t epoch = epoch_;
  const auto moved = co_await store_->move(std::move(update), now);
  if (!moved || epoch != epoch_) co_return;  // dropped for its age
  if (moved->moved) record_message(now, moved->message);
  if (news.drop) co_return;
  Message told = moved->message;
  told.status = news.status;
  told.error_code = news.error_code;
  auto hook = status_webhook(told);
  if (!hook) co_return;
  hook->news = StatusNews{std::move(told), news.params};
  if (news.signature != SignatureFault::None) {
    hook->fault = {.signature = news.signature, .rule = step.plan->rule};
  }
  const auto tell = [this](const Message& message, Webhook told_hook) {
    if (faulty()) return tell_faultily(message, std::move(told_hook));
    postman_.enqueue(std::move(told_hook));
  };
  for (std::uint32_t repeat = 0; repeat < news.repeat; ++repeat) {
    Webhook again = *hook;
    again.id = webhook_ids_.next("CB");
    store_->raise_counter(kWebhookIdCounter, webhook_ids_.counter());
    tell(moved->message, std::move(*hook));
    *hook = std::move(again);
  }
  tell(moved->message, *std::move(hook));
}

}  // namespace twindow::gateway
