// SPDX-License-Identifier: Apache-2.0
// The content templates of a world, as they are added and approved by hand.
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

Task<std::vector<ContentTemplate>> World::templates() { return run_on(strand_, do_templates()); }

Task<ContentTemplate> World::put_template(ContentTemplate content) {
  return run_on(strand_, do_put_template(std::move(content)));
}

Task<Result<ContentTemplate>> World::set_approval(ContentSid sid, TemplateStatus status,
                                                  std::string category) {
  return run_on(strand_, do_set_approval(std::move(sid), status, std::move(category)));
}

Task<std::vector<ContentTemplate>> World::do_templates() { co_return templates_.all(); }

Task<ContentTemplate> World::do_put_template(ContentTemplate content) {
  if (content.sid.text.empty()) content.sid.text = next_sid("HX");
  templates_.put(content);
  co_return content;
}

Task<Result<ContentTemplate>> World::do_set_approval(ContentSid sid, TemplateStatus status,
                                                     std::string category) {
  co_return templates_.set_approval(sid, status, category);
}

}  // namespace twindow::gateway
