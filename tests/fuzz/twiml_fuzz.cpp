// SPDX-License-Identifier: Apache-2.0
// The first line is a Content-Type, the rest an app's answer. What is read keeps the promises of
// its types: URLs are URLs, a message has something to say, and an unreadable document has no
// verbs.
#include <algorithm>
#include <string>

#include "twindow/base/check.h"
#include "twindow/wire/twilio/twiml.h"
#include "twindow/wire/url.h"

#include "tests/fuzz/text_of.h"

using namespace twindow;

namespace {

void check_url(const std::optional<std::string>& url) {
  TWINDOW_CHECK(!url || wire::parse_web_url(*url));
}

void check(const TwimlMessage& message) {
  TWINDOW_CHECK(!message.body.empty() || !message.media_urls.empty());
  TWINDOW_CHECK(message.media_urls.size() <= 10);
  for (const std::string& url : message.media_urls) check_url(url);
  check_url(message.action);
  check_url(message.status_callback);
}

void check(const TwimlRedirect& redirect) { check_url(redirect.url); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = test::text_of(data, size);
  const auto line = std::min(text.find('\n'), text.size());
  WebhookOutcome answer;
  answer.http_status = 200;
  answer.content_type = text.substr(0, line);
  answer.reply = text.substr(std::min(line + 1, text.size()));
  const TwimlDocument document = wire::read_twiml(answer, "https://u:p@app.example.com/a/in?b=c#d");
  TWINDOW_CHECK(!document.unreadable || (document.verbs.empty() && !document.problems.empty()));
  for (const TwimlProblem& problem : document.problems) TWINDOW_CHECK(problem.code > 10'000);
  for (const TwimlVerb& verb : document.verbs) {
    std::visit([](const auto& each) { check(each); }, verb);
  }
  return 0;
}
