// SPDX-License-Identifier: Apache-2.0
// What `twindow doctor` has looked at, and what it found.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "twindow/model/account.h"
#include "twindow/wire/twilio/webhook_settings.h"

#include "src/app/config.h"

namespace twindow::app {

enum class Health : std::uint8_t { Ok, Problem, Skipped };

// A webhook setting that is to be another.
struct Remedy {
  AccountSid account;
  wire::WebhookSetting setting;
  std::string url;
};

struct Finding {
  Health health = Health::Ok;
  std::string check;         // "upstream", "webhook": one word, several findings may have it
  std::string found;         // for people; never a secret
  std::string advice = {};   // what to do; empty if nothing
  bool unreachable = false;  // of a problem: somebody did not answer, so that it may pass by itself
  std::optional<Remedy> remedy = {};  // what `--fix` would do
};

// Looks and mends; blocks. Handed to the command, so that tests hand it another.
class Doctor {
 public:
  virtual ~Doctor() = default;

  // In the order in which one depends on the other.
  virtual std::vector<Finding> examine() = 0;
  // What came of it, as the check would find it now.
  virtual Finding cure(const Remedy& remedy) = 0;
};

}  // namespace twindow::app
