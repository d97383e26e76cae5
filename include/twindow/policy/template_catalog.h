// SPDX-License-Identifier: Apache-2.0
// The templates of an account, and which of them says the same as a text.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "twindow/model/content_template.h"

namespace twindow::policy {

// Which template fits a body. At most one of `best` and `gave_up`; the pointers live as long as
// the catalogue.
struct TemplateFit {
  const ContentTemplate* best = nullptr;  // null: none fits
  const ContentTemplate* tied = nullptr;  // fits as well as `best`
  std::vector<Param> values = {};         // of `best`: what stands in its holes, as it stands there
  bool gave_up = false;                   // too many alike: looking further costs too much
};

// A value that does not change: copies share everything, threads may read it together.
class TemplateCatalog {
 public:
  TemplateCatalog() = default;
  explicit TemplateCatalog(std::vector<ContentTemplate> templates);

  std::size_t size() const;
  const std::vector<ContentTemplate>& all() const;

  // Null if there is none.
  const ContentTemplate* find(std::string_view sid) const;

  // The approved template whose text, with something in each hole, is `body`; of several the one
  // with the most literal characters. Only those that WhatsApp shows as this text and no more
  // (twilio/text, twilio/quick-reply, twilio/call-to-action), and whose variables are all in it.
  // Blanks at the ends and the kind of line ends make no difference; all else is compared exactly.
  // Of the ways to fill the holes the one with the shortest value first is taken, and a variable
  // that occurs twice has one value. Costs microseconds, however many templates there are.
  TemplateFit fit(std::string_view body) const;

 private:
  struct Index;
  std::shared_ptr<const Index> index_ = {};
};

}  // namespace twindow::policy
