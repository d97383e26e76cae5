// SPDX-License-Identifier: Apache-2.0
// Each command against a fake server: what it asks, prints and returns, as golden files in
// fixtures/cli. UPDATE_GOLDEN=1 writes them anew; read the difference as code.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/app/json.h"
#include "tests/app/fake_server.h"
#include "tests/support/case_name.h"

namespace twindow::app {
namespace {

using Replies = std::map<std::string, std::deque<ServerReply>>;

constexpr const char* kSid = "SM0123456789abcdef0123456789abcdef";
constexpr const char* kCallbackId = "CB0123456789abcdef0123456789abcdef";

constexpr const char* kUndelivered = R"({"sid":"SM0123456789abcdef0123456789abcdef",
  "account_sid":"AC0123456789abcdef0123456789abcdef","direction":"outbound-api",
  "from":"whatsapp:+14155550100","to":"whatsapp:+15555550123","messaging_service_sid":null,
  "body":"Tu cita es mañana 👋\nÁna","status":"undelivered","error_code":63016,
  "error_message":"outside the window","date_created":"2026-01-05T10:02:09.000Z",
  "kind":"freeform","window":{"state":"closed","last_inbound":"2026-01-04T09:02:09.000Z",
  "expires":"2026-01-05T09:02:09.000Z"},"status_callback":"https://app.example.com/status")";

std::string one_message() {
  return std::string(kUndelivered) + R"(,
  "timeline":[{"at":"2026-01-05T10:02:09.000Z","event":"status","status":"queued","moved":true,"text":""},
  {"at":"2026-01-05T10:02:11.000Z","event":"status","status":"undelivered","error_code":63016,"moved":true,"text":""},
  {"at":"2026-01-05T10:02:11.003Z","event":"callback","callback":"CB0123456789abcdef0123456789abcdef","http_status":200,"text":"POST https://app.example.com/status"},
  {"at":"2026-01-05T10:02:12.000Z","event":"status","status":"sent","moved":false,"text":""}],
  "callbacks":["CB0123456789abcdef0123456789abcdef"],
  "why":"63016: the user last wrote 25h before the send.\nAn approved template would have worked."})";
}

std::string list_of_messages(const char* next) {
  return std::string("{\"messages\":[") + kUndelivered + R"(},
  {"sid":"MM0123456789abcdef0123456789abcdef","direction":"inbound","from":"+15555550124",
   "to":"+14155550100","body":")" +
         std::string(60, 'x') + R"(","status":"received","error_code":null,
   "date_created":"2026-01-05T09:59:00.000Z"}],"next":)" +
         next + "}";
}

constexpr const char* kCallback = R"({"id":"CB0123456789abcdef0123456789abcdef","type":"status",
  "message_sid":"SM0123456789abcdef0123456789abcdef","at":"2026-01-05T10:02:11.003Z",
  "message_status":"undelivered","url":"https://app.example.com/status",
  "posted_to":"http://127.0.0.1:3000/status","signed_url":"https://app.example.com/status",
  "signature":"c2lnbmF0dXJl","tries":2,"status":200,"latency_ms":3,"error":null,
  "request":{"body":"MessageStatus=undelivered"},"response":{"content_type":"text/plain","body":"ok"}})";

constexpr const char* kUnanswered = R"({"id":"CB1123456789abcdef0123456789abcdef","type":"inbound",
  "at":"2026-01-05T10:03:11.000Z","url":"https://app.example.com/in","status":0,
  "error":"app.example.com is not allowed; add --deliver-to https://app.example.com=http://127.0.0.1:3000"})";

constexpr const char* kWindow = R"({"sender":"whatsapp:+14155550100","user":"+15555550123",
  "user_spelling":"whatsapp:+15555550123","state":"open","last_inbound":"2026-01-05T09:00:00.000Z",
  "expires":"2026-01-06T09:00:00.000Z","closed_early":false})";

constexpr const char* kEvents[] = {
    R"({"id":1,"at":"2026-01-05T10:02:10.000Z","type":"message.inbound","message":{"sid":"SM2","direction":"inbound","from":"whatsapp:+15555550123","to":"whatsapp:+14155550100","body":"hola\u001b[2J","status":"received"}})",
    R"({"id":2,"at":"2026-01-05T10:02:11.000Z","type":"message.undelivered","message":{"sid":"SM1","direction":"outbound-api","to":"whatsapp:+15555550123","status":"undelivered","error_code":63016}})",
    R"({"id":3,"at":"2026-01-05T10:02:11.000Z","type":"callback","callback":{"url":"https://app.example.com/status","status":200}})",
    R"({"id":4,"at":"2026-01-05T10:02:12.000Z","type":"callback","callback":{"url":"https://app.example.com/status","status":0,"error":"connection refused"}})",
    R"({"id":5,"at":"2026-01-05T10:02:13.000Z","type":"window.opened","window":{"sender":"whatsapp:+14155550100","user":"+15555550123","state":"open","expires":"2026-01-06T10:02:13.000Z"}})",
    R"({"id":6,"at":"2026-01-05T10:02:14.000Z","type":"clock.advanced","now":"2026-01-06T10:02:14.000Z","text":"advanced 24h"})",
    R"({"id":7,"at":"2026-01-05T10:02:15.000Z","type":"reset","account_sid":"AC0123456789abcdef0123456789abcdef"})",
    R"({"id":8,"at":"2026-01-05T10:02:16.000Z","type":"decision.reject","decision":{"decision":"reject","code":63016,"rule":"all else","to":"whatsapp:+15555550123","message_sid":null}})",
    R"({"type":"lagged","missed":12})",
    "this is not JSON",
};

std::string advanced() {
  std::string text = R"({"now":"2026-01-06T10:00:00.000Z","accounts":[],"events":[)";
  return text + kEvents[1] + "," + kEvents[2] + "]}";
}

constexpr const char* kInbound = R"({"MessageSid":"SM2123456789abcdef0123456789abcdef",
  "window":{"state":"open","expires":"2026-01-06T09:00:00.000Z"},
  "webhook":{"id":"CB1","url":"https://app.example.com/in","status":200,"error":null},
  "replies":[{"sid":"SM3123456789abcdef0123456789abcdef","status":"queued","to":"whatsapp:+15555550123","body":"hola!"}]})";

