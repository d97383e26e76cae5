// SPDX-License-Identifier: Apache-2.0
// A user writes to one of the account's senders.
#include <algorithm>
#include <array>

#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

#include "src/gateway/opt_out_words.h"

namespace twindow::gateway {

namespace {

std::string_view param(const InboundMessage& message, std::string_view name) {
  const auto found = std::ranges::find(message.extra, name, &Param::name);
  return found == message.extra.end() ? std::string_view() : std::string_view(found->value);
}

bool has_media(const InboundMessage& message) {
  const std::string_view count = param(message, "NumMedia");
  return (!count.empty() && count != "0") || !param(message, "MediaUrl0").empty();
}

// Whether these open the window is not documented; by default they do not (contract section 4).
bool opens_window(const InboundMessage& message, bool reaction_opens) {
  constexpr std::array<std::string_view, 3> kSilent{"reaction", "system", "unsupported"};
  const std::string_view type = param(message, "MessageType");
  if (message.to.channel != Channel::WhatsApp) return false;
  if (type == "reaction" && reaction_opens) return true;
  return std::ranges::find(kSilent, type) == kSilent.end();
}

// With the channel before it, as in `From`, or without.
Result<Address> user_id_of(std::string_view text) {
  constexpr std::string_view kChannel = "whatsapp:";
  if (text.starts_with(kChannel)) return parse_to(text);
  return parse_to(std::string(kChannel).append(text));
}

// The user's ids beside the address: WhatsApp gives one for each business, and one for a group of
// businesses (twilio.com/docs/whatsapp: ExternalUserId, ParentExternalUserId).
std::vector<std::string> aliases_of(const InboundMessage& message) {
  std::vector<std::string> aliases;
  if (message.from.channel != Channel::WhatsApp) return aliases;
  for (const std::string_view name : {"ExternalUserId", "ParentExternalUserId"}) {
    const auto id = user_id_of(param(message, name));
    const bool good = id && id->channel == Channel::WhatsApp && id->form == AddressForm::UserId;
    if (good && *id != message.from) aliases.push_back(canonical_user(*id));
  }
  return aliases;
}

std::vector<MediaItem> media_of(const InboundMessage& inbound, Time now) {
  std::vector<MediaItem> media;
  for (std::size_t place = 0;; ++place) {
    const std::string number = std::to_string(place);
    const std::string_view url = param(inbound, "MediaUrl" + number);
    if (url.empty()) return media;
    media.push_back({.sid = {},
                     .url = std::string(url),
                     .content_type = std::string(param(inbound, "MediaContentType" + number)),
                     .created = now});
  }
}

Message stored_form(const InboundMessage& inbound, Time now) {
  return Message{
      .sid = inbound.sid,
      .account = inbound.account,
      .direction = Direction::Inbound,
      .from = inbound.from,
      .sender = inbound.from,
      .to = inbound.to,
      .body = inbound.body,
      .media = media_of(inbound, now),
      .status = MessageStatus::Received,
      .created = now,
      .updated = now,
      .sent = now,
  };
}

}  // namespace

Task<Result<World::Received>> World::receive(InboundMessage message) {
  return run_on(strand_, do_receive(std::move(message), std::nullopt));
}

Task<Result<World::Received>> World::hear_inbound(InboundMessage message, Told told) {
  return run_on(strand_, do_receive(std::move(message), std::move(told)));
}

Task<Result<World::Received>> World::do_receive(InboundMessage inbound, std::optional<Told> told) {
  const Time now = time_.now();
  if (inbound.sid.text.empty()) inbound.sid.text = next_sid(has_media(inbound) ? "MM" : "SM");
  Message message = stored_form(inbound, now);
  note_heard(inbound.to, now);
  const bool simulated = real_twilio_ == nullptr;
  if (simulated) {
    for (MediaItem& item : message.media) item.sid = {next_sid("ME")};
  }
  std::optional<ServiceSid> service;
  if (simulated) service = service_of(inbound.to);
  const bool advanced = has_advanced_opt_out(service);
  const bool by_words = simulated && (advanced || inbound.to.channel == Channel::Sms);
  const OptOutWord word = opt_out_word(inbound, by_words);
  if (advanced && word != OptOutWord::None && param(inbound, "OptOutType").empty()) {
    inbound.extra.push_back({"OptOutType", std::string(to_text(word))});
  }
  ports::AccountStore::Effects effects{
      .opens_window = opens_window(inbound, policy_ && policy_->window.reaction_opens),
      .from_ad = !param(inbound, "ReferralCtwaClid").empty(),
      .aliases = aliases_of(inbound),
      .opted = opted_by(word, inbound, service)};
  // The same news under another SID counts once for the window.
  const std::string token = told ? told->idempotency_token : std::string();
  std::optional<MessageSid> first;
  if (!token.empty()) first = inbound_tokens_.first_with(token, message.sid, now);
  if (first && *first != message.sid) effects.opens_window = false;
  const auto stored = co_await store_->receive(message, effects);
  const bool repeat = !stored && stored.error().code == Errc::Conflict;
  const bool lost = !stored && !repeat;
  if (lost && !first && !token.empty()) inbound_tokens_.forget(token);
  if (lost) co_return Unexpected(stored.error());
  record_message(now, message);

  Received received{.message = std::move(message)};
  std::vector<WindowKey> pairs;  // under all names
  if (!repeat) {
    note_opted(effects, inbound, stored->pair);
    pairs = {stored->pair, window_key(inbound.to, inbound.from)};
    for (const std::string& alias : effects.aliases) {
      pairs.push_back({.sender = inbound.to.text, .user = alias});
      window_ends_.erase(pairs.back());
    }
    if (stored->window) received.window = window_opened(stored->before, *stored->window, now);
  }
  const auto url = senders_.inbound_url(inbound.to);
  // What Twilio itself answers; to the Sandbox's own words the app is not asked.
  std::string answer;
  if (simulated && !repeat && by_words) answer = reply_to(word);
  const bool sandbox = simulated && inbound.to.text == kSandboxAddress;
  if (sandbox && !repeat) {
    auto said = co_await ask_sandbox(inbound, now, url.has_value());
    if (!said) co_return Unexpected(std::move(said).error());
    answer = *std::move(said);
  }
  Address from = inbound.to;
  Address user = inbound.from;
  if (url && !(sandbox && !answer.empty())) {
    co_await hand_on(std::move(inbound), *url, std::move(told), received);
  }
  if (!answer.empty()) {
    auto replied = co_await reply(std::move(from), std::move(user), std::move(answer));
    if (replied) received.replies.push_back(*std::move(replied));
  }
  // After the app has heard: what it answers comes first.
  if (received.window && received.window->state == WindowState::Open) {
    co_await release_all(std::move(pairs));
  }
  nudge();
  co_return received;
}

// To the app, whose TwiML is executed unless Twilio itself does so.
Task<void> World::hand_on(InboundMessage inbound, std::string url, std::optional<Told> told,
                          Received& received) {
  ++direct_deliveries_;
  if (!told && read_twiml_) {
    co_await converse(std::move(inbound), received);
  } else {
    News news = InboundNews{std::move(inbound)};
    if (told) news = std::move(told->news);
    Webhook hook = webhook(received.message.sid, std::move(url), std::move(news));
    if (told && !told->idempotency_token.empty()) {
      hook.idempotency_token = std::move(told->idempotency_token);
    }
    received.webhook = co_await postman_.deliver(std::move(hook));
  }
  --direct_deliveries_;
  rest_wakeup_.notify();
}

Task<void> World::release_all(std::vector<WindowKey> pairs) {
  for (WindowKey& each : pairs) {
    WindowKey pair = std::move(each);
    co_await release_held(std::move(pair));
  }
}

WindowView World::window_opened(const std::optional<Window>& before, const Window& window,
                                Time now) {
  const bool was_open = before && is_open(*before, now, margin());
  watch_end(window);
  if (!was_open && heard()) record(now, WindowEvent{window, WindowState::Open});
  return view(window);
}

}  // namespace twindow::gateway
