// SPDX-License-Identifier: Apache-2.0
// The policy file: JSON with comments, read into a policy. `twindow schema policy` describes it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/expected.h"
#include "twindow/policy/policy.h"

#include "src/app/mistake.h"

namespace twindow::app {

// What a file that does not say otherwise means.
struct PolicyDefaults {
  Duration margin;  // `window.margin`: 60 s in proxy mode, 0 s in simulate mode
};

// `name` is the file's, for the mistakes: "policy.json:3:13". Complete or not at all.
Expected<policy::Policy, std::vector<Mistake>> parse_policy(std::string_view text,
                                                            const std::string& name,
                                                            const PolicyDefaults& defaults);

// The same, of a file. A file that cannot be read is a mistake with its name as the place.
Expected<policy::Policy, std::vector<Mistake>> load_policy(const std::filesystem::path& path,
                                                           const PolicyDefaults& defaults);

// The policy without a file: the built-in rules, all checks on.
policy::Policy default_policy(const PolicyDefaults& defaults);

}  // namespace twindow::app