constexpr const char* kRefused =
    R"({"errors":[{"title":"Bad input","detail":"From is missing","pointer":"/From"},
    {"title":"Bad input","detail":"the accounts are AC1, AC2","pointer":""}]})";

const Replies kVersion{{"GET /__admin/version", {{200, R"({"version":"0.1.0"})"}}}};
constexpr const char* kNoToken =
    R"({"errors":[{"title":"Unauthorized","detail":"the control API's token is needed","pointer":""}]})";
constexpr const char* kNoMessages = R"({"messages":[],"next":null})";

// A send that was refused at once, created at that time of day.
std::string refused_at(const std::string& time) {
  return R"({"messages":[{"sid":null,"account_sid":"AC0123456789abcdef0123456789abcdef",
  "direction":"outbound-api","from":"whatsapp:+14155550100","to":"whatsapp:+15555550123","body":"",
  "status":"rejected","error_code":63016,"error_message":"outside the window",
  "date_created":"2026-01-05T)" +
         time + R"(.000Z","kind":"freeform","window":{"state":"closed"},
  "decision":{"id":"AC0123456789abcdef0123456789abcdef:17","decision":"reject","rule":"all else","reason":"there is no open window",
   "campaign":"spring"}}],"next":null})";
}

// The message, with the decision on its send.
std::string decided_message(const std::string& id) {
  std::string text = one_message();
  text.insert(text.rfind('}'), R"(,"decision":{"id":")" + id + R"(","decision":"pass"})");
  return text;
}

struct CommandCase {
  const char* name;
  std::vector<std::string> arguments;
  Replies replies = {};
  bool color = false;
};

std::string transcript(const CommandCase& c) {
  test::CommandRun run;
  run.server.replies = c.replies;
  for (const char* event : kEvents) run.server.events.emplace_back(event);
  run.color = c.color;
  const int code = run(c.arguments);
  std::string text = "$ twindow";
  for (const std::string& argument : c.arguments) text += " " + argument;
  text += "\n";
  for (const std::string& call : run.server.calls) text += "-- asks " + call + "\n";
  text += "-- out\n" + run.out.str() + "-- err\n" + run.err.str();
  text += "-- exit " + std::to_string(code) + "\n";
  const std::string root = TWINDOW_SOURCE_DIR;
  for (auto at = text.find(root); at != std::string::npos; at = text.find(root)) {
    text.replace(at, root.size(), ".");
  }
  return text;
}

class Commands : public testing::TestWithParam<CommandCase> {};

TEST_P(Commands, AskPrintAndReturn) {
  const std::filesystem::path golden = std::filesystem::path(TWINDOW_SOURCE_DIR) / "fixtures/cli" /
                                       (std::string(GetParam().name) + ".txt");
  const std::string got = transcript(GetParam());
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(golden) << got;
  std::stringstream want;
  want << std::ifstream(golden).rdbuf();
  EXPECT_EQ(got, want.str()) << golden;
}

const std::string kCapture = std::string("POST /__admin/messages/") + kSid + "/capture";
constexpr const char* kScenario = "// Captured from a real message.\n{\n  \"version\": 1\n}\n";
const std::string kShow = std::string("GET /__admin/messages/") + kSid;
const std::string kLastTo =
    "GET /__admin/messages?query=to%3A%22whatsapp%3A%2B15555550123%22&limit=1";
const std::string kRefusedTo =
    "GET /__admin/messages?query=is%3Arejected%20to%3A%22whatsapp%3A%2B15555550123%22&limit=1";
const std::string kOneWindow =
    "/__admin/windows/whatsapp%3A%2B14155550100/whatsapp%3A%2B15555550123";
const std::vector<std::string> kPair{"whatsapp:+14155550100", "whatsapp:+15555550123"};
const std::string kTrigger = "POST /__admin/simulate/";

constexpr auto kBackfillBegun =
    R"({"backfills":[{"account_sid":"AC1","state":"reading","error":null,"senders":[]}]})";
constexpr auto kBackfillUnderWay =
    R"({"backfills":[{"account_sid":"AC1","state":"reading","error":null,"senders":[)"
    R"({"sender":"whatsapp:+14155550100","state":"done","messages":12,"users":3},)"
    R"({"sender":"whatsapp:+14155550101","state":"reading","messages":1000,"users":340}]}]})";
