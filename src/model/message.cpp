// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/message.h"

#include <array>

namespace twindow {

namespace {
constexpr std::array<std::string_view, 3> kDirections{"inbound", "outbound-api", "outbound-reply"};
constexpr std::array<std::string_view, 3> kKinds{"freeform", "template", "other"};
}  // namespace

std::string_view to_text(Direction direction) {
  return kDirections[static_cast<std::size_t>(direction)];
}

std::string_view to_text(MessageKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

MessageKind kind_of(const SendRequest& request) {
  if (request.to.channel != Channel::WhatsApp) return MessageKind::Other;
  return request.content ? MessageKind::Template : MessageKind::Freeform;
}

}  // namespace twindow
