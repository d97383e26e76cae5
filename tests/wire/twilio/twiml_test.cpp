// SPDX-License-Identifier: Apache-2.0
// What an app answers, read: one row a document.
#include "twindow/wire/twilio/twiml.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

constexpr std::string_view kUrl = "https://u:p@app.example.com/twilio/in?shop=1";

WebhookOutcome answer(std::string type, std::string body, int status = 200) {
  WebhookOutcome outcome;
  outcome.http_status = status;
  outcome.content_type = std::move(type);
  outcome.reply = std::move(body);
  return outcome;
}

TwimlDocument read(std::string body, std::string type = "text/xml") {
  return read_twiml(answer(std::move(type), std::move(body)), kUrl);
}

// "Hi", ">URL" for a redirect.
std::string text_of(const TwimlDocument& document) {
  std::string text;
  for (const TwimlVerb& verb : document.verbs) {
    if (!text.empty()) text += '|';
    if (const auto* redirect = std::get_if<TwimlRedirect>(&verb)) text += '>' + redirect->url;
    if (const auto* message = std::get_if<TwimlMessage>(&verb)) text += message->body;
  }
  for (const TwimlProblem& problem : document.problems) {
    text += (problem.warning ? " w" : " e") + std::to_string(problem.code);
  }
  return document.unreadable ? "unreadable" + text : text;
}

struct Case {
  std::string name;
  std::string type;
  std::string body;
  std::string want;
};

class Documents : public testing::TestWithParam<Case> {};

TEST_P(Documents, AreReadAsTwilioReadsThem) {
  EXPECT_EQ(text_of(read(GetParam().body, GetParam().type)), GetParam().want);
}

std::string response(const std::string& inside) { return "<Response>" + inside + "</Response>"; }

INSTANTIATE_TEST_SUITE_P(
    Table, Documents,
    testing::ValuesIn(std::vector<Case>{
        {"TextInside", "text/xml", response("<Message> Hi &amp; bye </Message>"), "Hi & bye"},
        {"Body", "application/xml; charset=utf-8", response("<Message><Body>Hi</Body></Message>"),
         "Hi"},
        {"Html", "text/html", response("<Message>Hi</Message>"), "Hi"},
        {"BodiesAreJoined", "text/xml", response("<Message><Body>a</Body><Body>b</Body></Message>"),
         "ab"},
        {"Cdata", "text/xml", response("<Message><![CDATA[a < b & c]]></Message>"), "a < b & c"},
        {"Several", "text/xml", response("<Message>a</Message><Message>b</Message>"), "a|b"},
        {"Sms", "text/xml", response("<Sms>a</Sms>"), "a"},
        {"Empty", "text/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response/>", ""},
        {"Redirect", "text/xml", response("<Redirect>../more?x=1</Redirect>"),
         ">https://u:p@app.example.com/more?x=1"},
        {"RedirectToItself", "text/xml", response("<Redirect/>"),
         ">https://u:p@app.example.com/twilio/in?shop=1"},
        {"RedirectNowhere", "text/xml", response("<Redirect>ftp://x/</Redirect>"), " e11100"},
        {"Plain", "text/plain", "OK & so on", "OK & so on"},
        {"PlainEmpty", "text/plain; charset=utf-8", "", ""},
        {"NoBody", "text/xml", "", " w11770"},
        {"NoBodyNoType", "", "", ""},
        {"Json", "application/json", "{}", "unreadable e12300"},
        {"NoType", "", "<Response/>", "unreadable e12300"},
        {"OkLabelledHtml", "text/html", "OK", "unreadable e12100"},
        {"NotClosed", "text/xml", "<Response><Message>a</Response>", "unreadable e12100"},
        {"StrayAmpersand", "text/xml", response("<Message>a & b</Message>"), "unreadable e12100"},
        {"HtmlEntity", "text/xml", response("<Message>a&nbsp;b</Message>"), "unreadable e12100"},
        {"BlankBeforeDeclaration", "text/xml", "\n<?xml version=\"1.0\"?><Response/>",
         "unreadable e12100"},
        {"TwoRoots", "text/xml", "<Response/><Response/>", "unreadable e12100"},
        {"TextBehind", "text/xml", "<Response/>hm", "unreadable e12100"},
        {"InvalidUtf8", "text/xml", response("<Message>\xff</Message>"), "unreadable e12100"},
        {"Version", "text/xml", "<?xml version=\"1.1\"?><Response/>", "unreadable e12101"},
        {"Root", "text/xml", "<response/>", "unreadable e12102"},
        {"UnknownVerb", "text/xml", response("<Massage>a</Massage><Message>b</Message>"),
         "b w12200"},
        {"WrongCase", "text/xml", response("<message>a</message>"), " w12200"},
        {"VoiceVerb", "text/xml", response("<Say>a</Say>"), " w14110"},
        {"UnknownAttribute", "text/xml", response("<Message To='+15558675310'>a</Message>"),
         "a w12200"},
        {"NoContent", "text/xml", response("<Message/>"), " w14103"},
        {"TooLong", "text/xml", response("<Message>" + std::string(1601, 'x') + "</Message>"),
         " e14103"},
        {"To", "text/xml", response("<Message to='nobody at all'>a</Message>"), " e14101"},
        {"From", "text/xml", response("<Message from='+1 (2) x'>a</Message>"), " e14102"},
        {"Method", "text/xml", response("<Message method='PUT'>a</Message>"), "a w14104"},
        {"StatusCallback", "text/xml", response("<Message statusCallback='ftp://x'>a</Message>"),
         "a w14105"},
        {"StrangeChild", "text/xml", response("<Message><Image/>a</Message>"), "a w12200"},
    }),
    test::case_name);

TEST(Twiml, AMessageHasAllThatItSays) {
  const auto document =
      read(response("<Message to='+15558675310' from='+15005550006' action='/next' method='get' "
                    "statusCallback='https://hooks.example.com/s'><Body>Thanks</Body>"
                    "<Media>https://cdn.example.com/a.png</Media><Media>b.png</Media></Message>"));
  ASSERT_EQ(document.verbs.size(), 1U);
  const auto& message = std::get<TwimlMessage>(document.verbs[0]);
  EXPECT_EQ(message.to->text, "+15558675310");
  EXPECT_EQ(message.from->text, "+15005550006");
  EXPECT_EQ(message.action, "https://u:p@app.example.com/next");
  EXPECT_EQ(message.method, HttpMethod::Get);
  EXPECT_EQ(message.status_callback, "https://hooks.example.com/s");
  EXPECT_EQ(message.media_urls,
            (std::vector<std::string>{"https://cdn.example.com/a.png",
                                      "https://u:p@app.example.com/twilio/b.png"}));
  EXPECT_TRUE(document.problems.empty());
}

TEST(Twiml, OfNoContentNothingIsSaid) {
  const auto document = read_twiml(answer("application/json", "", 204), kUrl);
  EXPECT_TRUE(document.verbs.empty() && document.problems.empty());
}

TEST(Twiml, KeepsTenMediaOfAMessage) {
  std::string media;
  for (int i = 0; i < 11; ++i) media += "<Media>https://cdn.example.com/a.png</Media>";
  const auto document = read(response("<Message>" + media + "</Message>"));
  EXPECT_EQ(std::get<TwimlMessage>(document.verbs.at(0)).media_urls.size(), 10U);
  EXPECT_EQ(document.problems.at(0).code, 12200);
}

}  // namespace
}  // namespace twindow::wire
