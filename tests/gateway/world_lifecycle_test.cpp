// SPDX-License-Identifier: Apache-2.0
// What becomes of a message in the simulator: schedules, personas, limits, the Sandbox, test
// credentials.
#include "tests/support/restarting.h"
#include "tests/support/world_fixture.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;

const ServiceSid kService{"MG0123456789abcdef0123456789abcdef"};
constexpr auto kSandbox = "whatsapp:+14155238886";
constexpr auto kUser = "+15558675310";
constexpr auto kNumber = "+14155550100";

class WorldLifecycle : public test::WorldTest {
 protected:
  SendRequest scheduled(Duration ahead, std::string to = kUser) {
    SendRequest made = request(std::move(to), kNumber);
    made.from.reset();
    made.service = kService;
    made.options.edit().send_at = run(world->clock()).now + ahead;
    return made;
  }
  void advance(Duration by) { ASSERT_TRUE(run(world->advance(by))); }
  std::string ended(const MessageSid& sid) {
    const Message message = find(sid);
    const std::string code = message.error_code ? " " + std::to_string(*message.error_code) : "";
    return std::string(to_text(message.status)) + code;
  }
  std::string ends(SendRequest sent, Duration after = 10s) {
    const auto made = run(world->send(std::move(sent)));
    if (!made) return "refused";
    advance(after);
    return ended(made->sid);
  }
  Errc refusal(SendRequest sent) {
    const auto made = run(world->send(std::move(sent)));
    return made ? Errc::Last_ : made.error().code;
  }
  void be(Persona persona, const std::string& user = test::kAna) {
    Personas personas = run(world->personas());
    personas.users[canonical_user(*parse_to(user))] = persona;
    run(world->set_personas(personas));
  }
  void join() {
    InboundMessage message = inbound(test::kAna, kSandbox);
    message.body = "join " + run(world->sandbox()).join_code;
    ASSERT_TRUE(run(world->receive(message)));
  }
  ContentTemplate marketing() {
    ContentTemplate content;
    content.name = "sale";
    content.category = "MARKETING";
    content.status = TemplateStatus::Approved;
    content.type = "twilio/text";
    content.body = "Sale!";
    return *run(world->put_template(content));
  }
  SendRequest by_template(const ContentTemplate& content, std::string to = test::kAna) {
    SendRequest made = request(std::move(to));
    made.body.clear();
    made.content = content.sid;
    return made;
  }
};

TEST_F(WorldLifecycle, AScheduledMessageWaitsForItsTime) {
  const Message made = send(scheduled(300s));
  EXPECT_EQ(made.status, MessageStatus::Scheduled);
  EXPECT_EQ(made.from, std::nullopt);
  advance(299s);
  EXPECT_EQ(ended(made.sid), "scheduled");
  EXPECT_EQ(app.statuses(), std::vector<std::string>{});
  advance(5s);
  EXPECT_EQ(ended(made.sid), "delivered");
  EXPECT_EQ(app.statuses(), (std::vector<std::string>{"queued", "sent", "delivered"}));
}

