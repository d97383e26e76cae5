// SPDX-License-Identifier: Apache-2.0
#include "src/app/metrics_text.h"

#include <algorithm>
#include <chrono>
#include <map>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "twindow/wire/twilio/errors.h"

namespace twindow::app {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

double seconds(std::chrono::microseconds time) {
  return std::chrono::duration<double>(time).count();
}

class Page {
 public:
  // Valid until the next one is made.
  MetricFamily& family(std::string name, MetricType type, std::string help) {
    families_.push_back({"twindow_" + std::move(name), std::move(help), type, {}});
    return families_.back();
  }
  void gauge(std::string name, std::string help, double value, Labels labels = {}) {
    MetricFamily& made = family(std::move(name), MetricType::Gauge, std::move(help));
    add_gauge(made, std::move(labels), value);
  }
  static void add_gauge(MetricFamily& family, Labels labels, double value) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = value;
    family.metric.push_back(std::move(metric));
  }
  static void add_count(MetricFamily& family, Labels labels, std::uint64_t value) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.counter.value = static_cast<double>(value);
    family.metric.push_back(std::move(metric));
  }
  std::string text() {
    for (MetricFamily& family : families_) {
      std::ranges::stable_sort(family.metric,
                               [](const auto& a, const auto& b) { return a.label < b.label; });
    }
    return prometheus::TextSerializer().Serialize(families_);
  }

 private:
  std::vector<MetricFamily> families_;
};

void add_answers(MetricFamily& family, std::string_view plane, std::string_view route,
                 const Metrics::Route& calls) {
  const auto add = [&](std::string_view method, const std::string& status, std::uint64_t count) {
    Page::add_count(family,
                    {{"plane", std::string(plane)},
                     {"route", std::string(route)},
                     {"method", std::string(method)},
                     {"status", status}},
                    count);
  };
  calls.answers.each([&](std::uint64_t key, std::uint64_t count) {
    const Metrics::Answer answer = Metrics::answer_of(key);
    add(answer.method, std::to_string(answer.status), count);
  });
  if (const auto others = calls.answers.others()) add("OTHER", "other", others);
}

// Nothing, if nothing was called there.
void add_times(MetricFamily& family, std::string_view plane, std::string_view route,
               const LatencyHistogram& took) {
  ClientMetric metric;
  metric.label = {{"plane", std::string(plane)}, {"route", std::string(route)}};
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < LatencyHistogram::kBounds.size(); ++i) {
    below += took.count(i);
    metric.histogram.bucket.push_back({below, seconds(LatencyHistogram::kBounds[i])});
  }
  // The sum of the buckets, counted once: what is recorded meanwhile cannot contradict it.
  metric.histogram.sample_count = below + took.count(LatencyHistogram::kBounds.size());
  metric.histogram.sample_sum = seconds(took.sum());
  if (metric.histogram.sample_count > 0) family.metric.push_back(std::move(metric));
}

void add_calls(Page& page, const Metrics& metrics) {
  MetricFamily answers{"", "", MetricType::Counter, {}};
  MetricFamily times{"", "", MetricType::Histogram, {}};
  for (std::size_t plane = 0; plane < Metrics::kPlanes.size(); ++plane) {
    for (std::size_t route = 0; route < metrics.routes().size(); ++route) {
      const Metrics::Route& calls = metrics.route(plane, route);
      add_answers(answers, Metrics::kPlanes[plane], metrics.routes()[route], calls);
      add_times(times, Metrics::kPlanes[plane], metrics.routes()[route], calls.took);
    }
  }
  page.family("http_requests_total", MetricType::Counter, "Requests answered.").metric =
      std::move(answers.metric);
  page.family("http_request_duration_seconds", MetricType::Histogram,
              "How long requests took, to the end of their answers.")
      .metric = std::move(times.metric);
}

void add_sends(Page& page, const Metrics& metrics) {
  MetricFamily& sends =
      page.family("sends_total", MetricType::Counter,
                  "Calls that create a message, by decision; code is Twilio's error.");
  Page::add_count(sends, {{"decision", "accepted"}, {"code", ""}}, metrics.sends_accepted());
  for (const auto action :
       {Action::Pass, Action::Reject, Action::Reroute, Action::Hold, Action::Observe}) {
    Page::add_count(sends, {{"decision", std::string(to_text(action))}, {"code", ""}},
                    metrics.sends_judged(action));
  }
  std::map<int, std::uint64_t> by_code;  // several errors have the same code
  for (std::size_t i = 0; i < static_cast<std::size_t>(Errc::Last_); ++i) {
    const auto why = static_cast<Errc>(i);
    if (const auto count = metrics.sends_refused(why)) {
      by_code[wire::twilio_error(why).code] += count;
    }
  }
  for (const auto& [code, count] : by_code) {
    Page::add_count(sends, {{"decision", "refused"}, {"code", std::to_string(code)}}, count);
  }
}

