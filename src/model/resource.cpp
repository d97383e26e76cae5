// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/resource.h"

#include <algorithm>
#include <array>

#include "twindow/base/check.h"

namespace twindow {

std::string_view sid_prefix(ResourceKind kind) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(ResourceKind::Last_)> kPrefixes{
      "AC", "SK", "PN", "SC", "XE", "MG", "PN", "SC", "AI", "AI", "XE", "HX", ""};
  TWINDOW_CHECK(kind < ResourceKind::Last_);
  return kPrefixes[static_cast<std::size_t>(kind)];
}

bool is_pool(ResourceKind kind) {
  return kind >= ResourceKind::PoolPhoneNumber && kind <= ResourceKind::PoolChannelSender;
}

const std::string* Resource::find(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &Param::name);
  return found == fields.end() ? nullptr : &found->value;
}

std::string_view Resource::get(std::string_view name) const {
  const std::string* const value = find(name);
  return value == nullptr ? std::string_view() : std::string_view(*value);
}

void Resource::set(std::string_view name, std::string_view value) {
  const auto first = std::ranges::find(fields, name, &Param::name);
  if (first == fields.end()) {
    fields.push_back({std::string(name), std::string(value)});
    return;
  }
  first->value = value;
  fields.erase(std::remove_if(std::next(first), fields.end(),
                              [&](const Param& field) { return field.name == name; }),
               fields.end());
}

std::vector<Resource>::iterator ResourceShelf::at(ResourceKind kind, std::string_view sid,
                                                  std::string_view parent) {
  return std::ranges::find_if(all_, [&](const Resource& one) {
    return one.kind == kind && one.sid == sid && one.parent == parent;
  });
}

void ResourceShelf::put(Resource resource) {
  const auto place = at(resource.kind, resource.sid, resource.parent);
  if (place == all_.end()) {
    all_.push_back(std::move(resource));
  } else {
    *place = std::move(resource);
  }
}

bool ResourceShelf::erase(ResourceKind kind, std::string_view sid, std::string_view parent) {
  const auto place = at(kind, sid, parent);
  if (place == all_.end()) return false;
  all_.erase(place);
  return true;
}

const Resource* ResourceShelf::find(ResourceKind kind, std::string_view sid,
                                    std::string_view parent) const {
  const auto found = std::ranges::find_if(all_, [&](const Resource& one) {
    return one.kind == kind && one.sid == sid && one.parent == parent;
  });
  return found == all_.end() ? nullptr : &*found;
}

const Resource* ResourceShelf::find_by(ResourceKind kind, std::string_view field,
                                       std::string_view value) const {
  const auto found = std::ranges::find_if(
      all_, [&](const Resource& one) { return one.kind == kind && one.get(field) == value; });
  return found == all_.end() ? nullptr : &*found;
}

std::vector<Resource> ResourceShelf::list(ResourceKind kind, std::string_view parent) const {
  std::vector<Resource> found;
  std::ranges::copy_if(all_, std::back_inserter(found), [&](const Resource& one) {
    return one.kind == kind && one.parent == parent;
  });
  return found;
}

}  // namespace twindow
