// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/hook_url.h"

#include <gtest/gtest.h>

namespace twindow::wire {
namespace {

constexpr std::string_view kPublic = "https://tw.example.com";

std::string token_of(std::string_view app_url) {
  const std::string url = hook_status_url(kPublic, app_url).value_or("(too long)");
  EXPECT_TRUE(url.starts_with("https://tw.example.com/hooks/status/")) << url;
  return url.substr(std::min(url.size(), kPublic.size() + kStatusHook.size()));
}

TEST(HookUrl, HoldsTheAppsUrl) {
  for (const std::string url :
       {"https://app.example.com/status", "https://u:p@app.example.com:8443/a?b=c&d=%2F#rc=2",
        "http://10.0.0.5/~?>>", "http://a.b/c", "http://a.b/cd", "http://a.b/cde"}) {
    const std::string token = token_of(url);
    EXPECT_EQ(token.find_first_of("+/=?#%&"), std::string::npos) << token;
    EXPECT_EQ(read_hook_token(token), url);
  }
}

TEST(HookUrl, SaysThatTheAppGaveNone) {
  EXPECT_EQ(hook_status_url(kPublic, ""), "https://tw.example.com/hooks/status/-");
  EXPECT_EQ(read_hook_token("-"), "");
}

TEST(HookUrl, SaysThatNobodyIsToBeTold) {
  EXPECT_EQ(hook_learn_url(kPublic), "https://tw.example.com/hooks/status/learn");
  EXPECT_TRUE(is_learn_token("learn"));
  EXPECT_FALSE(is_learn_token("-"));
  EXPECT_EQ(read_hook_token("learn"), std::nullopt);
}

TEST(HookUrl, IsNotLongerThanTwilioTakes) {
  const std::string app = "https://app.example.com/";
  EXPECT_TRUE(hook_status_url(kPublic, app + std::string(2900, 'a')));
  EXPECT_FALSE(hook_status_url(kPublic, app + std::string(3000, 'a')));
}

TEST(HookUrl, NothingElseIsAToken) {
  const std::string good = token_of("https://app.example.com/status");
  for (const std::string& bad :
       {std::string(), std::string("--"), good + "=", good + "A", good.substr(1), good + "%3D",
        token_of("ftp://app.example.com"), token_of("nonsense"), std::string("aHR0cDovLw"),
        std::string("ab/d"), std::string("ab+d")}) {
    EXPECT_EQ(read_hook_token(bad), std::nullopt) << bad;
  }
}

TEST(HookUrl, NamesOurSidWhereTheAppKnowsNoOther) {
  const MessageSid sid{"SM0123456789abcdef0123456789abcdef"};
  const auto url = hook_status_url("https://tw.example.com", "", sid);
  EXPECT_EQ(url, "https://tw.example.com/hooks/status/-?sid=" + sid.text);
  EXPECT_EQ(read_hook_sid("sid=" + sid.text), sid);
  EXPECT_EQ(read_hook_sid(""), std::nullopt);
  EXPECT_EQ(read_hook_sid("sid=SMx"), std::nullopt);
  EXPECT_EQ(hook_status_url("https://tw.example.com", "", MessageSid()),
            hook_status_url("https://tw.example.com", ""));
}

}  // namespace
}  // namespace twindow::wire
