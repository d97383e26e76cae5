// SPDX-License-Identifier: Apache-2.0
// The content templates of a world: one set, whether the Content API or the control API made them,
// and how WhatsApp comes to approve them.
#include <algorithm>

#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

#include "src/gateway/resource_effects.h"

namespace twindow::gateway {

Task<std::vector<ContentTemplate>> World::templates() { return run_on(strand_, do_templates()); }

Task<Result<ContentTemplate>> World::put_template(ContentTemplate content, ContentText text) {
  return run_on(strand_, do_put_template(std::move(content), std::move(text)));
}

Task<Result<ContentTemplate>> World::set_approval(ContentSid sid, TemplateStatus status,
                                                  std::string category, std::string reason) {
  return run_on(strand_,
                do_set_approval(std::move(sid), status, std::move(category), std::move(reason)));
}

Task<Result<Resource>> World::submit_template(ContentSid sid, Submission submission) {
  return run_on(strand_, do_submit_template(std::move(sid), std::move(submission)));
}

Task<void> World::set_approval_plan(ApprovalPlan plan) {
  return run_on(strand_, do_set_approval_plan(std::move(plan)));
}

Task<World::ApprovalPlan> World::approval_plan() { return run_on(strand_, do_approval_plan()); }

Task<std::vector<ContentTemplate>> World::do_templates() { co_return templates_.all(); }

Task<void> World::do_set_approval_plan(ApprovalPlan plan) {
  approval_plan_ = std::move(plan);
  co_return;
}

Task<World::ApprovalPlan> World::do_approval_plan() { co_return approval_plan_; }

Task<Result<ContentTemplate>> World::do_put_template(ContentTemplate content, ContentText text) {
  if (content.sid.text.empty()) content.sid.text = next_sid("HX");
  const Time now = time_.now();
  Resource kept{
      .kind = ResourceKind::Content, .sid = content.sid.text, .created = now, .updated = now};
  if (auto known = one_of(ResourceKind::Content, content.sid.text, "")) kept = *std::move(known);
  kept.updated = now;
  kept.set("types", text.types);
  kept.set("variables", text.variables);
  write_template(kept, content);
  if (content.status != TemplateStatus::Unsubmitted && kept.get("approval_name").empty()) {
    kept.set("approval_name", content.name);
  }
  Changes changes;
  changes.put.push_back(std::move(kept));
  const Result<void> stored = co_await store_->change_resources(std::move(changes));
  if (!stored) co_return Unexpected(stored.error());
  templates_.put(content);
  co_return content;
}

Task<Result<ContentTemplate>> World::do_set_approval(ContentSid sid, TemplateStatus status,
                                                     std::string category, std::string reason) {
  auto changed = templates_.set_approval(sid, status, category);
  if (!changed) co_return changed;
  co_await keep_approval(std::move(sid), status, std::move(reason));
  co_return changed;
}

Task<Result<Resource>> World::do_submit_template(ContentSid sid, Submission submission) {
  auto content = one_of(ResourceKind::Content, sid.text, "");
  if (!content) co_return fail(Errc::NotFound, sid.text);
  if (content->get("status") != to_text(TemplateStatus::Unsubmitted)) {
    co_return fail(Errc::ContentSubmitted);
  }
  const TemplateStatus received = TemplateStatus::Received;
  content->set("approval_name", submission.name);
  content->set("category", submission.category);
  content->set("allow_category_change", submission.allow_category_change ? "true" : "false");
  content->set("status", to_text(received));
  content->updated = time_.now();
  const auto changed = templates_.set_approval(sid, received, submission.category);
  if (!changed) co_return Unexpected(changed.error());
  Changes changes;
  changes.put.push_back(*content);
  const Result<void> stored = co_await store_->change_resources(std::move(changes));
  if (!stored) co_return Unexpected(stored.error());
  await_approval(*content);
  nudge();
  co_return *std::move(content);
}

// Also after a restart: the times count from when it was submitted.
void World::await_approval(const Resource& content) {
  const std::string name(content.get("approval_name"));
  const auto rule = std::ranges::find_if(
      approval_plan_.rules, [&](const ApprovalRule& each) { return fits(each.name, name); });
  const bool ruled = rule != approval_plan_.rules.end();
  const TemplateStatus status = ruled ? rule->status : TemplateStatus::Approved;
  const std::string reason = ruled ? rule->reason : std::string();
  const ContentSid sid{content.sid};
  const auto move_at = [&](Duration after, TemplateStatus to, const std::string& why) {
    time_.at(content.updated + after, TimerKind::Progress, [this, sid, to, why, epoch = epoch_] {
      if (epoch == epoch_) approval_moves(sid, to, why);
    });
  };
  move_at(approval_plan_.pending_after, TemplateStatus::Pending, "");
  move_at(approval_plan_.decided_after, status, reason);
}

// Unless somebody has decided it by hand meanwhile. For sends it holds at once.
void World::approval_moves(const ContentSid& sid, TemplateStatus status, std::string_view reason) {
  const ContentTemplate* const content = templates_.find(sid);
  const bool waits = content != nullptr && (content->status == TemplateStatus::Received ||
                                            content->status == TemplateStatus::Pending);
  if (!waits) return;
  [[maybe_unused]] const auto moved = templates_.set_approval(sid, status, "");
  start_on(strand_, keep_approval(sid, status, std::string(reason)));
}

Task<void> World::keep_approval(ContentSid sid, TemplateStatus status, std::string reason) {
  auto content = one_of(ResourceKind::Content, sid.text, "");
  if (!content) co_return;
  const ContentTemplate* const now = templates_.find(sid);
  if (now != nullptr) content->set("category", now->category);
  content->set("status", to_text(status));
  content->set("rejection_reason", reason);
  if (content->get("approval_name").empty()) {
    content->set("approval_name", content->get("friendly_name"));
  }
  Changes changes;
  changes.put.push_back(*std::move(content));
  // What cannot be kept holds until the next start; the next change will say that the store fails.
  [[maybe_unused]] const Result<void> kept = co_await store_->change_resources(std::move(changes));
}

}  // namespace twindow::gateway
