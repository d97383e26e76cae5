// SPDX-License-Identifier: Apache-2.0
#include "twindow/policy/template_catalog.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "twindow/base/ascii.h"

#include "src/policy/template_index.h"

namespace twindow::policy {

namespace {

// Their body is all that WhatsApp shows, but for buttons.
constexpr std::array<std::string_view, 3> kTextTypes{"twilio/text", "twilio/quick-reply",
                                                     "twilio/call-to-action"};

bool can_stand_for_text(const ContentTemplate& content) {
  if (content.status != TemplateStatus::Approved || content.has_media) return false;
  if (std::ranges::find(kTextTypes, content.type) == kTextTypes.end()) return false;
  const std::vector<TemplatePiece> body = split_template(content.body);
  return std::ranges::all_of(placeholders(content), [&](std::string_view name) {
    return std::ranges::find(body, TemplatePiece{true, name}) != body.end();
  });
}

}  // namespace

struct TemplateCatalog::Index {
  std::vector<ContentTemplate> templates;
  std::unordered_map<std::string, std::size_t> by_sid = {};  // in lower case
  TemplateIndex texts = {};
};

TemplateCatalog::TemplateCatalog(std::vector<ContentTemplate> templates) {
  auto index = std::make_shared<Index>(Index{std::move(templates)});
  for (std::size_t i = 0; i < index->templates.size(); ++i) {
    const ContentTemplate& content = index->templates[i];
    index->by_sid.try_emplace(lower_case(content.sid.text), i);
    if (can_stand_for_text(content)) index->texts.add(i, content.body);
  }
  index->texts.finish();
  index_ = std::move(index);
}

const std::vector<ContentTemplate>& TemplateCatalog::all() const {
  static const std::vector<ContentTemplate> kNone;
  return index_ ? index_->templates : kNone;
}

std::size_t TemplateCatalog::size() const { return all().size(); }

const ContentTemplate* TemplateCatalog::find(std::string_view sid) const {
  if (!index_) return nullptr;
  const auto found = index_->by_sid.find(lower_case(sid));
  return found == index_->by_sid.end() ? nullptr : &index_->templates[found->second];
}

TemplateFit TemplateCatalog::fit(std::string_view body) const {
  if (!index_) return {};
  TemplateIndex::Fit found = index_->texts.fit(body);
  TemplateFit fit{.values = std::move(found.values), .gave_up = found.gave_up};
  if (found.best) fit.best = &index_->templates[*found.best];
  if (found.tied) fit.tied = &index_->templates[*found.tied];
  return fit;
}

}  // namespace twindow::policy
