// SPDX-License-Identifier: Apache-2.0
// Wherever a text may stand "${name}" may, so texts are not described beyond that they are texts;
// the parser looks at them when they are put together.
#include "src/app/scenario_schema.h"

#include "twindow/model/signature_fault.h"
#include "twindow/policy/matcher.h"
#include "twindow/policy/send_matcher.h"

#include "src/app/scenario_document.h"
#include "src/app/scenario_preset.h"
#include "src/app/schema_parts.h"

namespace twindow::app {

namespace {

using namespace schema;

Json text() { return {{"type", "string"}, {"minLength", 1}}; }
Json text(const char* description) { return described(description, text()); }
Json reference(const char* name) { return {{"$ref", std::string("#/$defs/") + name}}; }
Json list_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }
Json words(std::initializer_list<const char*> all) { return {{"enum", Json(all)}}; }
Json requiring(Json schema, std::initializer_list<const char*> names) {
  schema["required"] = Json(names);
  return schema;
}
Json or_null(Json schema) {
  return {{"anyOf", Json::array({std::move(schema), {{"type", "null"}}})}};
}

// A text with a number in it comes from a variable.
Json number(int least, int most) {
  return {{"anyOf", Json::array({{{"type", "integer"}, {"minimum", least}, {"maximum", most}},
                                 {{"type", "string"}, {"pattern", "^[0-9]+$|\\$\\{"}}})}};
}
Json error_code() { return number(10'000, 99'999); }
Json http_status(int least) { return number(least, 599); }
Json span() { return {{"type", "string"}, {"pattern", "^([0-9]+(ms|s|m|h|d))+$|\\$\\{"}}; }
Json span_back() { return {{"type", "string"}, {"pattern", "^-?([0-9]+(ms|s|m|h|d))+$|\\$\\{"}}; }
Json status_words() {
  return words({"accepted", "scheduled", "queued", "sending", "sent", "delivered", "read",
                "undelivered", "failed", "canceled", "receiving", "received"});
}

// Parameters of Twilio's by their names, and members of ours.
Json parameters(Json own, Json value) {
  Json schema = object_of(std::move(own));
  schema["patternProperties"] = {{"^[A-Z][A-Za-z0-9]*$", std::move(value)}};
  return schema;
}

Json message_match() {
  Json properties = Json::object();
  for (const std::string_view field : policy::match_fields()) {
    properties[std::string(field)] = reference("condition");
  }
  return object_of(std::move(properties));
}

Json clock_schema() {
  return object_of(
      {{"mode", described("real ticks, manual moves by advance, auto jumps to what is due",
                          one_of(Json::array({"real", "manual", "auto"}), "auto"))},
       {"start", text("When it begins, as \"2026-01-05T09:00:00Z\"")}});
}

Json targets() {
  const Json target =
      requiring(object_of({{"deliver_to", text("Where the app is, as \"http://127.0.0.1:3000\"")},
                           {"sign_as", text("What its webhooks are signed for, as "
                                            "\"https://app.example.com\"; default: deliver_to")},
                           {"health", text("A path that is answered once the app is there; "
                                           "default: \"/\"")}}),
                {"deliver_to"});
  return {{"type", "object"}, {"additionalProperties", target}};
}

Json given() {
  const Json url =
      described("An http(s) URL, or a target and a path: \"app:/twilio/inbound\"", or_null(text()));
  const Json account = object_of({{"sid", text("\"auto\", or an Account SID")},
                                  {"auth_token", text()},
                                  {"inbound_url", url},
                                  {"status_callback", url}});
  const Json sender = requiring(object_of({{"address", text()},
                                           {"inbound_url", url},
                                           {"status_callback", url},
                                           {"service", or_null(text())}}),
                                {"address"});
  const Json approval =
      object_of({{"whatsapp", one_of(Json::array({"unsubmitted", "received", "pending", "approved",
                                                  "rejected", "paused", "disabled"}),
                                     "approved")},
                 {"category", words({"UTILITY", "MARKETING", "AUTHENTICATION"})}});
  const Json content =
      requiring(object_of({{"sid", text()},
                           {"friendly_name", text()},
                           {"language", text()},
                           {"types", {{"type", "object"}, {"minProperties", 1}}},
                           {"variables", {{"type", "object"}, {"additionalProperties", scalar()}}},
                           {"approval", approval}}),
                {"sid", "types"});
  const Json window =
      requiring(object_of({{"sender", text()},
                           {"user", text()},
                           {"last_inbound", text("When the user last wrote: \"-25h\", or a time")},
                           {"state", words({"open", "closed"})}}),
                {"sender", "user"});
  const Json opt_out =
      requiring(object_of({{"sender", text()}, {"user", text()}}), {"sender", "user"});
  return object_of(
      {{"account", account},
       {"senders", described("Who may send; with one there is no other", list_of(sender))},
       {"templates", described("In Twilio's own shape, and their approval", list_of(content))},
       {"windows", list_of(window)},
       {"opt_outs", described("Users who have sent STOP", list_of(opt_out))}});
}

Json preset_names(const std::vector<std::string>& names, const char* pattern) {
  Json plain = Json::array();
  for (const std::string& name : names) {
    if (name.find("CODE") == std::string::npos) plain.push_back(name);
  }
  if (pattern == nullptr) return {{"enum", plain}};
  return {{"anyOf", Json::array({{{"enum", plain}}, {{"type", "string"}, {"pattern", pattern}}})}};
}

Json signatures() {
  Json names = Json::array({"valid"});
  for (const auto& [name, fault] : kSignatureFaults) names.push_back(name);
  return names;
}

Json callback() {
  Json schema = parameters(
      {{"preset", preset_names(callback_presets(), "^(undelivered|failed):[0-9]{5}$")},
       {"MessageStatus", words({"queued", "sending", "sent", "delivered", "read", "failed",
                                "undelivered", "canceled"})},
       {"ErrorCode",
        described("Twilio's", {{"anyOf", Json::array({error_code(), {{"const", ""}}})}})},
       {"after", described("Since the one before it; of the first: since the create", span())},
       {"at", described("Since the create", span())},
       {"jitter", described("Up to so much later, drawn from the seed", span())},
       {"repeat", described("Sent so many times more", number(0, 100))},
       {"drop", described("The status is reached, and nobody is told", boolean(false))},
       {"signature", one_of(signatures(), "valid")}},
      scalar());
  schema["anyOf"] = Json::array({{{"required", {"MessageStatus"}}}, {{"required", {"preset"}}}});
  return schema;
}

Json rule() {
  Json match = match_schema();
  const Json nth = number(1, 1'000'000);
  match["properties"]["nth"] = described("Only these of the sends that match, from 1",
                                         {{"anyOf", Json::array({nth, list_of(nth)})}});
  const Json respond = object_of({{"preset", preset_names(response_presets(), nullptr)},
                                  {"status", http_status(400)},
                                  {"code", error_code()},
                                  {"message", text()},
                                  {"retry_after", span()},
                                  {"delay", span()},
                                  {"reset", boolean(false)}});
  return object_of(
      {{"id", text()},
       {"priority", described("The lowest first", number(0, 1'000'000))},
       {"match", match},
       {"per", described("For whom nth, times and state are kept",
                         one_of(Json::array({"recipient", "account"}), "recipient"))},
       {"state", text("Only while this is the state; it is \"started\" at first")},
       {"next_state", text()},
       {"times", described("So often, then no more", number(1, 1'000'000))},
       {"respond", described("What the caller of the API sees", respond)},
       {"callbacks", described("What becomes of the message; empty: nothing", list_of(callback()))},
       {"order", one_of(Json::array({"scripted", "shuffle"}), "scripted")}});
}

Json step_send() {
  return parameters({{"as", text()},
                     {"expect", object_of({{"status", http_status(100)}, {"code", error_code()}})}},
                    {{"anyOf", Json::array({scalar(), list_of(scalar())})}});
}

Json step_http() {
  return requiring(
      object_of(
          {{"target", text()},
           {"method", words({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})},
           {"path", text()},
           {"headers", {{"type", "object"}, {"additionalProperties", scalar()}}},
           {"body", described("A text, or JSON", Json::object())},
           {"within", span()},
           {"expect",
            object_of(
                {{"status", http_status(100)},
                 {"json", {{"type", "object"}, {"additionalProperties", reference("expected")}}},
                 {"contains", text()}})}}),
      {"path"});
}

Json expect_message() {
  Json properties{{"message", {{"anyOf", Json::array({text(), reference("match")})}}},
                  {"count", number(0, 1'000'000)},
                  {"within", span()}};
  for (const std::string& field : message_fields()) properties[field] = reference("expected");
  return requiring(object_of(std::move(properties)), {"message"});
}

// One kind of expectation, and how long it may take.
Json expect_kind(const char* kind, Json schema) {
  return requiring(object_of({{kind, std::move(schema)}, {"within", span()}}), {kind});
}

Json step_expect() {
  const Json answered{
      {"anyOf", Json::array({{{"type", "string"}, {"pattern", "^([1-5]xx|[1-5][0-9]{2}|none)$"}},
                             {{"type", "integer"}, {"minimum", 100}, {"maximum", 599}}})}};
  const Json callbacks = requiring(object_of({{"of", text()},
                                              {"sequence", list_of(status_words())},
                                              {"answered", answered},
                                              {"latency", span()},
                                              {"signature", words({"valid", "invalid", "missing"})},
                                              {"within", span()}}),
                                   {"of"});
  const Json window = requiring(object_of({{"sender", text()},
                                           {"user", text()},
                                           {"state", words({"open", "closed", "none"})},
                                           {"within", span()}}),
                                {"sender", "user", "state"});
  Json decision{{"of", text()}, {"match", reference("match")}, {"within", span()}};
  for (const char* field : {"action", "rule", "reason", "window", "code", "kind", "campaign"}) {
    decision[field] = reference("expected");
  }
  return {{"anyOf", Json::array({expect_message(), expect_kind("callbacks", callbacks),
                                 expect_kind("window", window),
                                 expect_kind("decision", object_of(std::move(decision))),
                                 expect_kind("egress", {{"const", "none"}}),
                                 expect_kind("never", reference("match"))})}};
}

Json steps() {
  const Json window = requiring(object_of({{"sender", text()},
                                           {"user", text()},
                                           {"last_inbound", span_back()},
                                           {"state", words({"open", "closed", "none"})}}),
                                {"sender", "user"});
  const Json content =
      requiring(object_of({{"sid", text()},
                           {"status", words({"unsubmitted", "received", "pending", "approved",
                                             "rejected", "paused", "disabled"})},
                           {"category", words({"UTILITY", "MARKETING", "AUTHENTICATION"})}}),
                {"sid", "status"});
  Json schema = object_of(
      {{"inbound", described("A user writes",
                             requiring(parameters(Json::object(), scalar()), {"From", "To"}))},
       {"send", described("Twindow plays the app", step_send())},
       {"await", described("The app must send such a message, in wall time",
                           requiring(object_of({{"message", reference("match")},
                                                {"as", text()},
                                                {"within", span()}}),
                                     {"message"}))},
       {"advance", described("Time passes", span())},
       {"trigger", described("A status by hand",
                             requiring(object_of({{"event", text("\"message.undelivered:63016\"")},
                                                  {"sid", text()}}),
                                       {"event", "sid"}))},
       {"window", window},
       {"template", content},
       {"fault",
        described("A rule of PUT /__admin/faults, or a list of them; an empty one ends them",
                  {{"type", Json::array({"object", "array"})}})},
       {"http", described("A request to the app, in wall time", step_http())},
       {"expect", described("Must be true, or become so in the world's time", step_expect())}});
  schema["minProperties"] = 1;
  schema["maxProperties"] = 1;
  return list_of(std::move(schema));
}

Json expected() {
  Json ops = object_of({{"equals", scalar()},
                        {"contains", scalar()},
                        {"matches", {{"type", "string"}}},
                        {"anyOf", {{"type", "array"}, {"minItems", 1}, {"items", scalar()}}},
                        {"absent", {{"type", "boolean"}}}});
  ops["minProperties"] = 1;
  ops["maxProperties"] = 1;
  return {{"anyOf", Json::array({or_null(scalar()), ops})}};
}

}  // namespace

