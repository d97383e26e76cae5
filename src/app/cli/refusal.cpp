// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/refusal.h"

#include "src/app/cli/exit_code.h"
#include "src/app/json.h"

namespace twindow::app {

namespace {

int exit_code_of(int status) {
  if (status == 406) return kExitExpectation;
  return status >= 500 ? kExitCannotRun : kExitUsage;
}

}  // namespace

int tell_refusal(const ServerReply& reply, const Terminal& terminal) {
  const Json json = Json::parse(reply.body, nullptr, false);
  bool told = false;
  for (const Json& error : member_at(json, "errors")) {
    if (!error.is_object()) continue;
    const std::string detail = text_at(error, "detail");
    const std::string pointer = text_at(error, "pointer");
    terminal.complain((detail.empty() ? text_at(error, "title") : detail) +
                      (pointer.empty() ? "" : " (" + pointer + ")"));
    told = true;
  }
  if (told) return exit_code_of(reply.status);
  terminal.complain("the server answered " + std::to_string(reply.status) +
                    "; is this twindow's control port?");
  return exit_code_of(reply.status);
}

}  // namespace twindow::app
