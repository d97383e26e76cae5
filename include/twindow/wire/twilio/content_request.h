// SPDX-License-Identifier: Apache-2.0
// What the Content API is asked, and its answers beyond those of every resource.
// Source: Twilio's OpenAPI documents content_v1 and content_v2; twilio.com/docs/content.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/content_template.h"
#include "twindow/model/resource.h"

namespace twindow::wire {

// The body of POST /v1/Content; `content` has no SID yet. Optional fields of a type that were left
// out are null in `types`, as Twilio answers them. Errc::ContentTypesMissing,
// ContentTypeUnsupported, ContentLanguageMissing, ContentLanguageInvalid, ContentVariablesTooMany,
// InvalidParameter.
struct ContentRequest {
  ContentTemplate content = {};
  std::string types = {};      // JSON
  std::string variables = {};  // JSON
};
Result<ContentRequest> read_content_request(std::string_view json);

// The types that a content may have: "twilio/text", …
std::vector<std::string_view> content_types();
bool is_content_language(std::string_view text);  // "en", "pt_BR"

// The same of a PUT: what it lacks is as it was.
Result<ContentRequest> read_content_update(std::string_view json, const Resource& before);

// The body of POST …/ApprovalRequests/whatsapp. Errc::InvalidParameter.
struct ApprovalRequest {
  std::string name;
  std::string category;
  bool allow_category_change = true;
};
Result<ApprovalRequest> read_approval_request(std::string_view json);

// {"name": …, "category": …, "content_type": …, "status": …, "rejection_reason": …,
// "allow_category_change": …}; of a single content it begins with "type": "whatsapp". {} while it
// was never submitted, in lists.
std::string approval_json(const Resource& content, bool with_type);

// The filters of the v2 lists; all that is given must fit. Errc::InvalidParameter.
struct ContentQuery {
  std::optional<bool> oldest_first = {};  // SortByDate
  std::optional<bool> by_name = {};       // SortByContentName: true is ascending
  std::optional<Time> created_after = {};
  std::optional<Time> created_before = {};
  std::optional<std::string> name = {};     // part of it, letter case ignored
  std::optional<std::string> content = {};  // part of its texts
  std::vector<std::string> languages = {};
  std::vector<std::string> types = {};
  std::vector<std::string> eligibility = {};  // "whatsapp:approved"
};
Result<ContentQuery> parse_content_query(std::string_view raw_query);
// `contents` as the query wants them; they come the newest first.
std::vector<Resource> answer_query(const ContentQuery& query, std::vector<Resource> contents);

}  // namespace twindow::wire
