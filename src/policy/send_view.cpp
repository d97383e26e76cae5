// SPDX-License-Identifier: Apache-2.0
#include "twindow/policy/send_view.h"

#include <algorithm>

#include "twindow/policy/template_catalog.h"

namespace twindow::policy {

namespace {

WindowState taken_as(const WindowOptions& options, WindowState state) {
  if (state != WindowState::Unknown) return state;
  switch (options.unknown) {
    case UnknownWindow::Open:
      return WindowState::Open;
    case UnknownWindow::Closed:
      return WindowState::Closed;
    case UnknownWindow::Lookup:  // has been made by now, if it could be
      break;
  }
  return options.lookup_failed == LookupFailed::Open ? WindowState::Open : WindowState::Closed;
}

// The content of the call's ContentSid.
const ContentTemplate* content_of(const std::optional<std::string_view>& sid, const Facts& facts) {
  if (!sid || facts.content_absent) return nullptr;
  if (facts.content != nullptr) return facts.content;
  return facts.templates == nullptr ? nullptr : facts.templates->find(*sid);
}

// A template that is not known is believed to be one: Twilio knows it better.
MessageKind kind_of(const SendView& view) {
  if (view.call.request.to.channel != Channel::WhatsApp) return MessageKind::Other;
  if (!view.content_sid || !is_sid(*view.content_sid, "HX") || view.facts.content_absent) {
    return MessageKind::Freeform;
  }
  const bool approved = view.content == nullptr || view.content->status == TemplateStatus::Approved;
  return approved ? MessageKind::Template : MessageKind::Freeform;
}

}  // namespace

std::optional<std::string_view> SendCall::param(std::string_view name) const {
  const auto found = std::ranges::find_if(
      params, [&](const Param& param) { return param.name == name && !param.value.empty(); });
  if (found == params.end()) return std::nullopt;
  return found->value;
}

SendView view_of(const WindowOptions& options, const SendCall& call, const Facts& facts) {
  SendView view{call, facts};
  view.content_sid = call.param("ContentSid");
  view.content = content_of(view.content_sid, facts);
  view.kind = kind_of(view);
  view.judged_at = call.send_at ? std::max(*call.send_at, facts.now) : facts.now;
  if (call.request.to.channel != Channel::WhatsApp) return view;
  view.window = window_at(facts.windows, view.judged_at, options.margin);
  view.window_taken_as = taken_as(options, view.window.state);
  return view;
}

}  // namespace twindow::policy