constexpr auto kBackfillDone =
    R"({"backfills":[{"account_sid":"AC1","state":"done","error":null,"senders":[)"
    R"({"sender":"whatsapp:+14155550100","state":"done","messages":12,"users":3,)"
    R"("since":"2026-01-04T09:00:00.000Z"},)"
    R"({"sender":"whatsapp:+14155550101","state":"done","messages":1200,"users":400,)"
    R"("since":"2026-01-04T09:00:00.000Z"}]}]})";
constexpr auto kBackfillFailed =
    R"({"backfills":[{"account_sid":"AC1","state":"failed","error":"nobody answers","senders":[)"
    R"({"sender":"whatsapp:+14155550100","state":"failed","messages":0,"users":0,)"
    R"("since":"2026-01-04T09:00:00.000Z"}]}]})";
constexpr auto kBackfillNobody =
    R"({"backfills":[{"account_sid":"AC1","state":"done","error":null,"senders":[]}]})";

std::vector<std::string> windows(const char* verb, std::vector<std::string> rest) {
  rest.insert(rest.begin(), {"windows", verb});
  return rest;
}

std::vector<CommandCase> commands() {
  const std::string callback = std::string("/__admin/callbacks/") + kCallbackId;
  const std::string moved = std::string("{\"message\":") + kUndelivered +
                            "},\"moved\":true,\"webhook\":" + kCallback + "}";
  const std::string late =
      std::string("{\"message\":") + kUndelivered + "},\"moved\":false,\"webhook\":null}";
  const std::string clock =
      R"({"mode":"manual","now":"2026-01-05T10:00:00.000Z","accounts":[{"account_sid":"AC0123456789abcdef0123456789abcdef",
      "mode":"manual","now":"2026-01-05T10:00:00.000Z","next_event":"2026-01-05T10:00:02.000Z","advancing":false}]})";
  const std::string window_list = std::string("{\"windows\":[") + kWindow + "]}";
  const std::string closed_list = R"({"windows":[{"sender":"whatsapp:+14155550100",
      "user":"+15555550123","user_spelling":"whatsapp:+15555550123","state":"closed",
      "last_inbound":"2026-01-05T09:00:00.000Z","closed_early":true}]})";
  const std::string callback_list =
      std::string("{\"callbacks\":[") + kUnanswered + "," + kCallback + "],\"next\":null}";
  return {
      {"messages_list",
       {"messages", "list"},
       {{"GET /__admin/messages?limit=50", {{200, list_of_messages("null")}}}}},
      {"messages_list_more",
       {"messages", "list", "--limit", "2", "--account", "AC1"},
       {{"GET /__admin/messages?account=AC1&limit=2", {{200, list_of_messages("\"MM0\"")}}}}},
      {"messages_list_color",
       {"messages", "list"},
       {{"GET /__admin/messages?limit=50", {{200, list_of_messages("null")}}}},
       true},
      {"messages_list_json",
       {"messages", "list", "--format", "json"},
       {{"GET /__admin/messages?limit=50", {{200, R"({"messages":[],"next":null})"}}}}},
      {"messages_list_empty",
       {"messages", "list"},
       {{"GET /__admin/messages?limit=50", {{200, R"({"messages":[],"next":null})"}}}}},
      {"messages_search",
       {"messages", "search", "is:undelivered", "body:\"a b\""},
       {{"GET /__admin/messages?query=is%3Aundelivered%20body%3A%22a%20b%22&limit=50",
         {{200, list_of_messages("null")}}}}},
      {"messages_show", {"messages", "show", kSid}, {{kShow, {{200, one_message()}}}}},
      {"messages_show_number",
       {"messages", "show", "whatsapp:+15555550123"},
       {{kRefusedTo, {{200, refused_at("10:02:08")}}},
        {kLastTo, {{200, list_of_messages("null")}}},
        {kShow, {{200, one_message()}}}}},
      {"messages_show_refused",
       {"messages", "show", "whatsapp:+15555550123"},
       {{kRefusedTo, {{200, refused_at("10:02:10")}}},
        {kLastTo, {{200, list_of_messages("null")}}}}},
      {"messages_show_tie",
       {"messages", "show", "whatsapp:+15555550123"},
       {{kRefusedTo, {{200, refused_at("10:02:09")}}},
        {kLastTo, {{200, list_of_messages("null")}}},
        {kShow, {{200, one_message()}}}}},
      {"messages_show_tie_refused_later",
       {"messages", "show", "whatsapp:+15555550123"},
       {{kRefusedTo, {{200, refused_at("10:02:09")}}},
        {kLastTo, {{200, list_of_messages("null")}}},
        {kShow, {{200, decided_message("AC0123456789abcdef0123456789abcdef:9")}}}}},
      {"messages_show_tie_refused_earlier",
       {"messages", "show", "whatsapp:+15555550123"},
       {{kRefusedTo, {{200, refused_at("10:02:09")}}},
        {kLastTo, {{200, list_of_messages("null")}}},
        {kShow, {{200, decided_message("AC0123456789abcdef0123456789abcdef:18")}}}}},
      {"messages_search_rejected",
       {"messages", "search", "is:rejected"},
       {{"GET /__admin/messages?query=is%3Arejected&limit=50", {{200, refused_at("10:02:08")}}}}},
      {"messages_show_nobody",
       {"messages", "show", "whatsapp:+15555550123"},
       {{kRefusedTo, {{200, kNoMessages}}}, {kLastTo, {{200, kNoMessages}}}}},
      {"messages_show_neither", {"messages", "show", "SM12"}},
      {"messages_show_unknown",
       {"messages", "show", kSid},
       {{kShow,
         {{404,
           R"({"errors":[{"title":"Not found","detail":"no such message","pointer":""}]})"}}}}},
      {"trigger_inbound",
       {"trigger", "message.inbound", "--from", "whatsapp:+15555550123", "--to",
        "whatsapp:+14155550100", "--set", "Body=hi there", "--set", "ProfileName=Ana"},
       {{kTrigger + "inbound-message", {{200, kInbound}}}}},
      {"trigger_inbound_refused",
       {"trigger", "message.inbound", "--from", "a", "--to", "b"},
       {{kTrigger + "inbound-message", {{400, kRefused}}}}},
      {"trigger_inbound_without_to", {"trigger", "message.inbound", "--from", "a"}},
      {"trigger_undelivered",
       {"trigger", "message.undelivered:63016", "--sid", kSid},
       {{kTrigger + "message-status", {{200, moved}}}}},
      {"trigger_late_by_number",
       {"trigger", "message.sent", "--to", "whatsapp:+15555550123", "--account", "AC1"},
       {{"GET /__admin/messages?account=AC1&query=to%3A%22whatsapp%3A%2B15555550123%22&limit=1",
         {{200, list_of_messages("null")}}},
        {kTrigger + "message-status?account=AC1", {{200, late}}}}},
      {"trigger_without_sid", {"trigger", "message.delivered"}},
      {"trigger_unknown", {"trigger", "message.delivred", "--sid", kSid}},
      {"trigger_code_where_none_is", {"trigger", "message.delivered:63016", "--sid", kSid}},
      {"trigger_set_without_value",
       {"trigger", "message.inbound", "--from", "a", "--to", "b", "--set", "Body"}},
      {"listen", {"listen"}, kVersion},
      {"listen_type",
       {"listen", "--type", "message", "--account", "AC1", "--format", "json"},
       kVersion},
      {"listen_refused",
       {"listen"},
       {{"GET /__admin/version",
         {{401, R"({"errors":[{"title":"Bad input","detail":"no token","pointer":""}]})"}}}}},
      {"windows_list",
       {"windows", "list", "--state", "open"},
       {{"GET /__admin/windows?state=open", {{200, window_list}}}}},
      {"windows_list_empty",
       {"windows", "list"},
       {{"GET /__admin/windows", {{200, R"({"windows":[]})"}}}}},
      {"windows_show", windows("show", kPair), {{"GET " + kOneWindow, {{200, kWindow}}}}},
      {"windows_open", windows("open", kPair), {{"PUT " + kOneWindow, {{200, kWindow}}}}},
      {"windows_open_at",
       windows("open", {kPair[0], kPair[1], "--last-inbound=-23h", "--account", "AC1"}),
       {{"PUT " + kOneWindow + "?account=AC1", {{200, kWindow}}}}},
      {"windows_close", windows("close", kPair), {{"PUT " + kOneWindow, {{200, kWindow}}}}},
      {"windows_export", {"windows", "export"}, {{"GET /__admin/windows", {{200, window_list}}}}},
      {"windows_export_closed",
       {"windows", "export"},
       {{"GET /__admin/windows", {{200, closed_list}}}}},
      {"windows_import",
       {"windows", "import", TWINDOW_SOURCE_DIR "/fixtures/cli/windows.csv"},
       {{"POST /__admin/windows/import", {{200, R"({"imported":1,"errors":[]})"}}}}},
      {"windows_backfill",
       {"windows", "backfill"},
       {{"POST /__admin/windows/backfill", {{202, kBackfillBegun}}},
        {"GET /__admin/windows/backfill",
         {{200, kBackfillUnderWay}, {200, kBackfillUnderWay}, {200, kBackfillDone}}}}},
      {"windows_backfill_failed",
       {"windows", "backfill", "--account", "AC1"},
       {{"POST /__admin/windows/backfill?account=AC1", {{202, kBackfillFailed}}}}},
      {"windows_backfill_nobody",
       {"windows", "backfill"},
       {{"POST /__admin/windows/backfill", {{202, kBackfillBegun}}},
        {"GET /__admin/windows/backfill", {{200, kBackfillNobody}}}}},
      {"clock_show", {"clock", "show"}, {{"GET /__admin/clock", {{200, clock}}}}},
      {"clock_advance",
       {"clock", "advance", "24h"},
       {{"POST /__admin/clock/advance", {{200, advanced()}}}}},
      {"clock_advance_busy",
       {"clock", "advance", "24h"},
       {{"POST /__admin/clock/advance",
         {{409,
           R"({"errors":[{"title":"Conflict","detail":"the clock is advancing already","pointer":""}]})"}}}}},
      {"clock_advance_back", {"clock", "advance", "--", "-24h"}},
      {"clock_advance_fraction", {"clock", "advance", "1.5h"}},
      {"clock_set",
       {"clock", "set", "2026-01-05T10:00:00Z", "--mode", "manual"},
       {{"PUT /__admin/clock", {{200, clock}}}}},
      {"clock_set_nothing", {"clock", "set"}},
      {"callbacks_list",
       {"callbacks", "list", "--message", "SM1"},
       {{"GET /__admin/callbacks?message=SM1&limit=50", {{200, callback_list}}}}},
      {"callbacks_show",
       {"callbacks", "show", kCallbackId},
       {{"GET " + callback, {{200, kCallback}}}}},
      {"callbacks_resend",
       {"callbacks", "resend", kCallbackId},
       {{"POST " + callback + "/resend", {{200, kCallback}}}}},
      {"reset", {"reset"}, {{"POST /__admin/reset", {{200, R"({"reset":["AC1","AC2"]})"}}}}},
      {"reset_nothing", {"reset"}, {{"POST /__admin/reset", {{200, R"({"reset":[]})"}}}}},
      {"readyz", {"readyz"}, {{"GET /readyz", {{200, "ready"}}}}},
      {"readyz_starting", {"readyz"}, {{"GET /readyz", {{503, "starting\n"}}}}},
      {"readyz_nobody", {"readyz"}},
      {"readyz_wait",
       {"readyz", "--wait"},
       {{"GET /readyz", {{503, "starting"}, {503, "starting"}, {200, "ready"}}}}},
      {"readyz_wait_in_vain",
       {"readyz", "--wait", "--timeout", "250ms"},
       {{"GET /readyz", {{503, "starting"}}}}},
      {"readyz_bad_timeout", {"readyz", "--wait", "--timeout", "soon"}},
      {"unreachable", {"messages", "list"}},
      {"not_json", {"messages", "list"}, {{"GET /__admin/messages?limit=50", {{200, "<html>"}}}}},
      {"not_twindow",
       {"messages", "list"},
       {{"GET /__admin/messages?limit=50", {{404, "<html>"}}}}},
      {"server_fails",
       {"messages", "list"},
       {{"GET /__admin/messages?limit=50",
         {{500, R"({"errors":[{"title":"Internal","detail":"a bug","pointer":""}]})"}}}}},
      {"odd_shapes",
       {"messages", "list"},
       {{"GET /__admin/messages?limit=50",
         {{200, R"({"messages":[1,null,{"body":{}}],"next":{}})"}}}}},
      {"explain_json",
       {"explain", "--from", "whatsapp:+14155550100", "--to", "whatsapp:+15555550123", "--body",
        "Hi", "--format", "json"},
       {{"POST /__admin/explain", {{200, R"({"decision":"pass","rule":"all else"})"}}}}},
      {"version", {"version"}},
      {"sdk_snippet_node", {"sdk-snippet", "node"}},
      {"sdk_snippet_python", {"sdk-snippet", "python", "--url", "http://127.0.0.1:5010/"}},
      {"sdk_snippet_java", {"sdk-snippet", "java"}},
      {"sdk_snippet_go", {"sdk-snippet", "go"}},
      {"sdk_snippet_php", {"sdk-snippet", "php"}},
      {"sdk_snippet_ruby", {"sdk-snippet", "ruby"}},
      {"sdk_snippet_csharp", {"sdk-snippet", "csharp"}},
      {"sdk_snippet_env",
       {"sdk-snippet", "env", "--server", "http://192.0.2.7:5011"},
       {{"GET /__admin/info", {{200, R"({"listen":"0.0.0.0:5010"})"}}}}},
      {"sdk_snippet_env_proxy",
       {"sdk-snippet", "env", "--proxy", "--ca", "/home/ana/my certificates/ca.crt"},
       {{"GET /__admin/info", {{200, R"({"listen":"127.0.0.1:5010"})"}}}}},
      {"sdk_snippet_unknown", {"sdk-snippet", "pyton"}},
      {"sdk_snippet_odd_server",
       {"sdk-snippet", "env"},
       {{"GET /__admin/info", {{200, R"json({"listen":"a'$(id)"})json"}}}}},
      {"sdk_snippet_no_token", {"sdk-snippet", "env"}, {{"GET /__admin/info", {{401, kNoToken}}}}},
      {"sdk_snippet_no_token_proxy",
       {"sdk-snippet", "env", "--proxy", "--url", "http://127.0.0.1:5010"},
       {{"GET /__admin/ca.crt", {{401, kNoToken}}}}},
      {"sdk_snippet_env_in_proxy_mode",
       {"sdk-snippet", "env"},
       {{"GET /__admin/info", {{200, R"({"listen":"127.0.0.1:5010","mode":"proxy"})"}}}}},
      {"sdk_snippet_env_proxy_in_proxy_mode",
       {"sdk-snippet", "env", "--proxy", "--ca", "/home/ana/ca.crt"},
       {{"GET /__admin/info", {{200, R"({"listen":"127.0.0.1:5010","mode":"proxy"})"}}}}},
      {"sdk_snippet_bad_url", {"sdk-snippet", "node", "--url", "localhost"}},
      {"schema_config", {"schema", "config"}},
      {"schema_policy", {"schema", "policy"}},
      {"help", {"--help"}},
      {"help_serve", {"serve", "--help"}},
      {"help_of_nothing", {"help", "mesages"}},
      {"help_trigger", {"trigger", "--help"}},
      {"help_messages", {"messages", "--help"}},
      {"unknown_command", {"mesages", "list"}},
      {"unknown_command_like_nothing", {"frobnicate"}},
      {"unknown_subcommand", {"messages", "lst"}},
      {"unknown_option", {"messages", "list", "--limt", "3"}},
      {"family_alone", {"messages"}},
      {"one_argument_too_many", {"version", "now"}},
      {"missing_argument", {"messages", "show"}},
      {"bad_format", {"messages", "list", "--format", "xml"}},
      {"bad_number", {"messages", "list", "--limit", "many"}},
      {"capture", {"capture", kSid}, {{kCapture, {{200, kScenario}}}}},
      {"capture_keep", {"capture", kSid, "--keep"}, {{kCapture, {{200, kScenario}}}}},
      {"capture_number",
       {"capture", "whatsapp:+15555550123"},
       {{kRefusedTo, {{200, kNoMessages}}},
        {kLastTo, {{200, list_of_messages("null")}}},
        {kCapture, {{200, kScenario}}}}},
      {"capture_refused",
       {"capture", "whatsapp:+15555550123"},
       {{kRefusedTo, {{200, refused_at("10:02:10")}}},
        {kLastTo, {{200, list_of_messages("null")}}},
        {"POST /__admin/messages/AC0123456789abcdef0123456789abcdef%3A17/capture",
         {{200, kScenario}}}}},
      {"capture_unknown",
       {"capture", kSid},
       {{kCapture, {{404, R"({"errors":[{"detail":"no such message is there"}]})"}}}}},
      {"capture_neither", {"capture", "SM12"}},
      {"capture_nobody", {"capture", kSid}},
      {"capture_no_file",
       {"capture", kSid, "--output", "/nowhere/x.json"},
       {{kCapture, {{200, kScenario}}}}},
      {"capture_twilio_unset", {"capture", kSid, "--from-twilio"}},
      {"later_command", {"preflight", "audience.csv"}},
      {"test_no_jobs", {"test", "scenarios", "--jobs", "0"}},
      {"test_app_is_no_url", {"test", "scenarios", "--app", "nonsense"}},
      {"test_server_is_no_url", {"test", "scenarios", "--server", "nonsense"}},
      {"test_no_policy", {"test", "scenarios", "--policy", "/nowhere/policy.json"}},
      {"schema_scenario", {"schema", "scenario"}},
      {"validate_nothing", {"validate", "/nowhere"}},
      {"serve_bad_config", {"--listen", "4010", "--clock", "fast"}},
      {"serve_twice", {"serve", "--listen", "127.0.0.1:4010", "--listen", "127.0.0.1:4012"}},
      {"serve_later", {"serve", "--store", "postgresql://h/db"}},
  };
}

INSTANTIATE_TEST_SUITE_P(Table, Commands, testing::ValuesIn(commands()), test::case_name);

TEST(CommandLine, WithoutACommandServes) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{}, {"--seed", "7"}, {"serve", "--seed", "7"}}) {
    test::CommandRun run;
    EXPECT_EQ(run(arguments), 0) << run.err.str();
    ASSERT_TRUE(run.served);
    EXPECT_EQ(run.served->seed.value_or(7), 7u);
  }
}

// A container's health check knows of its server what the server was told.
TEST(CommandLine, FindsTheServerByItsOwnVariables) {
  struct Row {
    app::Environment environment;
    const char* url;
  };
  const std::vector<Row> rows{
      {{}, "http://127.0.0.1:4011"},
      {{{"TWINDOW_CONTROL", "0.0.0.0:4011"}}, "http://127.0.0.1:4011"},
      {{{"TWINDOW_CONTROL", "[::]:5011"}}, "http://[::1]:5011"},
      {{{"TWINDOW_CONTROL", "192.0.2.7:5011"}}, "http://192.0.2.7:5011"},
      {{{"TWINDOW_CONTROL", "127.0.0.1:0"}}, "http://127.0.0.1:4011"},
      {{{"TWINDOW_CONTROL", "nonsense"}}, "http://127.0.0.1:4011"},
      {{{"TWINDOW_CONTROL", "0.0.0.0:5011"}, {"TWINDOW_SERVER", "http://192.0.2.7:1"}},
       "http://192.0.2.7:1"},
  };
  for (const Row& row : rows) {
    test::CommandRun run;
    run.environment = row.environment;
    run({"readyz"});
    ASSERT_TRUE(run.connected);
    EXPECT_EQ(run.connected->url, row.url);
  }
}

TEST(CommandLine, HandsFlagsToTheConfiguration) {
  test::CommandRun run;
  EXPECT_EQ(run({"--log-pii", "--deliver-to", "https://a.example.com=http://127.0.0.1:1",
                 "--deliver-to", "https://b.example.com=http://127.0.0.1:2"}),
            0)
      << run.err.str();
  ASSERT_TRUE(run.served);
  EXPECT_TRUE(run.served->log_pii);
  EXPECT_EQ(run.served->callbacks.deliver_to.size(), 2u);
  EXPECT_EQ(run.served_from.flags.at("--deliver-to").size(), 2u) << "to be read again";
}

TEST(CommandLine, FindsTheServerByOptionThenVariableThenDefault) {
  test::CommandRun run;
  run({"reset"});
  EXPECT_EQ(run.connected->url, "http://127.0.0.1:4011");
  run.environment["TWINDOW_SERVER"] = "http://192.0.2.1:1";
  run({"reset"});
  EXPECT_EQ(run.connected->url, "http://192.0.2.1:1");
  run({"reset", "--server", "http://192.0.2.1:2"});
  EXPECT_EQ(run.connected->url, "http://192.0.2.1:2");
  run({"--server=http://192.0.2.1:3", "--account", "AC1", "reset"});
  EXPECT_EQ(run.connected->url, "http://192.0.2.1:3") << "options may come first";
}

TEST(CommandLine, TakesTheTokenOfTheVariableOrOfThisMachine) {
  const std::filesystem::path data =
      std::filesystem::path(testing::TempDir()) / ("twindow-token-" + std::to_string(getpid()));
  std::filesystem::create_directories(data);
  std::ofstream(data / "control.token") << "of-the-file\n";
  test::CommandRun run;
  run.environment["TWINDOW_DATA"] = data.string();
  run({"reset"});
  EXPECT_EQ(run.connected->token, "of-the-file");
  run({"reset", "--server", "http://192.0.2.1:4011"});
  EXPECT_EQ(run.connected->token, std::nullopt) << "it is for this machine's server only";
  run({"reset", "--server", "http://127.0.0.1.example.com"});
  EXPECT_EQ(run.connected->token, std::nullopt);
  run({"reset", "--server", "http://127.0.0.1:1@example.com"});
  EXPECT_EQ(run.connected->token, std::nullopt);
  run.environment["TWINDOW_CONTROL_TOKEN"] = "of-the-variable";
  run({"reset"});
  EXPECT_EQ(run.connected->token, "of-the-variable");
  std::filesystem::remove_all(data);
}

// These ask the server as all commands do.
TEST(CommandLine, TheCaAndTheSnippetsAreAskedForWithTheToken) {
  test::CommandRun run;
  run.environment["TWINDOW_CONTROL_TOKEN"] = "sesame";
  run.server.replies["GET /__admin/ca.crt"] = {{200, "-----BEGIN CERTIFICATE-----\n"}};
  run.server.replies["GET /__admin/info"] = {{200, R"({"listen":"127.0.0.1:5010"})"}};
  EXPECT_EQ(run({"ca", "export", "--server", "http://192.0.2.1:4011"}), 0) << run.err.str();
  EXPECT_EQ(run.connected->url, "http://192.0.2.1:4011");
  EXPECT_EQ(run.connected->token, "sesame");
  EXPECT_EQ(run.out.str(), "-----BEGIN CERTIFICATE-----\n");
  EXPECT_EQ(run({"sdk-snippet", "env"}), 0) << run.err.str();
  EXPECT_EQ(run.connected->token, "sesame");
  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / ("twindow-given-" + std::to_string(getpid()));
  std::ofstream(file) << "of-the-file\n";
  run.environment.clear();
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"ca", "export"}, std::vector<std::string>{"sdk-snippet", "env"}}) {
    std::vector<std::string> arguments = words;
    for (const std::string& more : {std::string("--server"), std::string("http://192.0.2.1:4011"),
                                    std::string("--control-token-file"), file.string()}) {
      arguments.push_back(more);
    }
    EXPECT_EQ(run(arguments), 0) << run.err.str();
    EXPECT_EQ(run.connected->token, "of-the-file");
  }
  std::filesystem::remove(file);
}

