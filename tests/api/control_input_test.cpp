// SPDX-License-Identifier: Apache-2.0
// What the control API does with input that cannot be: 400, and the field is named.
#include "tests/api/server_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::test {
namespace {

using testing::HasSubstr;
using testing::ValuesIn;

struct Row {
  const char* name;
  std::string method;
  std::string path;
  std::string body;
  std::string detail;  // a part of it
  std::string pointer = "";
};

std::string nested(int levels) {
  return R"({"match":)" + std::string(static_cast<std::size_t>(levels), '[') +
         std::string(static_cast<std::size_t>(levels), ']') + "}";
}

const std::string kWait = "/messages/wait";
const std::string kCount = "/messages/count";
const std::string kInbound = "/simulate/inbound-message";
const std::string kStatus = "/simulate/message-status";
const std::string kVerify = "/verify";
const std::string kAdvance = "/clock/advance";
const std::string kExplain = "/explain";
const std::string kTemplates = "/templates";
const std::string kApproval = "/templates/HX0123456789abcdef0123456789abcdef/approval";
const std::string kHuge = "99999999999999999999999";

const std::vector<Row> kQueries{
    {"LimitNotANumber", "GET", "/messages?limit=x", "", "limit must be a whole number"},
    {"LimitNegative", "GET", "/messages?limit=-1", "", "limit must be"},
    {"LimitTooLarge", "GET", "/messages?limit=1001", "", "from 0 to 1000, not '1001'"},
    {"LimitHuge", "GET", "/messages?limit=" + kHuge, "", "limit must be"},
    {"LimitWithTail", "GET", "/messages?limit=5x", "", "limit must be"},
    {"LimitWithFraction", "GET", "/messages?limit=1.5", "", "limit must be"},
    {"BeforeBadSid", "GET", "/messages?before=SM1", "", "before: no message 'SM1'"},
    {"BeforeUnknown", "GET", "/messages?before=" + kUnknownSid, "", "before: no message"},
    {"QueryBad", "GET", "/messages?query=code:x", "", "query: code:x"},
    {"QueryBrokenEscape", "GET", "/messages?query=%zz", "", "%"},
    {"CallbackLimit", "GET", "/callbacks?limit=x", "", "limit must be"},
    {"CallbackBefore", "GET", "/callbacks?before=CB1", "", "before: no callback 'CB1'"},
    {"CallbackMessage", "GET", "/callbacks?message=SM1", "", "message: 'SM1'"},
    {"WindowState", "GET", "/windows?state=x", "", "state: 'x'"},
};

const std::vector<Row> kWaits{
    {"Garbage", "POST", kWait, "{", "not JSON"},
    {"NotJson", "POST", kWait, "match=1", "not JSON"},
    {"Trailing", "POST", kWait, "{} {}", "not JSON"},
    {"List", "POST", kWait, "[]", "must be a JSON object"},
    {"Text", "POST", kWait, "\"x\"", "must be a JSON object"},
    {"Null", "POST", kWait, "null", "must be a JSON object"},
    {"TooDeep", "POST", kWait, nested(64), "more than 64 levels"},
    {"VeryDeep", "POST", kCount, nested(100'000), "more than 64 levels"},
    {"DeepEnough", "POST", kWait, nested(63), "match must be an object", "/match"},
    {"BracketsInText", "POST", kWait, R"({"match":{"Boddy":"\")" + std::string(100, '[') + "\"}}",
     "'Boddy' is no field", "/match/Boddy"},
    {"UnknownKey", "POST", kWait, R"({"macth":{}})", "'macth': expected match, count", "/macth"},
    {"MatchList", "POST", kWait, R"({"match":[]})", "match must be an object", "/match"},
    {"MatchNull", "POST", kWait, R"({"match":null})", "match must be an object", "/match"},
    {"UnknownField", "POST", kWait, R"({"match":{"Boddy":"x"}})", "'Boddy' is no field",
     "/match/Boddy"},
    {"UnknownOp", "POST", kWait, R"({"match":{"Body":{"regex":"x"}}})", "match.Body: 'regex'",
     "/match/Body"},
    {"TwoOps", "POST", kWait, R"({"match":{"Body":{"contains":"x","equals":"x"}}})",
     "match.Body: expected a value", "/match/Body"},
    {"EmptyOp", "POST", kWait, R"({"match":{"Body":{}}})", "match.Body: expected a value",
     "/match/Body"},
    {"ValueNull", "POST", kWait, R"({"match":{"Body":null}})", "match.Body: expected a value",
     "/match/Body"},
    {"ValueList", "POST", kWait, R"({"match":{"Body":["x"]}})", "match.Body: expected a value",
     "/match/Body"},
    {"ValueFraction", "POST", kWait, R"({"match":{"ErrorCode":1.5}})", "match.ErrorCode",
     "/match/ErrorCode"},
    {"EqualsList", "POST", kWait, R"({"match":{"Body":{"equals":["x"]}}})", "match.Body",
     "/match/Body"},
    {"AnyOfText", "POST", kWait, R"({"match":{"Body":{"anyOf":"x"}}})", "match.Body",
     "/match/Body"},
    {"AnyOfNothing", "POST", kWait, R"({"match":{"Body":{"anyOf":[]}}})", "match.Body",
     "/match/Body"},
    {"AnyOfObjects", "POST", kWait, R"({"match":{"Body":{"anyOf":[{}]}}})", "match.Body",
     "/match/Body"},
    {"AbsentText", "POST", kWait, R"({"match":{"Body":{"absent":"yes"}}})", "match.Body",
     "/match/Body"},
    {"BadPattern", "POST", kWait, R"({"match":{"Body":{"matches":"("}}})", "'Body' is not valid",
     "/match/Body"},
    {"CountText", "POST", kWait, R"({"count":"1"})", "count must be a whole number", "/count"},
    {"CountNegative", "POST", kWait, R"({"count":-1})", "count must be", "/count"},
    {"CountFraction", "POST", kWait, R"({"count":1.0})", "count must be", "/count"},
    {"CountTooLarge", "POST", kWait, R"({"count":100001})", "from 0 to 100000", "/count"},
    {"CountNull", "POST", kWait, R"({"count":null})", "count must be", "/count"},
    {"CountUnsigned", "POST", kWait, R"({"count":18446744073709551615})", "count must be",
     "/count"},
    {"CountHuge", "POST", kWait, R"({"count":)" + kHuge + "}", "count must be", "/count"},
    {"TimeoutTooLarge", "POST", kWait, R"({"timeoutMillis":600001})", "timeoutMillis must be",
     "/timeoutMillis"},
    {"TimeoutText", "POST", kWait, R"({"timeoutMillis":"5s"})", "timeoutMillis must be",
     "/timeoutMillis"},
    {"CountsUnknownField", "POST", kCount, R"({"match":{"Boddy":"x"}})", "'Boddy' is no field",
     "/match/Boddy"},
};

const std::vector<Row> kVerifications{
    {"Count", "POST", kVerify, R"({"count":1})", "'count': expected match and times only",
     "/count"},
    {"TimesText", "POST", kVerify, R"({"times":"1"})", "times must be a whole number", "/times"},
    {"TimesNegative", "POST", kVerify, R"({"times":-1})", "times must be", "/times"},
    {"TimesNull", "POST", kVerify, R"({"times":null})", "times must be", "/times"},
    {"UnknownField", "POST", kVerify, R"({"match":{"Boddy":"x"}})", "'Boddy' is no field",
     "/match/Boddy"},
    {"Garbage", "POST", kVerify, "{", "not JSON"},
};

const std::vector<Row> kSimulations{
    {"NoFrom", "POST", kInbound, R"({"To":"whatsapp:+14155550100"})", "From is required", "/From"},
    {"NoTo", "POST", kInbound, R"({"From":"whatsapp:+5215512345678"})", "To is required", "/To"},
    {"Nothing", "POST", kInbound, "", "From is required", "/From"},
    {"EmptyFrom", "POST", kInbound, R"({"From":"","To":"+15005550006"})", "From is required",
     "/From"},
    {"BadFrom", "POST", kInbound, R"({"From":"whatsapp:1","To":"whatsapp:+14155550100"})",
     "From: 'whatsapp:1'", "/From"},
    {"BadTo", "POST", kInbound, R"({"From":"whatsapp:+5215512345678","To":"whatsapp:shop"})",
     "To: 'whatsapp:shop'", "/To"},
    {"Channels", "POST", kInbound, R"({"From":"+15558675310","To":"whatsapp:+14155550100"})",
     "same channel", "/To"},
    {"BadShortForm", "POST", kInbound,
     R"({"From":"+15558675310","To":"+15005550006","media":"cat.jpg"})", "media: 'cat.jpg'",
     "/media"},
    {"UnknownShortForm", "POST", kInbound,
     R"({"From":"+15558675310","To":"+15005550006","a/b~c":"x"})", "none of our short forms",
     "/a~1b~0c"},
    {"BadSid", "POST", kInbound,
     R"({"From":"+15558675310","To":"+15005550006","MessageSid":"SM1"})", "MessageSid must be",
     "/MessageSid"},
    {"BadAccount", "POST", kInbound,
     R"({"From":"+15558675310","To":"+15005550006","AccountSid":"AC1"})", "'AC1' is no account",
     "/AccountSid"},
    {"Garbage", "POST", kInbound, "{\"From\":", "JSON"},
    {"List", "POST", kInbound, "[1]", "JSON"},
    {"NestedValue", "POST", kInbound, R"({"From":{"number":"+1"}})", "From"},
    {"TooDeep", "POST", kInbound, R"({"From":)" + std::string(70, '[') + std::string(70, ']') + "}",
     ""},
    {"BrokenForm", "POST", kInbound, "From=%zz", "%"},
    {"StatusNoSid", "POST", kStatus, R"({"MessageStatus":"sent"})", "MessageSid is required",
     "/MessageSid"},
    {"StatusBadSid", "POST", kStatus, R"({"MessageSid":"SM1","MessageStatus":"sent"})",
     "MessageSid must be", "/MessageSid"},
    {"StatusNone", "POST", kStatus, R"({"MessageSid":")" + kUnknownSid + "\"}",
     "MessageStatus is required", "/MessageStatus"},
    {"StatusUnknown", "POST", kStatus,
     R"({"MessageSid":")" + kUnknownSid + R"(","MessageStatus":"lost"})", "MessageStatus: 'lost'",
     "/MessageStatus"},
    {"CodeText", "POST", kStatus,
     R"({"MessageSid":")" + kUnknownSid + R"(","MessageStatus":"failed","ErrorCode":"x"})",
     "ErrorCode must be a number", "/ErrorCode"},
    {"CodeZero", "POST", kStatus,
     R"({"MessageSid":")" + kUnknownSid + R"(","MessageStatus":"failed","ErrorCode":0})",
     "ErrorCode must be", "/ErrorCode"},
    {"CodeFraction", "POST", kStatus,
     R"({"MessageSid":")" + kUnknownSid + R"(","MessageStatus":"failed","ErrorCode":1.5})",
     "ErrorCode must be", "/ErrorCode"},
};

std::string sender(const std::string& fields) {
  return R"({"senders":[{"address":"+15005550006"},{)" + fields + "}]}";
}

const std::vector<Row> kSenders{
    {"Nothing", "PUT", "/senders", "", "senders must be a list", "/senders"},
    {"Garbage", "PUT", "/senders", "{]", "not JSON"},
    {"NoList", "PUT", "/senders", R"({"senders":{}})", "senders must be a list", "/senders"},
    {"NoObject", "PUT", "/senders", R"({"senders":["+15005550006"]})", "a sender must be an object",
     "/senders/0"},
    {"NoAddress", "PUT", "/senders", sender(""), "address: ''", "/senders/1"},
    {"BadAddress", "PUT", "/senders", sender(R"("address":"whatsapp:1")"), "address: 'whatsapp:1'",
     "/senders/1"},
    {"AddressNumber", "PUT", "/senders", sender(R"("address":1)"), "address must be text",
     "/senders/1"},
    {"UnknownKey", "PUT", "/senders", sender(R"("address":"+15005550006","url":"x")"),
     "'url': expected address", "/senders/1"},
    {"BadUrl", "PUT", "/senders", sender(R"("address":"+15005550006","inbound_url":"ftp://x")"),
     "inbound_url: 'ftp://x'", "/senders/1"},
    {"UrlNumber", "PUT", "/senders", sender(R"("address":"+15005550006","status_callback":1)"),
     "status_callback must be text", "/senders/1"},
    {"BadService", "PUT", "/senders", sender(R"("address":"+15005550006","service":"MG1")"),
     "service must be MG", "/senders/1"},
    {"AccountNumber", "PUT", "/senders", R"({"AccountSid":1,"senders":[]})",
     "AccountSid must be text", "/AccountSid"},
    {"BadAccount", "PUT", "/senders", R"({"AccountSid":"AC1","senders":[]})", "'AC1' is no",
     "/AccountSid"},
};

const std::vector<Row> kClocks{
    {"Nothing", "PUT", "/clock", "{}", "expected now, mode or both"},
    {"BadMode", "PUT", "/clock", R"({"mode":"fast"})", "mode: expected real, manual or auto",
     "/mode"},
    {"ModeNumber", "PUT", "/clock", R"({"mode":1})", "mode: expected", "/mode"},
    {"BadNow", "PUT", "/clock", R"({"now":"tomorrow"})", "now: expected a time", "/now"},
    {"NowNumber", "PUT", "/clock", R"({"now":1767603600})", "now: expected a time", "/now"},
    {"NoSuchDay", "PUT", "/clock", R"({"now":"2026-02-30"})", "now: expected a time", "/now"},
    {"Garbage", "PUT", "/clock", "{now}", "JSON"},
    {"AdvanceNothing", "POST", kAdvance, "", "by: ''", "/by"},
    {"AdvanceNumber", "POST", kAdvance, R"({"by":5})", "by: '5'", "/by"},
    {"AdvanceBack", "POST", kAdvance, R"({"by":"-1h"})", "by: '-1h'", "/by"},
    {"AdvanceUnit", "POST", kAdvance, R"({"by":"1y"})", "by: '1y'", "/by"},
    {"AdvanceTooFar", "POST", kAdvance, R"({"by":"8785h"})", "at most 366 days", "/by"},
    {"AdvanceOverflow", "POST", kAdvance, R"({"by":"9223372036854775807h"})", "by: '9223", "/by"},
    {"UnknownKey", "PUT", "/clock", R"({"mode":"auto","nwo":"2026-01-06T09:00:00Z"})",
     "'nwo': expected now and mode only", "/nwo"},
    {"AdvanceUnknownKey", "POST", kAdvance, R"({"by":"1h","too":"2h"})", "'too': expected by only",
     "/too"},
    {"AdvanceGarbage", "POST", kAdvance, "{", "JSON"},
};

const std::vector<Row> kExplains{
    {"Nothing", "POST", kExplain, "{}", "21604", "/To"},
    {"NoFrom", "POST", kExplain, R"({"To":"+15558675310","Body":"x"})", "21603", "/From"},
    {"NoBody", "POST", kExplain, R"({"To":"+15558675310","From":"+15005550006"})", "21602",
     "/Body"},
    {"BadTo", "POST", kExplain, R"({"To":"x","From":"+15005550006","Body":"x"})", "21211", "/To"},
    {"BadAt", "POST", kExplain, R"({"at":"soon"})", "at: 'soon'", "/at"},
    {"BadAccount", "POST", kExplain, R"({"AccountSid":"AC1"})", "no account SID", "/AccountSid"},
    {"VariablesList", "POST", kExplain, R"({"ContentVariables":["Ana"]})", "ContentVariables"},
};

const std::vector<Row> kTemplateRows{
    {"NoTypes", "POST", kTemplates, R"({"language":"es"})", "types must be an object", "/types"},
    {"UnknownType", "POST", kTemplates, R"({"language":"es","types":{"twilio/zz":{"body":"x"}}})",
     "'twilio/zz' is no content type; these are known: twilio/text twilio/media",
     "/types/twilio~1zz"},
    {"BadLanguage", "POST", kTemplates,
     R"({"language":"spanish!","types":{"twilio/text":{"body":"x"}}})", "spanish!", "/language"},
    {"NoBody", "POST", kTemplates, R"({"language":"es","types":{"twilio/text":{}}})",
     "body is required", "/types/twilio~1text/body"},
    {"TypeIsText", "POST", kTemplates, R"({"types":{"twilio/text":"Hola"}})", "expected an object",
     "/types/twilio~1text"},
    {"BadSid", "POST", kTemplates, R"({"sid":"HX1"})", "sid must be HX", "/sid"},
    {"ApprovalKey", "POST", kTemplates,
     R"({"language":"es","types":{"twilio/text":{"body":"x"}},"approval":{"whatsap":"paused"}})",
     "'whatsap': expected whatsapp and category only", "/approval/whatsap"},
    {"ApprovalStatus", "POST", kTemplates,
     R"({"language":"es","types":{"twilio/text":{"body":"x"}},"approval":{"whatsapp":"loved"}})",
     "found \"loved\"", "/approval/whatsapp"},
    {"ApproveNothing", "PUT", kApproval, "{}", "whatsapp: is missing, expected unsubmitted",
     "/whatsapp"},
    {"ApproveMisspelt", "PUT", kApproval, R"({"whatsap":"rejected"})", "'whatsap': expected",
     "/whatsap"},
    {"ApproveNumber", "PUT", kApproval, R"({"whatsapp":1})", "whatsapp must be text", "/whatsapp"},
};

const std::vector<Row> kWindowRows{
    {"NoState", "PUT", "/windows/" + kShop + "/" + kAna, "{}", "expected state"},
    {"State", "PUT", "/windows/" + kShop + "/" + kAna, R"({"state":"ajar"})", "state: 'ajar'",
     "/state"},
    {"LastInbound", "PUT", "/windows/" + kShop + "/" + kAna, R"({"last_inbound":"1h"})",
     "later than", "/last_inbound"},
    {"ImportOther", "POST", "/windows/import", "from,to,at\n", "the header names 'from'"},
    {"ImportTwice", "POST", "/windows/import", "user,user,last_inbound\n", "names user twice"},
    {"ImportLacks", "POST", "/windows/import", "user,last_inbound\n", "lacks sender"},
};

class BadInput : public testing::TestWithParam<Row> {};

TEST_P(BadInput, Is400AndNamesTheField) {
  Server server;
  const Row& row = GetParam();
  const Answer answer = server.admin(row.method, row.path, row.body);
  EXPECT_EQ(answer.status, 400) << answer.body;
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  const Json json = answer.json();
  ASSERT_EQ(json["errors"].size(), 1U);
  EXPECT_EQ(json["errors"][0]["title"], "Bad input");
  EXPECT_NE(answer.detail(), "");
  EXPECT_THAT(answer.detail(), HasSubstr(row.detail));
  EXPECT_EQ(json["errors"][0]["pointer"], row.pointer);
}

INSTANTIATE_TEST_SUITE_P(Query, BadInput, ValuesIn(kQueries), case_name);
INSTANTIATE_TEST_SUITE_P(Wait, BadInput, ValuesIn(kWaits), case_name);
INSTANTIATE_TEST_SUITE_P(Verify, BadInput, ValuesIn(kVerifications), case_name);
INSTANTIATE_TEST_SUITE_P(Simulate, BadInput, ValuesIn(kSimulations), case_name);
INSTANTIATE_TEST_SUITE_P(Senders, BadInput, ValuesIn(kSenders), case_name);
INSTANTIATE_TEST_SUITE_P(Explain, BadInput, ValuesIn(kExplains), case_name);
INSTANTIATE_TEST_SUITE_P(Templates, BadInput, ValuesIn(kTemplateRows), case_name);
INSTANTIATE_TEST_SUITE_P(Windows, BadInput, ValuesIn(kWindowRows), case_name);
INSTANTIATE_TEST_SUITE_P(Clock, BadInput, ValuesIn(kClocks), case_name);

}  // namespace
}  // namespace twindow::test
