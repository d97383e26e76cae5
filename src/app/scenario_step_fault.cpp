// SPDX-License-Identifier: Apache-2.0
#include "twindow/api/fault_input.h"
#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"

#include "src/app/config_values.h"
#include "src/app/scenario_step_parts.h"

namespace twindow::app {

namespace {

// As deep as there is something.
ConfigNode node_at(ConfigNode node, std::string_view pointer) {
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const std::string_view token = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(token.size());
    const auto place = parse_decimal(token, limits::kFaultRulesMax);
    if (node.json().is_array() && place && *place < node.json().size()) {
      node = node.item(*place);
    } else if (node.json().is_object() && node.json().contains(token)) {
      node = node.member(std::string(token));
    } else {
      break;
    }
  }
  return node;
}

}  // namespace

// A list of rules, one rule, or {"faults": […]} as it is put.
std::optional<scenario::FaultStep> read_fault(const ConfigNode& node) {
  if (!node.json().is_structured()) {
    node.expected("a list of rules, as PUT /__admin/faults takes it; an empty list ends them");
    return std::nullopt;
  }
  Json body = node.json();
  std::string_view ours;  // of a mistake's pointer: what the file does not have
  if (body.is_array()) {
    ours = "/faults";
    body = Json{{"faults", std::move(body)}};
  } else if (!body.contains("faults")) {
    ours = "/faults/0";
    body = Json{{"faults", Json::array({std::move(body)})}};
  }
  std::string text = body.dump();
  const auto mistake = api::mistake_in_faults(text);
  if (!mistake) return scenario::FaultStep{std::move(text)};
  std::string_view pointer = mistake->pointer;
  if (pointer.starts_with(ours)) pointer.remove_prefix(ours.size());
  node_at(node, pointer).mistake(mistake->detail);
  return std::nullopt;
}

}  // namespace twindow::app
