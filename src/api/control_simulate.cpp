// SPDX-License-Identifier: Apache-2.0
// /__admin/simulate: a user writes, a status is reported.
#include <algorithm>
#include <array>
#include <charconv>

#include "src/api/control_call.h"
#include "src/api/control_json.h"
#include "src/api/inbound_fields.h"

namespace twindow::api {

namespace {

std::optional<std::string> text_of(const wire::Form& form, std::string_view name) {
  const auto value = form.first(name);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

Unexpected<Problem> missing(std::string_view name, std::string_view example) {
  return wrong_at(pointer_to({name}),
                  std::string(name) + " is required, such as " + std::string(example));
}

Read<Address> read_address(const wire::Form& form, std::string_view name) {
  const auto text = form.first(name);
  if (!text) return missing(name, "whatsapp:+15558675310");
  auto address = parse_from(*text);
  if (!address) {
    return wrong_at(pointer_to({name}),
                    std::string(name) + ": '" + std::string(*text) +
                        "' is no address, such as whatsapp:+15558675310 or +15558675310");
  }
  return *std::move(address);
}

// Fields that are members of InboundMessage; every other one is passed on as it is.
constexpr std::array<std::string_view, 7> kOwn{
    "AccountSid", "MessageSid", "SmsSid", "SmsMessageSid", "From", "To", "Body"};

Read<InboundMessage> read_inbound(const wire::Form& said, const AccountSid& account) {
  const wire::Form form(TWINDOW_TRY(without_short_forms(said.params())));
  InboundMessage message;
  message.account = account;
  message.from = TWINDOW_TRY(read_address(form, "From"));
  message.to = TWINDOW_TRY(read_address(form, "To"));
  if (message.from.channel != message.to.channel) {
    return wrong_at("/To", "From and To must be of the same channel");
  }
  if (const auto sid = form.first("MessageSid")) {
    const auto parsed = parse_message_sid(*sid);
    if (!parsed) return wrong_at("/MessageSid", "MessageSid must be SM or MM and 32 hex digits");
    message.sid = *parsed;
  }
  message.body = text_of(form, "Body").value_or("");
  for (const Param& param : form.params()) {
    if (std::ranges::find(kOwn, param.name) == kOwn.end()) message.extra.push_back(param);
  }
  return message;
}

// Nobody can write to an address that is not the account's. While it has no sender every address is
// its own, and the Sandbox always is.
Read<void> check_reachable(const Address& to, const std::vector<Sender>& senders) {
  const bool known = std::ranges::find(senders, to, &Sender::address) != senders.end();
  if (senders.empty() || known || to.text == gateway::kSandboxAddress) return {};
  constexpr std::size_t kNamedMax = 20;
  std::string list;
  for (std::size_t i = 0; i < std::min(senders.size(), kNamedMax); ++i) {
    list += " " + senders[i].address.text;
  }
  if (senders.size() > kNamedMax) list += " …";
  return wrong_at("/To", "To: " + to.text + " is no sender of the account; these are:" + list);
}

Json webhook_summary(const std::optional<WebhookRecord>& record) {
  if (!record) return {};
  return {{"id", record->webhook.id},
          {"url", record->webhook.url},
          {"status", record->outcome.http_status},
          {"error", record->outcome.error ? Json(record->outcome.error->detail) : Json()}};
}

Read<StatusUpdate> read_status(const wire::Form& form) {
  const auto sid = form.first("MessageSid");
  if (!sid) return missing("MessageSid", "SM0123456789abcdef0123456789abcdef");
  const auto parsed = parse_message_sid(*sid);
  if (!parsed) return wrong_at("/MessageSid", "MessageSid must be SM or MM and 32 hex digits");
  const auto text = form.first("MessageStatus");
  if (!text) return missing("MessageStatus", "delivered");
  const auto status = parse_message_status(*text);
  if (!status) {
    return wrong_at("/MessageStatus",
                    "MessageStatus: '" + std::string(*text) +
                        "' is no status; expected queued, sending, sent, delivered, read, "
                        "undelivered, failed or canceled");
  }
  StatusUpdate update{.sid = *parsed, .status = *status};
  if (const auto code = form.first("ErrorCode")) {
    int number = 0;
    const auto [end, error] = std::from_chars(code->data(), code->data() + code->size(), number);
    if (error != std::errc{} || end != code->data() + code->size() || number <= 0) {
      return wrong_at("/ErrorCode",
                      "ErrorCode must be a number such as 63016, not '" + std::string(*code) + "'");
    }
    update.error_code = number;
  }
  return update;
}

}  // namespace

Task<Result<wire::HttpReply>> simulate_inbound_message(ControlCall call) {
  const auto form = read_fields(call);
  if (!form) co_return Unexpected(form.error());
  const auto named = text_of(*form, "AccountSid");
  const auto world = world_to_write(call, named);
  if (!world) co_return control_problem(world.error(), account_pointer(named));
  auto message = read_inbound(*form, (*world)->account());
  if (!message) co_return problem_reply(message.error());
  const std::vector<Sender> senders = co_await (*world)->senders();
  const Read<void> reachable = check_reachable(message->to, senders);
  if (!reachable) co_return problem_reply(reachable.error());
  const Result<gateway::World::Received> received = co_await (*world)->receive(*std::move(message));
  if (!received) co_return Unexpected(received.error());
  Json replies = Json::array();
  for (const Message& reply : received->replies) replies.push_back(to_json(reply));
  const Json json{
      {"MessageSid", received->message.sid.text},
      {"AccountSid", received->message.account.text},
      {"window", received->window ? to_json(received->message.account, *received->window) : Json()},
      {"webhook", webhook_summary(received->webhook)},
      {"replies", std::move(replies)}};
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> simulate_message_status(ControlCall call) {
  const auto form = read_fields(call);
  if (!form) co_return Unexpected(form.error());
  const auto update = read_status(*form);
  if (!update) co_return problem_reply(update.error());
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  for (gateway::World* world : *worlds) {
    const Result<gateway::World::Reported> reported = co_await world->report(*update);
    if (!reported) continue;
    const Json json{{"message", to_json(reported->message)},
                    {"moved", reported->moved},
                    {"webhook", webhook_summary(reported->webhook)}};
    co_return json_reply(json);
  }
  co_return fail(Errc::NotFound, "no message " + update->sid.text + " is there");
}

}  // namespace twindow::api
