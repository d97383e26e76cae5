// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/packing.h"

#include <cstdint>
#include <type_traits>
#include <utility>

namespace twindow::store::sqlite {

namespace {

// 2: a message that is held, and its SID at Twilio. 3: the body of its call, and its release.
// 4: media with SIDs, the price, what few creates say, feedback.
constexpr char kFormat = 4;
constexpr char kHolds = 2;
constexpr char kReleases = 3;
constexpr char kOptions = 4;

// The numbers of these are on disks: enumerators may be added at the end, and none may move.
static_assert(static_cast<int>(MessageStatus::Received) == 11);
static_assert(static_cast<int>(Direction::OutboundReply) == 2);
static_assert(static_cast<int>(MessageKind::Other) == 2);
static_assert(static_cast<int>(Channel::Rcs) == 3);
static_assert(static_cast<int>(AddressForm::UserId) == 3);
static_assert(static_cast<int>(WindowState::Open) == 3);
static_assert(static_cast<int>(Action::Observe) == 4);

// `Packer` writes and `Unpacker` reads the same fields by the same functions below, so that the two
// cannot differ.
class Packer {
 public:
  Packer() : bytes_(1, kFormat) {}
  std::string take() { return std::move(bytes_); }
  char format() const { return kFormat; }

  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  void field(const std::uint64_t& value) { number(value); }
  void field(const std::uint32_t& value) { number(value); }
  void field(const int& value) { zigzag(value); }
  void field(const bool& value) { number(value ? 1 : 0); }
  void field(const Time& value) { zigzag(value.time_since_epoch().count()); }
  void field(const Duration& value) { zigzag(value.count()); }
  void field(const std::string& value) {
    number(value.size());
    bytes_ += value;
  }
  template <class Enum>
  void choice(const Enum& value, Enum /*last*/) {
    number(static_cast<std::uint64_t>(value));
  }
  template <class T, class Each>
  void maybe(const std::optional<T>& value, const Each& each) {
    number(value ? 1 : 0);
    if (value) each(*value);
  }
  template <class T, class Each>
  void maybe(const Rare<T>& value, const Each& each) {
    number(value.there() ? 1 : 0);
    if (value.there()) each(*value);
  }
  template <class T, class Each>
  void list(const std::vector<T>& items, const Each& each) {
    number(items.size());
    for (const T& item : items) each(item);
  }
  template <class... Each, class Fields>
  void either(const std::variant<Each...>& value, const Fields& fields) {
    number(value.index());
    std::visit(fields, value);
  }

 private:
  void zigzag(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {
    good_ = !rest_.empty() && rest_.front() >= 1 && rest_.front() <= kFormat;
    if (!good_) return;
    format_ = rest_.front();
    rest_.remove_prefix(1);
  }
  char format() const { return format_; }
  bool complete() const { return good_ && rest_.empty(); }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; good_; shift += 7) {
      good_ = !rest_.empty() && shift < 64;
      if (!good_) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return 0;
  }
  void field(std::uint64_t& value) { value = number(); }
  void field(std::uint32_t& value) { value = static_cast<std::uint32_t>(number()); }
  void field(int& value) { value = static_cast<int>(zigzag()); }
  void field(bool& value) { value = number() != 0; }
  void field(Time& value) { value = Time(Duration(zigzag())); }
  void field(Duration& value) { value = Duration(zigzag()); }
  void field(std::string& value) {
    const std::uint64_t size = number();
    good_ = good_ && size <= rest_.size();
    if (!good_) return;
    value.assign(rest_.substr(0, static_cast<std::size_t>(size)));
    rest_.remove_prefix(static_cast<std::size_t>(size));
  }
  template <class Enum>
  void choice(Enum& value, Enum last) {
    const std::uint64_t chosen = number();
    good_ = good_ && chosen <= static_cast<std::uint64_t>(last);
    if (good_) value = static_cast<Enum>(chosen);
  }
  template <class T, class Each>
  void maybe(std::optional<T>& value, const Each& each) {
    if (number() != 0 && good_) each(value.emplace());
  }
  template <class T, class Each>
  void maybe(Rare<T>& value, const Each& each) {
    if (number() != 0 && good_) each(value.edit());
  }
  template <class T, class Each>
  void list(std::vector<T>& items, const Each& each) {
    for (std::uint64_t left = number(); left > 0 && good_; --left) each(items.emplace_back());
  }
  template <class... Each, class Fields>
  void either(std::variant<Each...>& value, const Fields& fields) {
    const std::uint64_t index = number();
    good_ = good_ && index < sizeof...(Each);
    if (!good_) return;
    const auto choose = [&]<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
      (void)((index == kIndex && (fields(value.template emplace<kIndex>()), true)) || ...);
    };
    choose(std::index_sequence_for<Each...>());
  }

