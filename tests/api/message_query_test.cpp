// SPDX-License-Identifier: Apache-2.0
// The query language of the message list.
#include "src/api/message_query.h"

#include "twindow/wire/form.h"

#include "tests/api/server_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::test {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAreArray;
using testing::ValuesIn;

struct Row {
  const char* name;
  std::string query;
  std::vector<std::string> found;  // bodies
};

// Bodies of what make_messages() makes.
const std::vector<std::string> kAll{"order one", "order \xc3\xb1 two", "free text", "hola shop",
                                    "sms"};

const std::vector<Row> kRows{
    {"Nothing", "", kAll},
    {"OnlySpaces", "   ", kAll},
    {"ToAsWritten", "to:whatsapp:+5215512345678", {"order one", "order \xc3\xb1 two"}},
    {"ToInTheOtherSpelling", "to:+525512345678", {"order one", "order \xc3\xb1 two"}},
    {"ToPart", "to:8675310", {"free text", "sms"}},
    {"ToNumberOnAnyChannel", "to:+15558675310", {"free text", "sms"}},
    {"ToNobody", "to:+15550000000", {}},
    {"FromUser", "from:+525512345678", {"hola shop"}},
    {"FromShop", "from:whatsapp:+14155550100", {"order one", "order \xc3\xb1 two", "free text"}},
    {"Body", "body:order", {"order one", "order \xc3\xb1 two"}},
    {"BodyQuoted", "body:\"order one\"", {"order one"}},
    {"QuotesAroundTheWord", "\"body:order one\"", {"order one"}},
    {"BodyWithoutQuotes", "body:order one", {"order one"}},
    {"BareWord", "order", {"order one", "order \xc3\xb1 two"}},
    {"BareWordsAreAnd", "order two", {"order \xc3\xb1 two"}},
    {"BareWordInAddress", "8675310", {"free text", "sms"}},
    {"BareAddress", "whatsapp:+15558675310", {"free text"}},
    {"BareQuoted", "\"free text\"", {"free text"}},
    {"OpenQuote", "\"free text", {"free text"}},
    {"NotAscii", "\xc3\xb1", {"order \xc3\xb1 two"}},
    {"Code", "code:63016", {"order one", "free text"}},
    {"CodeOfNothing", "code:63017", {}},
    {"Status", "status:undelivered", {"order one", "free text"}},
    {"StatusReceived", "status:received", {"hola shop"}},
    {"Inbound", "is:inbound", {"hola shop"}},
    {"Outbound", "is:outbound", {"order one", "order \xc3\xb1 two", "free text", "sms"}},
    {"Undelivered", "is:undelivered", {"order one", "free text"}},
    {"Failed", "is:failed", {}},
    {"Pending", "is:pending", {"order \xc3\xb1 two", "sms"}},
    {"After", "after:2026-01-05T09:00:01Z", {"hola shop", "order \xc3\xb1 two", "sms"}},
    {"AfterIsInclusive", "after:2026-01-05T09:00:10Z", {"hola shop", "order \xc3\xb1 two", "sms"}},
    {"Before", "before:2026-01-05T09:00:01Z", {"order one", "free text"}},
    {"BeforeIsExclusive", "before:2026-01-05T09:00:10Z", {"order one", "free text"}},
    {"AfterAndBefore", "after:2026-01-05 before:2026-01-06", kAll},
    {"Everything", "to:+525512345678 is:undelivered code:63016 one", {"order one"}},
    {"ManySpaces", "  order   one  ", {"order one"}},
    {"AQuotedColonIsPartOfTheWord", "\"colour:red\"", {}},
    {"ATimeIsAWord", "10:30", {}},
    {"AUrlIsAWord", "https://example.com", {}},
};

class MessageQuery : public testing::TestWithParam<Row> {};

// Two end at once as 63016; then the user writes, and two more are on their way.
void make_messages(Server& server) {
  server.send(kAccount, kAna, "order one");
  server.send(kAccount, "whatsapp:+15558675310", "free text");
  server.advance("10s");
  server.receive(kAccount, kAna, "hola shop");
  server.send(kAccount, kAna, "order \xc3\xb1 two");
  server.send(kAccount, "+15558675310", "sms", std::nullopt, "+15005550006");
}

TEST_P(MessageQuery, FindsWhatAllItsWordsDescribe) {
  Server server;
  make_messages(server);
  const Json list = server.get("/messages?query=" + wire::percent_encode(GetParam().query));
  EXPECT_THAT(column(list["messages"], "body"), UnorderedElementsAreArray(GetParam().found));
}

INSTANTIATE_TEST_SUITE_P(Control, MessageQuery, ValuesIn(kRows), case_name);

TEST(MessageQuerySid, APartOfTheSidFindsTheMessage) {
  Server server;
  make_messages(server);
  const std::string sid = server.send(kAccount, kAna, "the one");
  const Json list = server.get("/messages?query=" + sid.substr(0, 20));
  EXPECT_EQ(column(list["messages"], "sid"), std::vector{sid});
}

TEST(MessageQueryBad, WordsThatCannotBeReadAreNamed) {
  for (const std::string word : {"code:", "code:abc", "code:63016x", "code:99999999999",
                                 "status:sleeping", "status:", "after:yesterday",
                                 "after:", "before:2026-13-01", "is:blue", "is:", "is:Inbound"}) {
    const auto parsed = api::parse_message_query("order " + word);
    ASSERT_FALSE(parsed) << word;
    EXPECT_EQ(parsed.error().code, Errc::BadInput);
    EXPECT_THAT(parsed.error().detail, HasSubstr("query: " + word + ": expected"));
    Server server;
    EXPECT_EQ(server.admin("GET", "/messages?query=" + word).status, 400);
  }
}

TEST(MessageQueryBad, AnUnknownWordIsToldThoseThereAre) {
  for (const std::string word : {"nope:1", "colour:", "To:+15558675310"}) {
    const auto parsed = api::parse_message_query(word);
    ASSERT_FALSE(parsed) << word;
    EXPECT_EQ(parsed.error().code, Errc::BadInput);
    EXPECT_THAT(parsed.error().detail, HasSubstr("query: " + word + ": there is no word"));
    EXPECT_THAT(parsed.error().detail, HasSubstr("these are: to: from: body: code:"));
  }
}

}  // namespace
}  // namespace twindow::test
