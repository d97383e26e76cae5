// SPDX-License-Identifier: Apache-2.0
// Messages in all three formats, what can be changed of them, and what is below them.
#include "tests/api/twilio_fixture.h"

namespace twindow::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kUser = "+15558675310";
const std::string kNumber = "+14155550100";

class MessageResources : public TwilioTest {
 protected:
  std::string make(std::vector<Param> more = {}) {
    std::vector<Param> params{{"To", kUser}, {"From", kNumber}, {"Body", "one, \"two\"\nthree"}};
    params.insert(params.end(), more.begin(), more.end());
    const Answer made = create(wire::encode_form(params));
    EXPECT_EQ(made.status, 201) << made.body;
    return made.json()["sid"];
  }
  std::string path_of(const std::string& sid, const std::string& below = ".json") {
    return messages_path() + "/" + sid + below;
  }
  void expect_problem(const Answer& answer, int status, int code) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.json()["code"], code) << answer.body;
  }
};

TEST_F(MessageResources, ListsComeInTheFormatOfTheirSuffix) {
  const std::string sid = make();
  const Answer json = call("GET", messages_path() + ".json");
  EXPECT_EQ(json.json()["messages"].size(), 1u);
  for (const std::string suffix : {"", ".xml"}) {
    const Answer xml = call("GET", messages_path() + suffix + "?PageSize=1");
    EXPECT_EQ(xml.status, 200);
    EXPECT_EQ(xml.header("Content-Type"), "application/xml");
    EXPECT_THAT(xml.body, HasSubstr("<Messages page=\"0\" pagesize=\"1\""));
    EXPECT_THAT(xml.body, HasSubstr("<Sid>" + sid + "</Sid>"));
    EXPECT_THAT(xml.body, HasSubstr("/Feedback</Feedback>"));
  }
  const Answer csv = call("GET", messages_path() + ".csv");
  EXPECT_EQ(csv.header("Content-Type"), "text/csv");
  EXPECT_THAT(csv.body, StartsWith("Sid,DateCreated,DateUpdated,DateSent,AccountSid,To,From,"));
  EXPECT_THAT(csv.body, HasSubstr("\r\n" + sid + ","));
  EXPECT_THAT(csv.body, HasSubstr(",\"one, \"\"two\"\"\nthree\",queued,1,0,outbound-api,"));
}

TEST_F(MessageResources, ABodyIsTakenAwayOnceItsMessageHasEnded) {
  const std::string sid = make();
  expect_problem(call("POST", path_of(sid), "Body="), 409, 20009);
  server.advance("5s");
  for (const std::string form : {"", "Body=x", "Status=sent", "Status=canceled&Body=", "To=x"}) {
    expect_problem(call("POST", path_of(sid), form), 400, 30400);
  }
  expect_problem(call("POST", path_of(sid), "Status=canceled"), 400, 30409);
  const Answer redacted = call("POST", path_of(sid), "Body=");
  EXPECT_EQ(redacted.status, 200);
  EXPECT_EQ(redacted.json()["body"], "");
  EXPECT_TRUE(redacted.json()["subresource_uris"].contains("feedback"));
  expect_problem(call("POST", path_of(kUnknownSid), "Body=x"), 404, 20404);
}

TEST_F(MessageResources, WhatAUserHasSentMayGoToo) {
  const std::string sid = server.receive();
  EXPECT_EQ(call("POST", path_of(sid), "Body=").json()["body"], "");
  const Answer gone = call("DELETE", path_of(sid));
  EXPECT_EQ(gone.status, 204);
  EXPECT_EQ(gone.body, "");
  expect_problem(call("DELETE", path_of(sid)), 404, 20404);
}

TEST_F(MessageResources, MediaAreRecordsAndBytesElsewhere) {
  const std::string sid = make(
      {{"MediaUrl", "https://a.example/1.png"}, {"MediaUrl", "https://a.example/two.pdf?x=1"}});
  const Json list = call("GET", path_of(sid, "/Media.json")).json();
  ASSERT_EQ(list["media_list"].size(), 2u);
  EXPECT_EQ(list["media_list"][1]["content_type"], "application/pdf");
  EXPECT_EQ(list["media_list"][1]["parent_sid"], sid);
  EXPECT_EQ(list["next_page_uri"], nullptr);
  const std::string uri = list["media_list"][1]["uri"];
  EXPECT_EQ(call("GET", uri).json(), list["media_list"][1]);
  const Answer bytes = call("GET", uri.substr(0, uri.size() - 5));
  EXPECT_EQ(bytes.status, 307);
  EXPECT_EQ(bytes.header("Location"), "https://a.example/two.pdf?x=1");
  EXPECT_THAT(call("GET", path_of(sid, "/Media")).body, HasSubstr("<MediaList page=\"0\""));
  EXPECT_EQ(call("DELETE", uri).status, 204);
  expect_problem(call("GET", uri), 404, 20404);
  EXPECT_EQ(call("GET", path_of(sid, "/Media.json")).json()["media_list"].size(), 1u);
}