TEST(CommandLine, HelpIsACommandToo) {
  const std::vector<std::vector<std::string>> commands{
      {}, {"serve"}, {"messages"}, {"messages", "list"}};
  for (const std::vector<std::string>& command : commands) {
    std::vector<std::string> asked = command;
    asked.insert(asked.begin(), "help");
    std::vector<std::string> usual = command;
    usual.push_back("--help");
    test::CommandRun help;
    test::CommandRun option;
    EXPECT_EQ(help(asked), 0) << help.err.str();
    EXPECT_EQ(option(usual), 0);
    EXPECT_EQ(help.out.str(), option.out.str());
  }
}

TEST(CommandLine, WaitsForReadinessNoLongerThanTold) {
  test::CommandRun run;
  run.server.replies["GET /readyz"] = {{503, "starting"}};
  EXPECT_EQ(run({"readyz", "--wait", "--timeout", "1s"}), 3);
  EXPECT_EQ(run.now.time_since_epoch(), std::chrono::seconds(1));
}

TEST(CommandLine, ListenEndsWhenNobodyReads) {
  test::CommandRun run;
  run.server.events = {kEvents[0], kEvents[1]};
  run.server.replies = kVersion;
  run.out.setstate(std::ios::badbit);
  EXPECT_EQ(run({"listen"}), 0);
}