TEST_F(WorldLifecycle, SchedulesAreBounded) {
  EXPECT_EQ(refusal(scheduled(299'999ms)), Errc::ScheduleTimeOutOfRange);
  EXPECT_EQ(refusal(scheduled(300s)), Errc::Last_);
  EXPECT_EQ(refusal(scheduled(35 * 24h)), Errc::Last_);
  EXPECT_EQ(refusal(scheduled(35 * 24h + 1ms)), Errc::ScheduleTimeOutOfRange);
}

TEST_F(WorldLifecycle, OnlyWhatWaitsIsCancelled) {
  const Message made = send(scheduled(300s));
  const auto canceled = run(world->cancel(made.sid));
  ASSERT_TRUE(canceled);
  EXPECT_EQ(canceled->status, MessageStatus::Canceled);
  EXPECT_EQ(run(world->cancel(made.sid)).error().code, Errc::NotCancelable);
  advance(1h);
  EXPECT_EQ(ended(made.sid), "canceled");
  const Message queued = send(request(kUser, kNumber));
  EXPECT_EQ(run(world->cancel(queued.sid)).error().code, Errc::NotCancelable);
}

TEST_F(WorldLifecycle, TheWindowOfItsTimeCounts) {
  ASSERT_TRUE(run(world->receive(inbound())));
  SendRequest late = scheduled(25h, test::kAna);
  late.from = *parse_from(test::kShop);
  const Message made = send(late);
  EXPECT_EQ(made.window.state, WindowState::Open);
  advance(25h + 10s);
  EXPECT_EQ(ended(made.sid), "undelivered 63016");
  EXPECT_EQ(find(made.sid).window.state, WindowState::Closed);
}

TEST_F(WorldLifecycle, PersonasDecide) {
  struct Row {
    Persona persona;
    std::string want;
  };
  const Row rows[] = {
      {{}, "delivered"},
      {{.reads = true}, "read"},
      {{.reads = true, .read_after = 1h}, "delivered"},
      {{.reads = true, .skips_delivered = true}, "read"},
      {{.fails = 63024}, "undelivered 63024"},
      {{.fails = 63018}, "failed 63018"},
      {{.stays_sent = true}, "sent"},
  };
  ASSERT_TRUE(run(world->receive(inbound())));
  for (const Row& row : rows) {
    be(row.persona);
    EXPECT_EQ(ends(request()), row.want);
  }
  be({.reads = true}, kUser);
  EXPECT_EQ(ends(request(kUser, kNumber)), "delivered") << "SMS has no receipts of reading";
  ASSERT_TRUE(run(world->reset()));
  ASSERT_TRUE(run(world->receive(inbound())));
  EXPECT_EQ(ends(request()), "delivered") << "a reset forgets them";
}

TEST_F(WorldLifecycle, PricesAreKnownOnceItIsHandedOn) {
  SendRequest two = request(kUser, kNumber);
  two.body = std::string(161, 'x');
  const Message sms = send(two);
  EXPECT_EQ(sms.num_segments, 2);
  EXPECT_EQ(sms.price, std::nullopt);
  const Message closed = send(request());
  advance(5s);
  EXPECT_EQ(find(sms.sid).price, -1500);
  EXPECT_EQ(find(closed.sid).price, std::nullopt) << "undelivered on WhatsApp";
}

TEST_F(WorldLifecycle, SendersHaveTheirRates) {
  begin(ClockMode::Manual, 1, {.limits = {.sender_rates = true}});
  SendRequest twenty = request(kUser, kNumber);
  twenty.body = std::string(153 * 10, 'x');
  const Message first = send(twenty);  // ten segments: ten seconds of a long code
  const Message second = send(request(kUser, kNumber));
  SendRequest hurried = request(kUser, kNumber);
  hurried.options.edit().validity = 5s;
  const Message expires = send(hurried);
  advance(4s);
  EXPECT_EQ(ended(first.sid), "delivered");
  EXPECT_EQ(ended(second.sid), "queued");
  EXPECT_EQ(ended(expires.sid), "queued");
  advance(8s);
  EXPECT_EQ(ended(second.sid), "delivered");
  EXPECT_EQ(ended(expires.sid), "failed 30036");
}

// It is sent while the world is still looking for what an earlier run has left.
TEST_F(WorldLifecycle, TheFirstMessageOfANewAccountIsCountedOnce) {
  begin(ClockMode::Manual, 1, {.limits = {.sender_rates = true, .daily_users = 1}});
  SendRequest ten = request(kUser, kNumber);
  ten.body = std::string(153 * 10, 'x');
  const Message first = send(ten);  // ten seconds of a long code
  const Message second = send(request(kUser, kNumber));
  advance(9s);
  EXPECT_EQ(ended(first.sid), "delivered");
  EXPECT_EQ(ended(second.sid), "queued");
  advance(4s);
  EXPECT_EQ(ended(second.sid), "delivered") << "not behind the first one twice";
}

TEST_F(WorldLifecycle, AServiceSaysHowLongItsSendsMayWait) {
  begin(ClockMode::Manual, 1, {.limits = {.sender_rates = true}});
  Resource service{.kind = ResourceKind::Service, .sid = kService.text};
  service.set("validity_period", "5");
  ASSERT_TRUE(run(world->put_resource(service)));
  Resource number{.kind = ResourceKind::PhoneNumber};
  number.set("phone_number", kNumber);
  number = *run(world->put_resource(number));
  Resource member{.kind = ResourceKind::PoolPhoneNumber, .sid = number.sid};
  member.parent = kService.text;
  ASSERT_TRUE(run(world->put_resource(member)));
  SendRequest ten = request(kUser, kNumber);
  ten.body = std::string(153 * 10, 'x');
  send(ten);  // ten segments: ten seconds of a long code
  SendRequest through = request(kUser, kNumber);
  through.service = kService;
  const Message capped = send(through);
  through.options.edit().validity = 60s;  // the service's is the shorter one
  const Message asked_for_more = send(through);
  const Message of_no_service = send(request(kUser, kNumber));
  advance(30s);
  EXPECT_EQ(ended(capped.sid), "failed 30036");
  EXPECT_EQ(ended(asked_for_more.sid), "failed 30036");
  EXPECT_EQ(ended(of_no_service.sid), "delivered");
}

TEST_F(WorldLifecycle, QueuesAreFullAtTenHours) {
  begin(ClockMode::Manual, 1, {.limits = {.sender_rates = true}});
  SendRequest long_one = request(kUser, kNumber);
  long_one.body = std::string(153 * 10, 'x');
  for (int i = 0; i < 3600; ++i) send(long_one);
  EXPECT_EQ(refusal(request(kUser, kNumber)), Errc::QueueFull);
  EXPECT_EQ(refusal(request(kUser, "+14155550101")), Errc::Last_);
  advance(10s);
  EXPECT_EQ(refusal(request(kUser, kNumber)), Errc::Last_);
}

TEST_F(WorldLifecycle, DaysAreBounded) {
  begin(ClockMode::Manual, 1, {.limits = {.daily_users = 1, .marketing_per_user = 1}});
  ContentTemplate plain = marketing();
  plain.sid = {};
  plain.category = "UTILITY";
  plain = *run(world->put_template(plain));
  EXPECT_EQ(ends(by_template(plain)), "delivered");
  EXPECT_EQ(ends(by_template(plain)), "delivered") << "the same user";
  EXPECT_EQ(ends(by_template(plain, "whatsapp:+5215512345679")), "failed 63038");
  advance(24h);
  EXPECT_EQ(ends(by_template(plain, "whatsapp:+5215512345679")), "delivered");

  ASSERT_TRUE(run(world->receive(inbound())));
  const ContentTemplate sale = marketing();
  EXPECT_EQ(ends(by_template(sale)), "delivered");
  EXPECT_EQ(ends(by_template(sale)), "undelivered 63049");
  EXPECT_EQ(ends(by_template(plain)), "delivered") << "no marketing";
}

TEST_F(WorldLifecycle, MarketingIsNotDeliveredInTheUnitedStates) {
  const ContentTemplate sale = marketing();
  EXPECT_EQ(ends(by_template(sale, "whatsapp:+12125551234")), "undelivered 63049");
  EXPECT_EQ(ends(by_template(sale, "whatsapp:+14165551234")), "delivered") << "Canada";
  EXPECT_EQ(ends(by_template(sale)), "delivered");
}

TEST_F(WorldLifecycle, TheSandboxIsForItsMembers) {
  EXPECT_EQ(ends(request(test::kAna, kSandbox)), "failed 63015");
  join();
  EXPECT_EQ(ends(request(test::kAna, kSandbox)), "delivered");
  EXPECT_EQ(refusal(request(test::kAna, kSandbox)), Errc::Last_);
  EXPECT_EQ(refusal(request(test::kAna, kSandbox)), Errc::SandboxTooFast);
  advance(3s);
  InboundMessage leaves = inbound(test::kAna, kSandbox);
  leaves.body = "Stop";
  ASSERT_TRUE(run(world->receive(leaves)));
  EXPECT_EQ(ends(request(test::kAna, kSandbox)), "failed 63015");
  join();
  advance(72h);
  EXPECT_EQ(ends(request(test::kAna, kSandbox)), "failed 63015");
}

class SandboxRestart : public test::Restarting<WorldLifecycle> {};

TEST_F(SandboxRestart, ItsMembersStayAndThoseWhoLeftDoNot) {
  restart();
  join();
  const auto members = run(world->sandbox()).members;
  ASSERT_EQ(members.size(), 1U);
  restart();
  EXPECT_EQ(run(world->sandbox()).members, members);
  InboundMessage leaves = inbound(test::kAna, kSandbox);
  leaves.body = "stop";
  ASSERT_TRUE(run(world->receive(leaves)));
  restart();
  EXPECT_TRUE(run(world->sandbox()).members.empty());
  EXPECT_EQ(ends(request(test::kAna, kSandbox)), "failed 63015");
}

TEST_F(WorldLifecycle, TestCredentialsAreJudgedByMagicNumbers) {
  AccountOptions options{.sid = test::kAccount};
  options.test = true;
  run(world->configure(options));
  struct Row {
    const char* from;
    const char* to;
    Errc want;
  };
  constexpr Row kRows[] = {
      {"+15005550006", kUser, Errc::Last_},
      {"+15005550001", kUser, Errc::InvalidFrom},
      {"+15005550007", kUser, Errc::FromNotOwned},
      {"+15005550008", kUser, Errc::QueueFull},
      {kNumber, kUser, Errc::FromNotOwned},
      {"+15005550006", "+15005550001", Errc::InvalidTo},
      {"+15005550006", "+15005550002", Errc::NotRoutable},
      {"+15005550006", "+15005550003", Errc::RegionNotEnabled},
      {"+15005550006", "+15005550004", Errc::OptedOut},
      {"+15005550006", "+15005550009", Errc::NotMobile},
      {"+15005550007", "+15005550001", Errc::InvalidTo},
      {"+15005550008", "+15005550004", Errc::OptedOut},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(refusal(request(row.to, row.from)), row.want) << row.from << " to " << row.to;
  }
  const Message made = send(request(kUser, "+15005550006"));
  advance(1h);
  EXPECT_EQ(ended(made.sid), "queued") << "nothing is delivered";
  EXPECT_TRUE(app.webhooks.empty());
}

TEST_F(WorldLifecycle, RedactedRemovedAndToldOf) {
  SendRequest asked = request(kUser, kNumber);
  asked.options.edit().provide_feedback = true;
  asked.media_urls = {"https://a.example/1.PNG?x=.gif"};
  const Message made = send(asked);
  ASSERT_EQ(made.media.size(), 1u);
  EXPECT_EQ(made.media[0].content_type, "image/png");
  EXPECT_TRUE(made.sid.text.starts_with("MM"));
  EXPECT_EQ(run(world->redact(made.sid)).error().code, Errc::NotFinal);
  EXPECT_EQ(run(world->remove(made.sid)).error().code, Errc::NotFinal);
  advance(5s);
  EXPECT_EQ(run(world->redact(made.sid))->body, "");
  EXPECT_TRUE(run(world->give_feedback(made.sid, true))->feedback->confirmed);
  EXPECT_EQ(run(world->remove_media(made.sid, {"ME1"})).error().code, Errc::NotFound);
  EXPECT_TRUE(run(world->remove_media(made.sid, made.media[0].sid)));
  EXPECT_TRUE(find(made.sid).media.empty());
  EXPECT_TRUE(run(world->remove(made.sid)));
  EXPECT_EQ(run(world->find(made.sid)).error().code, Errc::NotFound);
  const Message other = send(request(kUser, kNumber));
  EXPECT_EQ(run(world->give_feedback(other.sid, true)).error().code, Errc::InvalidParameter);
}

// Any schedule of sends, messages of users, cancels and leaps of the clock: no status goes back,
// every message ends, and the same seed gives the same again.
class Schedules : public WorldLifecycle {
 protected:
  std::string play(std::uint64_t seed) {
    begin(ClockMode::Manual, seed,
          {.reads = seed % 2 == 0, .limits = {.sender_rates = seed % 3 == 0}});
    Random random = Random(seed).fork("schedule");
    std::vector<MessageSid> sids;
    for (int i = 0; i < 25; ++i) {
      switch (random.below(7)) {
        case 0:
          EXPECT_TRUE(run(world->receive(inbound())));
          break;
        case 1:
          EXPECT_TRUE(run(world->advance(random.up_to(20h))));
          break;
        case 2:
          if (!sids.empty()) (void)run(world->cancel(sids[random.below(sids.size())]));
          break;
        case 3:
          be({.reads = random.below(2) == 0,
              .skips_delivered = random.below(2) == 0,
              .fails = random.below(4) == 0 ? std::optional(63024) : std::nullopt});
          break;
        case 4:
          sids.push_back(send(scheduled(300s + random.up_to(30h))).sid);
          break;
        case 5:
          sids.push_back(send(request(kUser, kNumber)).sid);
          break;
        default:
          sids.push_back(send(request()).sid);
      }
    }
    EXPECT_TRUE(run(world->advance(40 * 24h)));
    std::string transcript;
    for (const MessageSid& sid : sids) {
      const Message message = find(sid);
      EXPECT_TRUE(is_final(message.status)) << "seed " << seed << ": " << to_text(message.status);
      std::optional<MessageStatus> before;
      transcript += sid.text;
      for (const TimelineEntry& entry : message.timeline) {
        const auto* const reached = std::get_if<StatusReached>(&entry.what);
        if (reached == nullptr) continue;
        transcript += " " + std::string(to_text(reached->status));
        EXPECT_TRUE(reached->moved) << "seed " << seed << ": late news";
        EXPECT_TRUE(!before || reachable(*before, reached->status)) << "seed " << seed;
        before = reached->status;
      }
      transcript += '\n';
    }
    return transcript;
  }
};

TEST_F(Schedules, AlwaysEndAndNeverGoBack) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) play(seed);
}

TEST_F(Schedules, OfOneSeedAreTheSame) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) EXPECT_EQ(play(seed), play(seed));
}

}  // namespace
}  // namespace twindow::gateway
