// SPDX-License-Identifier: Apache-2.0
// The counters, and their text.
#include "src/app/metrics.h"

#include <map>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/app/metrics_text.h"

namespace twindow::app {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

const std::string kMessages = "/2010-04-01/Accounts/{AccountSid}/Messages";
const std::vector<std::string_view> kRoutes{kMessages, "/livez", kMessages};

wire::CallLogEntry call(std::string_view method, std::string_view route, int status,
                        std::chrono::microseconds took = 1ms) {
  return {.plane = "api",
          .peer = "127.0.0.1",
          .method = method,
          .target = "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json",
          .route = route,
          .status = status,
          .took = took};
}

std::string text_of(const Metrics& metrics) { return metrics_text(metrics, {}); }

std::size_t lines_with(const std::string& text, const std::string& part) {
  std::size_t lines = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++lines;
  return lines;
}

TEST(LatencyHistogram, BoundsAreInclusive) {
  for (std::size_t i = 0; i < LatencyHistogram::kBounds.size(); ++i) {
    LatencyHistogram histogram;
    histogram.add(LatencyHistogram::kBounds[i]);
    EXPECT_EQ(histogram.count(i), 1u) << i;
    histogram.add(LatencyHistogram::kBounds[i] + 1us);
    EXPECT_EQ(histogram.count(i), 1u) << i;
    EXPECT_EQ(histogram.count(i + 1), 1u) << i;
  }
}

TEST(LatencyHistogram, TakesZeroAndLongTimes) {
  LatencyHistogram histogram;
  histogram.add(0us);
  histogram.add(-1us);
  histogram.add(24h);
  EXPECT_EQ(histogram.count(0), 2u);
  EXPECT_EQ(histogram.count(LatencyHistogram::kBounds.size()), 1u);
  EXPECT_EQ(histogram.sum(), 24h);
}

TEST(CountTable, CountsTheFirstKeysOneByOneAndTheOthersTogether) {
  CountTable<3> table;
  for (const std::uint64_t key : {7, 8, 7, 9, 10, 11, 9, 7}) table.add(key);
  std::map<std::uint64_t, std::uint64_t> counts;
  table.each([&](std::uint64_t key, std::uint64_t count) { counts[key] = count; });
  EXPECT_EQ(counts, (std::map<std::uint64_t, std::uint64_t>{{7, 3}, {8, 1}, {9, 2}}));
  EXPECT_EQ(table.others(), 2u);
}

TEST(Metrics, BecomePrometheusText) {
  Metrics metrics(kRoutes);
  metrics.called(call("POST", kMessages, 201, 50us));
  metrics.called(call("POST", kMessages, 201, 51us));
  metrics.called(call("POST", kMessages, 400, 20s));
  metrics.send_decided(std::nullopt);
  metrics.send_decided(Errc::InvalidTo);
  metrics.message_ended(MessageStatus::Undelivered, 63016);
  metrics.message_ended(MessageStatus::Delivered, std::nullopt);
  metrics.store_committed();
  metrics.config_reloaded(false);
  const std::string text =
      metrics_text(metrics, {.version = "1.2.3",
                             .mode = "simulate",
                             .store = "memory",
                             .started = Time(std::chrono::milliseconds(1767603600500)),
                             .worlds = 2,
                             .messages = 3,
                             .windows_open = 1,
                             .api_connections = 4,
                             .control_connections = 5,
                             .event_streams = 6});
  const std::string labels = R"(plane="api",route=")" + kMessages + '"';
  EXPECT_THAT(text, HasSubstr("# HELP twindow_http_requests_total Requests answered.\n"
                              "# TYPE twindow_http_requests_total counter\n"
                              "twindow_http_requests_total{" +
                              labels + ",method=\"POST\",status=\"201\"} 2\n" +
                              "twindow_http_requests_total{" + labels +
                              ",method=\"POST\",status=\"400\"} 1\n"));
  const std::string buckets = "twindow_http_request_duration_seconds_bucket{" + labels;
  EXPECT_THAT(text, HasSubstr("twindow_http_request_duration_seconds_count{" + labels + "} 3\n" +
                              "twindow_http_request_duration_seconds_sum{" + labels +
                              "} 20.000101\n" + buckets + ",le=\"5e-05\"} 1\n" + buckets +
                              ",le=\"0.0001\"} 2\n" + buckets + ",le=\"0.00025\"} 2\n"));
  EXPECT_THAT(text, HasSubstr(buckets + ",le=\"10\"} 2\n" + buckets + ",le=\"+Inf\"} 3\n"));
  for (const char* line : {
           R"(twindow_sends_total{decision="accepted",code=""} 1)",
           R"(twindow_sends_total{decision="refused",code="21211"} 1)",
           R"(twindow_message_outcomes_total{status="delivered",code=""} 1)",
           R"(twindow_message_outcomes_total{status="undelivered",code="63016"} 1)",
           R"(twindow_store_commits_total 1)",
           R"(twindow_config_reloads_total{result="ok"} 0)",
           R"(twindow_config_reloads_total{result="refused"} 1)",
           R"(twindow_worlds 2)",
           R"(twindow_messages 3)",
           R"(twindow_windows_open 1)",
           R"(twindow_connections{plane="api"} 4)",
           R"(twindow_connections{plane="control"} 5)",
           R"(twindow_event_streams 6)",
           R"(twindow_build_info{version="1.2.3",mode="simulate",store="memory"} 1)",
           R"(twindow_process_start_time_seconds 1767603600.5)",
       }) {
    EXPECT_THAT(text, HasSubstr('\n' + std::string(line) + '\n'));
  }
}