app::Finding found(app::Health health, const std::string& check) {
  return {.health = health, .check = check, .found = check + " as found", .advice = "do this"};
}
app::Finding curable() {
  app::Finding finding = found(app::Health::Problem, "webhook");
  finding.remedy = app::Remedy{.account = AccountSid{"AC0123456789abcdef0123456789abcdef"},
                               .setting = {.sid = "PN1", .address = "+15005550006"},
                               .url = "https://tw.example.com/hooks/inbound"};
  return finding;
}

TEST(DoctorCommand, ItsExitCodeIsThatOfTheWorst) {
  app::Finding away = found(app::Health::Problem, "upstream");
  away.unreachable = true;
  const app::Finding wrong = found(app::Health::Problem, "webhook");
  const app::Finding skipped = found(app::Health::Skipped, "tls");
  const std::vector<std::pair<std::vector<app::Finding>, int>> cases{
      {{}, 0}, {{skipped}, 0}, {{wrong, skipped}, 1}, {{away, wrong}, 3}, {{wrong, away}, 3}};
  for (const auto& [findings, code] : cases) {
    test::CommandRun run;
    run.findings = findings;
    EXPECT_EQ(run({"doctor"}), code) << run.out.str();
    run.out.str("");
    EXPECT_EQ(run({"doctor", "--format", "json"}), code);
    EXPECT_EQ(app::Json::parse(run.out.str())["exit_code"], code);
  }
}

