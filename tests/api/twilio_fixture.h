// SPDX-License-Identifier: Apache-2.0
// Calls on the Twilio face, as an SDK makes them.
#pragma once

#include "twindow/wire/form.h"
#include "twindow/wire/secret.h"

#include "tests/api/server_fixture.h"

namespace twindow::test {

inline std::string basic(const std::string& username, const std::string& password) {
  return "Basic " + wire::base64_encode(username + ":" + password);
}

inline std::string messages_path(const std::string& account = kAccount) {
  return "/2010-04-01/Accounts/" + account + "/Messages";
}

inline std::string freeform(const std::string& to = kAna, const std::string& from = kShop) {
  return wire::encode_form({{"To", to}, {"From", from}, {"Body", "Hola"}});
}

class TwilioTest : public testing::Test {
 protected:
  Answer call(std::string method, std::string target, std::string body = "",
              const std::string& authorization = basic(kAccount, kToken)) {
    wire::Headers headers{{"Host", host}};
    if (!authorization.empty()) headers.push_back({"Authorization", authorization});
    return server.ask(server.twilio, {.method = std::move(method),
                                      .target = std::move(target),
                                      .headers = std::move(headers),
                                      .body = std::move(body)});
  }
  Answer create(const std::string& form = freeform()) {
    return call("POST", messages_path() + ".json", form);
  }

  std::string host = "api.twilio.com";
  Server server;
};

}  // namespace twindow::test