TEST(Metrics, ErrorsOfOneCodeAreOneSeries) {
  Metrics metrics(kRoutes);
  metrics.send_decided(Errc::InvalidParameter);
  metrics.send_decided(Errc::BadInput);
  EXPECT_THAT(text_of(metrics),
              HasSubstr(R"(twindow_sends_total{decision="refused",code="20001"} 2)"));
}

TEST(Metrics, CallbacksAreCountedByHowTheyEnded) {
  struct Case {
    int http_status;
    std::optional<Errc> error;
    std::string outcome;
  };
  for (const Case& c : std::vector<Case>{{200, {}, "answered_2xx"},
                                         {204, {}, "answered_2xx"},
                                         {302, {}, "answered_other"},
                                         {404, {}, "answered_4xx"},
                                         {503, {}, "answered_5xx"},
                                         {0, Errc::EgressRefused, "refused_egress"},
                                         {0, Errc::Unreachable, "connect_failed"},
                                         {0, Errc::TimedOut, "timeout"},
                                         {200, Errc::BadReply, "bad_reply"}}) {
    Metrics metrics(kRoutes);
    WebhookOutcome outcome;
    outcome.http_status = c.http_status;
    if (c.error) outcome.error = Error{*c.error};
    metrics.webhook_settled(outcome);
    const std::string text = text_of(metrics);
    EXPECT_THAT(text, HasSubstr("twindow_callbacks_total{outcome=\"" + c.outcome + "\"} 1\n"));
    EXPECT_EQ(lines_with(text, "twindow_callbacks_total{"), 8u);
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(CallbackOutcome::Last_); ++i) {
      all += metrics.callbacks(static_cast<CallbackOutcome>(i));
    }
    EXPECT_EQ(all, 1u);
  }
}

TEST(Metrics, TwiliosWebhooksAreCountedByWhatBecameOfThem) {
  Metrics metrics(kRoutes);
  metrics.hook_answered({.kind = api::HookKind::Status, .outcome = api::HookOutcome::Repeat});
  metrics.hook_answered({.kind = api::HookKind::Inbound,
                         .outcome = api::HookOutcome::WrongSignature,
                         .detail = "why"});
  const std::string text = text_of(metrics);
  EXPECT_THAT(text, HasSubstr(R"(twindow_hooks_total{kind="status",outcome="repeat"} 1)"));
  EXPECT_THAT(text,
              HasSubstr(R"(twindow_hooks_total{kind="inbound",outcome="wrong_signature"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(twindow_hooks_total{kind="inbound",outcome="taken"} 0)"));
  EXPECT_EQ(lines_with(text, "twindow_hooks_total{"), 16u) << "all of them, from the start";
}

TEST(Metrics, WhatComesFromOutsideMakesNoNewSeries) {
  Metrics metrics(kRoutes);
  for (int i = 0; i < 2000; ++i) {
    const std::string unknown = "/made/up/" + std::to_string(i);
    metrics.called(call("M" + std::to_string(i), unknown, 404));
    metrics.called(call("GET", kMessages, i));
    metrics.message_ended(MessageStatus::Failed, 10'000 + i);
    wire::CallLogEntry elsewhere = call("GET", {}, 200);
    elsewhere.plane = unknown;
    metrics.called(elsewhere);
  }
  const std::string text = text_of(metrics);
  EXPECT_EQ(lines_with(text, "twindow_http_requests_total{"), 1 + Metrics::kAnswersMax + 1 + 1);
  EXPECT_EQ(lines_with(text, "twindow_message_outcomes_total{"), Metrics::kOutcomesMax + 1);
  EXPECT_THAT(text, HasSubstr(R"({plane="api",route="other",method="OTHER",status="404"} 2000)"));
  EXPECT_THAT(text, HasSubstr("route=\"" + kMessages + "\",method=\"OTHER\",status=\"other\"} " +
                              std::to_string(2000 - Metrics::kAnswersMax)));
  EXPECT_THAT(text, HasSubstr(R"({plane="other",route="other",method="GET",status="200"} 2000)"));
  EXPECT_THAT(text, HasSubstr(R"({status="other",code="other"} )" +
                              std::to_string(2000 - Metrics::kOutcomesMax)));
  EXPECT_THAT(text, Not(HasSubstr("/made/up")));
  EXPECT_THAT(text, Not(HasSubstr("AC0123456789abcdef")));
}

TEST(Metrics, EveryCallOfEveryThreadIsCounted) {
  constexpr int kThreads = 4;
  constexpr int kCalls = 5000;
  Metrics metrics(kRoutes);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&metrics] {
      for (int i = 0; i < kCalls; ++i) {
        metrics.called(call("POST", kMessages, 200 + i % 5, std::chrono::microseconds(i)));
        metrics.message_ended(MessageStatus::Failed, 63016 + i % 3);
        if (i % 1000 == 0) text_of(metrics);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = text_of(metrics);
  for (int status = 200; status < 205; ++status) {
    EXPECT_THAT(text, HasSubstr("status=\"" + std::to_string(status) + "\"} " +
                                std::to_string(kThreads * kCalls / 5) + "\n"));
  }
  EXPECT_EQ(lines_with(text, "twindow_http_requests_total{"), 5u) << "a row for each key, once";
  EXPECT_THAT(text, HasSubstr("_count{plane=\"api\",route=\"" + kMessages + "\"} " +
                              std::to_string(kThreads * kCalls) + "\n"));
  EXPECT_EQ(lines_with(text, "twindow_message_outcomes_total{"), 3u);
}

}  // namespace
}  // namespace twindow::app
