// SPDX-License-Identifier: Apache-2.0
// Sends that a policy judges, in front of the simulator.
#include "twindow/policy/template_catalog.h"

#include "tests/support/restarting.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;
using Statuses = std::vector<std::string>;

const ContentSid kReminder{"HX0000000000000000000000000000000a"};

class WorldGate : public test::WorldTest {
 protected:
  WorldGate() { judge_by(policy::built_in_rules()); }

  void judge_by(std::vector<policy::Rule> rules, Duration margin = {}) {
    policy::Policy made{.rules = std::move(rules)};
    made.window.margin = margin;
    policy = std::make_shared<const policy::Policy>(made);
    run(world->set_policy(policy));
  }
  static policy::Rule rule_for_closed(policy::RuleAction action) {
    return {.name = "closed",
            .match = *policy::SendMatcher::make(
                {{.field = "window", .op = policy::MatchOp::Equals, .values = {"closed"}}}),
            .action = std::move(action)};
  }
  void add_reminder(TemplateStatus status = TemplateStatus::Approved) {
    ContentTemplate content{.sid = kReminder, .name = "reminder", .language = "es"};
    content.status = status;
    content.type = "twilio/text";
    content.body = "Hola {{1}}, tu cita es {{2}}.";
    content.samples = {{"1", "Ana"}, {"2", "hoy"}};
    ASSERT_TRUE(run(world->put_template(content)));
  }
  static policy::SendCall call(SendRequest request) {
    policy::SendCall made{.request = request};
    made.params = {{"To", request.to.text}, {"From", request.from->text}};
    if (!request.body.empty()) made.params.push_back({"Body", request.body});
    if (request.content) made.params.push_back({"ContentSid", request.content->text});
    made.variables = request.variables;
    return made;
  }
  World::Decided decide(SendRequest request) { return judged(call(request)); }
  LedgerEntry entry_for(const SendRequest& request, const World::Decided& decided) {
    return ledger_entry(decided.decision, request, decided.at, "spring");
  }
  SendRequest reminder(std::vector<Param> variables) {
    SendRequest made = request();
    made.body.clear();
    made.content = kReminder;
    made.variables = std::move(variables);
    return made;
  }
  Message hold(Duration ttl = 24h, std::optional<SendRequest> nudge = {}) {
    const SendRequest held = request();
    return *run(world->hold(held, ttl, std::move(nudge), entry_for(held, decide(held))));
  }
  std::vector<LedgerEntry> ledger() { return *run(world->decisions({})); }
  std::string body(const MessageSid& sid) { return find(sid).body; }

  std::shared_ptr<const policy::Policy> policy;
};

TEST_F(WorldGate, RefusesOutsideTheWindowAndKeepsTheDecision) {
  const SendRequest send = request();
  const World::Decided decided = decide(send);
  EXPECT_EQ(decided.decision.verdict, Verdict(Reject{}));
  EXPECT_EQ(decided.decision.window.state, WindowState::Closed);
  EXPECT_EQ(decided.at, test::kStart);
  ASSERT_TRUE(run(world->enter(entry_for(send, decided))));
  ASSERT_EQ(ledger().size(), 1u);
  EXPECT_EQ(ledger()[0].action, Action::Reject);
  EXPECT_EQ(ledger()[0].code, 63016);
  EXPECT_EQ(ledger()[0].campaign, "spring");
  EXPECT_EQ(ledger()[0].message, std::nullopt);
  EXPECT_EQ(run(world->counts()).messages, 0u);
}

TEST_F(WorldGate, DecidesAtOnceWhatIsKnown) {
  EXPECT_TRUE(world->decide_now(call(request())));
  EXPECT_FALSE(world->decide_now(call(request("whatsapp:MX.1349")))) << "whose name is it?";
}

TEST_F(WorldGate, TheLedgerLearnsHowAPassedSendEnded) {
  ASSERT_TRUE(run(world->receive(inbound())));
  const SendRequest send = request();
  const World::Decided decided = decide(send);
  EXPECT_EQ(decided.decision.verdict, Verdict(Pass{}));
  const auto sent = run(world->send_decided(send, entry_for(send, decided)));
  ASSERT_TRUE(sent);
  EXPECT_EQ(ledger()[0].message, sent->sid);
  EXPECT_EQ(ledger()[0].ended_as, std::nullopt);
  ASSERT_TRUE(run(world->advance(10s)));
  EXPECT_EQ(ledger()[0].ended_as, MessageStatus::Delivered);
}

TEST_F(WorldGate, TheMarginClosesAWindowEarlier) {
  judge_by(policy::built_in_rules(), 60s);
  ASSERT_TRUE(run(world->receive(inbound())));
  ASSERT_TRUE(run(world->advance(24h - 60s - 1ms)));
  EXPECT_EQ(decide(request()).decision.verdict, Verdict(Pass{}));
  ASSERT_TRUE(run(world->advance(1ms)));
  EXPECT_EQ(decide(request()).decision.verdict, Verdict(Reject{}));
}

