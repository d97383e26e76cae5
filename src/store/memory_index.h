// SPDX-License-Identifier: Apache-2.0
// Where to look for the messages of a list in memory, so that a million of them stay pageable.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "twindow/model/message_filter.h"

namespace twindow::store {

// Addresses are read when a list asks for one, so that a send pays nothing for them; when a message
// was handed on is noted as it happens, a number beside a number.
class MemoryIndex {
 public:
  using Place = std::uint64_t;  // grows with each message: the order of creation
  using Messages = std::map<Place, Message>;

  // A view until the store changes. All messages that may match have a place of `only`, if that is
  // there, and one from `first` to `last`. Others may have one as well.
  struct Candidates {
    std::optional<std::span<const Place>> only = {};  // in order; some may be gone
    std::vector<Place> own = {};                      // what `only` may be a view of
    Place first = 0;
    Place last = ~Place{0};
  };
  Candidates candidates(const MessageFilter& filter, const Messages& messages);

  void note_sent(Place place, Time at) {
    in_order_ = in_order_ && (sent_.empty() || sent_.back().first <= at);
    sent_.emplace_back(at, place);
  }
  void note_sender_changed() { clear_addresses(); }  // of a message that was there
  void clear();

 private:
  using Places = std::unordered_map<std::string, std::vector<Place>>;

  void catch_up(const Messages& messages);
  void clear_addresses();
  static std::span<const Place> of(const Places& places, const std::string& address);
  void narrow_by_time(const MessageFilter& filter, const Messages& messages, Candidates& found);

  Places by_to_;
  Places by_sender_;
  Place read_until_ = 0;
  std::size_t read_ = 0;
  std::vector<std::pair<Time, Place>> sent_;
  bool in_order_ = true;
};

}  // namespace twindow::store