 private:
  std::int64_t zigzag() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  std::string_view rest_;
  char format_ = kFormat;
  bool good_ = true;
};

// `Pack` is Packer with constant values, or Unpacker.
template <class Pack, class T>
void address(Pack& pack, T& value) {
  pack.choice(value.channel, Channel::Rcs);
  pack.choice(value.form, AddressForm::UserId);
  pack.field(value.text);
}

template <class Pack, class T>
void timeline_entry(Pack& pack, T& entry) {
  pack.field(entry.at);
  pack.either(entry.what, [&](auto& what) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(what)>, StatusReached>) {
      pack.choice(what.status, MessageStatus::Received);
      pack.maybe(what.error_code, [&](auto& code) { pack.field(code); });
      pack.field(what.moved);
    } else {
      pack.field(what.webhook);
      pack.field(what.http_status);
      pack.field(what.note);
    }
  });
}

template <class Pack, class T>
void media_item(Pack& pack, T& item) {
  pack.field(item.url);
  if (pack.format() < kOptions) return;
  pack.field(item.sid.text);
  pack.field(item.content_type);
  pack.field(item.created);
}

template <class Pack, class T>
void send_options(Pack& pack, T& options) {
  const auto plain = [&](auto& value) { pack.field(value); };
  pack.maybe(options.send_at, plain);
  pack.maybe(options.validity, plain);
  pack.maybe(options.fallback_from, [&](auto& value) { address(pack, value); });
  pack.list(options.persistent_action, plain);
  pack.maybe(options.smart_encoded, plain);
  pack.maybe(options.attempt, plain);
  for (auto* const flag :
       {&options.provide_feedback, &options.force_delivery, &options.shorten_urls,
        &options.send_as_mms, &options.discard_content, &options.obfuscate_address}) {
    pack.field(*flag);
  }
  for (auto* const text : {&options.max_price, &options.traffic_type, &options.risk_check,
                           &options.message_intent, &options.tags, &options.application_sid}) {
    pack.field(*text);
  }
}

template <class Pack, class T>
void feedback_fields(Pack& pack, T& feedback) {
  pack.field(feedback.confirmed);
  pack.field(feedback.created);
  pack.field(feedback.updated);
}

template <class Pack, class T>
void message_fields(Pack& pack, T& message) {
  const auto text = [&](auto& value) { pack.field(value); };
  const auto sid = [&](auto& value) { pack.field(value.text); };
  pack.choice(message.direction, Direction::OutboundReply);
  pack.choice(message.kind, MessageKind::Other);
  pack.maybe(message.from, [&](auto& value) { address(pack, value); });
  address(pack, message.sender);
  address(pack, message.to);
  pack.maybe(message.service, sid);
  pack.field(message.body);
  pack.list(message.media, [&](auto& item) { media_item(pack, item); });
  pack.maybe(message.content, sid);
  pack.field(message.content_variables);
  pack.maybe(message.status_callback, text);
  pack.choice(message.status, MessageStatus::Received);
  pack.maybe(message.error_code, text);
  pack.field(message.created);
  pack.field(message.updated);
  pack.maybe(message.sent, text);
  pack.field(message.num_segments);
  pack.choice(message.window.state, WindowState::Open);
  pack.maybe(message.window.last_inbound, text);
  pack.list(message.timeline, [&](auto& entry) { timeline_entry(pack, entry); });
  if (pack.format() < kHolds) return;
  pack.maybe(message.held_until, text);
  pack.maybe(message.upstream_sid, sid);
  if (pack.format() < kReleases) return;
  pack.maybe(message.released, text);
  pack.field(message.form);
  if (pack.format() < kOptions) return;
  pack.maybe(message.price, text);
  pack.maybe(message.options, [&](auto& options) { send_options(pack, options); });
  pack.maybe(message.feedback, [&](auto& feedback) { feedback_fields(pack, feedback); });
}

