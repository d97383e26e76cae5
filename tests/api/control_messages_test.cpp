// SPDX-License-Identifier: Apache-2.0
// /__admin/messages: the list over all accounts, its pages, and one message alone.
#include <algorithm>

#include "tests/api/server_fixture.h"

namespace twindow::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ControlMessages : public testing::Test {
 protected:
  // Walks the list to its end.
  std::vector<std::string> walk(const std::string& list, const std::string& key,
                                const std::string& id, int limit) {
    std::vector<std::string> all;
    std::string before;
    const std::string mark = list.find('?') == std::string::npos ? "?" : "&";
    for (int page = 0; page < 100; ++page) {
      const Json json = server.get(list + mark + "limit=" + std::to_string(limit) + before);
      EXPECT_LE(json[key].size(), static_cast<std::size_t>(limit));
      for (std::string& found : column(json[key], id)) all.push_back(std::move(found));
      if (json["next"].is_null()) return all;
      EXPECT_EQ(json["next"], all.back());
      before = "&before=" + json["next"].get<std::string>();
    }
    ADD_FAILURE() << "the list has no end";
    return all;
  }
  std::vector<std::string> walk_messages(const std::string& list, int limit) {
    return walk(list, "messages", "sid", limit);
  }

  Server server;
};

TEST_F(ControlMessages, AMessageHasTheDocumentedFields) {
  const std::string sid = server.send();
  server.advance("2s");
  Json message = server.get("/messages")["messages"][0];
  const Json expected{
      {"sid", sid},
      {"account_sid", kAccount},
      {"direction", "outbound-api"},
      {"from", kShop},
      {"to", kAna},
      {"messaging_service_sid", nullptr},
      {"body", "Hola"},
      {"status", "undelivered"},
      {"error_code", 63016},
      {"error_message", "Outside the allowed window"},
      {"num_segments", "1"},
      {"num_media", "0"},
      {"date_created", "2026-01-05T09:00:00.000Z"},
      {"date_updated", "2026-01-05T09:00:02.000Z"},
      {"date_sent", nullptr},
      {"kind", "freeform"},
      {"window", {{"state", "closed"}, {"last_inbound", nullptr}, {"expires", nullptr}}},
      {"status_callback", kStatusUrl}};
  EXPECT_EQ(message.dump(2), expected.dump(2));
}

TEST_F(ControlMessages, OneAloneHasItsTimelineCallbacksAndWhy) {
  const std::string sid = server.send();
  server.advance("2s");
  const Json message = server.get("/messages/" + sid);
  ASSERT_EQ(message["callbacks"].size(), 1U);
  const std::string callback = message["callbacks"][0];
  const Json timeline = message["timeline"];
  ASSERT_EQ(timeline.size(), 3U) << timeline.dump(2);
  EXPECT_EQ(timeline[0]["text"], "queued");
  const Json reached{{"at", "2026-01-05T09:00:02.000Z"},
                     {"event", "status"},
                     {"status", "undelivered"},
                     {"error_code", 63016},
                     {"moved", true},
                     {"text", "undelivered 63016"}};
  EXPECT_EQ(timeline[1].dump(), reached.dump());
  const Json tried{{"at", "2026-01-05T09:00:02.000Z"},
                   {"event", "callback"},
                   {"callback", callback},
                   {"http_status", 204},
                   {"text", "callback answered 204"}};
  EXPECT_EQ(timeline[2].dump(), tried.dump());
  EXPECT_THAT(message["why"].get<std::string>(), HasSubstr("63016"));
}

TEST_F(ControlMessages, TheWindowIsWhatItWasAtTheSend) {
  server.receive();
  const std::string sid = server.send();
  server.advance("48h");
  const Json window = server.get("/messages/" + sid)["window"];
  const Json expected{{"state", "open"},
                      {"last_inbound", "2026-01-05T09:00:00.000Z"},
                      {"expires", "2026-01-06T09:00:00.000Z"}};
  EXPECT_EQ(window.dump(), expected.dump());
}

