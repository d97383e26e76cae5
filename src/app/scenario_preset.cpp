// SPDX-License-Identifier: Apache-2.0
#include "src/app/scenario_preset.h"

#include <array>
#include <string>

#include "src/app/config_values.h"

namespace twindow::app {

namespace {

using namespace std::chrono_literals;
using enum MessageStatus;

constexpr int kCodeMin = 10'000;
constexpr int kCodeMax = 99'999;

struct Step {
  Duration at;  // since the create
  MessageStatus status;
  int code = 0;
};

struct Row {
  std::string_view name;
  std::vector<Step> steps = {};
  int http = 0;  // answers the call with it, and makes no message
  int code = 0;
};

const std::vector<Row>& rows() {
  // clang-format off
  static const std::vector<Row> all{
      {"delivered",                {{500ms, Sent}, {1200ms, Delivered}}},
      {"read",                     {{500ms, Sent}, {1200ms, Delivered}, {4s, Read}}},
      {"happy_read",               {{500ms, Sent}, {1200ms, Delivered}, {4s, Read}}},
      {"read_without_delivered",   {{500ms, Sent}, {1500ms, Read}}},
      {"window_closed",            {{2s, Undelivered, 63016}}},
      {"window_closed_sent_first", {{600ms, Sent}, {2500ms, Undelivered, 63016}}},
      {"window_closed_failed",     {{2s, Failed, 63016}}},
      {"not_on_whatsapp",          {{2s, Undelivered, 63024}}},
      {"sandbox_not_joined",       {{800ms, Failed, 63015}}},
      {"sandbox_rate",             {}, 429, 63018},
      {"marketing_capped",         {{600ms, Sent}, {2500ms, Undelivered, 63049}}},
      {"marketing_stopped",        {{2s, Undelivered, 63033}}},
      {"template_paused",          {{1s, Failed, 63041}}},
      {"bad_variable",             {{1s, Failed, 63013}}},
      {"wrong_count",              {{1s, Failed, 63028}}},
      {"null_variable",            {}, 400, 21656},
      {"pair_rate",                {{3s, Failed, 63018}}},
      {"media_unreachable",        {{5s, Failed, 63019}}},
      {"opted_out",                {}, 400, 21610},
      {"bad_sender",               {}, 400, 63007},
      {"mixed_channels",           {}, 400, 21910},
      {"daily_cap",                {}, 429, 63038},
      {"out_of_order",             {{900ms, Delivered}, {1100ms, Sent}}},
      {"duplicate_callback",       {{500ms, Sent}, {520ms, Sent}, {1200ms, Delivered}}},
      {"silent",                   {}},
      // Nothing is heard for thirty days, then it has expired.
      {"late_flip",                {{500ms, Sent}, {30 * 24h, Failed, 30036}}},
  };
  // clang-format on
  return all;
}

// Where it stays for ever.
struct Stuck {
  std::string_view status;
  std::vector<Step> steps;
};
const std::vector<Stuck>& stuck() {
  static const std::vector<Stuck> all{{"queued", {}},
                                      {"sent", {{500ms, Sent}}},
                                      {"delivered", {{500ms, Sent}, {1200ms, Delivered}}}};
  return all;
}

ScenarioPreset preset_of(const std::vector<Step>& steps) {
  ScenarioPreset preset;
  for (const Step& step : steps) {
    policy::ScriptedCallback callback{.since_create = true, .time = step.at};
    callback.news.status = step.status;
    if (step.code != 0) callback.news.error_code = step.code;
    preset.callbacks.push_back(std::move(callback));
  }
  return preset;
}

std::optional<int> parse_code(std::string_view text) {
  const auto code = parse_count(text);
  if (!code || *code < kCodeMin || *code > kCodeMax) return std::nullopt;
  return static_cast<int>(*code);
}

}  // namespace

std::optional<ScenarioPreset> find_preset(std::string_view name) {
  for (const Row& row : rows()) {
    if (row.name != name) continue;
    ScenarioPreset preset = preset_of(row.steps);
    if (row.http != 0) preset.respond = ScriptResponse{.status = row.http, .code = row.code};
    return preset;
  }
  const auto colon = name.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view kind = name.substr(0, colon);
  const std::string_view detail = name.substr(colon + 1);
  if (kind == "stuck") {
    for (const Stuck& row : stuck()) {
      if (row.status == detail) return preset_of(row.steps);
    }
    return std::nullopt;
  }
  const auto code = parse_code(detail);
  if (!code || (kind != "undelivered" && kind != "failed")) return std::nullopt;
  return preset_of({{2s, kind == "failed" ? Failed : Undelivered, *code}});
}

const std::vector<std::string>& callback_presets() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (const Row& row : rows()) {
      if (row.http == 0) made.emplace_back(row.name);
    }
    for (const Stuck& row : stuck()) made.push_back("stuck:" + std::string(row.status));
    made.insert(made.end(), {"undelivered:CODE", "failed:CODE"});
    return made;
  }();
  return names;
}

const std::vector<std::string>& response_presets() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (const Row& row : rows()) {
      if (row.http != 0) made.emplace_back(row.name);
    }
    return made;
  }();
  return names;
}

}  // namespace twindow::app