TEST(DoctorCommand, TakesTheOptionsOfServe) {
  test::CommandRun run;
  run.environment["TWINDOW_PUBLIC_URL"] = "https://tw.example.com";
  EXPECT_EQ(run({"doctor", "--mode", "proxy", "--listen", "127.0.0.1:5010"}), 0);
  ASSERT_TRUE(run.examined);
  EXPECT_EQ(run.examined->mode, app::Mode::Proxy);
  EXPECT_EQ(run.examined->listen.port, 5010);
  EXPECT_EQ(run.examined->public_url, "https://tw.example.com");
  EXPECT_EQ(run({"doctor", "--listen", "nowhere"}), 1);
  EXPECT_THAT(run.out.str(), testing::HasSubstr("problem  config       --listen: listen: found"));
}

TEST(DoctorCommand, ChangesNothingUnlessTheUserSaysYes) {
  for (const char* typed : {"", "n", "", "yep", " y"}) {
    test::CommandRun run;
    run.findings = {curable()};
    run.typed = typed;
    EXPECT_EQ(run({"doctor", "--fix"}), 1);
    EXPECT_TRUE(run.cured.empty()) << typed;
  }
}

TEST(DoctorCommand, WhatItHasMendedIsNoProblemAnyMore) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"doctor", "--fix"},
        std::vector<std::string>{"doctor", "--fix", "--yes"}}) {
    test::CommandRun run;
    run.findings = {found(app::Health::Ok, "upstream"), curable()};
    run.typed = words.size() == 2 ? "y" : "";
    EXPECT_EQ(run(words), 0);
    EXPECT_EQ(run.cured, std::vector<std::string>{"PN1 https://tw.example.com/hooks/inbound"});
    EXPECT_THAT(run.out.str(), testing::HasSubstr("ok       webhook      +15005550006 is well"));
  }
}

