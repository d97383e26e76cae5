// SPDX-License-Identifier: Apache-2.0
// What there was when a message was made: who wrote to whom, where the app is, the template and
// the window, as a scenario's `vars`, `targets` and `given`.
#pragma once

#include <string>
#include <vector>

#include "src/app/capture/masker.h"
#include "src/app/json.h"

namespace twindow::app {

// As the file names them; `${shop}` and `${user}` stand for them.
struct CapturedAddresses {
  std::string shop = {};
  std::string user = {};
  std::string service = {};  // a SID, or nothing

  Json vars() const;
};
CapturedAddresses captured_addresses(const Json& material, Masker& mask);

// The servers that URLs are on, and URLs as "app:/path". The first is "app".
class CapturedTargets {
 public:
  explicit CapturedTargets(Masker& mask) : mask_(mask) {}

  std::string aim(const std::string& url);  // what is no URL stays
  void will_be_told() { told_ = true; }     // of statuses
  bool told_of_statuses() const { return told_; }
  Json json() const;

 private:
  Masker& mask_;
  std::vector<std::string> origins_ = {};
  bool told_ = false;
};

Json captured_given(const Json& material, const CapturedAddresses& addresses,
                    CapturedTargets& targets, Masker& mask);

// The string leaves of `json`, masked and spelled for the file.
Json masked_texts(const Json& json, Masker& mask);

}  // namespace twindow::app