TEST_F(MessageResources, MediaHavePages) {
  const std::string sid = make({{"MediaUrl", "https://a.example/1.png"},
                                {"MediaUrl", "https://a.example/2.png"},
                                {"MediaUrl", "https://a.example/3.png"}});
  const Json first = call("GET", path_of(sid, "/Media.json?PageSize=2")).json();
  EXPECT_EQ(first["media_list"].size(), 2u);
  const Json second = call("GET", first["next_page_uri"]).json();
  EXPECT_EQ(second["media_list"].size(), 1u);
  EXPECT_EQ(second["start"], 2);
  EXPECT_EQ(second["next_page_uri"], nullptr);
  EXPECT_EQ(call("GET", second["previous_page_uri"]).json()["media_list"], first["media_list"]);
  expect_problem(call("GET", path_of(sid, "/Media.json?PageToken=PAME1")), 400, 21481);
  expect_problem(call("GET", path_of(sid, "/Media.json?PageSize=1001")), 400, 20007);
  EXPECT_EQ(
      call("GET", path_of(sid, "/Media.json?DateCreated=2026-01-04")).json()["media_list"].size(),
      0u);
}

TEST_F(MessageResources, FeedbackIsTakenWhereItWasAskedFor) {
  const std::string sid = make({{"ProvideFeedback", "true"}});
  const Answer told = call("POST", path_of(sid, "/Feedback.json"), "Outcome=unconfirmed");
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(told.json()["outcome"], "unconfirmed");
  EXPECT_EQ(told.json()["message_sid"], sid);
  EXPECT_THAT(call("POST", path_of(sid, "/Feedback")).body, HasSubstr("<Outcome>confirmed<"));
  expect_problem(call("POST", path_of(sid, "/Feedback.json"), "Outcome=maybe"), 400, 20001);
  expect_problem(call("POST", path_of(make(), "/Feedback.json")), 400, 20001);
  expect_problem(call("POST", path_of(kUnknownSid, "/Feedback.json")), 404, 20404);
}

TEST_F(MessageResources, TooManyCallsAtOnceAre429) {
  server.state.concurrent_calls_max = 1;
  EXPECT_EQ(create().status, 201);
  const gateway::World::CallGuard another(server.worlds.open(AccountSid{kAccount}));
  const Answer refused = create();
  expect_problem(refused, 429, 20429);
  EXPECT_EQ(refused.header("Twilio-Concurrent-Requests"), "2");
}

TEST_F(MessageResources, PersonasAreSetByTheControlApi) {
  server.receive();
  const Json put = server.ok("PUT", "/personas?account=" + kAccount,
                             R"({"users":{")" + kAna + R"(":{"reads":true,"read_after":"1m"}}})");
  EXPECT_EQ(put["accounts"][0]["users"].size(), 1u);
  EXPECT_EQ(put["accounts"][0]["others"]["reads"], false);
  const std::string sid = create().json()["sid"];
  server.advance("2m");
  EXPECT_EQ(call("GET", path_of(sid)).json()["status"], "read");
  for (const std::string bad :
       {R"({"users":{"Ana":{}}})", R"({"others":{"reads":1}})", R"({"others":{"read_after":3}})",
        R"({"others":{"fails":"no"}})", R"({"others":{"sleeps":true}})", R"({"all":{}})"}) {
    EXPECT_EQ(server.admin("PUT", "/personas?account=" + kAccount, bad).status, 400) << bad;
  }
  server.ok("PUT", "/personas?account=" + kAccount, R"({"users":{")" + kAna + R"(":null}})");
  EXPECT_EQ(server.get("/personas")["accounts"][0]["users"].size(), 0u);
}

}  // namespace
}  // namespace twindow::test
