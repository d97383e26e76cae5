// SPDX-License-Identifier: Apache-2.0
// The parameters of a create call, found in one pass over its form: most calls have four or five of
// them, and pay for no others.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "twindow/wire/form.h"

namespace twindow::wire {

enum class MessageParam : std::uint8_t {
  To,
  From,
  MessagingServiceSid,
  Body,
  MediaUrl,
  ContentSid,
  ContentVariables,
  StatusCallback,
  Rare_,  // from here on: what few calls say
  ValidityPeriod = Rare_,
  ProvideFeedback,
  Attempt,
  MaxPrice,
  ForceDelivery,
  ContentRetention,
  AddressRetention,
  SmartEncoded,
  PersistentAction,
  TrafficType,
  ShortenUrls,
  ScheduleType,
  SendAt,
  SendAsMms,
  RiskCheck,
  MessageIntent,
  Tags,
  ApplicationSid,
  FallbackFrom,
  Last_,
};

std::optional<MessageParam> find_message_param(std::string_view name);

// Of a repeated name the first value that is not empty; views into the form.
class MessageParams {
 public:
  explicit MessageParams(const Form& form);

  std::optional<std::string_view> operator[](MessageParam param) const {
    const std::string_view value = values_[static_cast<std::size_t>(param)];
    return value.empty() ? std::nullopt : std::optional(value);
  }
  bool any_rare() const { return rare_; }

 private:
  std::array<std::string_view, static_cast<std::size_t>(MessageParam::Last_)> values_{};
  bool rare_ = false;
};

}  // namespace twindow::wire
