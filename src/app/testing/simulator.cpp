// SPDX-License-Identifier: Apache-2.0
// A server of this process, and a client of its control API.
#include "twindow/testing/simulator.h"

#include <filesystem>
#include <functional>

#include "twindow/base/duration_text.h"
#include "twindow/net/control_client.h"
#include "twindow/wire/form.h"
#include "twindow/wire/time_text.h"

#include "src/app/json.h"
#include "src/app/local_server.h"
#include "src/app/scratch_folder.h"

namespace twindow::testing {

namespace {

namespace fs = std::filesystem;
using app::Json;
using app::member_at;
using app::ScratchFolder;
using app::text_at;

constexpr std::size_t kPage = 1000;

Result<app::Config> config_of(const SimulatorOptions& options, const fs::path& folder) {
  app::Config config;
  config.listen.port = 0;
  config.control.port = 0;
  config.tls.listen.reset();
  config.data_dir = folder;
  config.seed = options.seed;
  config.start = wire::parse_time(options.start);
  if (!config.start) return fail(Errc::BadInput, "start: \"" + options.start + "\" is no time");
  config.clock = options.clock == Clock::Manual ? app::ClockMode::Manual
                 : options.clock == Clock::Auto ? app::ClockMode::Auto
                                                : app::ClockMode::Real;
  config.callbacks.deliver_to = options.deliver_to;
  // Many a server waits for its idle clients when it ends, and an app ends with each test.
  config.callbacks.keep_alive = false;
  if (!options.inbound_url.empty()) config.inbound_url = options.inbound_url;
  const auto sid = parse_account_sid(options.account_sid);
  if (!sid) {
    return fail(Errc::BadInput,
                "account_sid: \"" + options.account_sid + "\" is no Account SID (AC…)");
  }
  AccountOptions account;
  account.sid = *sid;
  account.auth_token = AuthToken{options.auth_token};
  account.inbound_url = config.inbound_url;
  config.accounts.push_back(std::move(account));
  return config;
}

// Bytes that are no UTF-8 are replaced.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

int number_at(const Json& json, std::string_view name) {
  const Json& found = member_at(json, name);
  return found.is_number_integer() ? found.get<int>() : 0;
}

Message message_of(const Json& json) {
  Message message{.sid = text_at(json, "sid"),
                  .direction = text_at(json, "direction"),
                  .from = text_at(json, "from"),
                  .to = text_at(json, "to"),
                  .body = text_at(json, "body"),
                  .status = text_at(json, "status"),
                  .kind = text_at(json, "kind"),
                  .window = text_at(member_at(json, "window"), "state")};
  if (const int code = number_at(json, "error_code"); code != 0) message.error_code = code;
  return message;
}

Callback callback_of(const Json& json) {
  return {.id = text_at(json, "id"),
          .message_sid = text_at(json, "message_sid"),
          .message_status = text_at(json, "message_status"),
          .url = text_at(json, "url"),
          .app_status = number_at(json, "status"),
          .error = text_at(json, "error")};
}

std::string sentences(const Reply& reply) {
  std::string text;
  const Json json = Json::parse(reply.body, nullptr, false);
  for (const Json& error : member_at(json, "errors")) {
    const std::string pointer = text_at(error, "pointer");
    text += (text.empty() ? "" : "; ") + (pointer.empty() ? "" : pointer + ": ") +
            text_at(error, "detail");
  }
  return text.empty() ? "the simulator answered " + std::to_string(reply.status) : text;
}

}  // namespace

// The folder outlives the server.
class Simulator::Parts {
 public:
  Parts(std::unique_ptr<ScratchFolder> folder, std::unique_ptr<app::LocalServer> running,
        SimulatorOptions given)
      : options(std::move(given)),
        base_url(running->api_url()),
        control_url(running->control_url()),
        client(control_url),
        folder_(std::move(folder)),
        running_(std::move(running)) {}

  std::string of_account(std::string path, const std::string& query = {}) const {
    path += "?account=" + options.account_sid;
    return query.empty() ? path : path + "&" + query;
  }

  Result<Reply> call(std::string_view method, std::string_view target,
                     std::string_view json) const {
    const wire::HttpReply reply = TWINDOW_TRY(client.request(method, target, json));
    const auto* const body = std::get_if<std::string>(&reply.body);
    return Reply{reply.status, body == nullptr ? std::string() : *body};
  }

  // The answer to a call that must be taken.
  Result<Json> ask(std::string_view method, const std::string& target,
                   std::string_view json = {}) const {
    const Reply reply = TWINDOW_TRY(call(method, target, json));
    if (reply.status < 200 || reply.status > 299) {
      return fail(reply.status == 404   ? Errc::NotFound
                  : reply.status == 409 ? Errc::Conflict
                                        : Errc::BadInput,
                  sentences(reply));
    }
    if (reply.body.empty()) return Json();
    Json answer = Json::parse(reply.body, nullptr, false);
    if (answer.is_discarded()) return fail(Errc::BadReply, "the simulator's answer is no JSON");
    return answer;
  }

