// SPDX-License-Identifier: Apache-2.0
// The `match` of a rule: conditions on a create-message call.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/policy/matcher.h"

namespace twindow::policy {

struct SendView;

// A value: copies share the compiled patterns. An empty matcher matches everything.
class SendMatcher {
 public:
  SendMatcher() = default;

  // A field is a computed one or any parameter of Twilio's. `To` and `From` are equal in any
  // spelling of the number; of `MediaUrl` and `PersistentAction` one value must fit, of other
  // repeated parameters the first that is not empty. An unknown window is equal to "unknown" and to
  // what it is taken for. Errc::BadInput for a bad pattern, or a group's name given twice.
  static Result<SendMatcher> make(std::vector<Condition> conditions);

  bool matches(const SendView& view) const;

  // The texts of the patterns' named groups in a send that matches.
  std::vector<Param> captures(const SendView& view) const;
  const std::vector<std::string>& groups() const { return groups_; }

 private:
  struct Compiled;
  std::vector<std::shared_ptr<const Compiled>> conditions_ = {};
  std::vector<std::string> groups_ = {};
};

// The computed fields: kind, window, channel, template_status, opted_out, account, country.
const std::vector<std::string>& computed_fields();

// The values that a computed field can have; empty if they cannot be listed, and for parameters.
std::vector<std::string> values_of_field(std::string_view name);

// The parameters of a create call that Twilio documents.
const std::vector<std::string>& create_parameters();

}  // namespace twindow::policy
