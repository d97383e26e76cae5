// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/message_filter.h"

#include <algorithm>

namespace twindow {

namespace {

bool in_range(std::optional<Time> at, std::optional<Time> from, std::optional<Time> before) {
  if (!from && !before) return true;
  return at && (!from || *at >= *from) && (!before || *at < *before);
}

std::string_view text_of(const std::optional<Address>& address) {
  return address ? std::string_view(address->text) : std::string_view();
}

std::string_view text_of(const std::optional<ContentSid>& content) {
  return content ? std::string_view(content->text) : std::string_view();
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool mentions(const Message& message, std::string_view word) {
  return contains(message.to.text, word) || contains(message.body, word) ||
         contains(message.sid.text, word) || contains(text_of(message.from), word);
}

}  // namespace

bool MessageFilter::matches(const Message& message) const {
  const std::string_view sender = text_of(message.from);
  return (!to || message.to.text == *to) && (!from || sender == *from) &&
         (!to_user || canonical_user(message.to) == *to_user) &&
         (!from_user || canonical_user(message.sender) == *from_user) &&
         (!to_contains || contains(message.to.text, *to_contains)) &&
         (!from_contains || contains(sender, *from_contains)) &&
         std::ranges::all_of(words, [&](const auto& word) { return mentions(message, word); }) &&
         in_range(message.sent, sent_from, sent_before) &&
         in_range(message.created, created_from, created_before) &&
         (!body_contains || contains(message.body, *body_contains)) &&
         (!content_contains || contains(text_of(message.content), *content_contains)) &&
         (!status || message.status == *status) &&
         (!direction || message.direction == *direction) &&
         (!error_code || message.error_code == error_code) &&
         (!unfinished_only || !is_final(message.status)) &&
         (!outbound_only || message.direction != Direction::Inbound) &&
         (!held_only || message.held_until.has_value()) &&
         (!ours_only ||
          (message.direction != Direction::Inbound && !message.upstream_sid.has_value()));
}

}  // namespace twindow