template <class Pack, class T>
void entry_fields(Pack& pack, T& entry) {
  const auto plain = [&](auto& value) { pack.field(value); };
  pack.field(entry.at);
  pack.field(entry.from);
  pack.field(entry.to);
  pack.choice(entry.action, Action::Observe);
  pack.maybe(entry.would, [&](auto& action) { pack.choice(action, Action::Observe); });
  pack.maybe(entry.code, plain);
  pack.maybe(entry.content, [&](auto& sid) { pack.field(sid.text); });
  pack.field(entry.rule);
  pack.field(entry.reason);
  pack.choice(entry.kind, MessageKind::Other);
  pack.choice(entry.window.state, WindowState::Open);
  pack.maybe(entry.window.last_inbound, plain);
  pack.maybe(entry.window_age, plain);
  pack.field(entry.campaign);
}

template <class Pack, class T>
void param_list(Pack& pack, T& params) {
  pack.list(params, [&](auto& param) {
    pack.field(param.name);
    pack.field(param.value);
  });
}

template <class Pack, class T>
void inbound_fields(Pack& pack, T& message) {
  pack.field(message.sid.text);
  address(pack, message.from);
  address(pack, message.to);
  pack.field(message.body);
  param_list(pack, message.extra);
}

template <class Pack, class T>
void webhook_fields(Pack& pack, T& webhook) {
  pack.field(webhook.id);
  pack.field(webhook.message.text);
  pack.field(webhook.url);
  pack.field(webhook.idempotency_token);
  pack.either(webhook.news, [&](auto& news) {
    using Kind = std::remove_cvref_t<decltype(news)>;
    if constexpr (std::is_same_v<Kind, StatusNews>) {
      pack.field(news.message.sid.text);
      message_fields(pack, news.message);
    } else if constexpr (std::is_same_v<Kind, InboundNews>) {
      inbound_fields(pack, news.message);
    } else if constexpr (std::is_same_v<Kind, RelayedNews>) {
      pack.field(news.inbound);
      param_list(pack, news.params);
      pack.field(news.cookie);
    }
  });
}

template <class Pack, class T>
void resource_fields(Pack& pack, T& resource) {
  pack.field(resource.created);
  pack.field(resource.updated);
  param_list(pack, resource.fields);
}

Unexpected<Error> unreadable(std::string_view what) {
  return fail(Errc::Internal, std::string(what) +
                                  " in the database cannot be read: it is damaged, "
                                  "or was written by another version");
}

}  // namespace

std::string pack(const Message& message) {
  Packer packer;
  message_fields(packer, message);
  return packer.take();
}

std::string pack(const Webhook& webhook) {
  Packer packer;
  webhook_fields(packer, webhook);
  return packer.take();
}

std::string pack(const LedgerEntry& entry) {
  Packer packer;
  entry_fields(packer, entry);
  return packer.take();
}

std::string pack(const Resource& resource) {
  Packer packer;
  resource_fields(packer, resource);
  return packer.take();
}

Result<Resource> unpack_resource(std::string_view data) {
  Unpacker unpacker(data);
  Resource resource;
  resource_fields(unpacker, resource);
  if (!unpacker.complete()) return unreadable("a resource");
  return resource;
}

Result<LedgerEntry> unpack_entry(std::string_view data) {
  Unpacker unpacker(data);
  LedgerEntry entry;
  entry_fields(unpacker, entry);
  if (!unpacker.complete()) return unreadable("a decision");
  return entry;
}

Result<Message> unpack_message(std::string_view data, const AccountSid& account, MessageSid sid) {
  Unpacker unpacker(data);
  Message message{.sid = std::move(sid), .account = account};
  message_fields(unpacker, message);
  if (!unpacker.complete()) return unreadable("message " + message.sid.text);
  return message;
}

Result<Webhook> unpack_webhook(std::string_view data, const AccountSid& account) {
  Unpacker unpacker(data);
  Webhook webhook{.id = {},
                  .account = account,
                  .message = {},
                  .url = {},
                  .auth_token = {},
                  .idempotency_token = {},
                  .news = {}};
  webhook_fields(unpacker, webhook);
  if (!unpacker.complete()) return unreadable("a queued webhook");
  if (auto* const status = std::get_if<StatusNews>(&webhook.news)) {
    status->message.account = account;
  } else if (auto* const inbound = std::get_if<InboundNews>(&webhook.news)) {
    inbound->message.account = account;
  }
  return webhook;
}

}  // namespace twindow::store::sqlite
