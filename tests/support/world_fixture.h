// SPDX-License-Identifier: Apache-2.0
// A whole world in one thread: the memory store, the pretend Twilio and an app without sockets.
#pragma once

#include <gtest/gtest.h>

#include "twindow/gateway/world.h"
#include "twindow/sim/provider.h"
#include "twindow/store/open_store.h"

#include "tests/support/fake_app.h"
#include "tests/support/manual_clock.h"
#include "tests/support/run_task.h"

namespace twindow::test {

inline const AccountSid kAccount{"AC0123456789abcdef0123456789abcdef"};
inline const Time kStart =
    std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) + std::chrono::hours(9);
inline constexpr auto kShop = "whatsapp:+14155550100";
inline constexpr auto kAna = "whatsapp:+5215512345678";

class SilentSink final : public ports::EventSink {
 public:
  bool wanted() const override { return true; }
  void record(const Event& event) override { events.push_back(event); }
  std::vector<Event> events;
};

// In front of the real Twilio, which alone says what becomes of a message.
class NoCarrier final : public ports::Carrier {
 public:
  void submit(const Message&) override {}
  void reset() override {}
};

class WorldTest : public testing::Test {
 protected:
  explicit WorldTest(gateway::ClockMode mode = gateway::ClockMode::Manual)
      : world(make(mode, 63016)) {
    world->start();
  }
  ~WorldTest() override { context.discard(); }

  // A world's coroutines live as long as the context, so an earlier world has to stay as well.
  void begin(gateway::ClockMode mode, std::uint64_t seed, sim::CarrierProfile profile = {}) {
    earlier_worlds.push_back(std::move(world));
    world = make(mode, seed, profile);
    world->start();
  }

  std::unique_ptr<gateway::World> make(gateway::ClockMode mode, std::uint64_t seed,
                                       sim::CarrierProfile profile = {},
                                       std::unique_ptr<ports::AccountStore> store = nullptr) {
    gateway::WorldOptions options;
    options.account.sid = kAccount;
    options.seed = seed;
    options.clock = mode;
    options.start = kStart;
    options.relays = relays;
    options.hears_users = hears_users && real_twilio != nullptr;
    gateway::WorldParts parts{
        .wall = wall,
        .app = app,
        .events = sink,
        .accounts = accounts,
        .store = store ? std::move(store) : store::open_memory_store(1000),
        .make_carrier = [profile, silent = real_twilio != nullptr](
                            const Clock& clock, Timers& timers, Random random,
                            ports::Outbox& outbox) -> std::unique_ptr<ports::Carrier> {
          if (silent) return std::make_unique<NoCarrier>();
          return std::make_unique<sim::Provider>([profile] { return profile; }, clock, timers,
                                                 random, outbox);
        },
        .twilio = real_twilio,
        .sender = twilio_sender,
        .read_twiml = read_twiml};
    return std::make_unique<gateway::World>(boost::asio::make_strand(context), std::move(options),
                                            std::move(parts));
  }

  template <class T>
  auto run(Task<T> task) {
    return run_task(context, std::move(task));
  }

  // As a call of the app does; what can be decided at once is decided the same.
  gateway::World::Decided judged(policy::SendCall call, const std::string& authorization = "") {
    const auto at_once = world->decide_now(call);
    const auto decided = run(world->decide(std::move(call), std::nullopt, authorization));
    if (at_once) {
      EXPECT_EQ(at_once->decision, decided.decision);
      EXPECT_EQ(at_once->at, decided.at);
    }
    return decided;
  }

  SendRequest request(std::string to = kAna, std::string from = kShop) {
    SendRequest made;
    made.account = kAccount;
    made.to = *parse_to(to);
    made.from = *parse_from(from);
    made.body = "Hola";
    made.status_callback = "https://app.example.com/status";
    return made;
  }
  InboundMessage inbound(std::string from = kAna, std::string to = kShop) {
    return {.account = kAccount,
            .sid = {},
            .from = *parse_to(from),
            .to = *parse_from(to),
            .body = "hola"};
  }
  Message send(SendRequest r) { return *run(world->send(std::move(r))); }
  Message find(const MessageSid& sid) { return *run(world->find(sid)); }

  // Of worlds that are made from now on.
  bool relays = false;
  ports::TwilioApi* real_twilio = nullptr;  // in proxy mode
  ports::TwilioSender* twilio_sender = nullptr;
  bool hears_users = true;
  gateway::ReadTwiml read_twiml = {};
  Context context;
  ManualClock wall{kStart};
  FakeApp app;
  SilentSink sink;
  gateway::Accounts accounts{{}, AuthToken{"0123456789abcdef0123456789abcdef"}};
  std::vector<std::unique_ptr<gateway::World>> earlier_worlds;
  std::unique_ptr<gateway::World> world;
};

}  // namespace twindow::test
