// SPDX-License-Identifier: Apache-2.0
#include "src/policy/template_index.h"

#include <algorithm>

#include "twindow/model/content_template.h"
#include "twindow/policy/legal_value.h"

#include "src/policy/template_grams.h"

namespace twindow::policy {

namespace {

std::uint64_t edge_key(std::uint32_t node, std::uint32_t literal, bool last) {
  return (std::uint64_t{node} << 32) | (std::uint64_t{literal} << 1) | static_cast<unsigned>(last);
}

}  // namespace

std::string normal_text(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    line += text[i];
  }
  const auto last = line.find_last_not_of(" \t\r\n");
  line.erase(last == std::string::npos ? 0 : last + 1);
  line.erase(0, std::min(line.find_first_not_of(" \t\r\n"), line.size()));
  return line;
}

void TemplateIndex::add(std::size_t number, std::string_view raw) {
  const std::string text = normal_text(raw);
  const std::vector<TemplatePiece> pieces = split_template(text);
  if (std::ranges::none_of(pieces, &TemplatePiece::hole)) {
    if (auto& same = whole_[text]; !text.empty() && same.size() < 2) same.push_back(number);
    return;
  }
  Text added{.number = number,
             .first = literal_id(""),
             .holes = {},
             .literal_characters = 0,
             .repeats = false};
  for (const TemplatePiece& piece : pieces) {
    if (!piece.hole) {
      const LiteralId literal = literal_id(piece.text);
      (added.holes.empty() ? added.first : added.holes.back().next) = literal;
      added.literal_characters += character_count(piece.text);
      continue;
    }
    // Where one of two holes without anything between them ends, nobody can tell.
    const bool touches = !added.holes.empty() && literals_[added.holes.back().next].empty();
    if (touches) return;
    added.repeats |= std::ranges::find(added.holes, piece.text, &Hole::name) != added.holes.end();
    added.holes.push_back({std::string(piece.text), literal_id("")});
  }
  // "{{1}}" alone would fit everything.
  if (added.literal_characters == 0) return;
  NodeId node = child(0, added.first, false);
  for (const Hole& hole : added.holes) {
    node = child(node, hole.next, &hole == &added.holes.back());
  }
  auto& ends = nodes_[node].ends;
  const auto plain = std::ranges::count_if(ends, [&](std::size_t i) { return !texts_[i].repeats; });
  if (added.repeats || plain < 2) ends.push_back(texts_.size());
  texts_.push_back(std::move(added));
}

TemplateIndex::LiteralId TemplateIndex::literal_id(std::string_view text) {
  const auto [row, added] =
      literal_ids_.try_emplace(std::string(text), static_cast<LiteralId>(literals_.size()));
  if (added) literals_.emplace_back(text);
  return row->second;
}

TemplateIndex::NodeId TemplateIndex::child(NodeId node, LiteralId literal, bool last) {
  const auto [row, added] =
      children_.try_emplace(edge_key(node, literal, last), static_cast<NodeId>(nodes_.size()));
  if (added) {
    nodes_.emplace_back();
    nodes_[node].edges.push_back({literal, row->second, last});
  }
  return row->second;
}

std::optional<TemplateIndex::NodeId> TemplateIndex::find_child(NodeId node, LiteralId literal,
                                                               bool last) const {
  const auto found = children_.find(edge_key(node, literal, last));
  if (found == children_.end()) return std::nullopt;
  return found->second;
}

void TemplateIndex::finish() {
  add_anchors(kShortGram);
  add_anchors(kLongGram);
  // Short literals first: the walk tries those one by one.
  for (Node& node : nodes_) {
    // Not that of std::ranges: clang 14 cannot read libstdc++'s subrange.
    std::stable_partition(node.edges.begin(), node.edges.end(), [&](const Edge& edge) {
      return gram_of(literals_[edge.literal].size()) == 0;
    });
  }
}

void TemplateIndex::add_anchors(std::size_t gram) {
  // How often a gram occurs, roughly: it is the rarest that is looked for.
  std::vector<std::uint32_t> counts(std::size_t{1} << kTableBits);
  const auto each_gram = [&](const std::string& literal, auto&& tell) {
    for (std::size_t at = 0; at + gram <= literal.size(); ++at) {
      tell(at, gram_at(literal, at, gram));
    }
  };
  const auto wanted = [&](const std::string& literal) { return gram_of(literal.size()) == gram; };
  for (const std::string& literal : literals_) {
    if (!wanted(literal)) continue;
    each_gram(literal, [&](std::size_t, std::uint64_t key) { ++counts[place_of(key)]; });
  }
  for (LiteralId id = 0; id < literals_.size(); ++id) {
    if (!wanted(literals_[id])) continue;
    std::uint32_t least = UINT32_MAX;
    Anchor anchor{id, 0};
    std::uint64_t key_of_anchor = 0;
    each_gram(literals_[id], [&](std::size_t at, std::uint64_t key) {
      if (counts[place_of(key)] >= least) return;
      least = counts[place_of(key)];
      anchor.offset = static_cast<std::uint32_t>(at);
      key_of_anchor = key;
    });
    anchors_[key_of_anchor].push_back(anchor);
    (gram == kShortGram ? any_short_ : any_long_) = true;
    filter_.set(place_of(key_of_anchor));
  }
}

}  // namespace twindow::policy
