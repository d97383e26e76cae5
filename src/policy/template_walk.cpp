// SPDX-License-Identifier: Apache-2.0
// A body's way through the index of templates.
#include <algorithm>

#include "twindow/model/content_template.h"

#include "src/policy/template_grams.h"
#include "src/policy/template_index.h"

namespace twindow::policy {

namespace {

// A step is some thirty nanoseconds.
constexpr std::size_t kStepsMax = 1000;

}  // namespace

void TemplateIndex::find_places(std::string_view body, std::size_t gram, std::size_t& steps,
                                std::vector<Place>& places) const {
  for (std::size_t at = 0; at + gram <= body.size() && steps < kStepsMax; ++at) {
    const std::uint64_t key = gram_at(body, at, gram);
    if (!filter_.test(place_of(key))) continue;
    const auto row = anchors_.find(key);
    if (row == anchors_.end()) continue;
    for (const Anchor& anchor : row->second) {
      if (++steps >= kStepsMax) return;
      const std::string& literal = literals_[anchor.literal];
      if (anchor.offset > at) continue;
      const std::size_t begin = at - anchor.offset;
      if (body.substr(begin).starts_with(literal)) places.push_back({anchor.literal, begin});
    }
  }
}

// One body on its way through the trie.
class TemplateIndex::Walk {
 public:
  Walk(const TemplateIndex& index, std::string_view body) : index_(index), body_(body) {
    if (index_.any_short_) index_.find_places(body_, kShortGram, steps_, places_);
    if (index_.any_long_) index_.find_places(body_, kLongGram, steps_, places_);
    std::ranges::sort(places_);
    for (const Place& place : places_) {
      if (held_.empty() || held_.back() != place.literal) held_.push_back(place.literal);
      const bool at_end = place.at + index_.literals_[place.literal].size() == body_.size();
      if (at_end) last_.push_back(place.literal);
    }
  }

  Fit run() {
    begin();
    while (!open_.empty() && steps_ < kStepsMax) {
      const Open open = open_.back();
      open_.pop_back();
      visit(open);
    }
    if (steps_ >= kStepsMax) return {.gave_up = true};
    if (!best_) return {};
    Fit fit{.best = index_.texts_[*best_].number};
    if (tied_) fit.tied = index_.texts_[*tied_].number;
    std::size_t steps = 0;
    fit.values =
        index_.values_of(index_.texts_[*best_], body_, steps).value_or(std::vector<Param>());
    return fit;
  }

 private:
  struct Open {  // a node whose path has been found up to the byte `at`
    NodeId node;
    std::size_t at;
  };

  // The literals at the beginning.
  void begin() {
    for (const Edge& edge : index_.nodes_[0].edges) {
      const std::string& literal = index_.literals_[edge.literal];
      if (gram_of(literal.size()) != 0) break;
      ++steps_;
      if (body_.starts_with(literal)) open_.push_back({edge.target, literal.size()});
    }
    for (const Place& place : places_) {
      if (place.at != 0) continue;
      ++steps_;
      if (const auto target = index_.find_child(0, place.literal, false)) {
        open_.push_back({*target, index_.literals_[place.literal].size()});
      }
    }
  }

  void visit(const Open& open) {
    const Node& node = index_.nodes_[open.node];
    for (const std::size_t text : node.ends) consider(text);
    std::size_t short_edges = 0;
    for (; short_edges < node.edges.size(); ++short_edges) {
      const Edge& edge = node.edges[short_edges];
      if (gram_of(index_.literals_[edge.literal].size()) != 0 || ++steps_ >= kStepsMax) break;
      follow_short(edge, open.at);
    }
    if (node.edges.size() - short_edges <= held_.size()) {
      for (std::size_t i = short_edges; i < node.edges.size() && ++steps_ < kStepsMax; ++i) {
        follow(node.edges[i], open.at);
      }
      return;
    }
    for (const LiteralId literal : held_) follow_if_there(open, literal, false);
    for (const LiteralId literal : last_) follow_if_there(open, literal, true);
  }

  void follow_if_there(const Open& open, LiteralId literal, bool last) {
    if (++steps_ >= kStepsMax) return;
    if (const auto target = index_.find_child(open.node, literal, last)) {
      follow({literal, *target, last}, open.at);
    }
  }

