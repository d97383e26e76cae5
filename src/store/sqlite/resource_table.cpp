// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/resource_table.h"

#include "src/store/sqlite/packing.h"

namespace twindow::store::sqlite {

ResourceTable::ResourceTable(Connection& connection)
    : all_(connection,
           "SELECT account.sid, kind, resource.sid, parent, data FROM resource "
           "JOIN account ON account.id = resource.account ORDER BY place"),
      put_(connection,
           "INSERT INTO resource (account, kind, sid, parent, data) VALUES (?, ?, ?, ?, ?) "
           "ON CONFLICT (account, kind, sid, parent) DO UPDATE SET data = excluded.data"),
      erase_(connection,
             "DELETE FROM resource WHERE account = ? AND kind = ? AND sid = ? AND parent = ?"),
      clear_(connection, "DELETE FROM resource WHERE account = ?") {}

Result<std::vector<std::pair<AccountSid, Resource>>> ResourceTable::all() {
  std::vector<std::pair<AccountSid, Resource>> found;
  Query query = all_.with();
  while (TWINDOW_TRY(query.next())) {
    const std::int64_t kind = query.number(1);
    if (kind < 0 || kind >= static_cast<std::int64_t>(ResourceKind::Last_)) {
      return fail(Errc::Internal, "the database has a resource of an unknown kind");
    }
    Resource resource = TWINDOW_TRY(unpack_resource(query.text(4)));
    resource.kind = static_cast<ResourceKind>(kind);
    resource.sid = std::string(query.text(2));
    resource.parent = std::string(query.text(3));
    found.emplace_back(AccountSid{std::string(query.text(0))}, std::move(resource));
  }
  return found;
}

Result<void> ResourceTable::put(const Account& account, const Resource& resource) {
  const std::string data = pack(resource);
  return put_
      .with(account.id, static_cast<std::int64_t>(resource.kind), resource.sid, resource.parent,
            Blob{data})
      .run();
}

Result<void> ResourceTable::erase(const Account& account, ResourceKind kind, std::string_view sid,
                                  std::string_view parent) {
  return erase_.with(account.id, static_cast<std::int64_t>(kind), sid, parent).run();
}

Result<void> ResourceTable::clear(const Account& account) { return clear_.with(account.id).run(); }

}  // namespace twindow::store::sqlite
