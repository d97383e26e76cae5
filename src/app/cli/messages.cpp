// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/messages.h"

#include "twindow/model/sid.h"

#include "src/app/cli/ask.h"
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/exit_code.h"
#include "src/app/cli/message_text.h"

namespace twindow::app {

namespace {

bool is_number(const std::string& which) {
  return which.find_first_of("0123456789") != std::string::npos && !which.starts_with("SM") &&
         !which.starts_with("MM");
}

void print_or_dump(const Json& message, const ClientOptions& client, const Terminal& terminal) {
  if (client.json()) {
    terminal.out << pretty(message) << "\n";
  } else {
    print_message(message, terminal);
  }
}

// Of an account's decisions, "AC…:9" and "AC…:17", the first was made before the second. False if
// one is not known.
bool decided_before(const Json& first, const Json& second) {
  const std::string a = text_at(first, "id");
  const std::string b = text_at(second, "id");
  const auto end = a.find(':');
  if (end == a.npos || a.substr(0, end) != b.substr(0, b.find(':'))) return false;
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace

int list_messages(const ListMessages& options, Server& server, const Terminal& terminal) {
  const auto answer =
      ask(server,
          {"GET", target("/__admin/messages", {{"account", options.client.account},
                                               {"query", options.query},
                                               {"limit", std::to_string(options.limit)},
                                               {"before", options.before}})},
          terminal);
  if (!answer) return answer.error();
  if (options.client.json()) {
    terminal.out << pretty(*answer) << "\n";
    return kExitOk;
  }
  print_messages(member_at(*answer, "messages"), terminal);
  if (const std::string next = text_at(*answer, "next"); !next.empty()) {
    terminal.err << "older ones: --before " << next << "\n";
  }
  return kExitOk;
}

Expected<std::string, int> message_sid_of(const std::string& which, const std::string& account,
                                          Server& server, const Terminal& terminal) {
  if (const auto sid = parse_message_sid(which)) return sid->text;
  if (!is_number(which)) {
    terminal.complain("found \"" + which +
                      "\", expected a message's SID (SM or MM and 32 hexadecimal digits) or a "
                      "phone number, such as whatsapp:+15555550123");
    return Unexpected(int{kExitUsage});
  }
  const auto answer = ask(
      server,
      {"GET", target("/__admin/messages",
                     {{"account", account}, {"query", "to:\"" + which + "\""}, {"limit", "1"}})},
      terminal);
  if (!answer) return Unexpected(answer.error());
  const Json& messages = member_at(*answer, "messages");
  if (messages.is_array() && !messages.empty()) return text_at(messages.front(), "sid");
  terminal.complain("there is no message to " + which);
  return Unexpected(int{kExitUsage});
}

Expected<Json, int> refused_last(const std::string& which, const std::string& account,
                                 Server& server, const Terminal& terminal) {
  if (parse_message_sid(which) || !is_number(which)) return Json();
  const auto newest = [&](const std::string& word) -> Expected<Json, int> {
    const auto answer = ask(
        server,
        {"GET",
         target("/__admin/messages",
                {{"account", account}, {"query", word + "to:\"" + which + "\""}, {"limit", "1"}})},
        terminal);
    if (!answer) return Unexpected(answer.error());
    const Json& messages = member_at(*answer, "messages");
    return messages.is_array() && !messages.empty() ? messages.front() : Json();
  };
  const auto refused = newest("is:rejected ");
  if (!refused || !text_at(*refused, "sid").empty() || refused->is_null()) {
    return refused ? Json() : refused;
  }
  auto sent = newest("");
  if (!sent) return sent;
  const std::string sent_at = text_at(*sent, "date_created");
  const std::string refused_at = text_at(*refused, "date_created");
  bool refused_later = sent->is_null() || refused_at > sent_at;
  if (!sent->is_null() && refused_at == sent_at) {
    auto shown =
        ask(server,
            {"GET", target("/__admin/messages/" + text_at(*sent, "sid"), {{"account", account}})},
            terminal);
    if (!shown) return shown;
    refused_later = decided_before(member_at(*shown, "decision"), member_at(*refused, "decision"));
  }
  return refused_later ? *refused : Json();
}

int show_message(const ShowMessage& options, Server& server, const Terminal& terminal) {
  const std::string& account = options.client.account;
  const auto refused = refused_last(options.which, account, server, terminal);
  if (!refused) return refused.error();
  if (!refused->is_null()) {
    print_or_dump(*refused, options.client, terminal);
    return kExitOk;
  }
  const auto sid = message_sid_of(options.which, options.client.account, server, terminal);
  if (!sid) return sid.error();
  const auto answer = ask(
      server, {"GET", target("/__admin/messages/" + *sid, {{"account", options.client.account}})},
      terminal);
  if (!answer) return answer.error();
  print_or_dump(*answer, options.client, terminal);
  return kExitOk;
}

void add_messages(CommandTree& tree) {
  CLI::App& family = tree.family("messages", {"twindow messages show whatsapp:+15555550123",
                                              "Look at messages, both directions."});

  CLI::App& list = tree.command(
      family, "list", {"twindow messages list --limit 10", "The newest messages, newest first."});
  auto listed = tree.on_server(list, list_messages);
  CommandTree::add_format_option(list, listed->client);
  list.add_option("--limit", listed->limit, "At most so many [50]")->type_name("N");
  list.add_option("--before", listed->before, "Only those older than this one")->type_name("SM...");

  CLI::App& show = tree.command(family, "show",
                                {"twindow messages show whatsapp:+15555550123\n"
                                 "twindow messages show SM0123456789abcdef0123456789abcdef",
                                 "One message: what happened when, and why it was not delivered."});
  auto shown = tree.on_server(show, show_message);
  CommandTree::add_format_option(show, shown->client);
  show.add_option("MESSAGE", shown->which, "Its SID, or a number: the last message to it")
      ->required();

  CLI::App& search = tree.command(
      family, "search",
      {"twindow messages search is:undelivered code:63016\n"
       "twindow messages search is:rejected after:2026-01-05T00:00:00Z\n"
       "twindow messages search 'to:+15555550123 body:\"your order\"'",
       "Messages that fit all words of a query.\n"
       "Words: to: from: body: code: status: template: campaign: after: before:\n"
       "is:inbound is:outbound is:pending is:undelivered is:failed is:rejected is:rerouted "
       "is:held;\n"
       "any other word is looked for in addresses, body and SID. What was rejected at once is no\n"
       "message: it has no SID."});
  auto searched = tree.on_server(search, list_messages);
  CommandTree::add_format_option(search, searched->client);
  search
      .add_option_function<std::vector<std::string>>(
          "QUERY",
          [searched](const std::vector<std::string>& words) {
            for (const std::string& word : words) {
              searched->query += (searched->query.empty() ? "" : " ") + word;
            }
          },
          "Words, all of which must fit")
      ->required();
  search.add_option("--limit", searched->limit, "At most so many [50]")->type_name("N");
  search.add_option("--before", searched->before, "Only those older than this one")
      ->type_name("SM...");
}

}  // namespace twindow::app
