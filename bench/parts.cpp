// SPDX-License-Identifier: Apache-2.0
// What the parts of one send cost, each alone and with everything in the cache: for comparing two
// ways of writing a part. What a send costs as a whole is seen under load only.
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "twindow/base/virtual_time.h"
#include "twindow/model/sid.h"
#include "twindow/sim/provider.h"
#include "twindow/wire/basic_auth.h"
#include "twindow/wire/form.h"
#include "twindow/wire/http.h"
#include "twindow/wire/secret.h"
#include "twindow/wire/twilio/message_json.h"
#include "twindow/wire/twilio/reply.h"
#include "twindow/wire/twilio/send_request.h"
#include "twindow/wire/twilio/signature.h"
#include "twindow/wire/twilio/webhook_params.h"

#include "src/app/log.h"
#include "src/net/head_scanner.h"
#include "src/net/reply_head.h"
#include "src/net/request_head.h"

namespace twindow {
namespace {

constexpr std::string_view kAccount = "AC00000000000000000000000000000001";
constexpr std::string_view kForm =
    "To=whatsapp%3A%2B15555550001&From=whatsapp%3A%2B14155550100&Body=Your+appointment+is+on+July"
    "+21+at+3+PM.+Answer+YES+to+confirm+it%2C+or+call+us.";
const std::string kTarget = "/2010-04-01/Accounts/" + std::string(kAccount) + "/Messages.json";
const std::string kToken = "bench-token-0123456789abcdef";
const std::string kAuthorization =
    "Basic " + wire::base64_encode(std::string(kAccount) + ":" + kToken);
const std::string kHead = "POST " + kTarget +
                          " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: " + kAuthorization +
                          "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                          "Content-Length: 150\r\n\r\n";

Message some_message() {
  SendRequest request =
      *wire::parse_send_request(AccountSid{std::string(kAccount)}, *wire::parse_form(kForm));
  SidSource sids(1, request.account);
  Message message{.sid = MessageSid{sids.next("SM")},
                  .account = request.account,
                  .kind = kind_of(request),
                  .from = request.from,
                  .sender = *request.from,
                  .to = request.to,
                  .body = request.body,
                  .status_callback = "https://app.example.com/twilio/status",
                  .created = Time(std::chrono::hours(24 * 365 * 56)),
                  .updated = Time(std::chrono::hours(24 * 365 * 56))};
  message.timeline.push_back({message.created, StatusReached{message.status}});
  return message;
}

void scan_head(benchmark::State& state) {
  for (auto _ : state) {
    net::HeadScanner scanner(32 * 1024);
    benchmark::DoNotOptimize(scanner.scan(kHead));
  }
}
BENCHMARK(scan_head);

void parse_head(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(net::parse_head(kHead, 1024 * 1024));
}
BENCHMARK(parse_head);

void read_credentials(benchmark::State& state) {
  for (auto _ : state) {
    const auto credentials = wire::parse_basic_auth(kAuthorization);
    benchmark::DoNotOptimize(wire::equal_in_constant_time(credentials->password, kToken));
  }
}
BENCHMARK(read_credentials);

void parse_form(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(wire::parse_form(kForm));
}
BENCHMARK(parse_form);

void check_send_request(benchmark::State& state) {
  const AccountSid account{std::string(kAccount)};
  const wire::Form form = *wire::parse_form(kForm);
  for (auto _ : state) benchmark::DoNotOptimize(wire::parse_send_request(account, form));
}
BENCHMARK(check_send_request);

void make_sid(benchmark::State& state) {
  SidSource sids(1, AccountSid{std::string(kAccount)});
  for (auto _ : state) benchmark::DoNotOptimize(sids.next("SM"));
}
BENCHMARK(make_sid);

void copy_message(benchmark::State& state) {
  const Message message = some_message();
  for (auto _ : state) {
    Message copy = message;
    benchmark::DoNotOptimize(copy);
  }
}
BENCHMARK(copy_message);

struct NoOutbox final : ports::Outbox {
  void put(StatusUpdate) override {}
};

// A send's timers are set, and run at once.
void plan_and_run_timers(benchmark::State& state) {
  const Message message = some_message();
  VirtualTime time{message.created};
  NoOutbox outbox;
  sim::Provider provider({}, time, time, Random(1), outbox);
  for (auto _ : state) {
    provider.submit(message);
    while (time.next_due()) time.step(*time.next_due());
  }
}
BENCHMARK(plan_and_run_timers);

void write_message_json(benchmark::State& state) {
  const Message message = some_message();
  for (auto _ : state) benchmark::DoNotOptimize(wire::message_json(message, false));
}
BENCHMARK(write_message_json);

void write_reply_head(benchmark::State& state) {
  std::string out;
  for (auto _ : state) {
    wire::HttpReply reply{.status = 201};
    reply.headers.push_back({"Content-Type", "application/json"});
    wire::add_twilio_headers(
        reply, {.request_id = "RQ00000000000000000000000000000001", .took = {}, .concurrent = 1});
    out.clear();
    benchmark::DoNotOptimize(net::is_sendable(reply));
    net::append_reply_head(out, reply, {.date = "Thu, 24 Aug 2023 05:01:45 GMT"});
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(write_reply_head);

struct NoBuffer final : std::streambuf {
  std::streamsize xsputn(const char*, std::streamsize count) override { return count; }
  int overflow(int byte) override { return byte; }
};

// What a line costs the one who logs; writing it is another thread's.
void log_call(benchmark::State& state) {
  NoBuffer nowhere;
  std::ostream out(&nowhere);
  app::Log log({}, out);
  const wire::CallLogEntry entry{.plane = "api",
                                 .peer = "127.0.0.1",
                                 .method = "POST",
                                 .target = kTarget,
                                 .status = 201,
                                 .bytes_in = 400,
                                 .bytes_out = 1500,
                                 .took = std::chrono::microseconds(80)};
  for (auto _ : state) log.call(entry);
}
BENCHMARK(log_call);

void sign_status_callback(benchmark::State& state) {
  const Message message = some_message();
  for (auto _ : state) {
    const std::vector<Param> params = wire::status_params(message);
    benchmark::DoNotOptimize(wire::sign(kToken, *message.status_callback, params));
  }
}
BENCHMARK(sign_status_callback);

}  // namespace
}  // namespace twindow
