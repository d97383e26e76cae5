// SPDX-License-Identifier: Apache-2.0
// What WhatsApp makes of a template after Twilio has accepted it.
#pragma once

#include <optional>
#include <vector>

#include "twindow/model/content_template.h"

namespace twindow::policy {

// The code with which it fails later: 63016, 63040, 63041 or 63042 for what WhatsApp thinks of it,
// 63013 for a value that is not legal, 63021 for a text that becomes too long; nothing if it
// arrives. The same checks as those of a policy.
std::optional<int> template_failure(const ContentTemplate& content,
                                    const std::vector<Param>& variables, bool window_open);

}  // namespace twindow::policy
