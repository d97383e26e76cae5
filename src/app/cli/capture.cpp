// SPDX-License-Identifier: Apache-2.0
// `twindow capture`: a message as a scenario file that reproduces it.
#include "src/app/capture/capture.h"

#include <fstream>

#include "twindow/model/sid.h"
#include "twindow/wire/form.h"

#include "src/app/capture/from_twilio.h"
#include "src/app/cli/ask.h"
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/exit_code.h"
#include "src/app/cli/messages.h"

namespace twindow::app {

namespace {

struct CaptureMessage {
  ClientOptions client;
  std::string which;
  std::string output = {};
  bool keep = false;
  bool from_twilio = false;
};

int write_scenario(const std::string& text, const CaptureMessage& options,
                   const Terminal& terminal) {
  if (options.output.empty()) {
    terminal.out << text;
    return kExitOk;
  }
  std::ofstream file(options.output, std::ios::binary);
  file << text;
  file.close();
  if (file) return kExitOk;
  terminal.complain(options.output + ": the file cannot be written");
  return kExitCannotRun;
}

int capture_here(const CaptureMessage& options, Server& server, const Terminal& terminal) {
  const std::string& account = options.client.account;
  std::string name = options.which;
  // A decision's id, of a send that was refused at once, is taken as it is.
  const bool decision = name.starts_with("AC") && name.find(':') != name.npos;
  const auto refused = refused_last(name, account, server, terminal);
  if (!refused) return refused.error();
  if (!refused->is_null()) {
    name = text_at(member_at(*refused, "decision"), "id");
  } else if (!decision) {
    auto sid = message_sid_of(options.which, account, server, terminal);
    if (!sid) return sid.error();
    name = *std::move(sid);
  }
  const auto answer =
      ask_text(server,
               {"POST",
                target("/__admin/messages/" + wire::percent_encode(name) + "/capture",
                       {{"account", account}}),
                Json{{"keep", options.keep}}.dump()},
               terminal);
  if (!answer) return answer.error();
  return write_scenario(*answer, options, terminal);
}

// The body of a 2xx; else it was told why there is none.
Expected<Json, int> ask_there(TwilioQuestion question, const std::string& path,
                              Surroundings& around) {
  question.target = path;
  const auto answer = around.ask_twilio(question);
  const std::string who = question.base_url.value_or("https://api.twilio.com");
  if (!answer) {
    around.terminal.complain(who + ": " + answer.error().detail);
    return Unexpected(answer.error().code == Errc::BadInput ? kExitUsage : kExitCannotRun);
  }
  Json json = Json::parse(answer->body, nullptr, false);
  if (answer->status >= 200 && answer->status < 300 && json.is_object()) return json;
  std::string said = text_at(json, "message");
  if (answer->status >= 200 && answer->status < 300) said = "its answer is no JSON";
  if (answer->status == 404) said = "Twilio has no message " + path.substr(path.rfind('/') + 1);
  around.terminal.complain(who + " answered " + std::to_string(answer->status) +
                           (said.empty() ? "" : ": " + said));
  const bool refused = answer->status >= 400 && answer->status < 500 && answer->status != 429;
  return Unexpected(refused ? kExitUsage : kExitCannotRun);
}

int capture_there(const CaptureMessage& options, Surroundings& around) {
  const auto sid = parse_message_sid(options.which);
  if (!sid) {
    around.terminal.complain("found \"" + options.which +
                             "\", expected a message's SID (SM or MM and 32 hexadecimal digits): "
                             "Twilio is asked for no other");
    return kExitUsage;
  }
  const auto account = find_variable(around.environment, "TWILIO_ACCOUNT_SID");
  const auto token = find_variable(around.environment, "TWILIO_AUTH_TOKEN");
  if (!account || !token || !around.ask_twilio) {
    around.terminal.complain(
        "--from-twilio: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set, to ask Twilio with");
    return kExitUsage;
  }
  const TwilioQuestion question{.base_url = find_variable(around.environment, "TWILIO_BASE_URL"),
                                .user = *account,
                                .secret = *token,
                                .target = {}};
  const auto message = ask_there(
      question,
      "/2010-04-01/Accounts/" + wire::percent_encode(*account) + "/Messages/" + sid->text + ".json",
      around);
  if (!message) return message.error();
  Json inbounds;
  const bool whatsapp = text_at(*message, "to").starts_with("whatsapp:");
  if (whatsapp && text_at(*message, "direction") != "inbound" &&
      !text_at(*message, "from").empty()) {
    auto listed = ask_there(question, inbounds_before(*message), around);
    if (!listed) return listed.error();
    inbounds = *std::move(listed);
  }
  return write_scenario(
      captured_scenario(material_from_twilio(*message, inbounds), {.keep = options.keep}), options,
      around.terminal);
}

}  // namespace

void add_capture(CommandTree& tree) {
  CLI::App& command = tree.command(
      tree.root(), "capture",
      {"twindow capture SM0123456789abcdef0123456789abcdef --output scenarios/closed.json\n"
       "twindow capture SM0123456789abcdef0123456789abcdef --from-twilio",
       "A message as a scenario file that reproduces it.\n"
       "Numbers, names, texts and SIDs are replaced by others, each by the same everywhere; paths\n"
       "of the app stay. A phone number means the last message to it; a decision's id (AC...:17)\n"
       "a send that was refused at once. With --from-twilio Twilio itself is asked, with\n"
       "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (TWILIO_BASE_URL: elsewhere), for a message that\n"
       "never came through here."});
  auto options = std::make_shared<CaptureMessage>();
  CommandTree::add_client_options(command, options->client);
  command.add_option("MESSAGE", options->which, "Its SID, or a number: the last message to it")
      ->required();
  command.add_option("--output", options->output, "Where to write it [standard output]")
      ->type_name("FILE");
  command.add_flag("--keep", options->keep, "Numbers, names, texts and SIDs as they were");
  command.add_flag("--from-twilio", options->from_twilio, "Ask Twilio, not a server of ours");
  tree.on(command, [options](Surroundings& around) {
    if (options->from_twilio) return capture_there(*options, around);
    const auto server = CommandTree::connect(options->client, around);
    return capture_here(*options, *server, around.terminal);
  });
}

}  // namespace twindow::app
