// SPDX-License-Identifier: Apache-2.0
// content.twilio.com: contents, and their approval by WhatsApp.
#include <algorithm>

#include "twindow/wire/twilio/content_request.h"

#include "src/api/resource_answers.h"

namespace twindow::api {

namespace {

void show_approval(std::vector<Resource>& contents) {
  for (Resource& content : contents) {
    content.set("approval_requests", wire::approval_json(content, false));
  }
}

}  // namespace

Task<Result<TwilioAnswer>> create_content(TwilioCall call) {
  auto request = wire::read_content_request(call.http.body);
  if (!request) co_return Unexpected(std::move(request).error());
  gateway::ContentText text{.types = std::move(request->types),
                            .variables = std::move(request->variables)};
  const auto stored =
      co_await call.world.put_template(std::move(request->content), std::move(text));
  if (!stored) co_return Unexpected(stored.error());
  std::string sid = stored->sid.text;
  const auto content = co_await call.world.resource(ResourceKind::Content, std::move(sid));
  if (!content) co_return as_of(call, content.error());
  co_return answer_one(call, wire::kContentShape, *content, 201);
}

Task<Result<TwilioAnswer>> update_content(TwilioCall call) {
  std::string sid = call.captured.back();
  const auto before = co_await call.world.resource(ResourceKind::Content, sid);
  if (!before) co_return as_of(call, before.error());
  if (before->get("status") != "unsubmitted") co_return fail(Errc::ContentSubmitted);
  auto request = wire::read_content_update(call.http.body, *before);
  if (!request) co_return Unexpected(std::move(request).error());
  request->content.sid.text = sid;
  gateway::ContentText text{.types = std::move(request->types),
                            .variables = std::move(request->variables)};
  const auto stored =
      co_await call.world.put_template(std::move(request->content), std::move(text));
  if (!stored) co_return Unexpected(stored.error());
  const auto content = co_await call.world.resource(ResourceKind::Content, std::move(sid));
  if (!content) co_return as_of(call, content.error());
  co_return answer_one(call, wire::kContentShape, *content);
}

Task<Result<TwilioAnswer>> list_contents_and_approvals(TwilioCall call) {
  std::vector<Resource> all = co_await call.world.resources(ResourceKind::Content);
  std::ranges::reverse(all);
  show_approval(all);
  co_return answer_page(call, wire::kContentAndApprovalsShape, all);
}

Task<Result<TwilioAnswer>> search_contents(TwilioCall call) {
  const auto query = wire::parse_content_query(call.query);
  if (!query) co_return Unexpected(query.error());
  std::vector<Resource> all = co_await call.world.resources(ResourceKind::Content);
  std::ranges::reverse(all);
  const std::vector<Resource> found = wire::answer_query(*query, std::move(all));
  co_return answer_page(call, wire::kContentV2Shape, found);
}

Task<Result<TwilioAnswer>> search_contents_and_approvals(TwilioCall call) {
  const auto query = wire::parse_content_query(call.query);
  if (!query) co_return Unexpected(query.error());
  std::vector<Resource> all = co_await call.world.resources(ResourceKind::Content);
  std::ranges::reverse(all);
  std::vector<Resource> found = wire::answer_query(*query, std::move(all));
  show_approval(found);
  co_return answer_page(call, wire::kContentAndApprovalsV2Shape, found);
}

Task<Result<TwilioAnswer>> fetch_approvals(TwilioCall call) {
  std::string sid = call.captured.back();
  auto content = co_await call.world.resource(ResourceKind::Content, std::move(sid));
  if (!content) co_return as_of(call, content.error());
  content->set("approval", wire::approval_json(*content, true));
  co_return answer_one(call, wire::kApprovalsShape, *content);
}

Task<Result<TwilioAnswer>> request_approval(TwilioCall call) {
  auto request = wire::read_approval_request(call.http.body);
  if (!request) co_return Unexpected(std::move(request).error());
  gateway::World::Submission submission{.name = std::move(request->name),
                                        .category = std::move(request->category),
                                        .allow_category_change = request->allow_category_change};
  ContentSid sid{call.captured.back()};
  const auto content = co_await call.world.submit_template(std::move(sid), std::move(submission));
  if (!content) co_return as_of(call, content.error());
  TwilioAnswer answer{.status = 201, .body = wire::approval_json(*content, false)};
  co_return answer;
}

}  // namespace twindow::api
