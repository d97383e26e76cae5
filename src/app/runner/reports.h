// SPDX-License-Identifier: Apache-2.0
// What was played, told to people, to CI servers, and to programs.
#pragma once

#include <string>
#include <vector>

#include "src/app/cli/terminal.h"
#include "src/app/runner/outcome.h"

namespace twindow::app {

// A line, and for what did not pass where, what was expected and what there was instead, with the
// timeline.
void print_outcome(const Outcome& outcome, const Terminal& terminal);
void print_summary(const std::vector<Outcome>& outcomes, const Terminal& terminal);

// "::error file=…,line=…::…" for each that did not pass: annotations of GitHub Actions.
// Source: docs.github.com, "Workflow commands for GitHub Actions".
std::string github_annotations(const std::vector<Outcome>& outcomes);

// As Jenkins, GitLab and others read it: a <failure> where an expectation did not hold, an <error>
// where a file could not be played.
std::string junit_report(const std::vector<Outcome>& outcomes);

std::string json_report(const std::vector<Outcome>& outcomes);

}  // namespace twindow::app
