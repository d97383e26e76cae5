// SPDX-License-Identifier: Apache-2.0
#include "tests/api/server_fixture.h"

#include "twindow/sim/provider.h"
#include "twindow/store/open_store.h"
#include "twindow/wire/twilio/twiml.h"

#include "tests/support/run_task.h"

namespace twindow::test {

Server::Server(ServerOptions options)
    : context(std::make_unique<Context>()),
      events(boost::asio::make_strand(*context)),
      accounts(std::move(options.accounts), std::move(options.default_token)),
      policy(std::move(options.policy)),
      real_twilio(options.twilio),
      real_sender(options.sender),
      worlds(wall, options.clock,
             [this](const AccountSid& account, Time start, gateway::ClockMode mode) {
               return make_world(account, start, mode);
             }),
      state{.worlds = worlds,
            .accounts = accounts,
            .events = events,
            .wall = wall,
            .version = "1.2.3",
            .api_address = "127.0.0.1:4010",
            .control_address = "127.0.0.1:4011",
            .seed = 63016,
            .started = kStart},
      control(api::make_control_face(state)),
      twilio(api::make_twilio_face(state, control)) {
  state.phase = api::Phase::Ready;
}

Server::~Server() { context->discard(); }

wire::HttpReply Server::reply_of(const wire::Handler& face, wire::HttpCall call) {
  return run_task(*context, face(std::move(call)));
}

std::optional<std::string> Server::next_of(wire::BodyStream& stream) {
  return run_task(*context, stream.next());
}

void Server::start(Task<void> task) {
  start_on(boost::asio::make_strand(*context), std::move(task));
}

std::string Server::send(const std::string& account, const std::string& to, const std::string& body,
                         std::optional<std::string> status_callback, const std::string& from) {
  SendRequest request{.account = AccountSid{account}, .to = *parse_to(to)};
  request.from = *parse_from(from);
  request.body = body;
  request.status_callback = std::move(status_callback);
  const Result<Message> sent =
      run_task(*context, worlds.open(AccountSid{account}).send(std::move(request)));
  EXPECT_TRUE(sent) << (sent ? "" : sent.error().detail);
  return sent ? sent->sid.text : "";
}

std::unique_ptr<gateway::World> Server::make_world(const AccountSid& account, Time start,
                                                   gateway::ClockMode mode) {
  gateway::WorldOptions options{.account = accounts.options(account),
                                .seed = 63016,
                                .clock = mode,
                                .start = start,
                                .policy = policy};
  gateway::WorldParts parts{
      .wall = wall,
      .app = app,
      .events = events,
      .accounts = accounts,
      .store = store::open_memory_store(1000),
      .make_carrier = [](const Clock& clock, Timers& timers, Random random,
                         ports::Outbox& outbox) -> std::unique_ptr<ports::Carrier> {
        return std::make_unique<sim::Provider>([] { return sim::CarrierProfile(); }, clock, timers,
                                               random, outbox);
      },
      .twilio = real_twilio,
      .sender = real_sender,
      .read_twiml = real_twilio == nullptr ? gateway::ReadTwiml(wire::read_twiml) : nullptr};
  return std::make_unique<gateway::World>(boost::asio::make_strand(*context), std::move(options),
                                          std::move(parts));
}

}  // namespace twindow::test
