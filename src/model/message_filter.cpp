// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/message_filter.h"

namespace twindow {

namespace {

bool in_range(std::optional<Time> at, std::optional<Time> from, std::optional<Time> before) {
  if (!from && !before) return true;
  return at && (!from || *at >= *from) && (!before || *at < *before);
}

std::string_view text_of(const std::optional<Address>& address) {
  return address ? std::string_view(address->text) : std::string_view();
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

bool MessageFilter::matches(const Message& message) const {
  const std::string_view sender = text_of(message.from);
  return (!to || message.to.text == *to) && (!from || sender == *from) &&
         (!either || contains(message.to.text, *either) || contains(sender, *either)) &&
         in_range(message.sent, sent_from, sent_before) &&
         in_range(message.created, created_from, created_before) &&
         (!body_contains || contains(message.body, *body_contains)) &&
         (!status || message.status == *status) &&
         (!direction || message.direction == *direction) &&
         (!error_code || message.error_code == error_code) &&
         (!unfinished_only || !is_final(message.status));
}

}  // namespace twindow
