// SPDX-License-Identifier: Apache-2.0
// What is wrong with a configuration, told so that it can be mended without looking anything up.
#pragma once

#include <string>

namespace twindow::app {

struct Mistake {
  std::string where;  // "config.json:3:13", "--listen" or "TWINDOW_LISTEN"
  std::string key;    // the full path: "accounts[0].sid"; empty if the whole file is meant
  std::string text;   // what was found and what was expected; never a secret

  friend bool operator==(const Mistake&, const Mistake&) = default;
};

// "accounts[0].sid: found "AC12", expected …"
inline std::string text_without_place(const Mistake& mistake) {
  return (mistake.key.empty() ? "" : mistake.key + ": ") + mistake.text;
}
// "config.json:3:13: accounts[0].sid: found "AC12", expected …"
inline std::string to_text(const Mistake& mistake) {
  return mistake.where + ": " + text_without_place(mistake);
}

}  // namespace twindow::app
