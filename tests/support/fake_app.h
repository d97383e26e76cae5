// SPDX-License-Identifier: Apache-2.0
// An app without sockets: remembers every webhook, answers what it is told to, and may call back
// into a world before it answers.
#pragma once

#include <functional>
#include <vector>

#include "twindow/ports/app_endpoint.h"

namespace twindow::test {

class FakeApp final : public ports::AppEndpoint {
 public:
  std::vector<Webhook> webhooks;
  int http_status = 204;
  WebhookOutcome says = {};                                 // what else its answers have
  std::function<Task<void>(const Webhook&)> before_answer;  // may be empty

  Task<WebhookOutcome> deliver(Webhook webhook) override {
    webhooks.push_back(webhook);
    if (before_answer) {
      co_await before_answer(webhook);
    }
    WebhookOutcome outcome = says;
    outcome.http_status = http_status;
    outcome.tries = 1;
    outcome.url_posted = webhook.url;
    co_return outcome;
  }

  // The statuses that were told, in order, with their error codes: "sent", "undelivered 63016".
  std::vector<std::string> statuses() const {
    std::vector<std::string> told;
    for (const Webhook& webhook : webhooks) {
      const auto* news = std::get_if<StatusNews>(&webhook.news);
      if (news == nullptr) continue;
      std::string text(to_text(news->message.status));
      if (news->message.error_code) text += " " + std::to_string(*news->message.error_code);
      told.push_back(std::move(text));
    }
    return told;
  }
};

}  // namespace twindow::test
