// SPDX-License-Identifier: Apache-2.0
// Saying a send with a template instead.
#pragma once

#include <string>

#include "twindow/base/expected.h"
#include "twindow/model/decision.h"
#include "twindow/policy/policy.h"
#include "twindow/policy/send_view.h"

namespace twindow::policy {

struct Rerouted {
  TemplateUse use;
  std::string text;  // for people: `the template "order_update" (HX…)`
};

// The error says for people why it cannot be done.
Expected<Rerouted, std::string> reroute(const Policy& policy, const Rule& rule,
                                        const RerouteAction& action, const SendView& view);

// The template of a nudge: a recipe without a send whose media could be lost.
Expected<Rerouted, std::string> prepare(const Checks& checks, const TemplateRecipe& recipe,
                                        const std::vector<Param>& captures, const SendView& view);

}  // namespace twindow::policy
