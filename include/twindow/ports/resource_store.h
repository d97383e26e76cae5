// SPDX-License-Identifier: Apache-2.0
// What an account has beside messages and windows, as it was made by an API and is kept.
#pragma once

#include <string>
#include <vector>

#include "twindow/base/task.h"
#include "twindow/model/error.h"
#include "twindow/model/resource.h"

namespace twindow::ports {

class ResourceStore {
 public:
  virtual ~ResourceStore() = default;

  // Of memory only, so never awaited: a send needs to know the services and the templates. Good
  // until the next change.
  virtual const ResourceShelf& resources() const = 0;

  struct ResourceId {
    ResourceKind kind;
    std::string sid;
    std::string parent = {};
  };
  struct ResourceChanges {
    std::vector<ResourceId> erased = {};  // first; those that are not there do not matter
    std::vector<Resource> put = {};       // see ResourceShelf::put
  };
  // One transaction; `resources` shows it when this has resumed.
  virtual Task<Result<void>> change_resources(ResourceChanges changes) = 0;
};

}  // namespace twindow::ports