TEST_F(ControlMessages, UnknownAndBadSidsAreTold) {
  server.send();
  const Answer unknown = server.admin("GET", "/messages/" + kUnknownSid);
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.detail(), HasSubstr(kUnknownSid));
  for (const std::string sid : {"SM0123", "hello", "wait"}) {
    const Answer bad = server.admin("GET", "/messages/" + sid);
    EXPECT_EQ(bad.status, 400);
    EXPECT_THAT(bad.detail(), HasSubstr("'" + sid + "' is no message SID"));
  }
}

// Three accounts, several messages in the same millisecond, some later ones.
std::size_t fill(Server& server) {
  for (int round = 0; round < 3; ++round) {
    for (const std::string& account : {kSecond, kAccount, kThird, kAccount}) server.send(account);
    if (round == 0) server.advance("1ms");
  }
  server.advance("1s");
  server.send(kThird);
  return 13;
}

TEST_F(ControlMessages, PagesLoseNothingAndDoubleNothing) {
  const std::size_t count = fill(server);
  const std::vector<std::string> all = walk_messages("/messages", 1000);
  ASSERT_EQ(all.size(), count);
  for (const int limit : {1, 2, 3, 4, 5, 12, 13}) {
    EXPECT_EQ(walk_messages("/messages", limit), all) << "pages of " << limit;
  }
  const std::vector<std::string> of_one = walk_messages("/messages?account=" + kAccount, 1000);
  ASSERT_EQ(of_one.size(), 6U);
  for (const int limit : {1, 2, 3}) {
    EXPECT_EQ(walk_messages("/messages?account=" + kAccount, limit), of_one);
  }
}

TEST_F(ControlMessages, TheNewestAreFirst) {
  fill(server);
  const Json messages = server.get("/messages")["messages"];
  std::vector<std::string> times = column(messages, "date_created");
  EXPECT_TRUE(std::ranges::is_sorted(times, std::greater<>()));
  EXPECT_EQ(messages[0]["account_sid"], kThird);
}

TEST_F(ControlMessages, PagesOfAQueryLoseNothingEither) {
  fill(server);
  for (const std::string& account : {kAccount, kThird}) {
    server.send(account, "whatsapp:+15558675310");
  }
  server.advance("2s");
  for (const std::string query : {"is:undelivered", "to:%2B525512345678", "to:5310"}) {
    const std::string list = "/messages?query=" + query;
    const std::vector<std::string> all = walk_messages(list, 1000);
    ASSERT_FALSE(all.empty()) << query;
    for (const int limit : {1, 2, 3}) EXPECT_EQ(walk_messages(list, limit), all) << query;
  }
}

TEST_F(ControlMessages, ACursorThatDoesNotMatchTheQueryStillSetsTheStart) {
  const std::string first = server.send();
  server.advance("1s");
  const std::string other = server.send(kAccount, "whatsapp:+15558675310");
  server.advance("1s");
  server.send();
  const Json page = server.get("/messages?query=to:5678&before=" + other);
  EXPECT_THAT(column(page["messages"], "sid"), ElementsAre(first));
  EXPECT_TRUE(page["next"].is_null());
}

TEST_F(ControlMessages, FiftyAreAPage) {
  for (int i = 0; i < 51; ++i) server.send();
  const Json page = server.get("/messages");
  EXPECT_EQ(page["messages"].size(), 50U);
  EXPECT_FALSE(page["next"].is_null());
}

TEST_F(ControlMessages, ALimitOfNothingIsAnEmptyPage) {
  server.send();
  server.advance("2s");
  for (const std::string list : {"messages", "callbacks"}) {
    const Json page = server.get("/" + list + "?limit=0");
    EXPECT_THAT(page[list], IsEmpty());
    EXPECT_TRUE(page["next"].is_null());
  }
}

TEST_F(ControlMessages, TextThatIsNotUtf8DoesNotStopTheList) {
  const std::string sid = server.send(kAccount, kAna, "caf\xe9");
  const Json messages = server.get("/messages")["messages"];
  ASSERT_THAT(column(messages, "sid"), ElementsAre(sid));
  EXPECT_EQ(messages[0]["body"], "caf\xef\xbf\xbd");
}

}  // namespace
}  // namespace twindow::test