  // All pages of a list, which has its newest first; handed over from the oldest on.
  Result<void> each(const std::string& path, const std::string& list, const std::string& query,
                    const std::function<void(const Json&)>& take) const {
    std::vector<Json> all;
    std::string before;
    do {
      const std::string page = "limit=" + std::to_string(kPage) +
                               (before.empty() ? "" : "&before=" + before) +
                               (query.empty() ? "" : "&" + query);
      const Json answer = TWINDOW_TRY(ask("GET", of_account(path, page)));
      for (const Json& item : member_at(answer, list)) all.push_back(item);
      before = text_at(answer, "next");
    } while (!before.empty());
    for (auto item = all.rbegin(); item != all.rend(); ++item) take(*item);
    return {};
  }

  const SimulatorOptions options;
  const std::string base_url;
  const std::string control_url;
  const net::ControlClient client;

 private:
  std::unique_ptr<ScratchFolder> folder_;
  std::unique_ptr<app::LocalServer> running_;
};

Result<Simulator> Simulator::start(SimulatorOptions options) {
  auto folder = std::make_unique<ScratchFolder>();
  if (folder->path().empty()) return fail(Errc::Unavailable, "no temporary folder can be made");
  const app::Config config = TWINDOW_TRY(config_of(options, folder->path()));
  auto running = TWINDOW_TRY(app::start_local_server(config));
  return Simulator(
      std::make_unique<Parts>(std::move(folder), std::move(running), std::move(options)));
}

Simulator::Simulator(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Simulator::Simulator(Simulator&& other) noexcept = default;
Simulator& Simulator::operator=(Simulator&& other) noexcept = default;
Simulator::~Simulator() = default;

const std::string& Simulator::base_url() const { return parts_->base_url; }
const std::string& Simulator::control_url() const { return parts_->control_url; }
const std::string& Simulator::account_sid() const { return parts_->options.account_sid; }
const std::string& Simulator::auth_token() const { return parts_->options.auth_token; }

Result<Inbound> Simulator::inbound(std::string_view from, std::string_view to,
                                   std::string_view body,
                                   const std::vector<std::pair<std::string, std::string>>& more) {
  Json said{{"From", from}, {"To", to}, {"Body", body}};
  for (const auto& [name, value] : more) said[name] = value;
  const Json answer = TWINDOW_TRY(
      parts_->ask("POST", parts_->of_account("/__admin/simulate/inbound-message"), dumped(said)));
  Inbound made{.sid = text_at(answer, "MessageSid"),
               .app_status = number_at(member_at(answer, "webhook"), "status")};
  for (const Json& reply : member_at(answer, "replies")) made.replies.push_back(message_of(reply));
  return made;
}

Result<void> Simulator::advance(std::chrono::milliseconds by) {
  const Json body{{"by", to_text(by)}};
  TWINDOW_TRY(parts_->ask("POST", parts_->of_account("/__admin/clock/advance"), dumped(body)));
  return {};
}

Result<std::string> Simulator::now() {
  const Json answer = TWINDOW_TRY(parts_->ask("GET", parts_->of_account("/__admin/clock")));
  const Json& accounts = member_at(answer, "accounts");
  return text_at(accounts.empty() ? answer : accounts.front(), "now");
}

Result<std::vector<Message>> Simulator::messages(std::string_view query) {
  std::vector<Message> found;
  TWINDOW_TRY(parts_->each("/__admin/messages", "messages",
                           query.empty() ? "" : "query=" + wire::percent_encode(query),
                           [&](const Json& json) { found.push_back(message_of(json)); }));
  return found;
}

Result<Message> Simulator::message(std::string_view sid) {
  const Json json =
      TWINDOW_TRY(parts_->ask("GET", "/__admin/messages/" + wire::percent_encode(sid)));
  return message_of(json);
}

Result<std::string> Simulator::why(std::string_view sid) {
  const Json json =
      TWINDOW_TRY(parts_->ask("GET", "/__admin/messages/" + wire::percent_encode(sid)));
  return text_at(json, "why");
}

Result<std::vector<Callback>> Simulator::callbacks(std::string_view message_sid) {
  std::vector<Callback> found;
  TWINDOW_TRY(
      parts_->each("/__admin/callbacks", "callbacks",
                   message_sid.empty() ? "" : "message=" + wire::percent_encode(message_sid),
                   [&](const Json& json) { found.push_back(callback_of(json)); }));
  return found;
}

Result<std::string> Simulator::window(std::string_view sender, std::string_view user) {
  const Json answer = TWINDOW_TRY(parts_->ask(
      "GET", parts_->of_account("/__admin/windows", "sender=" + wire::percent_encode(sender) +
                                                        "&user=" + wire::percent_encode(user))));
  const Json& windows = member_at(answer, "windows");
  return windows.empty() ? std::string("none") : text_at(windows.front(), "state");
}

Result<void> Simulator::scenario(std::string_view json) {
  TWINDOW_TRY(parts_->ask("PUT", parts_->of_account("/__admin/scenario"), json));
  return {};
}

Result<void> Simulator::faults(std::string_view json) {
  const std::string body = "{\"faults\":" + std::string(json) + "}";
  TWINDOW_TRY(parts_->ask("PUT", parts_->of_account("/__admin/faults"), body));
  return {};
}

Result<void> Simulator::reset() {
  TWINDOW_TRY(parts_->ask("POST", parts_->of_account("/__admin/reset"), "{}"));
  return {};
}

Result<Reply> Simulator::call(std::string_view method, std::string_view target,
                              std::string_view json) {
  return parts_->call(method, target, json);
}

}  // namespace twindow::testing
