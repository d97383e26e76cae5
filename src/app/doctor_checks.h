// SPDX-License-Identifier: Apache-2.0
// The checks of `twindow doctor`. What they need of the world is handed in.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/base/task.h"
#include "twindow/model/error.h"
#include "twindow/wire/upstream.h"

#include "src/app/config.h"
#include "src/app/finding.h"

namespace twindow::app {

struct DoctorParts {
  const Clock& clock;     // outlives the checks
  wire::Upstream twilio;  // null in simulate mode
  // One request without a body to any URL; an answer of any status.
  std::function<Task<wire::UpstreamReply>(std::string method, std::string url)> fetch;
  std::function<Result<void>(const Endpoint&)> try_to_listen;  // and stop at once
  std::function<Result<void>()> check_ca;
};

// All of them, in both modes; without a server and beside one.
Task<std::vector<Finding>> examine(const Config& config, const DoctorParts& parts);

// Of the parts of that, each in a file: of what is here, of Twilio, of those who are called back.
Task<std::vector<Finding>> examine_here(const Config& config, const DoctorParts& parts,
                                        bool server_runs);
Task<std::vector<Finding>> examine_twilio(const Config& config, const DoctorParts& parts);
Task<std::vector<Finding>> examine_webhooks(const AccountOptions& account,
                                            const std::string& public_url,
                                            const DoctorParts& parts);
Task<std::vector<Finding>> examine_targets(const Config& config, const DoctorParts& parts,
                                           bool server_runs);

// Sets one webhook, and looks at it again.
Task<Finding> cure(const Config& config, const DoctorParts& parts, Remedy remedy);

// Whether a server with this configuration answers on its control port.
Task<bool> server_answers(const Config& config, const DoctorParts& parts);

// Findings, in one line each.
Finding fine(std::string check, std::string found);
Finding skipped(std::string check, std::string found);
Finding problem(std::string check, std::string found, std::string advice);
Finding no_answer(std::string check, std::string found, std::string advice);

}  // namespace twindow::app