void add_outcomes(Page& page, const Metrics& metrics) {
  MetricFamily& outcomes =
      page.family("message_outcomes_total", MetricType::Counter,
                  "Outbound messages that came to a final status; code is Twilio's error.");
  metrics.outcomes().each([&](std::uint64_t key, std::uint64_t count) {
    const Metrics::Outcome outcome = Metrics::outcome_of(key);
    const std::string code = outcome.error_code ? std::to_string(*outcome.error_code) : "";
    Page::add_count(outcomes, {{"status", std::string(to_text(outcome.status))}, {"code", code}},
                    count);
  });
  if (const auto others = metrics.outcomes().others()) {
    Page::add_count(outcomes, {{"status", "other"}, {"code", "other"}}, others);
  }
  MetricFamily& callbacks = page.family("callbacks_total", MetricType::Counter,
                                        "Webhooks to the app, by how they ended.");
  for (std::size_t i = 0; i < static_cast<std::size_t>(CallbackOutcome::Last_); ++i) {
    const auto outcome = static_cast<CallbackOutcome>(i);
    Page::add_count(callbacks, {{"outcome", std::string(to_text(outcome))}},
                    metrics.callbacks(outcome));
  }
}

void add_hooks(Page& page, const Metrics& metrics) {
  MetricFamily& hooks = page.family("hooks_total", MetricType::Counter,
                                    "Twilio's webhooks (proxy mode), by what became of them.");
  for (std::size_t kind = 0; kind < api::kHookKinds.size(); ++kind) {
    for (std::size_t outcome = 0; outcome < api::kHookOutcomes.size(); ++outcome) {
      Page::add_count(
          hooks,
          {{"kind", std::string(api::kHookKinds[kind])},
           {"outcome", std::string(api::kHookOutcomes[outcome])}},
          metrics.hooks(static_cast<api::HookKind>(kind), static_cast<api::HookOutcome>(outcome)));
    }
  }
}

void add_gauges(Page& page, const Gauges& gauges) {
  page.gauge("worlds", "Accounts that something has happened in.",
             static_cast<double>(gauges.worlds));
  page.gauge("messages", "Messages kept, both directions.", static_cast<double>(gauges.messages));
  page.gauge("windows_open", "Customer service windows that are open.",
             static_cast<double>(gauges.windows_open));
  MetricFamily& connections =
      page.family("connections", MetricType::Gauge, "Connections open, idle ones too.");
  Page::add_gauge(connections, {{"plane", "api"}}, static_cast<double>(gauges.api_connections));
  Page::add_gauge(connections, {{"plane", "control"}},
                  static_cast<double>(gauges.control_connections));
  page.gauge("event_streams", "Readers of /__admin/events.",
             static_cast<double>(gauges.event_streams));
  page.gauge("build_info", "Always 1.", 1,
             {{"version", gauges.version}, {"mode", gauges.mode}, {"store", gauges.store}});
  page.gauge("process_start_time_seconds", "When the server was started, since 1970.",
             std::chrono::duration<double>(gauges.started.time_since_epoch()).count());
}

}  // namespace

std::string metrics_text(const Metrics& metrics, const Gauges& gauges) {
  Page page;
  add_calls(page, metrics);
  add_sends(page, metrics);
  add_outcomes(page, metrics);
  add_hooks(page, metrics);
  Page::add_count(page.family("store_commits_total", MetricType::Counter,
                              "Transactions that wrote to the store."),
                  {}, metrics.commits());
  MetricFamily& reloads =
      page.family("config_reloads_total", MetricType::Counter,
                  "Times the configuration file was read again, by what became of it.");
  Page::add_count(reloads, {{"result", "ok"}}, metrics.reloads(true));
  Page::add_count(reloads, {{"result", "refused"}}, metrics.reloads(false));
  add_gauges(page, gauges);
  return page.text();
}

}  // namespace twindow::app