TEST_F(WorldGate, AnotherPolicyHoldsFromTheNextSendOn) {
  EXPECT_EQ(decide(request()).decision.verdict, Verdict(Reject{}));
  judge_by({});
  EXPECT_EQ(decide(request()).decision.verdict, Verdict(Pass{}));
}

TEST_F(WorldGate, WithoutAPolicyNothingIsJudgedButExplained) {
  run(world->set_policy(nullptr));
  EXPECT_FALSE(world->gated());
  EXPECT_EQ(decide(request()).decision.verdict, Verdict(Reject{})) << "the built-in rules";
}

TEST_F(WorldGate, ReroutesToTheTemplateThatSaysTheSame) {
  add_reminder();
  SendRequest send = request();
  send.body = "Hola Eva, tu cita es mañana.";
  const World::Decided decided = decide(send);
  const auto* const reroute = std::get_if<Reroute>(&decided.decision.verdict);
  ASSERT_NE(reroute, nullptr) << decided.decision.reason;
  EXPECT_EQ(reroute->with.content, kReminder);
  EXPECT_EQ(reroute->with.variables, (std::vector<Param>{{"1", "Eva"}, {"2", "mañana"}}));
}

TEST_F(WorldGate, ARefusalForLaterLooksAsTwiliosOwn) {
  judge_by({rule_for_closed(policy::RejectAction{RejectStyle::Async, 63016})});
  const SendRequest send = request();
  const auto refused = run(world->refuse_later(send, entry_for(send, decide(send))));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, MessageStatus::Queued);
  ASSERT_TRUE(run(world->advance(2s)));
  EXPECT_EQ(find(refused->sid).status, MessageStatus::Undelivered);
  EXPECT_EQ(app.statuses(), (Statuses{"undelivered 63016"}));
  EXPECT_EQ(ledger()[0].ended_as, MessageStatus::Undelivered);
}

TEST_F(WorldGate, AHeldSendGoesOutWhenTheUserWrites) {
  const Message first = hold();
  const Message second = hold();
  EXPECT_EQ(first.status, MessageStatus::Accepted);
  ASSERT_TRUE(run(world->advance(1h)));
  EXPECT_EQ(find(first.sid).status, MessageStatus::Accepted);
  EXPECT_EQ(app.statuses(), Statuses{});
  ASSERT_TRUE(run(world->receive(inbound())));
  EXPECT_EQ(find(first.sid).held_until, std::nullopt);
  EXPECT_EQ(find(first.sid).window.state, WindowState::Open);
  ASSERT_TRUE(run(world->advance(10s)));
  EXPECT_EQ(find(first.sid).status, MessageStatus::Delivered);
  EXPECT_EQ(find(second.sid).status, MessageStatus::Delivered);
  ASSERT_TRUE(run(world->advance(48h)));
  EXPECT_EQ(find(first.sid).status, MessageStatus::Delivered) << "its ttl is no matter any more";
}

TEST_F(WorldGate, AHeldSendFailsAtTheEndOfItsTime) {
  const Message held = hold(1h);
  ASSERT_TRUE(run(world->advance(1h - 1ms)));
  EXPECT_EQ(find(held.sid).status, MessageStatus::Accepted);
  ASSERT_TRUE(run(world->advance(1ms)));
  EXPECT_EQ(find(held.sid).status, MessageStatus::Failed);
  EXPECT_EQ(find(held.sid).error_code, 63016);
  EXPECT_EQ(app.statuses(), (Statuses{"failed 63016"}));
  ASSERT_TRUE(run(world->receive(inbound())));
  ASSERT_TRUE(run(world->advance(10s)));
  EXPECT_EQ(find(held.sid).status, MessageStatus::Failed);
}

