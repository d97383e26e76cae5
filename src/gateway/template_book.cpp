// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/template_book.h"

namespace twindow::gateway {

void TemplateBook::put(ContentTemplate content) {
  catalog_.reset();
  ContentSid sid = content.sid;
  templates_.insert_or_assign(std::move(sid), std::move(content));
}

void TemplateBook::erase(const ContentSid& sid) {
  catalog_.reset();
  templates_.erase(sid);
}

Result<ContentTemplate> TemplateBook::set_approval(const ContentSid& sid, TemplateStatus status,
                                                   const std::string& category) {
  const auto found = templates_.find(sid);
  if (found == templates_.end()) return fail(Errc::NotFound, sid.text);
  catalog_.reset();
  found->second.status = status;
  if (!category.empty()) found->second.category = category;
  return found->second;
}

const ContentTemplate* TemplateBook::find(const ContentSid& sid) const {
  const auto found = templates_.find(sid);
  return found == templates_.end() ? nullptr : &found->second;
}

std::vector<ContentTemplate> TemplateBook::all() const {
  std::vector<ContentTemplate> all;
  for (const auto& [sid, content] : templates_) all.push_back(content);
  return all;
}

void TemplateBook::clear() {
  catalog_.reset();
  templates_.clear();
}

const policy::TemplateCatalog& TemplateBook::catalog() const {
  if (!catalog_) catalog_.emplace(all());
  return *catalog_;
}

}  // namespace twindow::gateway
