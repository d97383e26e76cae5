// SPDX-License-Identifier: Apache-2.0
// Finds which of thousands of texts with holes fit a body, without trying each.
//
// Each text is a path through a trie whose edges are its literals: the first at the body's
// beginning, each next one behind a hole of at least one byte, the last at the body's end. One scan
// finds which literals the body holds, by their rarest 4 or 8 bytes; then the trie is walked along
// those alone. The leftmost place of a literal is always the best one, so no path is walked twice,
// and texts that begin alike are compared once. Steps are counted, so the worst case has a bound.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twindow/model/message.h"

namespace twindow::policy {

class TemplateIndex {
 public:
  // Texts are known by the caller's number. Add all, then `finish`, then `fit`.
  void add(std::size_t number, std::string_view text);
  void finish();

  struct Fit {
    std::optional<std::size_t> best = {};  // of equals the one that was added first
    std::optional<std::size_t> tied = {};
    std::vector<Param> values = {};
    bool gave_up = false;
  };
  Fit fit(std::string_view body) const;

 private:
  static constexpr std::size_t kTableBits = 20;  // of the tables that grams have places in

  using LiteralId = std::uint32_t;
  using NodeId = std::uint32_t;

  struct Hole {
    std::string name;
    LiteralId next;  // the literal behind it; empty at most for the last
  };
  struct Text {
    std::size_t number;
    LiteralId first;  // may be empty
    std::vector<Hole> holes;
    std::size_t literal_characters;
    bool repeats;  // a name
  };
  struct Edge {
    LiteralId literal;
    NodeId target;
    bool last;
  };
  struct Node {
    std::vector<Edge> edges = {};
    // Texts that end here: the first two, since they are equally good, and all that repeat a name.
    std::vector<std::size_t> ends = {};
  };
  struct Anchor {  // of a literal: where in it the bytes stand by which it is found
    LiteralId literal;
    std::uint32_t offset;
  };
  struct Place {  // of a literal in a body
    LiteralId literal;
    std::size_t at;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  class Walk;

  static std::size_t place_of(std::uint64_t gram) { return gram >> (64 - kTableBits); }

  LiteralId literal_id(std::string_view text);
  NodeId child(NodeId node, LiteralId literal, bool last);
  std::optional<NodeId> find_child(NodeId node, LiteralId literal, bool last) const;
  void add_anchors(std::size_t gram);
  void find_places(std::string_view body, std::size_t gram, std::size_t& steps,
                   std::vector<Place>& places) const;
  // What stands in the holes; empty if the text does not fit, or finding out takes too many steps.
  std::optional<std::vector<Param>> values_of(const Text& text, std::string_view body,
                                              std::size_t& steps) const;
  bool fill(const Text& text, std::size_t hole, std::size_t at, std::string_view body,
            std::size_t& steps, std::vector<Param>& values) const;

  std::vector<std::string> literals_ = {};
  std::unordered_map<std::string, LiteralId> literal_ids_ = {};
  std::vector<Text> texts_ = {};
  std::unordered_map<std::string, std::vector<std::size_t>> whole_ = {};  // texts without holes
  std::vector<Node> nodes_ = std::vector<Node>(1);
  std::unordered_map<std::uint64_t, NodeId> children_ = {};
  std::unordered_map<std::uint64_t, std::vector<Anchor>> anchors_ = {};
  std::bitset<(std::size_t{1} << kTableBits)> filter_ =
      {};                   // which grams are no anchor: most of a body's
  bool any_short_ = false;  // anchors of 4 bytes, of 8 bytes
  bool any_long_ = false;
};

}  // namespace twindow::policy