  // Behind a hole of at least one byte.
  void follow(const Edge& edge, std::size_t at) {
    const std::size_t size = index_.literals_[edge.literal].size();
    if (edge.last) {
      if (at + 1 + size > body_.size()) return;
      const Place wanted{edge.literal, body_.size() - size};
      if (std::ranges::binary_search(places_, wanted)) open_.push_back({edge.target, body_.size()});
      return;
    }
    const auto place = std::ranges::lower_bound(places_, Place{edge.literal, at + 1});
    if (place != places_.end() && place->literal == edge.literal) {
      open_.push_back({edge.target, place->at + size});
    }
  }

  void follow_short(const Edge& edge, std::size_t at) {
    const std::string& literal = index_.literals_[edge.literal];
    if (edge.last) {
      if (at + 1 + literal.size() <= body_.size() && body_.ends_with(literal)) {
        open_.push_back({edge.target, body_.size()});
      }
      return;
    }
    const auto place = body_.find(literal, at + 1);
    if (place != std::string_view::npos) open_.push_back({edge.target, place + literal.size()});
  }

  void consider(std::size_t text) {
    ++steps_;
    const Text& found = index_.texts_[text];
    if (found.repeats && !index_.values_of(found, body_, steps_)) return;
    const std::size_t score = found.literal_characters;
    if (!best_ || score > index_.texts_[*best_].literal_characters) {
      best_ = text;
      tied_.reset();
    } else if (score == index_.texts_[*best_].literal_characters) {
      if (text < *best_) std::swap(text, *best_);
      if (!tied_ || text < *tied_) tied_ = text;
    }
  }

  const TemplateIndex& index_;
  std::string_view body_;
  std::size_t steps_ = 0;
  std::vector<Place> places_ = {};    // sorted
  std::vector<LiteralId> held_ = {};  // those of `places_`, each once
  std::vector<LiteralId> last_ = {};  // those at the end of the body
  std::vector<Open> open_ = {};
  std::optional<std::size_t> best_ = {};
  std::optional<std::size_t> tied_ = {};
};

TemplateIndex::Fit TemplateIndex::fit(std::string_view raw) const {
  const std::string body = normal_text(raw);
  // A text without holes has more literal characters than any with.
  if (const auto same = whole_.find(body); same != whole_.end() && !same->second.empty()) {
    Fit fit{.best = same->second[0]};
    if (same->second.size() > 1) fit.tied = same->second[1];
    return fit;
  }
  return Walk(*this, body).run();
}

std::optional<std::vector<Param>> TemplateIndex::values_of(const Text& text, std::string_view body,
                                                           std::size_t& steps) const {
  const std::string& first = literals_[text.first];
  if (!body.starts_with(first)) return std::nullopt;
  std::vector<Param> values;
  if (!fill(text, 0, first.size(), body, steps, values)) return std::nullopt;
  return values;
}

bool TemplateIndex::fill(const Text& text, std::size_t hole, std::size_t at, std::string_view body,
                         std::size_t& steps, std::vector<Param>& values) const {
  if (hole == text.holes.size()) return at == body.size();
  const auto& [name, next] = text.holes[hole];
  const std::string& literal = literals_[next];
  const bool last = hole + 1 == text.holes.size();
  const std::string* bound = find_value(values, name);
  const std::string value_before = bound == nullptr ? "" : *bound;
  if (last && body.size() < at + 1 + literal.size()) return false;
  std::size_t end = last ? body.size() - literal.size() : at + 1;
  while ((end = body.find(literal, end)) != std::string_view::npos && ++steps < kStepsMax) {
    const std::string_view value = body.substr(at, end - at);
    if (value_before.empty()) {
      values.push_back({name, std::string(value)});
      if (fill(text, hole + 1, end + literal.size(), body, steps, values)) return true;
      values.pop_back();
    } else if (value == value_before &&
               fill(text, hole + 1, end + literal.size(), body, steps, values)) {
      return true;
    }
    // Without repeated names the leftmost place is the best there is.
    if (last || !text.repeats) return false;
    ++end;
  }
  return false;
}

}  // namespace twindow::policy
