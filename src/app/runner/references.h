// SPDX-License-Identifier: Apache-2.0
// What steps have named ("as"), and texts that mention it: "${reminder.sid}".
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "twindow/base/expected.h"

#include "src/app/json.h"

namespace twindow::app {

class References {
 public:
  // A message as the control API tells it.
  void bind(const std::string& name, Json message);

  // `text` with each "${name.field}" replaced; "${name}" alone is the message's SID. An error says
  // what is not there.
  Expected<std::string, std::string> resolve(std::string_view text) const;

  // The same inside all texts of a JSON value.
  Expected<Json, std::string> resolve_json(std::string_view json_text) const;

 private:
  Expected<std::string, std::string> value_of(std::string_view reference) const;

  std::map<std::string, Json, std::less<>> bound_;
};

}  // namespace twindow::app
