// SPDX-License-Identifier: Apache-2.0
// Content templates as Twilio's Content API answers them. Total functions over whatever comes.
// Source: Twilio's OpenAPI documents of the Content API, v1 and v2.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/content_template.h"
#include "twindow/model/error.h"

namespace twindow::wire {

// The type that WhatsApp shows is the one that was submitted for approval; of contents that never
// were, the richest: one of WhatsApp's own, else one of Twilio's, twilio/text last. A status that
// is not known counts as `Unsubmitted`: only "approved" lets anything out.
struct ContentAnswers {
  std::vector<ContentTemplate> templates = {};
  std::size_t unread = 0;                // records without a content's SID
  std::optional<std::string> next = {};  // the link, as it came; nothing on the last page
};
// Of ContentAndApprovals. Errc::BadReply: no list at all.
Result<ContentAnswers> read_contents(std::string_view json);

// One content, and the answer of its ApprovalRequests: empty if there are none. Errc::BadReply.
Result<ContentTemplate> read_content(std::string_view content, std::string_view approvals);

}  // namespace twindow::wire
