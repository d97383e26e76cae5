// SPDX-License-Identifier: Apache-2.0
// Reading the values of the policy file: each notes a mistake where the value is not what it
// should be, and leaves its target as it was.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/sid.h"

#include "src/app/config_node.h"
#include "src/app/suggestion.h"

namespace twindow::app {

// The text of a text, a number, true or false; empty for all else.
std::optional<std::string> scalar_of(const ConfigNode& node);

// "open, closed or none".
std::string list_text(const std::vector<std::string>& words, std::string_view last = " or ");

// One of these words; tells which was meant, if that can be guessed.
bool read_word(const ConfigNode& node, const std::vector<std::string>& words, std::string& target);

template <class Value>
void read_choice(const ConfigNode& node, const std::vector<std::pair<std::string, Value>>& choices,
                 Value& target) {
  std::vector<std::string> words;
  for (const auto& [word, value] : choices) words.push_back(word);
  std::string word;
  if (!read_word(node, words, word)) return;
  target =
      std::ranges::find(choices, word, [](const auto& choice) { return choice.first; })->second;
}

void read_switch(const ConfigNode& node, bool& target);

// "a duration from 0s to 24h, such as 60s".
struct DurationRange {
  Duration min;
  Duration max;
  std::string_view example;
};
void read_duration(const ConfigNode& node, const DurationRange& range, Duration& target);

void read_content_sid(const ConfigNode& node, ContentSid& target);
extern const std::string kContentSidText;

}  // namespace twindow::app
