// SPDX-License-Identifier: Apache-2.0
#include "src/sim/sender_queue.h"

#include <algorithm>
#include <array>

namespace twindow::sim {

namespace {

using namespace std::chrono_literals;

// The area codes of North America's toll-free numbers.
bool is_toll_free(std::string_view number) {
  constexpr std::array<std::string_view, 7> kCodes{"+1800", "+1833", "+1844", "+1855",
                                                   "+1866", "+1877", "+1888"};
  return std::ranges::any_of(kCodes,
                             [&](std::string_view code) { return number.starts_with(code); });
}

}  // namespace

int rate_of(const Address& sender) {
  switch (sender.channel) {
    case Channel::WhatsApp:
    case Channel::Messenger:
      return 80;
    case Channel::Rcs:
      return 100;
    case Channel::Sms:
      break;
  }
  switch (sender.form) {
    case AddressForm::ShortCode:
      return 100;
    case AddressForm::Alphanumeric:
      return 10;
    default:
      return is_toll_free(sender.text) ? 3 : 1;
  }
}

Duration longest_wait(const Address& sender) {
  return sender.channel == Channel::Sms ? Duration(10h) : Duration(4h);
}

Duration SenderQueues::wait(const Address& sender, Time now) const {
  const auto found = busy_until_.find(sender.text);
  if (found == busy_until_.end() || found->second <= now) return {};
  return std::chrono::ceil<Duration>(found->second - now);
}

Duration SenderQueues::enter(const Message& message, Time now) {
  const Duration waits = wait(message.sender, now);
  auto& busy_until = busy_until_[message.sender.text];
  const std::chrono::microseconds takes =
      1'000'000us * message.num_segments / rate_of(message.sender);
  busy_until =
      std::max(busy_until, std::chrono::time_point_cast<std::chrono::microseconds>(now)) + takes;
  return waits;
}

}  // namespace twindow::sim
