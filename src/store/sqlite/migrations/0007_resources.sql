-- What an account has beside messages and windows: services, numbers, contents, subaccounts.

CREATE TABLE resource (
  place INTEGER PRIMARY KEY,  -- grows: the order of creation
  account INTEGER NOT NULL,
  kind INTEGER NOT NULL,      -- ResourceKind
  sid TEXT NOT NULL,
  parent TEXT NOT NULL,       -- '': none
  data BLOB NOT NULL          -- the rest (src/store/sqlite/packing.h)
) STRICT;

CREATE UNIQUE INDEX resource_by_sid ON resource (account, kind, sid, parent);