TEST_F(WorldGate, AHundredAreHeldForAPairAndNoMore) {
  judge_by({rule_for_closed(policy::HoldAction{})});
  for (int i = 0; i < 100; ++i) hold();
  const SendRequest one_more = request();
  const World::Decided decided = decide(one_more);
  EXPECT_EQ(decided.decision.verdict, Verdict(Pass{})) << "there is no other rule";
  const auto refused = run(world->hold(one_more, 1h, {}, entry_for(one_more, decided)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::Conflict);
  EXPECT_TRUE(
      std::holds_alternative<Hold>(decide(request("whatsapp:+15555550123")).decision.verdict))
      << "another pair has room";
}

TEST_F(WorldGate, ANudgeGoesOutAtOnceAndNotAgain) {
  add_reminder();
  judge_by({rule_for_closed(policy::HoldAction{
      .ttl = 48h,
      .nudge =
          policy::Nudge{.recipe = {.content = kReminder, .variables = {{"1", "Ana"}, {"2", "hoy"}}},
                        .every = 24h}})});
  const auto nudge_of = [&] { return std::get<Hold>(decide(request()).decision.verdict).nudge; };
  const auto nudge = nudge_of();
  ASSERT_TRUE(nudge.has_value());
  const Message held = hold(48h, reminder(nudge->variables));
  EXPECT_EQ(nudge_of(), std::nullopt);
  ASSERT_TRUE(run(world->advance(10s)));
  EXPECT_EQ(find(held.sid).status, MessageStatus::Accepted);
  const LedgerEntry of_nudge = ledger()[0];
  ASSERT_TRUE(of_nudge.message.has_value());
  EXPECT_EQ(body(*of_nudge.message), "Hola Ana, tu cita es hoy.");
  EXPECT_EQ(find(*of_nudge.message).status, MessageStatus::Delivered);
  ASSERT_TRUE(run(world->advance(24h)));
  EXPECT_TRUE(nudge_of().has_value()) << "the next day";
}

class WorldGateRestart : public test::Restarting<WorldGate> {
 protected:
  WorldGateRestart() { begin_again(); }
  void begin_again() {
    restart();
    run(world->set_policy(policy));
  }
};

TEST_F(WorldGateRestart, TakesUpWhatIsHeld) {
  const Message held = hold(1h);
  begin_again();
  EXPECT_EQ(find(held.sid).status, MessageStatus::Accepted);
  ASSERT_TRUE(run(world->receive(inbound())));
  ASSERT_TRUE(run(world->advance(10s)));
  EXPECT_EQ(find(held.sid).status, MessageStatus::Delivered);
}

// Templates in the simulator.

TEST_F(WorldGate, AnUnknownTemplateIsRefused) {
  const auto refused = run(world->send(reminder({})));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::ContentSidInvalid);
}

TEST_F(WorldGate, AnApprovedTemplateNeedsNoWindowAndShowsItsText) {
  add_reminder();
  const auto sent = run(world->send(reminder({{"1", "Eva"}})));
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->body, "Hola Eva, tu cita es hoy.") << "a missing value is the sample's";
  EXPECT_EQ(sent->kind, MessageKind::Template);
  ASSERT_TRUE(run(world->advance(10s)));
  EXPECT_EQ(find(sent->sid).status, MessageStatus::Delivered);
}

struct Ending {
  TemplateStatus status;
  bool open;
  std::vector<Param> variables;
  std::string ends;
};

TEST_F(WorldGate, WhatIsWrongWithATemplateComesOutLater) {
  const std::vector<Param> good{{"1", "Eva"}, {"2", "hoy"}};
  const std::vector<Ending> endings{
      {TemplateStatus::Approved, false, good, "delivered"},
      {TemplateStatus::Pending, false, good, "undelivered 63016"},
      {TemplateStatus::Unsubmitted, false, good, "undelivered 63016"},
      {TemplateStatus::Pending, true, good, "delivered"},
      {TemplateStatus::Rejected, true, good, "failed 63040"},
      {TemplateStatus::Paused, false, good, "failed 63041"},
      {TemplateStatus::Disabled, false, good, "failed 63042"},
      {TemplateStatus::Approved, false, {{"1", ""}, {"2", "hoy"}}, "failed 63013"},
      {TemplateStatus::Approved, false, {{"1", "a\nb"}, {"2", "hoy"}}, "failed 63013"},
      {TemplateStatus::Approved, false, {{"1", std::string(1100, 'x')}}, "failed 63021"},
  };
  for (const Ending& ending : endings) {
    begin(ClockMode::Manual, 63016);
    add_reminder(ending.status);
    if (ending.open) {
      ASSERT_TRUE(run(world->receive(inbound())));
    }
    app.webhooks.clear();
    const auto sent = run(world->send(reminder(ending.variables)));
    ASSERT_TRUE(sent);
    ASSERT_TRUE(run(world->advance(10s)));
    ASSERT_FALSE(app.statuses().empty());
    EXPECT_EQ(app.statuses().back(), ending.ends) << to_text(ending.status);
  }
}

TEST_F(WorldGate, ApprovalsMove) {
  add_reminder(TemplateStatus::Pending);
  EXPECT_EQ(run(world->set_approval(kReminder, TemplateStatus::Approved, "UTILITY"))->category,
            "UTILITY");
  const auto all = run(world->templates());
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].status, TemplateStatus::Approved);
  const ContentSid other{"HX0000000000000000000000000000000b"};
  const auto none = run(world->set_approval(other, TemplateStatus::Paused, ""));
  EXPECT_EQ(none.error().code, Errc::NotFound);
}

}  // namespace
}  // namespace twindow::gateway
