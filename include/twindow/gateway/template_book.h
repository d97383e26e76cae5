// SPDX-License-Identifier: Apache-2.0
// The content templates of one account, as they are known.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "twindow/policy/template_catalog.h"

namespace twindow::gateway {

// A value. The catalogue is made anew when it is asked for after a change.
class TemplateBook {
 public:
  void put(ContentTemplate content);  // added, or in the place of that with its SID
  void erase(const ContentSid& sid);
  // Errc::NotFound. An empty category stays as it is.
  Result<ContentTemplate> set_approval(const ContentSid& sid, TemplateStatus status,
                                       const std::string& category);
  const ContentTemplate* find(const ContentSid& sid) const;
  std::vector<ContentTemplate> all() const;  // by SID
  void clear();

  const policy::TemplateCatalog& catalog() const;

 private:
  std::map<ContentSid, ContentTemplate> templates_;
  mutable std::optional<policy::TemplateCatalog> catalog_;
};

}  // namespace twindow::gateway
