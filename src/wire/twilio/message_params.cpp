// SPDX-License-Identifier: Apache-2.0
#include "src/wire/twilio/message_params.h"

namespace twindow::wire {

namespace {

constexpr std::size_t kCount = static_cast<std::size_t>(MessageParam::Last_);

// In the enum's order. Source: the create parameters of Twilio's OpenAPI document and SDKs.
constexpr std::array<std::string_view, kCount> kNames{"To",
                                                      "From",
                                                      "MessagingServiceSid",
                                                      "Body",
                                                      "MediaUrl",
                                                      "ContentSid",
                                                      "ContentVariables",
                                                      "StatusCallback",
                                                      "ValidityPeriod",
                                                      "ProvideFeedback",
                                                      "Attempt",
                                                      "MaxPrice",
                                                      "ForceDelivery",
                                                      "ContentRetention",
                                                      "AddressRetention",
                                                      "SmartEncoded",
                                                      "PersistentAction",
                                                      "TrafficType",
                                                      "ShortenUrls",
                                                      "ScheduleType",
                                                      "SendAt",
                                                      "SendAsMms",
                                                      "RiskCheck",
                                                      "MessageIntent",
                                                      "Tags",
                                                      "ApplicationSid",
                                                      "FallbackFrom"};

constexpr std::size_t kSlots = 128;
constexpr std::uint8_t kNone = 0xff;

constexpr std::size_t slot_of(std::string_view name, std::size_t factor) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(name[i]); };
  return (name.size() * factor + byte(0) * 5u + byte(name.size() - 1) * 3u +
          byte(name.size() / 2)) %
         kSlots;
}

// A factor with which no two names have the same slot; found when this is compiled.
constexpr std::size_t kFactor = [] {
  for (std::size_t factor = 1; factor < 10'000; ++factor) {
    std::array<bool, kSlots> taken{};
    bool clash = false;
    for (const std::string_view name : kNames) {
      bool& slot = taken[slot_of(name, factor)];
      clash = clash || slot;
      slot = true;
    }
    if (!clash) return factor;
  }
  return std::size_t{0};
}();
static_assert(kFactor != 0, "more slots are needed");

constexpr auto kTable = [] {
  std::array<std::uint8_t, kSlots> table{};
  table.fill(kNone);
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    table[slot_of(kNames[i], kFactor)] = static_cast<std::uint8_t>(i);
  }
  return table;
}();

}  // namespace

std::optional<MessageParam> find_message_param(std::string_view name) {
  if (name.empty()) return std::nullopt;
  const std::uint8_t index = kTable[slot_of(name, kFactor)];
  if (index == kNone || kNames[index] != name) return std::nullopt;
  return static_cast<MessageParam>(index);
}

MessageParams::MessageParams(const Form& form) {
  for (const Param& param : form.params()) {
    if (param.value.empty()) continue;
    const auto found = find_message_param(param.name);
    if (!found) continue;
    std::string_view& value = values_[static_cast<std::size_t>(*found)];
    if (value.empty()) value = param.value;
    rare_ = rare_ || *found >= MessageParam::Rare_;
  }
}

}  // namespace twindow::wire