// Every command, those of later versions included.
std::vector<std::vector<std::string>> all_commands() {
  return {{},
          {"serve"},
          {"trigger"},
          {"listen"},
          {"messages"},
          {"messages", "list"},
          {"messages", "show"},
          {"messages", "search"},
          {"windows"},
          {"windows", "list"},
          {"windows", "show"},
          {"windows", "open"},
          {"windows", "close"},
          {"windows", "import"},
          {"windows", "export"},
          {"windows", "backfill"},
          {"clock"},
          {"clock", "show"},
          {"clock", "advance"},
          {"clock", "set"},
          {"doctor"},
          {"ca"},
          {"ca", "export"},
          {"ca", "renew"},
          {"callbacks"},
          {"callbacks", "list"},
          {"callbacks", "show"},
          {"callbacks", "resend"},
          {"reset"},
          {"readyz"},
          {"sdk-snippet"},
          {"schema"},
          {"schema", "config"},
          {"schema", "policy"},
          {"version"}};
}

TEST(CommandLine, EveryHelpBeginsWithAnExampleOfThatCommand) {
  for (std::vector<std::string> arguments : all_commands()) {
    std::string command = "Example:\n  twindow";
    for (const std::string& word : arguments) command += " " + word;
    if (arguments == std::vector<std::string>{"serve"}) command = "Example:\n  twindow";
    arguments.push_back("--help");
    test::CommandRun run;
    EXPECT_EQ(run(arguments), 0);
    EXPECT_TRUE(run.out.str().starts_with(command)) << run.out.str();
    EXPECT_NE(run.out.str().find("\nUsage: twindow"), std::string::npos) << run.out.str();
    EXPECT_EQ(run.err.str(), "");
  }
}

TEST(CommandLine, TheExamplesOfTheHelpAreUnderstood) {
  for (std::vector<std::string> arguments : all_commands()) {
    arguments.push_back("--help");
    test::CommandRun help;
    help(arguments);
    std::istringstream lines(help.out.str());
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line) && line.starts_with("  twindow")) {
      if (line.find_first_of("'\"") != std::string::npos) continue;  // needs a shell
      std::istringstream words(line.substr(0, line.find(" > ")));
      std::vector<std::string> example;
      for (std::string word; words >> word;) example.push_back(word);
      example.erase(example.begin());
      test::CommandRun run;
      run(example);
      EXPECT_EQ(run.err.str().find("shows how it is used"), std::string::npos) << line << "\n"
                                                                               << run.err.str();
    }
  }
}

}  // namespace
}  // namespace twindow::app
