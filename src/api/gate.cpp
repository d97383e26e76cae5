// SPDX-License-Identifier: Apache-2.0
#include "src/api/gate.h"

#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/wire/form.h"
#include "twindow/wire/form_edit.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/content_variables.h"
#include "twindow/wire/twilio/message_json.h"

namespace twindow::api {

namespace {

// A rule's name may hold anything; a header's value may not.
std::string header_text(std::string_view text) {
  std::string safe;
  for (const char c : text) safe += c >= ' ' && c <= '~' ? c : '?';
  return safe;
}

std::string window_text(const WindowAtSend& window) {
  std::string text(to_text(window.state));
  if (window.state == WindowState::Open && window.last_inbound) {
    const Time expires = *window.last_inbound + limits::kWindowLength;
    text.append("; expires=").append(wire::to_iso8601(expires));
  }
  if (window.state == WindowState::Closed) {
    text += "; last-inbound=" +
            (window.last_inbound ? wire::to_iso8601(*window.last_inbound) : std::string("none"));
  }
  return text;
}

}  // namespace

bool names_whatsapp(const wire::Form& form) {
  return std::ranges::any_of(form.params(), [](const Param& param) {
    const bool address = param.name == "To" || param.name == "From";
    return address && (param.value.starts_with("whatsapp:") ||
                       lower_case(param.value).find("whatsapp") != std::string::npos);
  });
}

std::optional<Error> contradiction_in(const wire::Form& form) {
  if (!names_whatsapp(form)) return std::nullopt;
  for (const std::string_view name :
       {"To", "From", "MessagingServiceSid", "ContentSid", "SendAt"}) {
    const auto first = form.first(name);
    const bool same = std::ranges::none_of(form.params(), [&](const Param& param) {
      return param.name == name && !param.value.empty() && param.value != *first;
    });
    if (same) continue;
    return Error{Errc::InvalidParameter,
                 std::string(name) + " is there more than once, with different values"};
  }
  return std::nullopt;
}

policy::SendCall send_call(SendRequest request, const wire::Form& form) {
  policy::SendCall call{.request = std::move(request), .params = form.params()};
  if (const auto variables = form.first("ContentVariables")) {
    call.variables = wire::parse_content_variables(*variables);
  }
  if (const auto send_at = form.first("SendAt")) call.send_at = wire::parse_time(*send_at);
  return call;
}

std::string as_template(std::string_view form, const TemplateUse& use) {
  using Edit = std::optional<std::optional<std::string>>;
  std::string edited = wire::edit_form(form, [](std::string_view name, std::string_view) {
    const bool goes = name == "Body" || name == "MediaUrl" || name == "PersistentAction" ||
                      name == "ContentSid" || name == "ContentVariables";
    return goes ? Edit(std::optional<std::string>()) : Edit();
  });
  std::vector<Param> added{{"ContentSid", use.content.text}};
  if (!use.variables.empty()) {
    added.push_back({"ContentVariables", wire::content_variables_json(use.variables)});
  }
  return wire::append_form(std::move(edited), added);
}

SendRequest rerouted(SendRequest request, const TemplateUse& use) {
  request.body.clear();
  request.media_urls.clear();
  request.content = use.content;
  request.variables = use.variables;
  request.content_variables = wire::content_variables_json(use.variables);
  return request;
}

SendRequest nudge(const SendRequest& held, const TemplateUse& use) {
  SendRequest request = rerouted(held, use);
  request.status_callback.reset();
  std::vector<Param> params{{"To", request.to.text}};
  if (request.from) params.push_back({"From", request.from->text});
  if (request.service) params.push_back({"MessagingServiceSid", request.service->text});
  params.push_back({"ContentSid", use.content.text});
  if (!request.content_variables.empty()) {
    params.push_back({"ContentVariables", request.content_variables});
  }
  request.form = wire::encode_form(params);
  return request;
}

Task<Result<std::optional<Message>>> keep_here(gateway::World& world, SendRequest request,
                                               Decision decision, LedgerEntry entry) {
  Result<Message> made = fail(Errc::Internal);
  if (const auto* const reject = std::get_if<Reject>(&decision.verdict)) {
    if (reject->style == RejectStyle::Sync) {
      const Result<void> entered = co_await world.enter(std::move(entry));
      if (!entered) co_return Unexpected(entered.error());
      co_return std::optional<Message>();
    }
    made = co_await world.refuse_later(std::move(request), std::move(entry));
  } else if (const auto* const reroute = std::get_if<Reroute>(&decision.verdict)) {
    SendRequest changed = rerouted(std::move(request), reroute->with);
    made = co_await world.send_decided(std::move(changed), std::move(entry));
  } else if (const auto* const hold = std::get_if<Hold>(&decision.verdict)) {
    std::optional<SendRequest> nudged;
    if (hold->nudge) nudged = nudge(request, *hold->nudge);
    made = co_await world.hold(std::move(request), hold->ttl, std::move(nudged), std::move(entry));
  } else {
    made = co_await world.send_decided(std::move(request), std::move(entry));
  }
  if (!made) co_return Unexpected(std::move(made).error());
  co_return std::optional(*std::move(made));
}

wire::HttpReply message_reply(const Message& message, wire::Format format) {
  wire::HttpReply reply{.status = 201};
  reply.headers = {{"Content-Type", std::string(wire::content_type(format))}};
  reply.body =
      format == wire::Format::Xml ? wire::message_xml(message) : wire::message_json(message, false);
  reply.subject = message.sid.text;
  return reply;
}

std::string gate_headers(const Decision& decision) {
  std::string lines;
  lines.reserve(200);
  lines.append("Twindow-Decision: ").append(to_text(decision.verdict));
  lines.append("\r\nTwindow-Rule: ");
  lines.append(decision.rule.empty() ? "none" : header_text(decision.rule));
  lines.append("\r\nTwindow-Window: ").append(window_text(decision.window)).append("\r\n");
  return lines;
}

std::string campaign_of(const wire::Headers& headers) {
  constexpr std::size_t kLongest = 200;
  const auto value = wire::find_header(headers, "Twindow-Campaign");
  return value ? std::string(value->substr(0, kLongest)) : std::string();
}

std::string refusal_text(const Decision& decision) { return "Twindow: " + decision.reason; }

}  // namespace twindow::api
