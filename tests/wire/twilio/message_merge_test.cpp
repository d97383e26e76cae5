// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/message_merge.h"

#include <gtest/gtest.h>

#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/message_json.h"

namespace twindow::wire {
namespace {

using namespace std::chrono_literals;

const Time kNoon = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) + 12h;
const MessageSid kOne{"SM" + std::string(32, '1')};
const MessageSid kTwo{"SM" + std::string(32, '2')};

std::string record(const MessageSid& sid, Time created) {
  return R"({"sid":")" + sid.text + R"(", "status":"sent","direction":"outbound-api",)" +
         R"("to":"+15555550123","date_created":")" + to_rfc2822(created) + "\"}";
}
Message ours(Time created) {
  Message message{.sid = kTwo, .account = AccountSid{"AC" + std::string(32, '0')}};
  message.created = created;
  return message;
}
std::string page(const std::string& records) {
  return "{\"end\": 1, \"messages\": [" + records + "], \"next_page_uri\": null}";
}

TEST(MessageMerge, PutsEachWhereItsTimeIs) {
  const std::string theirs = record(kOne, kNoon);
  const auto json = [&](Time created) { return message_json(ours(created), true); };
  EXPECT_EQ(merge_messages(page(theirs), {ours(kNoon + 1s)}),
            page(json(kNoon + 1s) + ", " + theirs));
  EXPECT_EQ(merge_messages(page(theirs), {ours(kNoon + 1ms)}),
            page(json(kNoon + 1ms) + ", " + theirs))
      << "the same second";
  EXPECT_EQ(merge_messages(page(theirs), {ours(kNoon - 1ms)}),
            page(theirs + ", " + json(kNoon - 1ms)));
  EXPECT_EQ(merge_messages(page(theirs), {ours(kNoon - 1h), ours(kNoon + 1h)}),
            page(json(kNoon + 1h) + ", " + theirs + ", " + json(kNoon - 1h)));
  EXPECT_EQ(merge_messages(page(""), {ours(kNoon), ours(kNoon + 1h)}),
            page(json(kNoon + 1h) + ", " + json(kNoon)));
  EXPECT_EQ(merge_messages(page(theirs), {}), page(theirs));
}

TEST(MessageMerge, LeavesAloneWhatIsNoList) {
  EXPECT_EQ(merge_messages("{}", {ours(kNoon)}), std::nullopt);
  EXPECT_EQ(merge_messages("[]", {ours(kNoon)}), std::nullopt);
  EXPECT_EQ(merge_messages("not JSON", {ours(kNoon)}), std::nullopt);
}

TEST(MessageMerge, NamesMessagesAsTheyWereTold) {
  EXPECT_EQ(rename_messages(kOne.text + " /" + kOne.text + ".json " + kTwo.text, {{kOne, kTwo}}),
            kTwo.text + " /" + kTwo.text + ".json " + kTwo.text);
  EXPECT_EQ(rename_messages("none", {{kOne, kTwo}}), "none");
}

TEST(MessageMerge, ReadsWhatAPageSaysOfItself) {
  const auto range = read_page_range(page(record(kOne, kNoon) + "," + record(kTwo, kNoon - 1h)));
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->newest, kNoon);
  EXPECT_EQ(range->oldest, kNoon - 1h);
  EXPECT_EQ(range->next_token, std::nullopt);
  const auto next = read_page_range(
      R"({"messages": [], "next_page_uri": "/2010-04-01/x.json?PageSize=1&PageToken=PA%31"})");
  EXPECT_EQ(next->next_token, "PA1");
  EXPECT_EQ(next->newest, std::nullopt);
  EXPECT_FALSE(read_page_range("{}"));
  EXPECT_EQ(page_token_of("Page=1"), "");
}

}  // namespace
}  // namespace twindow::wire
