// SPDX-License-Identifier: Apache-2.0
// The windows of one account as they were last read: a send asks for its own first of all, and
// would wait behind somebody's commit to be told what has not changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "twindow/model/window.h"

namespace twindow::store::sqlite {

// Touched on the account's strand only. Windows are known by the numbers of their users alone:
// other names (may_be_alias) are read anew each time, and a change by such a name may be of any.
// Whoever changes a window forgets it before, so that what is read meanwhile is the database's, and
// again when the change is known to be there.
class WindowCache {
 public:
  // Null: not known; there may be none.
  const std::optional<Window>* find(const WindowKey& key) const {
    const auto found = windows_.find(key);
    return found == windows_.end() ? nullptr : &found->second;
  }

  // To be asked before a window is read, and given to `keep` with what was: it is kept unless
  // something was forgotten in between.
  std::uint64_t changes() const { return changes_; }
  void keep(const WindowKey& key, const std::optional<Window>& window, std::uint64_t changes) {
    if (changes != changes_ || may_be_alias(key)) return;
    if (windows_.size() >= kWindowsMax) windows_.clear();
    windows_.insert_or_assign(key, window);
  }

  void forget(const WindowKey& key) {
    if (may_be_alias(key)) return forget_all();
    ++changes_;
    windows_.erase(key);
  }
  void forget_all() {
    ++changes_;
    windows_.clear();
  }

 private:
  // A few hundred bytes each; when there are more they are read anew, all of them.
  static constexpr std::size_t kWindowsMax = 10'000;

  std::map<WindowKey, std::optional<Window>> windows_;
  std::uint64_t changes_ = 0;
};

}  // namespace twindow::store::sqlite
