// SPDX-License-Identifier: Apache-2.0
// What became of a message, as the callbacks of a scenario's rule.
#pragma once

#include <string>
#include <vector>

#include "twindow/base/clock.h"

#include "src/app/capture/masker.h"
#include "src/app/json.h"

namespace twindow::app {

struct CapturedNews {
  Json callbacks = Json::array();      // of the rule: Twilio's fields and the real gaps
  std::vector<std::string> told = {};  // the statuses that the app was told, in order
  bool answered = true;                // it took each of them with a 2xx
  Duration length = {};                // from the create to the last of them
};

// Of a message's timeline and its callbacks (capture.h).
CapturedNews captured_news(const Json& material, Masker& mask);

// "25h3m0.5s" is none of ours: hours down to milliseconds, "25h3m500ms"; "0s" for nothing.
std::string span_text(Duration span);

// `text` as the file has to spell it: "${" would be a variable.
std::string escaped(std::string text);

}  // namespace twindow::app
