// SPDX-License-Identifier: Apache-2.0
// /__admin/events: server-sent events (WHATWG HTML, section 9.2) as they happen.
#include "src/api/control_call.h"
#include "src/api/control_json.h"

namespace twindow::api {

namespace {

using namespace std::chrono_literals;

constexpr auto kSilenceMax = 15s;  // then a comment keeps proxies and readers patient

class EventStream final : public wire::BodyStream {
 public:
  EventStream(ServerState& state, std::string type, std::string account)
      : state_(state),
        news_(state.events.subscribe()),
        type_(std::move(type)),
        account_(std::move(account)) {
    ++state_.event_streams;
  }
  ~EventStream() override { --state_.event_streams; }

  Task<std::optional<std::string>> next() override {
    if (!greeted_) {
      greeted_ = true;
      co_return std::optional<std::string>(": this is Twindow\n\n");
    }
    for (;;) {
      const gateway::EventBus::News news = co_await news_->next(kSilenceMax);
      if (news.closed) co_return std::nullopt;
      std::string text;
      if (news.missed > 0) {
        const Json data{{"type", "lagged"}, {"missed", news.missed}};
        text += "event: lagged\ndata: " + data.dump() + "\n\n";
      }
      if (news.event && wanted(*news.event)) text += rendered(*news.event);
      if (!news.event && news.missed == 0) text = ": still here\n\n";
      if (!text.empty()) co_return std::optional(std::move(text));
    }
  }

 private:
  bool wanted(const Event& event) const {
    return event_type(event).starts_with(type_) &&
           (account_.empty() || event.account.text == account_);
  }

  static std::string rendered(const Event& event) {
    const Json data = to_json(event);
    return "id: " + std::to_string(event.id) + "\nevent: " + event_type(event) +
           "\ndata: " + data.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n\n";
  }

  ServerState& state_;
  std::unique_ptr<gateway::EventBus::Subscription> news_;
  std::string type_;     // a prefix; empty: every type
  std::string account_;  // empty: all
  bool greeted_ = false;
};

}  // namespace

Task<Result<wire::HttpReply>> get_events(ControlCall call) {
  const auto worlds = worlds_to_read(call);  // an account may be listened to before it is there
  if (!worlds) co_return Unexpected(worlds.error());
  wire::HttpReply reply;
  reply.headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}};
  reply.body =
      std::make_shared<EventStream>(call.state, std::string(call.query.first("type").value_or("")),
                                    std::string(call.query.first("account").value_or("")));
  co_return reply;
}

}  // namespace twindow::api
