// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/ask.h"

#include "twindow/wire/form.h"

#include "src/app/cli/exit_code.h"
#include "src/app/cli/refusal.h"

namespace twindow::app {

std::string target(std::string path,
                   const std::vector<std::pair<std::string, std::string>>& query) {
  char separator = '?';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    path += separator + name + "=" + wire::percent_encode(value);
    separator = '&';
  }
  return path;
}

int tell_no_answer(const Error& error, const Terminal& terminal) {
  terminal.complain(error.detail);
  return error.code == Errc::BadInput ? kExitUsage : kExitCannotRun;
}

Expected<std::string, int> ask_text(Server& server, const ServerCall& call,
                                    const Terminal& terminal) {
  auto reply = server.call(call);
  if (!reply) return Unexpected(tell_no_answer(reply.error(), terminal));
  if (reply->status >= 200 && reply->status < 300) return std::move(reply->body);
  return Unexpected(tell_refusal(*reply, terminal));
}

Expected<Json, int> ask(Server& server, const ServerCall& call, const Terminal& terminal) {
  auto text = ask_text(server, call, terminal);
  if (!text) return Unexpected(text.error());
  Json json = Json::parse(*text, nullptr, false);
  if (!json.is_discarded()) return json;
  terminal.complain("the answer of " + server.url() +
                    " is not JSON; is it twindow's control port?");
  return Unexpected(int{kExitCannotRun});
}

}  // namespace twindow::app