std::string scenario_schema() {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title",
                  "A scenario of twindow: what there is, what becomes of sends, and the "
                  "steps that are played"}};
  schema.update(object_of(
      {{"$schema", {{"type", "string"}}},
       {"extends", text("Another scenario file, relative to this one: objects are merged, lists "
                        "replaced")},
       {"version", {{"const", 1}}},
       {"name", text("A sentence that says what is shown")},
       {"tags", list_of(text())},
       {"seed", described("Same seed, same outcomes", number(0, 2'147'483'647))},
       {"clock", clock_schema()},
       {"vars", described("Texts that \"${name}\" stands for",
                          {{"type", "object"}, {"additionalProperties", scalar()}})},
       {"targets", described("Where apps are; \"app:/path\" in URLs", targets())},
       {"given", given()},
       {"on",
        described("What becomes of sends; the first that matches, by priority", list_of(rule()))},
       {"steps", steps()}}));
  schema["properties"]["seed"] = described(
      "Same seed, same outcomes",
      {{"anyOf", Json::array({{{"type", "integer"}, {"minimum", 0}}, {{"type", "string"}}})}});
  schema["anyOf"] = Json::array({{{"required", {"version", "name"}}}, {{"required", {"extends"}}}});
  schema["$defs"] = {
      {"condition", condition(scalar())}, {"match", message_match()}, {"expected", expected()}};
  return pretty(schema) + "\n";
}

}  // namespace twindow::app
